import { AlertDialog } from '@base-ui/react/alert-dialog'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import type { ApprovalItem } from '../../shared/model/approval.ts'
import { money } from '../format.ts'
import { Question, Sheet } from '../parts/dialog.tsx'
import { RiskWords } from '../parts/risk.tsx'
import { Plain } from '../parts/text.tsx'
import { t } from '../strings.ts'

type ConfirmProps = {
  readonly open: boolean
  readonly item: ApprovalItem
  readonly onClose: () => void
  readonly onConfirm: () => void
}

/** The second gesture of a high risk. Cancel has the focus, so that one more press of a key does nothing. */
export function ConfirmDialog({ open, item, onClose, onConfirm }: ConfirmProps) {
  const cancel = useRef<HTMLButtonElement>(null)
  return (
    <Question open={open} onClose={onClose} title={t.decide.confirmTitle} focus={cancel}>
      <AlertDialog.Description className="grid gap-2" render={<div />}>
        <p className="font-semibold wrap-anywhere">
          <Plain text={item.title} oneLine />
          {item.amount !== null && <span className="tabular-nums"> · {money(item.amount, item.currency)}</span>}
        </p>
        <p className="wrap-anywhere">
          <Plain text={item.consequence} oneLine />
        </p>
        <RiskWords risk={item.risk} />
        {item.risk_reasons.length > 0 && (
          <ul className="list-disc pl-5 text-muted">
            {item.risk_reasons.map((reason) => (
              <li key={reason} className="wrap-anywhere">
                <Plain text={reason} oneLine />
              </li>
            ))}
          </ul>
        )}
      </AlertDialog.Description>
      <div className="mt-5 flex justify-end gap-2">
        <AlertDialog.Close ref={cancel} className="btn">
          {t.cancel}
        </AlertDialog.Close>
        <button type="button" className="btn btn-accent" onClick={onConfirm}>
          {t.decide.confirm}
        </button>
      </div>
    </Question>
  )
}

type RejectProps = {
  readonly open: boolean
  readonly subject: string
  readonly comment: string
  readonly onClose: () => void
  readonly onReject: (reason: string) => void
}

/** A no needs a reason: the sender must know what to do about it. */
export function RejectDialog({ open, subject, comment, onClose, onReject }: RejectProps) {
  const [reason, setReason] = useState('')
  const [missing, setMissing] = useState(false)
  const field = useRef<HTMLTextAreaElement>(null)
  useEffect(() => {
    if (open) setReason(comment)
    setMissing(false)
  }, [open, comment])
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (reason.trim() === '') {
      setMissing(true)
      field.current?.focus()
      return
    }
    onReject(reason)
  }
  return (
    <Sheet open={open} onClose={onClose} title={t.decide.rejectTitle} focus={field}>
      <form onSubmit={submit} className="grid gap-3" noValidate>
        <p className="text-muted wrap-anywhere">
          <Plain text={subject} oneLine />
        </p>
        <label className="grid gap-1">
          <span className="font-medium">{t.decide.reason}</span>
          <textarea
            ref={field}
            className="field min-h-20 resize-none [field-sizing:content]"
            value={reason}
            maxLength={10_000}
            required
            aria-invalid={missing}
            aria-describedby="reason-help"
            onChange={(event) => {
              setReason(event.target.value)
              setMissing(false)
            }}
          />
          <span id="reason-help" className={`text-meta ${missing ? 'text-red' : 'text-muted'}`} aria-live="polite">
            {missing ? t.decide.reasonNeeded : t.decide.reasonHelp}
          </span>
        </label>
        <div className="flex flex-wrap gap-1.5">
          {t.decide.presets.map((preset) => (
            <button
              key={preset}
              type="button"
              className="btn min-h-7 rounded-full px-2.5 py-0.5 text-meta"
              onClick={() => {
                setReason(preset)
                setMissing(false)
                field.current?.focus()
              }}
            >
              {preset}
            </button>
          ))}
        </div>
        <div className="mt-2 flex justify-end gap-2">
          <button type="button" className="btn" onClick={onClose}>
            {t.cancel}
          </button>
          <button type="submit" className="btn btn-reject border-red text-red">
            {t.decide.rejectIt}
          </button>
        </div>
      </form>
    </Sheet>
  )
}
