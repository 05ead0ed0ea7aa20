import { AlertDialog } from '@base-ui/react/alert-dialog'
import { useRef } from 'react'
import type { SourceView } from '../../shared/contract/settings.ts'
import { toFailure } from '../failure.ts'
import { count } from '../format.ts'
import { Question } from '../parts/dialog.tsx'
import { useActions, useInboxHandle } from '../store/context.ts'
import { t } from '../strings.ts'
import { tsr } from '../strings-sources.ts'
import { visible } from '../visible-text.ts'

type Props = { readonly source: SourceView | null; readonly onClose: () => void; readonly onRevoked: () => void }

/** Revoking is final, so it is asked once, with what it means. */
export function RevokeDialog({ source, onClose, onRevoked }: Props) {
  const { client } = useInboxHandle()
  const actions = useActions()
  const cancel = useRef<HTMLButtonElement>(null)
  const revoke = async () => {
    if (!source) return
    onClose()
    try {
      actions.toast('good', (await client.tokens.revoke({ token_id: source.id })).message)
    } catch (error) {
      actions.toast('bad', t.failed(toFailure(error).message))
    }
    onRevoked()
  }
  const isSession = source?.kind === 'session'
  const waiting = source?.usage.waiting ?? 0
  const text = !isSession ? tsr.revokeText(waiting, count(waiting)) : source?.current ? tsr.signOutSelf : tsr.signOutText
  return (
    <Question
      open={source !== null}
      onClose={onClose}
      title={isSession ? tsr.signOutTitle : tsr.revokeTitle(visible(source?.name ?? ''))}
      focus={cancel}
    >
      <AlertDialog.Description className="text-muted">{text}</AlertDialog.Description>
      <div className="answers mt-5 flex justify-end gap-2">
        <AlertDialog.Close ref={cancel} className="btn">
          {t.cancel}
        </AlertDialog.Close>
        <button type="button" className="btn btn-reject border-red text-red" onClick={() => void revoke()}>
          {isSession ? tsr.signOut : tsr.revoke}
        </button>
      </div>
    </Question>
  )
}
