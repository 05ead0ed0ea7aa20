import { type FormEvent, useEffect, useRef, useState } from 'react'
import type { SourceView } from '../../shared/contract/settings.ts'
import { toFailure } from '../failure.ts'
import { Problem } from '../parts/form.tsx'
import { go, toHash } from '../route.ts'
import { useActions, useInbox, useInboxHandle } from '../store/context.ts'
import { ts } from '../strings-settings.ts'
import { tgo } from '../strings-start.ts'
import { visible } from '../visible-text.ts'
import { RequestExample } from './code-example.tsx'

/** A source that was made on this page: its token is known here and nowhere else. */
export type MadeSource = { readonly id: string; readonly name: string; readonly token: string }

type Props = {
  /** Programs there are already, newest first. */
  readonly sources: readonly SourceView[]
  /** Whether this is what to do next. */
  readonly first: boolean
  readonly onMade: () => void
}

/** A program gets its token, and the page waits for its first request. */
export function ConnectProgram({ sources, first, onMade }: Props) {
  const [made, setMade] = useState<MadeSource | null>(null)
  const [again, setAgain] = useState(false)
  if (made)
    return <Waiting made={made} source={sources.find((each) => each.id === made.id) ?? null} onOther={() => setMade(null)} />
  const asked = sources.find((each) => each.usage.requests > 0)
  const silent = asked ? undefined : sources[0]
  if (sources.length > 0 && !again) {
    return (
      <div className="flex flex-wrap items-center gap-3">
        <p>{asked ? tgo.program.done(visible(asked.name)) : tgo.program.lost(visible(silent!.name))}</p>
        <button type="button" className="btn" onClick={() => setAgain(true)}>
          {asked ? tgo.program.other : tgo.program.anew}
        </button>
      </div>
    )
  }
  return (
    <NameForm
      first={first}
      onMade={(next) => {
        setMade(next)
        onMade()
      }}
    />
  )
}

function NameForm({ first, onMade }: { first: boolean; onMade: (made: MadeSource) => void }) {
  const { client } = useInboxHandle()
  const [name, setName] = useState<string>(tgo.program.suggested)
  const [problem, setProblem] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (busy) return
    setBusy(true)
    try {
      const { token, item } = await client.tokens.create({ name, scope: 'submit' })
      onMade({ id: item.id, name: item.name, token })
    } catch (error) {
      setProblem(toFailure(error).message)
      setBusy(false)
    }
  }
  return (
    <form className="grid gap-2" onSubmit={submit}>
      <div className="flex flex-wrap items-end gap-3">
        <label className="grid min-w-0 flex-1 basis-56 gap-1">
          <span className="font-medium">{tgo.program.name}</span>
          <input
            className="field"
            value={name}
            onChange={(event) => setName(event.target.value)}
            required
            maxLength={100}
            spellCheck={false}
          />
        </label>
        <button type="submit" className={`btn ${first ? 'btn-accent' : ''}`} disabled={busy}>
          {tgo.program.make}
        </button>
      </div>
      <Problem text={problem} />
    </form>
  )
}

/** The command, and the wait for what it sends. The first request opens by itself. */
function Waiting({ made, source, onOther }: { made: MadeSource; source: SourceView | null; onOther: () => void }) {
  const url = useInbox((state) => state.settings?.url ?? null)
  const actions = useActions()
  const opened = useRef(false)
  const frame = useRef<HTMLDivElement>(null)
  const usage = source?.usage
  const name = visible(made.name)
  const here = (usage?.requests ?? 0) > 0
  const approval = usage?.last_approval_id ?? null
  const run = usage?.last_run_id ?? null
  useEffect(() => frame.current?.focus(), [])
  useEffect(() => {
    if (!here || opened.current) return
    opened.current = true
    actions.toast('good', tgo.program.arrived(name))
    if (approval) go({ view: 'inbox', id: approval })
    else if (run) go({ view: 'runs', id: run })
  }, [here, approval, run, actions, name])
  return (
    <div ref={frame} tabIndex={-1} className="grid min-w-0 gap-3 outline-none">
      {url === null ? <p className="text-muted">{ts.noUrl}</p> : <RequestExample url={url} token={made.token} />}
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <p role="status" className="flex items-center gap-2">
          {here ? (
            <>
              {tgo.program.arrived(name)}{' '}
              <a className="text-accent underline underline-offset-2" href={openHash(approval, run)}>
                {tgo.program.open}
              </a>
            </>
          ) : (
            <>
              <span className="size-2.5 shrink-0 rounded-full border-2 border-accent" aria-hidden="true" />{' '}
              {tgo.program.waits(name)}
            </>
          )}
        </p>
        <span className="text-meta text-muted">{tgo.program.once}</span>
      </div>
      {here && (
        <button type="button" className="btn justify-self-start" onClick={onOther}>
          {tgo.program.other}
        </button>
      )}
    </div>
  )
}

const openHash = (approval: string | null, run: string | null) =>
  approval ? toHash({ view: 'inbox', id: approval }) : run ? toHash({ view: 'runs', id: run }) : toHash({ view: 'inbox' })
