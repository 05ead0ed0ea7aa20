import { TriangleAlert } from 'lucide-react'
import { useEffect } from 'react'
import { Notice } from '../parts/notice.tsx'
import { Bones, Page, TabLinks } from '../parts/page.tsx'
import { toHash, useRoute } from '../route.ts'
import { useInbox } from '../store/context.ts'
import { usePolicy, usePolicyDesk } from '../store/policy.ts'
import { t } from '../strings.ts'
import { ty } from '../strings-policy.ts'
import { PolicyBar } from './policy-bar.tsx'
import { PolicyReplay } from './policy-replay.tsx'
import { PolicyRules } from './policy-rules.tsx'
import { PolicyText } from './policy-text.tsx'
import { PolicyTry } from './policy-try.tsx'

const tabs = ['rules', 'text', 'try', 'replay'] as const
type Tab = (typeof tabs)[number]

const isTab = (text: string | null): text is Tab => tabs.some((tab) => tab === text)

/** What needs whom: the rules as they are, their text, and what they make of requests. */
export function PolicyScreen() {
  const { id } = useRoute()
  const desk = usePolicyDesk()
  const view = usePolicy((state) => state.view)
  const failure = usePolicy((state) => state.failure)
  const draft = usePolicy((state) => state.draft)
  const offline = useInbox((state) => state.connection.state === 'offline')
  const tab = isTab(id) ? id : 'rules'
  useEffect(() => {
    if (offline) return
    // The file is edited elsewhere too; a text that is being written here is not touched by that.
    const onShown = () => document.visibilityState === 'visible' && desk.store.getState().draft === null && void desk.load()
    onShown()
    document.addEventListener('visibilitychange', onShown)
    return () => document.removeEventListener('visibilitychange', onShown)
  }, [desk, offline])
  useEffect(() => {
    if (draft === null) return
    const ask = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', ask)
    return () => window.removeEventListener('beforeunload', ask)
  }, [draft])
  return (
    <Page id="policy-title" title={ty.title} help={ty.help} wide foot={<PolicyBar tab={tab} />}>
      <TabLinks
        label={ty.tabs.label}
        tabs={tabs.map((each) => ({ href: toHash({ view: 'policy', id: each }), label: ty.tabs[each], here: tab === each }))}
      />
      {!view && !failure && <Bones rows={5} />}
      {!view && failure && (
        <Notice title={ty.failed} text={failure.message}>
          <button type="button" className="btn" onClick={() => void desk.load()}>
            {t.retry}
          </button>
        </Notice>
      )}
      {view && view.problems.length > 0 && tab !== 'text' && (
        <p className="flex flex-wrap items-center gap-x-2 rounded-card bg-amber-soft px-4 py-2.5">
          <TriangleAlert size={15} className="shrink-0 text-amber" aria-hidden />
          <span>{ty.broken(view.problems.length)}</span>
          <a className="font-semibold underline underline-offset-2" href={toHash({ view: 'policy', id: 'text' })}>
            {ty.brokenLook}
          </a>
        </p>
      )}
      {view && draft !== null && (tab === 'try' || tab === 'replay') && <p className="text-amber">{ty.draftNote}</p>}
      {view && tab === 'rules' && <PolicyRules view={view} />}
      {view && tab === 'text' && <PolicyText view={view} />}
      {view && tab === 'try' && <PolicyTry view={view} />}
      {view && tab === 'replay' && <PolicyReplay view={view} />}
    </Page>
  )
}
