import { type FormEvent, useEffect, useState } from 'react'
import type { SettingsInput, SettingsView } from '../../shared/contract/settings.ts'
import { Field } from '../parts/form.tsx'
import { ts } from '../strings-settings.ts'
import { Pick, picked } from './people-pick.tsx'
import { Group } from './settings.tsx'
import { Problem, useSave } from './settings-forms.tsx'

/** Where it listens, and under which names it may be asked for. */
export function NetworkSection({ settings, mayEdit }: { settings: SettingsView; mayEdit: boolean }) {
  const { problem, save } = useSave()
  const { port, hosts } = settings.http
  const running = settings.url === null ? null : new URL(settings.url).port
  return (
    <Group title={ts.net.title} help={ts.net.help}>
      {mayEdit ? <PortForm key={port} port={port} save={save} /> : <p className="text-muted">{ts.onlyAdmin}</p>}
      {running !== null && port !== 0 && String(port) !== running && (
        <p className="text-amber">{ts.net.portNext(running, String(port))}</p>
      )}
      {mayEdit && <HostNames hosts={hosts} save={save} />}
      <Problem text={problem} />
    </Group>
  )
}

type Save = (input: SettingsInput) => Promise<void>

function PortForm({ port, save }: { port: number; save: Save }) {
  const [written, setWritten] = useState(String(port))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void save({ http: { port: Number(written) } })
  }
  return (
    <form onSubmit={submit}>
      <Field label={ts.net.port} help={ts.net.portHelp}>
        {(tied) => (
          <div className="flex gap-3">
            <input
              {...tied}
              className="field w-28 tabular-nums"
              type="number"
              min={0}
              max={65_535}
              required
              value={written}
              onChange={(event) => setWritten(event.target.value)}
            />
            <button type="submit" className="btn" disabled={written === String(port)}>
              {ts.save}
            </button>
          </div>
        )}
      </Field>
    </form>
  )
}

function HostNames({ hosts, save }: { hosts: readonly string[]; save: Save }) {
  const [held, setHeld] = useState(() => picked(hosts))
  useEffect(() => setHeld((now) => ({ ...now, chosen: hosts })), [hosts])
  return (
    <Pick
      label={ts.net.hosts}
      help={ts.net.hostsHelp}
      value={held}
      onChange={(next) => {
        setHeld(next)
        if (next.chosen.join('\n') !== held.chosen.join('\n')) void save({ http: { hosts: [...next.chosen] } })
      }}
    />
  )
}
