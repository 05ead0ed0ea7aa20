import { type FormEvent, type ReactNode, useEffect, useState } from 'react'
import type { SettingsInput, SettingsView } from '../../shared/contract/settings.ts'
import { useActions, useInbox } from '../store/context.ts'
import { t } from '../strings.ts'
import { ts } from '../strings-settings.ts'
import { Group } from './settings.tsx'

type Props = { readonly settings: SettingsView }

/** Saves and says how it went. */
export function useSave() {
  const actions = useActions()
  const [problem, setProblem] = useState<string | null>(null)
  const broken = useInbox((state) => (state.settings?.problems.length ?? 0) > 0)
  // What was refused because of the file is out of date once the file is corrected.
  useEffect(() => {
    if (!broken) setProblem(null)
  }, [broken])
  const save = async (input: SettingsInput) => {
    const failure = await actions.saveSettings(input)
    setProblem(failure?.message ?? null)
    if (!failure) actions.toast('good', ts.saved)
  }
  return { problem, save }
}

export function Problem({ text }: { text: string | null }) {
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
