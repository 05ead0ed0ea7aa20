import { AlertDialog } from '@base-ui/react/alert-dialog'
import { Plus } from 'lucide-react'
import { useCallback, useEffect, useRef, useState } from 'react'
import type { SettingsView, TokenView } from '../../shared/contract/settings.ts'
import type { Client } from '../client.ts'
import { toFailure } from '../failure.ts'
import { ago } from '../format.ts'
import { useNow } from '../now.ts'
import { Question } from '../parts/dialog.tsx'
import { useActions, useInboxHandle } from '../store/context.ts'
import { t } from '../strings.ts'
import { ts } from '../strings-settings.ts'
import { visible } from '../visible-text.ts'
import { Group } from './settings.tsx'
import { NewToken } from './settings-new-token.tsx'

/** The programs that may ask, and the other credentials of this home. */
export function TokenSection({ settings }: { settings: SettingsView }) {
  const { client } = useInboxHandle()
  const [tokens, setTokens] = useState<readonly TokenView[] | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const [adding, setAdding] = useState(false)
  const [leaving, setLeaving] = useState<TokenView | null>(null)
  const load = useCallback(async () => {
    try {
      setTokens((await client.tokens.list({})).items)
      setProblem(null)
    } catch (error) {
      setProblem(toFailure(error).message)
    }
  }, [client])
  useEffect(() => {
    void load()
  }, [load])
  return (
    <Group title={ts.sources} help={ts.sourcesHelp}>
      {problem && (
        <p role="alert" className="text-red">
          {t.failed(problem)}
        </p>
      )}
      {tokens?.length === 0 && !adding && <p className="text-muted">{ts.noTokens}</p>}
      {tokens !== null && tokens.length > 0 && (
        <ul className="-my-2 divide-y divide-line">
          {tokens.map((token) => (
            <TokenRow key={token.id} token={token} onRevoke={() => setLeaving(token)} />
          ))}
        </ul>
      )}
      {adding ? (
        <NewToken settings={settings} onMade={() => void load()} onClose={() => setAdding(false)} />
      ) : (
        <button type="button" className="btn justify-self-start" onClick={() => setAdding(true)}>
          <Plus size={14} aria-hidden /> {ts.add}
        </button>
      )}
      <RevokeDialog client={client} token={leaving} onClose={() => setLeaving(null)} onRevoked={() => void load()} />
    </Group>
  )
}

function TokenRow({ token, onRevoke }: { token: TokenView; onRevoke: () => void }) {
  const now = useNow(20_000)
  const used = token.last_used_at ? ts.lastUsed(ago(token.last_used_at, now)) : ts.neverUsed
  const sentences = [
    ts.may(
      token.scopes.map((scope) => ts.scopeWord[scope] ?? scope),
      token.person_email ? visible(token.person_email) : null,
    ),
    token.callback_url ? ts.told(visible(token.callback_url)) : null,
    used,
  ]
  return (
    <li className="flex items-center justify-between gap-3 py-2.5">
      <div className="min-w-0">
        <p className="font-medium wrap-anywhere">{visible(token.name)}</p>
        <p className="text-meta text-muted wrap-anywhere">{sentences.filter(Boolean).join(' ')}</p>
      </div>
      <button
        type="button"
        className="btn btn-quiet btn-reject text-muted"
        onClick={onRevoke}
        aria-label={`${ts.revoke} ${visible(token.name)}`}
      >
        {ts.revoke}
      </button>
    </li>
  )
}

type RevokeProps = {
  readonly client: Client
  readonly token: TokenView | null
  readonly onClose: () => void
  readonly onRevoked: () => void
}

function RevokeDialog({ client, token, onClose, onRevoked }: RevokeProps) {
  const actions = useActions()
  const cancel = useRef<HTMLButtonElement>(null)
  const revoke = async () => {
    if (!token) return
    onClose()
    try {
      actions.toast('good', (await client.tokens.revoke({ token_id: token.id })).message)
    } catch (error) {
      actions.toast('bad', t.failed(toFailure(error).message))
    }
    onRevoked()
  }
  return (
    <Question open={token !== null} onClose={onClose} title={ts.revokeTitle(visible(token?.name ?? ''))} focus={cancel}>
      <AlertDialog.Description className="text-muted">{ts.revokeText}</AlertDialog.Description>
      <div className="mt-5 flex justify-end gap-2">
        <AlertDialog.Close ref={cancel} className="btn">
          {t.cancel}
        </AlertDialog.Close>
        <button type="button" className="btn btn-reject border-red text-red" onClick={() => void revoke()}>
          {ts.revokeIt}
        </button>
      </div>
    </Question>
  )
}
