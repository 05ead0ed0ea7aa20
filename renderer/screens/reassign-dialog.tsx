import { type FormEvent, useRef, useState } from 'react'
import type { ApprovalItem } from '../../shared/model/approval.ts'
import type { CallFailure } from '../failure.ts'
import { Sheet } from '../parts/dialog.tsx'
import { Frame } from '../parts/fields.tsx'
import { Plain } from '../parts/text.tsx'
import { useInbox } from '../store/context.ts'
import { t } from '../strings.ts'
import { td } from '../strings-decide.ts'
import { ownTitle } from '../title.ts'
import { visible } from '../visible-text.ts'

const mostShown = 8

type Props = {
  readonly item: ApprovalItem
  /** Whether this person is asked, so that it is their own place which they hand over. */
  readonly inYourPlace: boolean
  readonly onClose: () => void
  readonly onSend: (to: readonly string[], comment: string) => Promise<CallFailure | null>
}

const namesIn = (text: string) =>
  text
    .split(/[,;\n]/)
    .map((each) => each.trim())
    .filter(Boolean)

/** Others are asked instead: addresses or groups, with those known here at hand. */
export function ReassignDialog({ item, inYourPlace, onClose, onSend }: Props) {
  const known = useInbox((state) => state.people)
  const [to, setTo] = useState('')
  const [comment, setComment] = useState('')
  const [problem, setProblem] = useState<string | undefined>()
  const [busy, setBusy] = useState(false)
  const field = useRef<HTMLInputElement>(null)
  const choices = [
    ...(known?.groups.map(({ name, label }) => ({ value: `group:${name}`, label: label || name })) ?? []),
    ...(known?.people.map(({ email, name }) => ({ value: email, label: name || email })) ?? []),
  ].filter(({ value }) => !namesIn(to).includes(value) && !item.waits_for.includes(value))
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const names = namesIn(to)
    if (names.length === 0) setProblem(td.reassign.needed)
    if (names.length === 0 || busy) return field.current?.focus()
    setBusy(true)
    const failure = await onSend(names, comment)
    setBusy(false)
    if (failure) setProblem(failure.message)
  }
  return (
    <Sheet open onClose={onClose} title={td.reassign.title} focus={field}>
      <form onSubmit={submit} className="grid gap-3" noValidate>
        <p className="text-muted wrap-anywhere">
          <Plain text={ownTitle(item)} oneLine />
        </p>
        <Frame label={td.reassign.to} help={td.reassign.help(inYourPlace)} problem={problem}>
          {(wiring) => (
            <input
              {...wiring}
              ref={field}
              className="field"
              autoComplete="off"
              spellCheck={false}
              maxLength={5000}
              value={to}
              onChange={(event) => {
                setTo(event.target.value)
                setProblem(undefined)
              }}
            />
          )}
        </Frame>
        {choices.length > 0 && (
          <fieldset className="flex flex-wrap gap-1.5" aria-label={td.reassign.known}>
            {choices.slice(0, mostShown).map(({ value, label }) => (
              <button
                key={value}
                type="button"
                title={value}
                className="btn min-h-7 rounded-full px-2.5 py-0.5 text-meta"
                onClick={() => {
                  setTo([...namesIn(to), value].join(', '))
                  setProblem(undefined)
                  field.current?.focus()
                }}
              >
                {visible(label)}
              </button>
            ))}
          </fieldset>
        )}
        <Frame label={td.approve.comment} optional>
          {(wiring) => (
            <textarea
              {...wiring}
              className="field min-h-14 resize-none [field-sizing:content]"
              maxLength={10_000}
              value={comment}
              onChange={(event) => setComment(event.target.value)}
            />
          )}
        </Frame>
        <div className="answers mt-2 flex flex-wrap justify-end gap-2">
          <button type="button" className="btn" onClick={onClose}>
            {t.cancel}
          </button>
          <button type="submit" className="btn btn-accent" disabled={busy}>
            {busy ? td.act.working : td.reassign.confirm}
          </button>
        </div>
      </form>
    </Sheet>
  )
}
