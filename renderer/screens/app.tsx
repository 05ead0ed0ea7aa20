import { useEffect, useMemo, useState } from 'react'
import { useAttention } from '../attention.ts'
import { installKeys, useCommands } from '../keys.ts'
import { questionBox, sheetBox } from '../parts/dialog.tsx'
import { Later, LaterDialog, preload, type Screen } from '../parts/later.tsx'
import { Notice } from '../parts/notice.tsx'
import { Toasts } from '../parts/toasts.tsx'
import { go, isList, useRoute, type View } from '../route.ts'
import { useActions, useInbox, useInboxHandle } from '../store/context.ts'
import { t } from '../strings.ts'
import { tt } from '../strings-triage.ts'
import { keyedViews } from '../views.ts'
import { Banners } from './banners.tsx'
import { FirstStart } from './first-start.tsx'
import { arrangeFilters, bulkPane, decisionDialogs, detail, keySheet, palette } from './later-screens.ts'
import { ListScreen } from './list-screen.tsx'
import { Navigation } from './navigation.tsx'
import { SampleHint } from './sample-hint.tsx'
import { SignIn } from './sign-in.tsx'

/** What every screen is given. */
type Given = { readonly onKeys: () => void }

/** All but the inbox: their code comes when there is nothing else to do, or when they are opened. */
const screenOf: Readonly<Partial<Record<View, Screen<Given>>>> = {
  settings: async () => (await import('./settings.tsx')).SettingsScreen,
  review: async () => (await import('./review.tsx')).ReviewScreen,
  runs: async () => (await import('./runs.tsx')).RunsScreen,
  policy: async () => (await import('./policy.tsx')).PolicyScreen,
  people: async () => (await import('./people.tsx')).PeopleScreen,
  insight: async () => (await import('./insight.tsx')).InsightScreen,
  workflows: async () => (await import('./workflows.tsx')).WorkflowsScreen,
  sources: async () => (await import('./sources.tsx')).SourcesScreen,
  audit: async () => (await import('./audit.tsx')).AuditScreen,
  welcome: async () => (await import('./welcome.tsx')).WelcomeScreen,
}

/**
 * The page: who is not signed in signs in, who is new says who they are, and then there is the inbox. Most are neither, so it is drawn
 * before the host has said so; not for somebody whose key is `arriving` with the address.
 */
export function App({ arriving }: { arriving: boolean }) {
  const connection = useInbox((state) => state.connection)
  const settings = useInbox((state) => state.settings)
  const failure = useInbox((state) => state.startFailure)
  const actions = useActions()
  if (connection.state === 'signed_out') return <SignIn used={connection.reason === 'used'} />
  if (settings === null && failure) {
    return (
      <main className="flex h-full">
        <Notice title={t.first.failed} text={failure.message}>
          <button type="button" className="btn" onClick={() => void actions.loadWho()}>
            {t.retry}
          </button>
        </Notice>
      </main>
    )
  }
  if (settings === null && arriving) return <main className="h-full" aria-busy="true" aria-label={t.name} />
  if (settings?.owner === null) return <FirstStart suggested={settings.suggested_owner} />
  return <Shell />
}

function Shell() {
  const { store } = useInboxHandle()
  const route = useRoute()
  const [help, setHelp] = useState(false)
  const [finding, setFinding] = useState(false)
  const given = useMemo(() => ({ onKeys: () => setHelp(true) }), [])
  const screen = screenOf[route.view]
  const list = isList(route.view) ? route.view : null
  useEffect(
    () =>
      preload([
        detail,
        bulkPane,
        sheetBox,
        decisionDialogs,
        palette,
        questionBox,
        keySheet,
        arrangeFilters,
        ...Object.values(screenOf),
      ]),
    [],
  )
  useEffect(() => installKeys(() => store.getState().singleKeys), [store])
  useAttention()
  useCommands({
    ...Object.fromEntries(keyedViews.map(({ view }) => [view, () => go({ view })])),
    help: () => setHelp(true),
    palette: () => setFinding(true),
  })
  return (
    <div className="grid h-full grid-rows-[1fr_auto] md:grid-cols-[auto_1fr] md:grid-rows-1">
      <button
        type="button"
        className="btn sr-only focus:not-sr-only focus:absolute focus:top-2 focus:left-2 focus:z-30 focus:px-3 focus:py-1.5"
        onClick={() => document.getElementById('content')?.focus()}
      >
        {t.skip}
      </button>
      <Navigation onKeys={() => setHelp(true)} />
      <div className="flex min-h-0 min-w-0 flex-col max-md:order-first">
        <Banners />
        <SampleHint />
        <main id="content" tabIndex={-1} className="flex min-h-0 flex-1 outline-none">
          {list && <h1 className="sr-only">{tt.views[list]}</h1>}
          {list && <ListScreen key={list} name={list} />}
          {screen && <Later key={route.view} load={screen} given={given} />}
        </main>
      </div>
      {help && <LaterDialog load={keySheet} given={{ onClose: () => setHelp(false) }} onClose={() => setHelp(false)} />}
      {finding && <LaterDialog load={palette} given={{ onClose: () => setFinding(false) }} onClose={() => setFinding(false)} />}
      <Toasts />
    </div>
  )
}
