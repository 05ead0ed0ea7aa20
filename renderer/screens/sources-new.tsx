import { type FormEvent, useState } from 'react'
import type { SettingsView, TokenInput } from '../../shared/contract/settings.ts'
import { toFailure } from '../failure.ts'
import { CopyButton } from '../parts/copy.tsx'
import { useInboxHandle } from '../store/context.ts'
import { t } from '../strings.ts'
import { ts } from '../strings-settings.ts'
import { Labelled } from './settings-forms.tsx'

type Made = { readonly token: string; readonly secret: string | null; readonly scope: TokenInput['scope'] }

const scopes = ['submit', 'read', 'decide', 'admin'] as const

/** Makes a credential and shows it this once, with a command that works when it is pasted. */
export function NewToken({ settings, onMade, onClose }: { settings: SettingsView; onMade: () => void; onClose: () => void }) {
  const [made, setMade] = useState<Made | null>(null)
  if (made) return <Shown made={made} url={settings.url} onClose={onClose} />
  return (
    <TokenForm
      onClose={onClose}
      onMade={(next) => {
        setMade(next)
        onMade()
      }}
    />
  )
}

function TokenForm({ onMade, onClose }: { onMade: (made: Made) => void; onClose: () => void }) {
  const { client } = useInboxHandle()
  const [name, setName] = useState('')
  const [scope, setScope] = useState<TokenInput['scope']>('submit')
  const [callback, setCallback] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const address = scope === 'submit' ? callback.trim() : ''
    try {
      const made = await client.tokens.create({ name, scope, ...(address ? { callback_url: address } : {}) })
      onMade({ token: made.token, secret: made.callback_secret, scope })
    } catch (error) {
      setProblem(toFailure(error).message)
    }
  }
  return (
    <form className="grid gap-3 border-t border-line pt-3" onSubmit={submit}>
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
      {problem && (
        <p role="alert" className="text-red">
          {t.failed(problem)}
        </p>
      )}
      <div className="flex gap-2">
        <button type="submit" className="btn btn-accent">
          {ts.create}
        </button>
        <button type="button" className="btn" onClick={onClose}>
          {t.cancel}
        </button>
      </div>
    </form>
  )
}

function Shown({ made, url, onClose }: { made: Made; url: string | null; onClose: () => void }) {
  return (
    <div className="grid gap-3 border-t border-line pt-3">
      <p role="status" className="font-semibold">
        {ts.once}
      </p>
      <Secret label={ts.token} text={made.token} />
      {made.secret && <Secret label={ts.secret} text={made.secret} />}
      {url === null ? <p className="text-muted">{ts.noUrl}</p> : <Secret label={ts.tryIt} text={curlFor(made, url)} />}
      <button type="button" className="btn justify-self-start" onClick={onClose}>
        {ts.done}
      </button>
    </div>
  )
}

function Secret({ label, text }: { label: string; text: string }) {
  return (
    <div className="grid gap-1">
      <div className="flex items-center justify-between gap-2">
        <span className="font-medium">{label}</span>
        <CopyButton text={text} label={t.copy} />
      </div>
      <pre className="rounded-control bg-well px-2.5 py-1.5 font-mono text-meta whitespace-pre-wrap break-all">{text}</pre>
    </div>
  )
}

/** A command that does something visible with the token just made. */
function curlFor({ token, scope }: Made, url: string): string {
  const base = url.replace(/\/$/, '')
  const auth = `-H 'Authorization: Bearer ${token}'`
  if (scope === 'admin') return `curl -sS ${base}/settings ${auth}`
  if (scope !== 'submit') return `curl -sS ${base}/approvals/pending ${auth}`
  const body = JSON.stringify({ type: 'refund', title: 'Refund for order 88-1042', amount: '1240.00', currency: 'EUR' })
  return [`curl -sS ${base}/requests`, auth, "-H 'Content-Type: application/json'", `-d '${body}'`].join(' \\\n  ')
}
