import { type FormEvent, type ReactNode, useState } from 'react'
import type { SettingsInput, SettingsView } from '../../shared/contract/settings.ts'
import { useActions, useInboxHandle } from '../store/context.ts'
import { t } from '../strings.ts'
import { ts } from '../strings-settings.ts'
import { Group, Switch } from './settings.tsx'

type Props = { readonly settings: SettingsView }

/** Saves and says how it went. */
function useSave() {
  const actions = useActions()
  const [problem, setProblem] = useState<string | null>(null)
  const save = async (input: SettingsInput) => {
    const failure = await actions.saveSettings(input)
    setProblem(failure?.message ?? null)
    if (!failure) actions.toast('good', ts.saved)
  }
  return { problem, save }
}

function Problem({ text }: { text: string | null }) {
  if (!text) return null
  return (
    <p role="alert" className="text-red">
      {t.failed(text)}
    </p>
  )
}

export function Labelled({ label, children }: { label: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is the child
    <label className="grid min-w-0 flex-1 basis-44 gap-1">
      <span className="font-medium">{label}</span>
      {children}
    </label>
  )
}

export function YouSection({ settings }: Props) {
  const { problem, save } = useSave()
  const [name, setName] = useState(settings.owner?.name ?? '')
  const [email, setEmail] = useState(settings.owner?.email ?? '')
  const changed = name !== settings.owner?.name || email !== settings.owner?.email
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void save({ owner: { name, email } })
  }
  return (
    <Group title={ts.you} help={ts.youHelp}>
      <form className="flex flex-wrap items-end gap-3" onSubmit={submit}>
        <Labelled label={ts.name}>
          <input
            className="field"
            value={name}
            onChange={(event) => setName(event.target.value)}
            required
            maxLength={200}
            autoComplete="name"
          />
        </Labelled>
        <Labelled label={ts.email}>
          <input
            className="field"
            type="email"
            value={email}
            onChange={(event) => setEmail(event.target.value)}
            required
            maxLength={254}
            autoComplete="email"
          />
        </Labelled>
        <button type="submit" className="btn" disabled={!changed}>
          {ts.save}
        </button>
      </form>
      <Problem text={problem} />
    </Group>
  )
}

export function NotificationSection({ settings }: Props) {
  const { desktop } = useInboxHandle()
  const { problem, save } = useSave()
  const { new_requests, deadlines } = settings.notifications
  return (
    <Group title={ts.notifications}>
      <Switch checked={new_requests} onChange={(on) => save({ notifications: { new_requests: on } })} label={ts.newRequests} />
      <Switch checked={deadlines} onChange={(on) => save({ notifications: { deadlines: on } })} label={ts.deadlines} />
      {!desktop && <BrowserPermission />}
      <Problem text={problem} />
    </Group>
  )
}

/** The browser asks once, and only because a person pressed a button. */
function BrowserPermission() {
  const supported = 'Notification' in window
  const [permission, setPermission] = useState(supported ? Notification.permission : 'denied')
  if (!supported) return <p className="text-muted">{ts.unsupported}</p>
  if (permission === 'granted') return <p className="text-muted">{ts.granted}</p>
  if (permission === 'denied') return <p className="text-muted">{ts.denied}</p>
  return (
    <button
      type="button"
      className="btn justify-self-start"
      onClick={async () => setPermission(await Notification.requestPermission())}
    >
      {ts.ask}
    </button>
  )
}
