import { type FormEvent, useRef, useState } from 'react'
import type { ApprovalItem } from '../../shared/model/approval.ts'
import { when } from '../format.ts'
import { endsOfAbsence, fromLocal, inHours, toLocal, tomorrowMorning } from '../local-time.ts'
import { Sheet } from '../parts/dialog.tsx'
import { Frame } from '../parts/fields.tsx'
import type { Aside } from '../store/triage.ts'
import { tt } from '../strings-triage.ts'

type Props = { readonly item: ApprovalItem; readonly onClose: () => void; readonly onSnooze: (aside: Aside) => void }

/** When it comes back. What is behind the deadline says so, and is taken only when it is asked for in so many words. */
export function SnoozeDialog({ item, onClose, onSnooze }: Props) {
  const [now] = useState(() => Date.now())
  const [at, setAt] = useState('')
  const [problem, setProblem] = useState<string>()
  const [orSooner, setOrSooner] = useState(true)
  const [past, setPast] = useState<string | null>(null)
  const first = useRef<HTMLButtonElement>(null)
  const choices = [
    [tt.snooze.hours(1), inHours(now, 1)],
    [tt.snooze.hours(3), inHours(now, 3)],
    [tt.snooze.tomorrow, tomorrowMorning(now)],
    [tt.snooze.monday, endsOfAbsence(now).monday],
  ] as const
  const isPast = (until: string) => item.due_at !== null && Date.parse(until) >= Date.parse(item.due_at)
  const until = (instant: string) => {
    if (isPast(instant) && past !== instant) return setPast(instant)
    onSnooze({ until: instant, onChange: orSooner, pastDeadline: isPast(instant) })
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const instant = fromLocal(at)
    if (instant === null || Date.parse(instant) <= Date.now()) return setProblem(tt.snooze.needed)
    until(instant)
  }
  return (
    <Sheet open onClose={onClose} title={tt.snooze.title} focus={first}>
      <div className="grid gap-3">
        <p className="text-muted">{tt.snooze.help}</p>
        <ul className="grid gap-1.5">
          <li>
            <button
              ref={first}
              type="button"
              className="btn w-full justify-start"
              onClick={() => onSnooze({ until: null, onChange: true, pastDeadline: false })}
            >
              {tt.snooze.change}
            </button>
          </li>
          {choices.map(([label, instant]) => (
            <li key={label}>
              <button type="button" className="btn w-full justify-between" onClick={() => until(instant)}>
                {label}
                <span className={`text-meta tabular-nums ${isPast(instant) ? 'text-amber' : 'text-muted'}`}>
                  {when(instant, now)}
                </span>
              </button>
            </li>
          ))}
        </ul>
        <form onSubmit={submit} className="grid gap-2" noValidate>
          <Frame label={tt.snooze.other} problem={problem}>
            {(wiring) => (
              <span className="flex gap-2">
                <input
                  {...wiring}
                  type="datetime-local"
                  className="field flex-1"
                  min={toLocal(new Date(now).toISOString())}
                  value={at}
                  onChange={(event) => {
                    setAt(event.target.value)
                    setProblem(undefined)
                  }}
                />
                <button type="submit" className="btn">
                  {tt.snooze.set}
                </button>
              </span>
            )}
          </Frame>
        </form>
        <label className="flex items-center gap-2">
          <input type="checkbox" className="tick" checked={orSooner} onChange={(event) => setOrSooner(event.target.checked)} />
          {tt.snooze.also}
        </label>
        {past !== null && item.due_at !== null && (
          <div role="alert" className="flex flex-wrap items-center justify-between gap-2 rounded-control bg-amber-soft px-3 py-2">
            <span>{tt.snooze.past(when(item.due_at, now))}</span>
            <button type="button" className="btn" onClick={() => until(past)}>
              {tt.snooze.pastSet}
            </button>
          </div>
        )}
      </div>
    </Sheet>
  )
}
