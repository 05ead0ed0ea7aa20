import {
  AlarmClock,
  ChartColumn,
  CircleAlert,
  CircleCheck,
  Command,
  FileCode,
  Hourglass,
  Inbox,
  Keyboard,
  Layers,
  ListTodo,
  Moon,
  Plug,
  Scale,
  ScrollText,
  Settings,
  Users,
} from 'lucide-react'
import { type ComponentType, Fragment } from 'react'
import { count } from '../format.ts'
import { bindings, run } from '../keys.ts'
import { Mark } from '../parts/mark.tsx'
import { isList, toHash, useRoute, type View } from '../route.ts'
import { filterAt } from '../saved-filters.ts'
import { useInbox } from '../store/context.ts'
import { useFilters } from '../store/filters.ts'
import { t } from '../strings.ts'
import { tpa } from '../strings-palette.ts'
import { tt } from '../strings-triage.ts'
import { isRoomy, type NavigatedView, navigatedViews } from '../views.ts'
import { visible } from '../visible-text.ts'
import { FilterLinks } from './navigation-filters.tsx'

type Look = { readonly label: string; readonly icon: ComponentType<{ size?: number }> }

const lookOf: Readonly<Record<NavigatedView, Look>> = {
  inbox: { label: tt.views.inbox, icon: Inbox },
  due_soon: { label: tt.views.due_soon, icon: AlarmClock },
  waiting: { label: tt.views.waiting, icon: Hourglass },
  snoozed: { label: tt.views.snoozed, icon: Moon },
  done: { label: tt.views.done, icon: CircleCheck },
  all: { label: tt.views.all, icon: Layers },
  review: { label: t.nav.review, icon: CircleAlert },
  runs: { label: t.nav.runs, icon: ListTodo },
  policy: { label: t.nav.policy, icon: Scale },
  people: { label: t.nav.people, icon: Users },
  workflows: { label: t.nav.workflows, icon: FileCode },
  sources: { label: t.nav.sources, icon: Plug },
  audit: { label: t.nav.audit, icon: ScrollText },
  insight: { label: t.nav.insight, icon: ChartColumn },
  settings: { label: t.nav.settings, icon: Settings },
}

/** Which of the five leads there, on a phone. */
const isHeldBy = (entry: View, view: View) => entry === (isList(view) ? 'inbox' : 'settings') && isRoomy(view)

const paletteKey = bindings.find(({ command }) => command === 'palette')?.shown

/** A line between what waits for people and what is about the system. */
const behind = 'md:mt-2 md:border-t md:border-line md:pt-2'

/** The views: a sidebar, a rail of icons on narrower windows, a bar at the thumb on a phone. */
export function Navigation({ onKeys }: { onKeys: () => void }) {
  const route = useRoute()
  const counts = useInbox((state) => state.counts)
  const person = useInbox((state) => state.settings?.owner ?? null)
  const saved = filterAt(useFilters(), route) >= 0
  const reading = isList(route.view) && route.id !== null
  const countOf = (view: View) => {
    if (view === 'review') return counts.needs_review + counts.dead_deliveries
    // How much is done or there in all is nothing to be called to.
    if (view === 'done' || view === 'all') return 0
    return isList(view) ? (counts.views?.[view] ?? (view === 'inbox' ? counts.pending : 0)) : 0
  }
  return (
    <nav
      aria-label={t.nav.label}
      className={`flex border-line bg-side max-md:border-t md:w-16 md:flex-col md:border-r md:px-2 md:py-3 xl:w-[216px] ${reading ? 'max-md:hidden' : ''}`}
    >
      <div className="mb-4 hidden items-center gap-2.5 px-2.5 md:flex max-xl:justify-center max-xl:px-0">
        <Mark size={22} />
        <span className="text-row font-semibold max-xl:sr-only">{t.name}</span>
      </div>
      <ul className="flex flex-1 gap-0.5 max-md:justify-around md:-mx-1 md:min-h-0 md:flex-col md:overflow-y-auto md:p-1">
        {navigatedViews.map((view) => (
          <Fragment key={view}>
            <li className={`${isRoomy(view) ? 'max-md:hidden' : 'max-md:flex-1'} ${view === 'review' ? behind : ''}`}>
              <NavLink view={view} here={route.view === view && !saved} holds={isHeldBy(view, route.view)} count={countOf(view)} />
            </li>
            {view === 'all' && <FilterLinks />}
          </Fragment>
        ))}
      </ul>
      <div className="hidden gap-1 pt-1 md:grid">
        <button
          type="button"
          className="btn btn-quiet justify-start text-muted max-xl:justify-center max-xl:px-0"
          onClick={() => run('palette')}
        >
          <Command size={16} aria-hidden />
          <span className="max-xl:sr-only">{tpa.title}</span>
          <span className="kbd ml-auto max-xl:hidden" aria-hidden="true">
            {paletteKey}
          </span>
        </button>
        <button type="button" className="btn btn-quiet justify-start text-muted max-xl:justify-center max-xl:px-0" onClick={onKeys}>
          <Keyboard size={16} aria-hidden />
          <span className="max-xl:sr-only">{t.nav.keys}</span>
          <span className="kbd ml-auto max-xl:hidden" aria-hidden="true">
            ?
          </span>
        </button>
        {person && (
          <p className="truncate border-t border-line px-3 pt-2 text-meta text-muted max-xl:hidden" title={visible(person.email)}>
            {visible(person.name)}
          </p>
        )}
      </div>
    </nav>
  )
}

type LinkProps = {
  readonly view: NavigatedView
  readonly here: boolean
  /** The way to where one is leads through it, on a phone. */
  readonly holds: boolean
  readonly count: number
}

function NavLink({ view, here, holds, count: n }: LinkProps) {
  const { label, icon: Icon } = lookOf[view]
  return (
    <a
      href={toHash({ view })}
      aria-current={here ? 'page' : undefined}
      title={label}
      className={`relative flex items-center gap-2.5 rounded-control max-md:flex-col max-md:gap-0.5 max-md:py-2 md:px-2.5 md:py-1.5 md:max-xl:min-h-9 max-xl:justify-center ${here ? 'font-semibold text-ink md:bg-picked' : 'text-muted hover:bg-hover hover:text-ink'} ${holds ? 'max-md:font-semibold max-md:text-ink' : ''}`}
    >
      <span className={here ? 'text-accent' : holds ? 'max-md:text-accent' : ''} aria-hidden="true">
        <Icon size={18} />
      </span>
      <span className="max-md:text-[11px] max-md:leading-4 max-md:font-medium md:max-xl:sr-only">{label}</span>
      {n > 0 && (
        <span
          className={`tabular-nums max-xl:absolute max-xl:top-0.5 max-xl:rounded-full max-xl:px-1 max-xl:text-[11px] max-xl:leading-4 max-md:left-[calc(50%+6px)] md:max-xl:right-0 xl:ml-auto ${view === 'review' ? 'text-amber max-xl:bg-amber-soft' : 'max-xl:bg-well max-xl:text-ink'}`}
        >
          <span className="max-xl:hidden">{count(n)}</span>
          <span className="xl:hidden">{n > 999 ? '999+' : n}</span>
        </span>
      )}
    </a>
  )
}
