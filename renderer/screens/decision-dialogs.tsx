import { AlertDialog } from '@base-ui/react/alert-dialog'
import { useRef, useState } from 'react'
import type { AnswerOption, ApprovalItem } from '../../shared/model/approval.ts'
import { money } from '../format.ts'
import { ChangedNotice, useUnseen } from '../parts/changed-notice.tsx'
import { Question, Sheet } from '../parts/dialog.tsx'
import { Frame } from '../parts/fields.tsx'
import { ReasonForm } from '../parts/reason-form.tsx'
import { RiskWords } from '../parts/risk.tsx'
import { Plain } from '../parts/text.tsx'
import { consequenceOf, riskReasonsOf } from '../said.ts'
import { t } from '../strings.ts'
import { td } from '../strings-decide.ts'
import { tt } from '../strings-triage.ts'
import { ownTitle } from '../title.ts'
import { visible } from '../visible-text.ts'

type ConfirmProps = {
  readonly item: ApprovalItem
  /** What of it is approved, where it is not the whole. */
  readonly confirm: string
  readonly forWhom: string | null
  readonly comment: string
  readonly onClose: () => void
  readonly onConfirm: (reason: string) => void
}

/**
 * The second gesture of a high risk, and why it is taken. The field has the focus: one more press of a key writes into it and decides
 * nothing.
 */
export function ConfirmDialog({ item, confirm, forWhom, comment, onClose, onConfirm }: ConfirmProps) {
  const unseen = useUnseen(item)
  const [reason, setReason] = useState(comment)
  const [missing, setMissing] = useState(false)
  const field = useRef<HTMLTextAreaElement>(null)
  const send = () => {
    if (reason.trim() !== '') return onConfirm(reason)
    setMissing(true)
    field.current?.focus()
  }
  return (
    <Question open onClose={onClose} title={t.decide.confirmTitle} focus={field}>
      <AlertDialog.Description className="grid gap-2" render={<div />}>
        <ChangedNotice item={item} />
        <p className="font-semibold wrap-anywhere">
          <Plain text={ownTitle(item)} oneLine />
          {item.amount !== null && <span className="tabular-nums"> · {money(item.amount, item.currency)}</span>}
        </p>
        <p className="wrap-anywhere">
          <Plain text={consequenceOf(item)} oneLine />
        </p>
        {forWhom && <p>{td.standing.onlyFor(forWhom)}</p>}
        <RiskWords risk={item.risk} />
        {item.risk_reasons.length > 0 && (
          <ul className="list-disc pl-5 text-muted">
            {riskReasonsOf(item).map((reason) => (
              <li key={reason} className="wrap-anywhere">
                <Plain text={reason} oneLine />
              </li>
            ))}
          </ul>
        )}
      </AlertDialog.Description>
      <div className="mt-4">
        <Frame label={tt.high.reason} help={tt.high.help} problem={missing ? tt.high.needed : undefined}>
          {(wiring) => (
            <textarea
              {...wiring}
              ref={field}
              className="field min-h-14 resize-none [field-sizing:content]"
              value={reason}
              maxLength={10_000}
              required
              onChange={(event) => {
                setReason(event.target.value)
                setMissing(false)
              }}
            />
          )}
        </Frame>
      </div>
      <div className="answers mt-5 flex justify-end gap-2">
        <AlertDialog.Close className="btn">{t.cancel}</AlertDialog.Close>
        <button type="button" className="btn btn-accent" onClick={send} disabled={unseen !== null}>
          {confirm}
        </button>
      </div>
    </Question>
  )
}

type RejectProps = {
  readonly item: ApprovalItem
  /** An answer of the sender's own that counts as a no. */
  readonly option: AnswerOption | null
  readonly comment: string
  readonly onClose: () => void
  readonly onReject: (reason: string) => void
}

/** A no, with its reason. */
export function RejectDialog({ item, option, comment, onClose, onReject }: RejectProps) {
  const field = useRef<HTMLTextAreaElement>(null)
  const unseen = useUnseen(item)
  return (
    <Sheet open onClose={onClose} title={option ? visible(option.label) : t.decide.rejectTitle} focus={field}>
      <ReasonForm
        field={field}
        written={comment}
        confirm={option ? visible(option.label) : t.decide.rejectIt}
        blocked={unseen !== null}
        onClose={onClose}
        onReason={onReject}
      >
        <ChangedNotice item={item} />
        <p className="text-muted wrap-anywhere">
          <Plain text={ownTitle(item)} oneLine />
          {item.amount !== null && `, ${money(item.amount, item.currency)}`}
        </p>
      </ReasonForm>
    </Sheet>
  )
}

type CancelProps = {
  readonly item: ApprovalItem
  readonly comment: string
  readonly onClose: () => void
  readonly onCancel: (reason: string) => void
}

/** Neither yes nor no: the question is taken away. */
export function CancelDialog({ item, comment, onClose, onCancel }: CancelProps) {
  const [reason, setReason] = useState(comment)
  const keep = useRef<HTMLButtonElement>(null)
  const unseen = useUnseen(item)
  return (
    <Question open onClose={onClose} title={td.cancel.title} focus={keep}>
      <div className="grid gap-3">
        <ChangedNotice item={item} />
        <AlertDialog.Description className="grid gap-1" render={<div />}>
          <p className="font-semibold wrap-anywhere">
            <Plain text={ownTitle(item)} oneLine />
          </p>
          <p>{td.cancel.text}</p>
        </AlertDialog.Description>
        <Frame label={td.cancel.reason} optional>
          {(wiring) => (
            <textarea
              {...wiring}
              className="field min-h-14 resize-none [field-sizing:content]"
              maxLength={10_000}
              value={reason}
              onChange={(event) => setReason(event.target.value)}
            />
          )}
        </Frame>
      </div>
      <div className="answers mt-5 flex flex-wrap justify-end gap-2">
        <AlertDialog.Close ref={keep} className="btn">
          {td.cancel.keep}
        </AlertDialog.Close>
        <button
          type="button"
          className="btn btn-reject border-red text-red"
          disabled={unseen !== null}
          onClick={() => onCancel(reason)}
        >
          {td.cancel.confirm}
        </button>
      </div>
    </Question>
  )
}
