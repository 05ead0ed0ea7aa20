import { type FormEvent, useState } from 'react'
import type { SourceView, TokenInput } from '../../shared/contract/settings.ts'
import { toFailure } from '../failure.ts'
import { Problem } from '../parts/form.tsx'
import { toHash } from '../route.ts'
import { useInbox, useInboxHandle } from '../store/context.ts'
import { t } from '../strings.ts'
import { ts } from '../strings-settings.ts'
import { tsr } from '../strings-sources.ts'
import { tgo } from '../strings-start.ts'
import { visible } from '../visible-text.ts'
import { Code, RequestExample } from './code-example.tsx'
import { Labelled } from './settings-forms.tsx'

type Made = { readonly id: string; readonly token: string; readonly secret: string | null; readonly scope: TokenInput['scope'] }

const scopes = ['submit', 'read', 'decide', 'admin'] as const

type Props = { readonly items: readonly SourceView[]; readonly onMade: () => void; readonly onClose: () => void }

/** Makes a credential and shows it this once, with a command that works when it is pasted. */
export function NewSource({ items, onMade, onClose }: Props) {
  const [made, setMade] = useState<Made | null>(null)
  return (
    <div className="card p-4">
      {made ? (
        <Shown made={made} source={items.find((each) => each.id === made.id) ?? null} onClose={onClose} />
      ) : (
        <TokenForm
          onClose={onClose}
          onMade={(next) => {
            setMade(next)
            onMade()
          }}
        />
      )}
    </div>
  )
}

function TokenForm({ onMade, onClose }: { onMade: (made: Made) => void; onClose: () => void }) {
  const { client } = useInboxHandle()
  const [name, setName] = useState('')
  const [scope, setScope] = useState<TokenInput['scope']>('submit')
  const [callback, setCallback] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (busy) return
    setBusy(true)
    const address = scope === 'submit' ? callback.trim() : ''
    try {
      const made = await client.tokens.create({ name, scope, ...(address ? { callback_url: address } : {}) })
      onMade({ id: made.item.id, token: made.token, secret: made.callback_secret, scope })
    } catch (error) {
      setProblem(toFailure(error).message)
      setBusy(false)
    }
  }
  return (
    <form className="grid gap-3" onSubmit={submit}>
      <div className="flex flex-wrap gap-3">
        <Labelled label={ts.tokenName}>
          <input
            className="field"
            // biome-ignore lint/a11y/noAutofocus: the form was just asked for
            autoFocus
            value={name}
            onChange={(event) => setName(event.target.value)}
            placeholder={ts.tokenNameHint}
            required
            maxLength={100}
            spellCheck={false}
          />
        </Labelled>
        <Labelled label={ts.scope}>
          <select className="field" value={scope} onChange={(event) => setScope(event.target.value as TokenInput['scope'])}>
            {scopes.map((each) => (
              <option key={each} value={each}>
                {ts.scopes[each]}
              </option>
            ))}
          </select>
        </Labelled>
      </div>
      {scope === 'submit' && (
        <Labelled label={ts.callback}>
          <input
            className="field"
            type="url"
            value={callback}
            onChange={(event) => setCallback(event.target.value)}
            placeholder={ts.callbackHint}
            maxLength={2000}
          />
        </Labelled>
      )}
      <Problem text={problem} />
      <div className="flex gap-2">
        <button type="submit" className="btn btn-accent" disabled={busy}>
          {ts.create}
        </button>
        <button type="button" className="btn" onClick={onClose}>
          {t.cancel}
        </button>
      </div>
    </form>
  )
}

function Shown({ made, source, onClose }: { made: Made; source: SourceView | null; onClose: () => void }) {
  const url = useInbox((state) => state.settings?.url ?? null)
  return (
    <div className="grid min-w-0 gap-3">
      <p role="status" className="font-semibold">
        {tsr.once}
      </p>
      <div className="grid gap-1">
        <span className="font-medium">{tsr.token}</span>
        <Code text={made.token} label={tsr.token} />
      </div>
      {made.secret && (
        <div className="grid gap-1">
          <span className="font-medium">{tsr.secret}</span>
          <Code text={made.secret} label={tsr.secret} />
        </div>
      )}
      {url === null && <p className="text-muted">{ts.noUrl}</p>}
      {url !== null && made.scope === 'submit' && <RequestExample url={url} token={made.token} />}
      {url !== null && made.scope !== 'submit' && (
        <div className="grid gap-1">
          <span className="font-medium">{ts.tryIt}</span>
          <Code text={readExample(made, url)} label={ts.tryIt} />
        </div>
      )}
      {made.scope === 'submit' && source && <FirstRequest source={source} />}
      <button type="button" className="btn justify-self-start" onClick={onClose}>
        {tsr.copied}
      </button>
    </div>
  )
}

/** Whether anything has come from it yet. */
function FirstRequest({ source }: { source: SourceView }) {
  const { requests, last_approval_id, last_run_id } = source.usage
  const name = visible(source.name)
  return (
    <p role="status" className="flex items-center gap-2">
      {requests === 0 ? (
        <>
          <span className="size-2.5 shrink-0 rounded-full border-2 border-accent" aria-hidden="true" /> {tgo.program.waits(name)}
        </>
      ) : (
        <>
          {tgo.program.arrived(name)}{' '}
          <a
            className="text-accent underline underline-offset-2"
            href={toHash(last_approval_id ? { view: 'inbox', id: last_approval_id } : { view: 'runs', id: last_run_id })}
          >
            {tgo.program.open}
          </a>
        </>
      )}
    </p>
  )
}

/** A command that does something visible with a token that cannot submit. */
function readExample({ token, scope }: Made, url: string): string {
  const base = url.replace(/\/$/, '')
  return `curl -sS ${base}${scope === 'admin' ? '/settings' : '/approvals/pending'} -H 'Authorization: Bearer ${token}'`
}
