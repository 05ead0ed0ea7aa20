import type { Counts, Health } from '../../shared/contract/events.ts'
import type { PeopleView } from '../../shared/contract/people.ts'
import type { SettingsView } from '../../shared/contract/settings.ts'
import type { Scope } from '../../shared/model/actor.ts'
import type { ApprovalItem, Difference, Version } from '../../shared/model/approval.ts'
import type { RunItem, TimelineEntry } from '../../shared/model/run.ts'
import { type View, views } from '../../shared/model/view.ts'
import type { CallFailure } from '../failure.ts'
import { type Sort, sortsOf } from '../lists.ts'
import { noSelection, type Selection } from '../selection.ts'
import { Rows } from './rows.ts'
import { Table } from './table.ts'

/** Whether changes arrive. `offline` keeps since when, so that a person knows how old the picture is. */
type Connection =
  | { readonly state: 'connecting' }
  | { readonly state: 'online' }
  | { readonly state: 'offline'; readonly since: number }
  | { readonly state: 'signed_out'; readonly reason: 'none' | 'used' }

/** What a list asks for. */
export type ListQuery = { readonly search: string; readonly sort: Sort }

/** One list of approvals: all its ids, in the server's order. What stands in a row is fetched when the row is seen. */
export type ListState = {
  readonly query: ListQuery
  readonly phase: 'idle' | 'loading' | 'ready' | 'more' | 'error'
  readonly failure: CallFailure | null
  readonly rows: Rows
  /** Those that are listed and do not belong here any more: they stay where they are until the list is tidied. */
  readonly left: readonly string[]
  readonly total: number
  /** There are more than `total`. */
  readonly more: boolean
  /** What of the search could not be used. */
  readonly problems: readonly { readonly start: number; readonly end: number; readonly message: string }[]
  readonly indexing: boolean
  readonly cursor: string | null
  /** When its first page was asked for: what was created later is new. */
  readonly loadedAt: number
  /** New ones that wait to be shown, so that nothing moves while somebody reads. */
  readonly arrivals: readonly string[]
}

/** One message in the corner of the window. */
export type Toast = {
  readonly id: number
  /** `heard` is for screen readers alone: the page shows it already. `told` is an alert. */
  readonly tone: 'good' | 'bad' | 'heard' | 'told'
  readonly text: string
  /** The request it is about; `inbox` for the list. */
  readonly open: string | null
  /** Takes back what it tells of. */
  readonly undo?: () => void
}

/** An answer on its way, by what it will be. */
export type Deciding = 'approved' | 'rejected' | 'sent_back' | 'cancelled'

type Person = { readonly email: string; readonly name: string }

export type InboxState = {
  readonly connection: Connection
  readonly counts: Counts
  readonly health: Health
  readonly person: Person | null
  /** What this credential may do; screens leave out what it may not. */
  readonly scopes: readonly Scope[]
  readonly settings: SettingsView | null
  readonly startFailure: CallFailure | null
  readonly items: Table<ApprovalItem>
  /** The rows that somebody sees, and some around them. */
  readonly inView: readonly string[]
  readonly itemFailures: Readonly<Record<string, CallFailure>>
  readonly runs: Table<RunItem>
  readonly timelines: Readonly<Record<string, readonly TimelineEntry[]>>
  readonly lists: Readonly<Record<View, ListState>>
  /** Decisions on their way: shown at once, confirmed or taken back when the answer comes. */
  readonly deciding: Readonly<Record<string, Deciding>>
  /** Own answers that can still be taken back, the latest last. `until` is by this machine's clock. */
  readonly held: readonly { readonly id: string; readonly said: Deciding; readonly until: number; readonly holdMs: number }[]
  /** What was written with an answer that was refused, by request. */
  readonly refused: Readonly<Record<string, string>>
  /** The version of each request that this person has looked at: what they answer is about that one. */
  readonly looked: Readonly<Record<string, Version>>
  /** What the host said is different, where an answer was refused because of it. */
  readonly stale: Readonly<Record<string, readonly Difference[]>>
  /** Who there is and who stands in for whom; null until it was fetched. */
  readonly people: PeopleView | null
  /** Whether the policy lets a sole operator approve what they asked for. */
  readonly selfApproval: 'never' | 'sole_operator' | null
  readonly seen: ReadonlySet<string>
  readonly toasts: readonly Toast[]
  readonly singleKeys: boolean
  /** What was picked in the list that is shown, to be decided together. */
  readonly selection: Selection
  /** Own reasons for a no, kept on this device. */
  readonly reasons: readonly string[]
  /** After an answer the next request opens. */
  readonly advance: boolean
}

export const emptyList = (query: ListQuery): ListState => ({
  query,
  phase: 'idle',
  failure: null,
  rows: Rows.none,
  left: [],
  total: 0,
  more: false,
  problems: [],
  indexing: false,
  cursor: null,
  loadedAt: 0,
  arrivals: [],
})

type Kept = Pick<InboxState, 'seen' | 'singleKeys' | 'advance' | 'reasons'>

export const initialState = (kept: Kept): InboxState => ({
  connection: { state: 'connecting' },
  counts: { pending: 0, due_soon: 0, needs_review: 0, dead_deliveries: 0 },
  health: { status: 'ok', detail: null, applied: 0, total: 0 },
  person: null,
  scopes: [],
  settings: null,
  startFailure: null,
  items: Table.empty(),
  inView: [],
  itemFailures: {},
  runs: Table.empty(),
  timelines: {},
  lists: Object.fromEntries(views.map((view) => [view, emptyList({ search: '', sort: sortsOf[view][0]! })])) as InboxState['lists'],
  deciding: {},
  held: [],
  refused: {},
  selection: noSelection,
  looked: {},
  stale: {},
  people: null,
  selfApproval: null,
  toasts: [],
  ...kept,
})
