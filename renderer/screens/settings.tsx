import { ChevronRight } from 'lucide-react'
import { type ReactNode, useEffect, useId, useState } from 'react'
import type { SettingsView } from '../../shared/contract/settings.ts'
import { CopyButton } from '../parts/copy.tsx'
import { TabLinks } from '../parts/page.tsx'
import { toHash, useRoute } from '../route.ts'
import { isPane, panes } from '../settings-panes.ts'
import { useActions, useInbox } from '../store/context.ts'
import { useOutgoing } from '../store/outgoing.ts'
import { t } from '../strings.ts'
import { ts } from '../strings-settings.ts'
import { tt } from '../strings-triage.ts'
import { visible } from '../visible-text.ts'
import { ActionSection } from './settings-actions.tsx'
import { AlertSection } from './settings-alerts.tsx'
import { DoctorSection } from './settings-checks.tsx'
import { YouSection } from './settings-forms.tsx'
import { HostLanguageSection } from './settings-language.tsx'
import { LinkSection } from './settings-links.tsx'
import { LookSection } from './settings-look.tsx'
import { ModelSection } from './settings-model.tsx'
import { NetworkSection } from './settings-network.tsx'
import { FileProblems } from './settings-problems.tsx'
import { LimitSection, ToldSection, UndoSection } from './settings-requests.tsx'
import { RetentionSection } from './settings-retention.tsx'

type Props = { readonly onKeys: () => void }

/** Settings take effect at once and are written to the journal like everything else. */
export function SettingsScreen({ onKeys }: Props) {
  const { id } = useRoute()
  const settings = useInbox((state) => state.settings)
  const actions = useActions()
  // What was edited by hand since, and what is wrong with it.
  useEffect(() => void actions.loadWho(), [actions])
  if (!settings) return null
  const pane = isPane(id) ? id : 'general'
  return (
    <section
      className="flex-1 overflow-y-auto bg-page focus-visible:-outline-offset-2"
      aria-labelledby="settings-title"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is scrolled with the keyboard too
      tabIndex={0}
    >
      <div className="mx-auto grid max-w-[728px] gap-6 px-4 py-5 lg:px-6">
        <h1 id="settings-title" className="text-title font-semibold">
          {ts.title}
        </h1>
        <TabLinks
          label={ts.panes.label}
          tabs={panes.map((each) => ({
            href: toHash(each === 'general' ? { view: 'settings' } : { view: 'settings', id: each }),
            label: ts.panes[each],
            here: each === pane,
          }))}
        />
        {settings.problems.length > 0 && <FileProblems problems={settings.problems} />}
        {pane === 'general' && <General settings={settings} onKeys={onKeys} />}
        {pane === 'alerts' && <AlertSection settings={settings} />}
        {pane === 'requests' && <Requests settings={settings} />}
        {pane === 'model' && <ModelSection settings={settings} />}
        {pane === 'machine' && <Machine settings={settings} />}
      </div>
    </section>
  )
}

function General({ settings, onKeys }: Props & { settings: SettingsView }) {
  const mayEdit = useInbox((state) => state.scopes.includes('admin'))
  const singleKeys = useInbox((state) => state.singleKeys)
  const advance = useInbox((state) => state.advance)
  const actions = useActions()
  return (
    <>
      <nav aria-label={ts.more} className="md:hidden">
        <ul className="card divide-y divide-line">
          {(['policy', 'people', 'workflows', 'insight'] as const).map((view) => (
            <li key={view}>
              <a href={toHash({ view })} className="flex items-center justify-between px-4 py-3 focus-visible:-outline-offset-2">
                {t.nav[view]}
                <ChevronRight size={16} className="text-muted" aria-hidden />
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <YouSection settings={settings} />
      <LookSection />
      <HostLanguageSection settings={settings} mayEdit={mayEdit} />
      <LinkSection />
      <Group title={ts.keyboard}>
        <Switch checked={singleKeys} onChange={actions.setSingleKeys} label={ts.singleKeys} />
        <Switch checked={advance} onChange={actions.setAdvance} label={tt.advance.title} />
        <p className="text-meta text-muted">{tt.advance.help}</p>
        <button type="button" className="btn justify-self-start" onClick={onKeys}>
          {ts.showKeys}
        </button>
      </Group>
    </>
  )
}

/** What becomes of requests: before, while, and after somebody answers. */
function Requests({ settings }: { settings: SettingsView }) {
  const mayEdit = useInbox((state) => state.scopes.includes('admin'))
  const outgoing = useOutgoing()
  return (
    <>
      {!mayEdit && <p className="text-muted">{ts.onlyAdmin}</p>}
      <UndoSection settings={settings} mayEdit={mayEdit} />
      <ActionSection outgoing={outgoing} />
      <ToldSection settings={settings} mayEdit={mayEdit} outgoing={outgoing} />
      <LimitSection settings={settings} mayEdit={mayEdit} />
      <RetentionSection mayEdit={mayEdit} />
    </>
  )
}

/** Where it runs, and whether all of it works. */
function Machine({ settings }: { settings: SettingsView }) {
  const mayEdit = useInbox((state) => state.scopes.includes('admin'))
  return (
    <>
      <DoctorSection />
      <NetworkSection settings={settings} mayEdit={mayEdit} />
      <Group title={ts.about}>
        <dl className="grid grid-cols-[minmax(100px,auto)_1fr] items-center gap-x-4 gap-y-1.5">
          <dt className="text-muted">{ts.version}</dt>
          <dd className="tabular-nums">{settings.version}</dd>
          <dt className="text-muted">{ts.home}</dt>
          <dd className="flex flex-wrap items-center justify-between gap-2">
            <code className="min-w-0 font-mono text-meta wrap-anywhere">{visible(settings.home)}</code>
            <CopyButton text={settings.home} />
          </dd>
          {settings.url && (
            <>
              <dt className="text-muted">{ts.url}</dt>
              <dd className="flex flex-wrap items-center justify-between gap-2">
                <code className="font-mono text-meta">{settings.url}</code>
                <a className="btn" href={new URL('/docs', settings.url).href} target="_blank" rel="noopener noreferrer">
                  {ts.docs}
                </a>
              </dd>
            </>
          )}
        </dl>
      </Group>
    </>
  )
}

/** One topic: a heading, a sentence, and what can be done. */
export function Group({ title, help, children }: { title: string; help?: string; children: ReactNode }) {
  const id = useId()
  return (
    <section aria-labelledby={id} className="grid gap-2">
      <div>
        <h2 id={id} className="text-row font-semibold">
          {title}
        </h2>
        {help && <p className="text-muted text-pretty">{help}</p>}
      </div>
      <div className="card grid gap-3 p-4">{children}</div>
    </section>
  )
}

type SwitchProps = { checked: boolean; onChange: (on: boolean) => unknown; label: string }

/** A sentence that is on or off. It moves at once, and goes back should what it stands for not change after all. */
export function Switch({ checked, onChange, label }: SwitchProps) {
  const [wanted, setWanted] = useState<boolean | null>(null)
  const change = async (on: boolean) => {
    setWanted(on)
    await onChange(on)
    setWanted(null)
  }
  return (
    <label className="flex min-h-6 items-center justify-between gap-4">
      <span>{label}</span>
      <input
        type="checkbox"
        role="switch"
        aria-checked={wanted ?? checked}
        className="relative h-5 w-9 shrink-0 appearance-none rounded-full border border-edge bg-well transition-colors duration-120 before:absolute before:top-[3px] before:left-[3px] before:size-3 before:rounded-full before:bg-edge before:transition-transform before:duration-120 checked:border-accent checked:bg-accent checked:before:translate-x-4 checked:before:bg-on-accent"
        checked={wanted ?? checked}
        onChange={(event) => void change(event.target.checked)}
      />
    </label>
  )
}
