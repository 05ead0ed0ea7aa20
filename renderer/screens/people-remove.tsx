import { AlertDialog } from '@base-ui/react/alert-dialog'
import { useRef, useState } from 'react'
import type { CallFailure } from '../failure.ts'
import { Question } from '../parts/dialog.tsx'
import { Problem } from '../parts/form.tsx'
import { useActions } from '../store/context.ts'
import { t } from '../strings.ts'
import { tp } from '../strings-people.ts'

type Props = {
  /** What it is called; null while nothing is to be removed. */
  readonly name: string | null
  readonly text: string
  readonly onRemove: () => Promise<CallFailure | null>
  readonly onClose: () => void
}

/** A second look before somebody is removed; Cancel has the focus. */
export function RemoveDialog({ name, text, onRemove, onClose }: Props) {
  const actions = useActions()
  const cancel = useRef<HTMLButtonElement>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const close = () => {
    setProblem(null)
    onClose()
  }
  const remove = async () => {
    const failure = await onRemove()
    if (failure) return setProblem(failure.message)
    actions.toast('good', tp.person.removed(name ?? ''))
    close()
    // The button that opened this is gone with its row: where focus would return to, there is nothing.
    requestAnimationFrame(() => document.getElementById('content')?.focus())
  }
  return (
    <Question open={name !== null} onClose={close} title={tp.person.removeTitle(name ?? '')} focus={cancel}>
      <AlertDialog.Description className="mb-3 text-muted">{text}</AlertDialog.Description>
      <Problem text={problem} />
      <div className="answers mt-5 flex justify-end gap-2">
        <AlertDialog.Close ref={cancel} className="btn">
          {t.cancel}
        </AlertDialog.Close>
        <button type="button" className="btn btn-reject border-red text-red" onClick={() => void remove()}>
          {tp.person.removeIt}
        </button>
      </div>
    </Question>
  )
}
