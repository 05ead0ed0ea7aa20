import { type FormEvent, useRef, useState } from 'react'
import { count } from '../format.ts'
import { Sheet } from '../parts/dialog.tsx'
import { Frame } from '../parts/fields.tsx'
import { Reasons } from '../parts/reasons.tsx'
import { t } from '../strings.ts'
import { tt } from '../strings-triage.ts'

type Props = { readonly n: number; readonly onClose: () => void; readonly onReject: (reason: string) => void }

/** One reason for all of them. */
export function BulkReject({ n, onClose, onReject }: Props) {
  const [reason, setReason] = useState('')
  const [missing, setMissing] = useState(false)
  const field = useRef<HTMLTextAreaElement>(null)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (reason.trim() !== '') return onReject(reason)
    setMissing(true)
    field.current?.focus()
  }
  const write = (text: string) => {
    setReason(text)
    setMissing(false)
  }
  return (
    <Sheet open onClose={onClose} title={tt.bulk.rejectTitle(count(n))} focus={field}>
      <form onSubmit={submit} className="grid gap-3" noValidate>
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
        <div className="mt-2 flex justify-end gap-2">
          <button type="button" className="btn" onClick={onClose}>
            {t.cancel}
          </button>
          <button type="submit" className="btn btn-reject border-red text-red">
            {tt.bulk.rejectIt}
          </button>
        </div>
      </form>
    </Sheet>
  )
}
