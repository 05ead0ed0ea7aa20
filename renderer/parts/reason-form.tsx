import { type FormEvent, type ReactNode, type RefObject, useState } from 'react'
import { t } from '../strings.ts'
import { Frame } from './fields.tsx'
import { Reasons } from './reasons.tsx'

type Props = {
  /** Has the focus when the form opens. */
  readonly field: RefObject<HTMLTextAreaElement | null>
  readonly written: string
  readonly confirm: string
  readonly blocked: boolean
  readonly onClose: () => void
  readonly onReason: (reason: string) => void
  /** What it is about. */
  readonly children?: ReactNode
}

/** A no needs a reason: the sender must know what to do about it. */
export function ReasonForm({ field, written, confirm, blocked, onClose, onReason, children }: Props) {
  const [reason, setReason] = useState(written)
  const [missing, setMissing] = useState(false)
  const write = (text: string) => {
    setReason(text)
    setMissing(false)
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (blocked) return
    if (reason.trim() !== '') return onReason(reason)
    setMissing(true)
    field.current?.focus()
  }
  return (
    <form onSubmit={submit} className="grid gap-3" noValidate>
      {children}
      <Frame label={t.decide.reason} help={t.decide.reasonHelp} problem={missing ? t.decide.reasonNeeded : undefined}>
        {(wiring) => (
          <textarea
            {...wiring}
            ref={field}
            className="field min-h-20 resize-none [field-sizing:content]"
            value={reason}
            maxLength={10_000}
            required
            onChange={(event) => write(event.target.value)}
          />
        )}
      </Frame>
      <Reasons
        reason={reason}
        onChoose={(chosen) => {
          write(chosen)
          field.current?.focus()
        }}
      />
      <div className="answers mt-2 flex justify-end gap-2">
        <button type="button" className="btn" onClick={onClose}>
          {t.cancel}
        </button>
        <button type="submit" className="btn btn-reject border-red text-red" disabled={blocked}>
          {confirm}
        </button>
      </div>
    </form>
  )
}
