import { Play } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { SettingsInput, SettingsView } from '../../shared/contract/settings.ts'
import type { Quiet } from '../../shared/model/alert.ts'
import { count } from '../format.ts'
import { NextAlert } from '../parts/next-alert.tsx'
import { playTones } from '../sound.ts'
import { useInboxHandle } from '../store/context.ts'
import { tal } from '../strings-alerts.ts'
import { Group, Switch } from './settings.tsx'
import { AlertRules } from './settings-alert-rules.tsx'
import { Problem, useSave } from './settings-forms.tsx'

const week = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
const firstQuiet: Quiet = { from: '20:00', until: '07:00', days: ['sat', 'sun'], let_through: 'urgent' }
/** A week that is quiet all through would be no alerts at all. */
const mostDays = 6

type Save = (input: SettingsInput) => Promise<void>

/** When somebody is interrupted, in sentences that can be changed. */
export function AlertSection({ settings }: { settings: SettingsView }) {
  const { desktop } = useInboxHandle()
  const { problem, save } = useSave()
  const { alerts, notifications } = settings
  return (
    <Group title={tal.title} help={tal.help}>
      <NextAlert />
      <Switch
        checked={notifications.new_requests}
        onChange={(on) => save({ notifications: { new_requests: on } })}
        label={tal.newRequests}
      />
      <Switch
        checked={notifications.deadlines}
        onChange={(on) => save({ notifications: { deadlines: on } })}
        label={tal.deadlines}
      />
      {!desktop && <BrowserPermission />}
      <Minutes
        label={tal.renag}
        value={alerts.renag_minutes}
        choices={[5, 10, 15, 30, 60, 120]}
        onChange={(renag_minutes) => save({ alerts: { renag_minutes } })}
      />
      <div className="grid gap-2">
        <Switch checked={alerts.sound} onChange={(sound) => save({ alerts: { sound } })} label={tal.sound} />
        <button type="button" className="btn justify-self-start" onClick={() => void playTones()}>
          <Play size={14} aria-hidden /> {tal.play}
        </button>
      </div>
      <hr className="border-line" />
      <QuietHours quiet={alerts.quiet} save={save} />
      <hr className="border-line" />
      <AlertRules rules={alerts.rules} save={(rules) => save({ alerts: { rules: [...rules] } })} />
      {alerts.rules.some((rule) => rule.new === 'digest') && (
        <Minutes
          label={tal.digest}
          value={alerts.digest_minutes}
          choices={[15, 30, 60, 120, 240]}
          onChange={(digest_minutes) => save({ alerts: { digest_minutes } })}
        />
      )}
      <Problem text={problem} />
    </Group>
  )
}

type MinutesProps = {
  readonly label: string
  readonly value: number
  readonly choices: readonly number[]
  readonly onChange: (minutes: number) => unknown
}

/** One of a few spans; what the file says besides is among them. */
function Minutes({ label, value, choices, onChange }: MinutesProps) {
  const all = [...new Set([...choices, value])].sort((a, b) => a - b)
  return (
    <label className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1">
      <span>{label}</span>
      <select className="field w-auto" value={value} onChange={(event) => onChange(Number(event.target.value))}>
        {all.map((minutes) => (
          <option key={minutes} value={minutes}>
            {tal.minutes(count(minutes))}
          </option>
        ))}
      </select>
    </label>
  )
}

function QuietHours({ quiet, save }: { quiet: SettingsView['alerts']['quiet']; save: Save }) {
  const set = (change: Partial<Quiet>) => {
    const next = { ...(quiet ?? firstQuiet), ...change }
    return save({ alerts: { quiet: { ...next, days: [...next.days] } } })
  }
  return (
    <div className="grid gap-3">
      <Switch checked={quiet !== null} onChange={(on) => (on ? set({}) : save({ alerts: { quiet: null } }))} label={tal.quiet} />
      {quiet && (
        <>
          <div className="flex flex-wrap items-center gap-2">
            <TimeOfDay label={tal.from} value={quiet.from} onChange={(from) => set({ from })} />
            <TimeOfDay label={tal.until} value={quiet.until} onChange={(until) => set({ until })} />
          </div>
          <fieldset>
            <legend className="mb-1">{tal.days}</legend>
            <div className="flex flex-wrap gap-1.5">
              {week.map((day) => (
                <label
                  key={day}
                  className="btn has-checked:border-accent has-checked:bg-picked has-disabled:opacity-60 has-focus-visible:outline-2"
                >
                  <input
                    type="checkbox"
                    className="size-4 accent-accent"
                    checked={quiet.days.includes(day)}
                    disabled={quiet.days.length >= mostDays && !quiet.days.includes(day)}
                    onChange={(event) =>
                      set({ days: event.target.checked ? [...quiet.days, day] : quiet.days.filter((each) => each !== day) })
                    }
                  />
                  {tal.day[day]}
                </label>
              ))}
            </div>
          </fieldset>
          <label className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1">
            <span>{tal.letThrough}</span>
            <select
              className="field w-auto"
              value={quiet.let_through}
              onChange={(event) => set({ let_through: event.target.value as Quiet['let_through'] })}
            >
              {(['urgent', 'high', 'none'] as const).map((each) => (
                <option key={each} value={each}>
                  {tal.letThroughs[each]}
                </option>
              ))}
            </select>
          </label>
        </>
      )}
    </div>
  )
}

/** Saved when it is complete and left, not at each key. */
function TimeOfDay({ label, value, onChange }: { label: string; value: string; onChange: (time: string) => unknown }) {
  const [written, setWritten] = useState(value)
  useEffect(() => setWritten(value), [value])
  return (
    <label className="flex items-center gap-2">
      <span>{label}</span>
      <input
        type="time"
        required
        className="field w-auto tabular-nums"
        value={written}
        onChange={(event) => setWritten(event.target.value)}
        onBlur={() => (written === '' ? setWritten(value) : written !== value && onChange(written))}
      />
    </label>
  )
}

/** The browser asks once, and only because a person pressed a button. */
function BrowserPermission() {
  const supported = 'Notification' in window
  const [permission, setPermission] = useState(supported ? Notification.permission : 'denied')
  if (!supported) return <p className="text-meta text-muted">{tal.unsupported}</p>
  if (permission === 'granted') return <p className="text-meta text-muted">{tal.granted}</p>
  if (permission === 'denied') return <p className="text-meta text-muted">{tal.denied}</p>
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
      <p className="min-w-0 flex-1 basis-60 text-meta text-muted text-pretty">{tal.askWhy}</p>
      <button type="button" className="btn" onClick={async () => setPermission(await Notification.requestPermission())}>
        {tal.ask}
      </button>
    </div>
  )
}
