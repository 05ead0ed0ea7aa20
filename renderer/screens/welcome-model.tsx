import { inWords } from '../said.ts'
import { useActions } from '../store/context.ts'
import type { ModelDesk } from '../store/model.ts'
import { t } from '../strings.ts'
import { tgo } from '../strings-start.ts'
import { visible } from '../visible-text.ts'
import { Code } from './code-example.tsx'
import { ModelPull } from './model-pull.tsx'

const isLinux = () => /Linux|X11/.test(navigator.userAgent) && !/Android/.test(navigator.userAgent)

/** For a terminal on Linux; elsewhere Ollama is an app. */
const commands = { start: 'ollama serve', install: 'curl -fsSL https://ollama.com/install.sh | sh' } as const

/** What there is of the local model, in plain words, and what to do next. */
export function ModelState({ desk, first = true }: { desk: ModelDesk; first?: boolean }) {
  const { view, problem } = desk
  const actions = useActions()
  if (view === null) return <p className="text-muted">{problem ? t.failed(visible(problem)) : tgo.model.looking}</p>
  const name = view.name
  return (
    <div className="grid gap-3">
      {view.state === 'off' && (
        <div className="flex flex-wrap items-center gap-3">
          <p>{tgo.model.off}</p>
          <button type="button" className="btn" onClick={() => void actions.saveSettings({ model: { enabled: true } })}>
            {tgo.model.on}
          </button>
        </div>
      )}
      {view.state === 'ready' && (
        <p>
          {tgo.model.ready(visible(name))} {view.version && tgo.model.running(visible(view.version))}
        </p>
      )}
      {view.state === 'unreachable' && <NotRunning host={view.host} />}
      {view.state === 'model_missing' && view.pull?.state !== 'running' && <p>{whyMissing(view, name)}</p>}
      {(view.state === 'model_missing' || view.pull?.state === 'running') && <ModelPull desk={desk} name={name} first={first} />}
      {problem && (
        <p role="alert" className="text-red wrap-anywhere">
          {t.failed(visible(problem))}
        </p>
      )}
    </div>
  )
}

/** It is not here, or it is here and cannot be used: then the host says why. */
function whyMissing(view: NonNullable<ModelDesk['view']>, name: string): string {
  const isHere = view.installed.some((each) => each.name === name || each.name === `${name}:latest`)
  return isHere ? visible(inWords([view.detail, view.fix].filter(Boolean).join(' '), view.said)) : tgo.model.missing(visible(name))
}

function NotRunning({ host }: { host: string }) {
  return (
    <div className="grid gap-3">
      <p>{tgo.model.notRunning(visible(host))}</p>
      {isLinux() ? (
        <>
          <div className="grid gap-1">
            <p className="text-muted">{tgo.model.startLinux}</p>
            <Code text={commands.start} label={tgo.model.startLinux} />
          </div>
          <div className="grid gap-1">
            <p className="text-muted">{tgo.model.installLinux}</p>
            <Code text={commands.install} label={tgo.model.installLinux} />
          </div>
        </>
      ) : (
        <div className="grid gap-1 text-muted">
          <p>{tgo.model.start}</p>
          <p>{tgo.model.install}</p>
          <a
            className="btn mt-1 justify-self-start text-ink"
            href="https://ollama.com/download"
            target="_blank"
            rel="noopener noreferrer"
          >
            {tgo.model.download}
          </a>
        </div>
      )}
      <p className="text-meta text-muted">{tgo.model.notices}</p>
    </div>
  )
}
