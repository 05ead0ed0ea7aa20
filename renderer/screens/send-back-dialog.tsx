import { type FormEvent, useRef, useState } from 'react'
import type { ApprovalItem } from '../../shared/model/approval.ts'
import { ChangedNotice, useUnseen } from '../parts/changed-notice.tsx'
import { Sheet } from '../parts/dialog.tsx'
import { Frame } from '../parts/fields.tsx'
import { Plain } from '../parts/text.tsx'
import { t } from '../strings.ts'
import { td } from '../strings-decide.ts'
import { ownTitle } from '../title.ts'

type Props = {
  readonly item: ApprovalItem
  readonly comment: string
  readonly onClose: () => void
  readonly onSend: (question: string) => void
}

/** A question instead of an answer: the requester reads it, and the request stays open. */
export function SendBackDialog({ item, comment, onClose, onSend }: Props) {
  const [question, setQuestion] = useState(comment)
  const [missing, setMissing] = useState(false)
  const field = useRef<HTMLTextAreaElement>(null)
  const unseen = useUnseen(item)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (unseen) return
    if (question.trim() !== '') return onSend(question)
    setMissing(true)
    field.current?.focus()
  }
  return (
    <Sheet open onClose={onClose} title={td.sendBack.title} focus={field}>
      <form onSubmit={submit} className="grid gap-3" noValidate>
        <ChangedNotice item={item} />
        <p className="text-muted wrap-anywhere">
          <Plain text={ownTitle(item)} oneLine />
        </p>
        <Frame label={td.sendBack.question} help={td.sendBack.help} problem={missing ? td.sendBack.needed : undefined}>
          {(wiring) => (
            <textarea
              {...wiring}
              ref={field}
              className="field min-h-20 resize-none [field-sizing:content]"
              maxLength={10_000}
              required
              value={question}
              onChange={(event) => {
                setQuestion(event.target.value)
                setMissing(false)
              }}
            />
          )}
        </Frame>
        <div className="answers mt-2 flex flex-wrap justify-end gap-2">
          <button type="button" className="btn" onClick={onClose}>
            {t.cancel}
          </button>
          <button type="submit" className="btn btn-accent" disabled={unseen !== null}>
            {td.sendBack.confirm}
          </button>
        </div>
      </form>
    </Sheet>
  )
}
