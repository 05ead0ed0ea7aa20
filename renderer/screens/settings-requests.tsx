import { type FormEvent, useEffect, useId, useState } from 'react'
import type { SettingsInput, SettingsView } from '../../shared/contract/settings.ts'
import { count } from '../format.ts'
import { Field } from '../parts/form.tsx'
import type { useOutgoing } from '../store/outgoing.ts'
import { ts } from '../strings-settings.ts'
import { Group } from './settings.tsx'
import { Problem, useSave } from './settings-forms.tsx'

type Props = { readonly settings: SettingsView; readonly mayEdit: boolean }

const holds = [0, 3, 5, 10, 15, 30, 60]

/** How long an answer waits here before it leaves. */
export function UndoSection({ settings, mayEdit }: Props) {
  const { problem, save } = useSave()
  const { seconds } = settings.undo
  const words = (n: number) => (n === 0 ? ts.undo.none : ts.undo.seconds(n, count(n)))
  const id = useId()
  return (
    <Group title={ts.undo.title}>
      <label className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1">
        <span>{ts.undo.for}</span>
        <select
          className="field w-auto"
          aria-describedby={id}
          disabled={!mayEdit}
          value={seconds}
          onChange={(event) => void save({ undo: { seconds: Number(event.target.value) } })}
        >
          {[...new Set([...holds, seconds])]
            .sort((a, b) => a - b)
            .map((each) => (
              <option key={each} value={each}>
                {words(each)}
              </option>
            ))}
        </select>
      </label>
      <p id={id} className="text-meta text-muted text-pretty">
        {seconds === 0 ? ts.undo.helpNone : ts.undo.help(words(seconds * 2))}
      </p>
      <Problem text={problem} />
    </Group>
  )
}

/** How long programs have to take what they wanted to know, and who hears of a task that is stuck. */
export function ToldSection({ settings, mayEdit, outgoing }: Props & { outgoing: ReturnType<typeof useOutgoing> }) {
  const { problem, save } = useSave()
  const webhook = outgoing.view?.review_webhook ?? ''
  return (
    <Group title={ts.told.title}>
      <NumberRow
        label={ts.told.timeout}
        unit={ts.told.seconds}
        value={settings.deliveries.timeout_seconds}
        min={1}
        max={3600}
        disabled={!mayEdit}
        onChange={(timeout_seconds) => save({ deliveries: { timeout_seconds } })}
      />
      {outgoing.view && <WebhookForm key={webhook} webhook={webhook} save={save} />}
      <Problem text={problem} />
    </Group>
  )
}

function WebhookForm({ webhook, save }: { webhook: string; save: (input: SettingsInput) => Promise<void> }) {
  const [written, setWritten] = useState(webhook)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void save({ alerts: { webhook: written.trim() || null } })
  }
  return (
    <form className="flex flex-wrap items-start gap-3 border-t border-line pt-3" onSubmit={submit}>
      <Field label={ts.told.review} help={ts.told.reviewHelp}>
        {(tied) => (
          <div className="flex gap-3">
            <input
              {...tied}
              className="field"
              type="url"
              value={written}
              maxLength={2000}
              spellCheck={false}
              onChange={(event) => setWritten(event.target.value)}
            />
            <button type="submit" className="btn" disabled={written.trim() === webhook}>
              {ts.save}
            </button>
          </div>
        )}
      </Field>
    </form>
  )
}

const kilobyte = 1024

export function LimitSection({ settings, mayEdit }: Props) {
  const { problem, save } = useSave()
  const { requests_per_minute, burst, body_bytes, pending } = settings.limits
  const shared = { disabled: !mayEdit }
  return (
    <Group title={ts.limits.title} help={ts.limits.help}>
      <NumberRow
        {...shared}
        label={ts.limits.perMinute}
        value={requests_per_minute}
        onChange={(n) => save({ limits: { requests_per_minute: n } })}
      />
      <NumberRow {...shared} label={ts.limits.burst} value={burst} onChange={(n) => save({ limits: { burst: n } })} />
      <NumberRow
        {...shared}
        label={ts.limits.body}
        unit={ts.limits.kilobytes}
        value={Math.round((body_bytes / kilobyte) * 10) / 10}
        max={16_384}
        onChange={(n) => save({ limits: { body_bytes: n * kilobyte } })}
      />
      <p className="-mt-2 text-meta text-muted">{ts.limits.bodyHelp}</p>
      <NumberRow {...shared} label={ts.limits.pending} value={pending} onChange={(n) => save({ limits: { pending: n } })} />
      <Problem text={problem} />
    </Group>
  )
}

type NumberRowProps = {
  readonly label: string
  readonly unit?: string
  readonly value: number
  readonly min?: number
  readonly max?: number
  readonly disabled?: boolean
  readonly onChange: (value: number) => unknown
}

/** A sentence with a number in it. Saved when it is left or with Enter; what is no such number is put back. */
function NumberRow({ label, unit, value, min = 1, max = 1_000_000_000, disabled = false, onChange }: NumberRowProps) {
  const [written, setWritten] = useState(String(value))
  useEffect(() => setWritten(String(value)), [value])
  const leave = (input: HTMLInputElement) => {
    const next = Number(written)
    if (written.trim() === '' || !input.checkValidity()) {
      input.reportValidity()
      setWritten(String(value))
    } else if (next !== value) onChange(next)
  }
  return (
    <label className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1">
      <span className="min-w-0">{label}</span>
      <span className="flex items-center gap-2">
        <input
          type="number"
          className="field w-28 text-right tabular-nums"
          min={min}
          max={max}
          // What stands in the file may have a fraction; what is typed has none.
          step={Number.isInteger(value) ? 1 : 'any'}
          disabled={disabled}
          value={written}
          onChange={(event) => setWritten(event.target.value)}
          onBlur={(event) => leave(event.currentTarget)}
          onKeyDown={(event) => event.key === 'Enter' && event.currentTarget.blur()}
        />
        {unit && <span className="text-muted">{unit}</span>}
      </span>
    </label>
  )
}
