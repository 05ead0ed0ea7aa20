import { CircleCheck, Download } from 'lucide-react'
import type { PullView } from '../../shared/contract/settings.ts'
import { bytes, count, span, tenths } from '../format.ts'
import { inWords } from '../said.ts'
import type { ModelDesk } from '../store/model.ts'
import { tgo } from '../strings-start.ts'
import { visible } from '../visible-text.ts'

/** What is known of a model before Ollama was asked: how much there is to fetch. */
const sizes: Readonly<Record<string, string>> = { 'llama3.2': '2.0 GB', 'llama3.2:1b': '1.3 GB', 'gemma3:4b': '3.3 GB' }

const giga = (size: number) => (size >= 1e9 ? `${tenths(size / 1e9)} GB` : size >= 1e6 ? `${count(size / 1e6)} MB` : bytes(size))

/** Fetching a model: how far it is, and what can be done about it. `name` is the one that is wanted, `first` whether nothing else comes before it. */
export function ModelPull({ desk, name, first }: { desk: ModelDesk; name: string; first: boolean }) {
  const pull = desk.view?.pull ?? null
  const own = pull && pull.name === name ? pull : null
  if (pull?.state === 'running') return <Running pull={pull} onStop={() => void desk.cancel()} />
  return (
    <div className="grid gap-2">
      {own?.state === 'cancelled' && <p role="status">{tgo.model.stopped(visible(own.name))}</p>}
      {own?.state === 'failed' && (
        <p role="alert" className="wrap-anywhere">
          <span className="text-red">{visible(inWords(own.reason, own.said.slice(0, 1)))}</span>{' '}
          {own.fix && visible(inWords(own.fix, own.said.slice(1)))}
        </p>
      )}
      {own?.state === 'done' ? (
        <p role="status" className="flex items-center gap-1.5">
          <CircleCheck size={15} className="text-accent" aria-hidden /> {tgo.model.fetched(visible(own.name))}
        </p>
      ) : (
        <div className="flex flex-wrap items-center gap-3">
          <button type="button" className={`btn ${first ? 'btn-accent' : ''}`} onClick={() => void desk.pull(name)}>
            <Download size={14} aria-hidden />
            {own?.state === 'cancelled' || (own?.state === 'failed' && own.resumes)
              ? tgo.model.goOn
              : own
                ? tgo.model.again
                : tgo.model.get(visible(name), sizes[name] ?? null)}
          </button>
          {(own?.state === 'cancelled' || own?.state === 'failed') && own.completed > 0 && (
            <span className="text-meta text-muted tabular-nums">{tgo.model.far(giga(own.completed), giga(own.total))}</span>
          )}
        </div>
      )}
    </div>
  )
}

function Running({ pull, onStop }: { pull: PullView & { state: 'running' }; onStop: () => void }) {
  const name = visible(pull.name)
  const share = pull.total > 0 ? pull.completed / pull.total : 0
  const label =
    pull.phase === 'starting'
      ? tgo.model.starting(name)
      : pull.phase === 'checking'
        ? tgo.model.checking(name)
        : tgo.model.fetching(name)
  const speed = pull.bytes_per_second
  const words = [
    pull.total > 0 ? tgo.model.far(giga(pull.completed), giga(pull.total)) : null,
    speed ? tgo.model.speed(giga(speed)) : null,
    speed && pull.total > pull.completed ? tgo.model.left(span(((pull.total - pull.completed) / speed) * 1000)) : null,
  ]
  return (
    <div className="grid gap-2">
      <div className="flex items-center justify-between gap-3">
        <p className="font-medium" role="status">
          {label}
        </p>
        <button type="button" className="btn" onClick={onStop}>
          {tgo.model.stop}
        </button>
      </div>
      <div
        role="progressbar"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={100}
        {...(pull.phase === 'downloading' ? { 'aria-valuenow': Math.floor(share * 100) } : {})}
        className="h-2 overflow-hidden rounded-full border border-edge bg-well"
      >
        <div className="h-full bg-accent" style={{ width: `${pull.phase === 'checking' ? 100 : share * 100}%` }} />
      </div>
      <p className="flex flex-wrap justify-between gap-x-4 text-meta text-muted tabular-nums">
        <span>{words.filter(Boolean).join(' · ')}</span>
        <span>{tgo.model.goesOn}</span>
      </p>
    </div>
  )
}
