import { type FormEvent, useState } from 'react'
import type { SettingsInput, SettingsView } from '../../shared/contract/settings.ts'
import type { Client } from '../client.ts'
import { toFailure } from '../failure.ts'
import { locale } from '../language.ts'
import { Problem } from '../parts/form.tsx'
import { Plain } from '../parts/text.tsx'
import { inWords } from '../said.ts'
import { useActions, useInboxHandle } from '../store/context.ts'
import { useModel } from '../store/model.ts'
import { t } from '../strings.ts'
import { ts } from '../strings-settings.ts'
import { tgo } from '../strings-start.ts'
import { visible } from '../visible-text.ts'
import { Group, Switch } from './settings.tsx'
import { Labelled } from './settings-forms.tsx'
import { ModelState } from './welcome-model.tsx'

/** The local model: on or off, where, which one, whether it works. */
export function ModelSection({ settings }: { settings: SettingsView }) {
  const actions = useActions()
  const desk = useModel()
  const [problem, setProblem] = useState<string | null>(null)
  const save = async (model: NonNullable<SettingsInput['model']>) => {
    const failure = await actions.saveSettings({ model })
    setProblem(failure?.message ?? null)
    if (!failure) actions.toast('good', ts.saved)
    return failure === null
  }
  const { enabled, host, name } = settings.model
  return (
    <Group title={ts.model} help={ts.modelHelp}>
      <Switch checked={enabled} onChange={(on) => save({ enabled: on })} label={ts.modelOn} />
      <HostForm key={`host ${host}`} host={host} onSave={save} />
      <NameForm key={`name ${name}`} name={name} installed={desk.view?.installed.map((each) => each.name) ?? []} onSave={save} />
      <Problem text={problem} />
      {enabled && (
        <div className="grid gap-3 border-t border-line pt-3">
          <ModelState desk={desk} />
          {desk.view?.state === 'ready' && <Trial />}
        </div>
      )}
    </Group>
  )
}

type Save = (model: NonNullable<SettingsInput['model']>) => Promise<boolean>

function HostForm({ host, onSave }: { host: string; onSave: Save }) {
  const [written, setWritten] = useState(host)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void onSave({ host: written })
  }
  return (
    <form className="flex flex-wrap items-end gap-3" onSubmit={submit}>
      <Labelled label={ts.host}>
        <input
          className="field"
          value={written}
          onChange={(event) => setWritten(event.target.value)}
          required
          maxLength={200}
          spellCheck={false}
        />
      </Labelled>
      <button type="submit" className="btn" disabled={written === host}>
        {ts.save}
      </button>
    </form>
  )
}

const other = '\0'

/** Chosen from what is installed, or written: then it can be fetched. */
function NameForm({ name, installed, onSave }: { name: string; installed: readonly string[]; onSave: Save }) {
  const isHere = (one: string) => installed.includes(one) || installed.includes(`${one}:latest`)
  const [typing, setTyping] = useState(false)
  const [written, setWritten] = useState('')
  const options = [...new Set([name, ...installed.map((one) => one.replace(/:latest$/, ''))])]
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void onSave({ name: written })
  }
  return (
    <>
      <Labelled label={tgo.model.choose}>
        <select
          className="field"
          value={typing ? other : name}
          onChange={({ target }) => {
            setTyping(target.value === other)
            if (target.value !== other) void onSave({ name: target.value })
          }}
        >
          {options.map((one) => (
            <option key={one} value={one}>
              {isHere(one) || installed.length === 0 ? one : `${one} (${tgo.model.notHere})`}
            </option>
          ))}
          <option value={other}>{tgo.model.another}</option>
        </select>
      </Labelled>
      {typing && (
        <form className="grid gap-1" onSubmit={submit}>
          <div className="flex flex-wrap items-end gap-3">
            <Labelled label={tgo.model.typed}>
              <input
                className="field"
                // biome-ignore lint/a11y/noAutofocus: the field was just asked for
                autoFocus
                value={written}
                onChange={(event) => setWritten(event.target.value)}
                required
                maxLength={200}
                spellCheck={false}
              />
            </Labelled>
            <button type="submit" className="btn">
              {tgo.model.use}
            </button>
          </div>
          <p className="text-meta text-muted">{tgo.model.typedHelp}</p>
        </form>
      )}
    </>
  )
}

/** A wait that people measure in seconds. */
const howLong = (ms: number) => `${(ms / 1000).toLocaleString(locale || undefined, { maximumFractionDigits: 1 })} s`

type Tried = Awaited<ReturnType<Client['model']['test']>>

/** The model reads a made-up request now, and people see what it writes and how long it takes. */
function Trial() {
  const { client } = useInboxHandle()
  const [busy, setBusy] = useState(false)
  const [tried, setTried] = useState<Tried | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const test = async () => {
    setBusy(true)
    setProblem(null)
    setTried(null)
    try {
      setTried(await client.model.test({}))
    } catch (error) {
      setProblem(toFailure(error).message)
    }
    setBusy(false)
  }
  return (
    <div className="grid gap-2">
      <button type="button" className="btn justify-self-start" disabled={busy} onClick={() => void test()}>
        {tgo.model.test}
      </button>
      <div role="status" className="grid gap-2 empty:hidden">
        {busy && <p className="text-muted">{tgo.model.testing}</p>}
        {tried?.summary && (
          <div className="grid gap-1 rounded-control bg-well px-3 py-2.5">
            <p className="wrap-anywhere">
              <Plain text={`${tried.summary} ${tried.impact ?? ''}`} />
            </p>
            <p className="text-meta text-muted">
              {[tried.risk ? tgo.model.risk(t.riskWord[tried.risk as 'low'] ?? tried.risk) : '', tgo.model.took(howLong(tried.ms))]
                .filter(Boolean)
                .join(' · ')}
            </p>
          </div>
        )}
        {tried?.reason && (
          <p className="text-red wrap-anywhere">
            {visible(inWords([tried.reason, tried.fix].filter(Boolean).join(' '), tried.said))}
          </p>
        )}
      </div>
      <Problem text={problem} />
    </div>
  )
}
