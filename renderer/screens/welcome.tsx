import { Check } from 'lucide-react'
import { type ReactNode, useId, useState } from 'react'
import type { SourceView } from '../../shared/contract/settings.ts'
import { toFailure } from '../failure.ts'
import { count } from '../format.ts'
import { Problem } from '../parts/form.tsx'
import { Notice } from '../parts/notice.tsx'
import { Bones, Page } from '../parts/page.tsx'
import { go, toHash } from '../route.ts'
import { useInboxHandle } from '../store/context.ts'
import { useModel } from '../store/model.ts'
import { useSources } from '../store/sources.ts'
import { t } from '../strings.ts'
import { tgo } from '../strings-start.ts'
import { visible } from '../visible-text.ts'
import { welcomeProgress } from '../welcome-progress.ts'
import { ModelState } from './welcome-model.tsx'
import { ConnectProgram } from './welcome-program.tsx'

/** The first minutes: three things that tick themselves off. What is done is read from the host, so it is true in every browser. */
export function WelcomeScreen() {
  const { view, failure, load } = useSources()
  const model = useModel()
  if (view === null && failure) {
    return (
      <Notice title={tgo.failed} text={visible(failure.message)}>
        <button type="button" className="btn" onClick={() => void load()}>
          {t.retry}
        </button>
      </Notice>
    )
  }
  const samples = view?.items.filter((each) => each.sample) ?? []
  const programs = view?.items.filter((each) => each.kind === 'source' && !each.sample) ?? []
  const { done, finished } = welcomeProgress(view, model.view)
  return (
    <Page
      id="welcome-title"
      title={tgo.title}
      help={finished === 3 ? tgo.allDone : tgo.help}
      actions={
        <>
          {finished > 0 && finished < 3 && (
            <span className="self-center text-meta text-muted tabular-nums">{tgo.progress(count(finished), count(3))}</span>
          )}
          <a className={`btn ${finished === 3 ? 'btn-accent' : ''}`} href={toHash({ view: 'inbox' })}>
            {finished === 3 ? tgo.toInbox : tgo.later}
          </a>
        </>
      }
    >
      {view === null ? (
        <Bones rows={3} />
      ) : (
        <ol className="grid gap-4">
          <Step n={1} title={tgo.sample.title} text={tgo.sample.text} done={done.sample}>
            <Sample sample={samples[0] ?? null} done={done.sample} />
          </Step>
          <Step n={2} title={tgo.program.title} text={tgo.program.text} done={done.program}>
            <ConnectProgram sources={programs} first={done.sample} onMade={() => void load()} />
          </Step>
          <Step n={3} title={tgo.model.title} text={tgo.model.text} done={done.model}>
            <ModelState desk={model} first={done.sample && done.program} />
          </Step>
        </ol>
      )}
    </Page>
  )
}

type StepProps = {
  readonly n: number
  readonly title: string
  readonly text: string
  readonly done: boolean
  readonly children: ReactNode
}

function Step({ n, title, text, done, children }: StepProps) {
  const id = useId()
  return (
    <li>
      <section aria-labelledby={id} className="card grid grid-cols-[28px_minmax(0,1fr)] gap-x-3 p-4 md:p-5">
        <span
          className={`grid size-7 place-items-center rounded-full border font-semibold tabular-nums ${done ? 'border-accent bg-accent text-on-accent' : 'border-edge text-muted'}`}
          aria-hidden="true"
        >
          {done ? <Check size={15} strokeWidth={2.6} /> : n}
        </span>
        <div className="min-w-0">
          <h2 id={id} className="pt-[3px] text-row font-semibold">
            {title}
            {done && <span className="sr-only"> ({tgo.done})</span>}
          </h2>
          <p className="text-muted text-pretty">{text}</p>
        </div>
        <div className="col-start-2 mt-3 min-w-0 max-md:col-span-2 max-md:col-start-1">{children}</div>
      </section>
    </li>
  )
}

function Sample({ sample, done }: { sample: SourceView | null; done: boolean }) {
  const { client } = useInboxHandle()
  const [problem, setProblem] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const waiting = (sample?.usage.waiting ?? 0) > 0 ? (sample?.usage.last_approval_id ?? null) : null
  const send = async () => {
    if (busy) return
    setBusy(true)
    setProblem(null)
    try {
      const { request: title, description } = tgo.sample
      const { approval_id, task_id } = await client.sources.sample({ title, description })
      go(approval_id ? { view: 'inbox', id: approval_id } : { view: 'runs', id: task_id })
    } catch (error) {
      setProblem(toFailure(error).message)
      setBusy(false)
    }
  }
  return (
    <div className="grid gap-2">
      <div className="flex flex-wrap items-center gap-3">
        {waiting ? (
          <>
            <p>{tgo.sample.waiting}</p>
            <a className="btn btn-accent" href={toHash({ view: 'inbox', id: waiting })}>
              {tgo.sample.open}
            </a>
          </>
        ) : (
          <>
            {done && <p>{tgo.sample.done}</p>}
            <button type="button" className={`btn ${done ? '' : 'btn-accent'}`} disabled={busy} onClick={() => void send()}>
              {done ? tgo.sample.again : tgo.sample.send}
            </button>
          </>
        )}
      </div>
      <Problem text={problem} />
    </div>
  )
}
