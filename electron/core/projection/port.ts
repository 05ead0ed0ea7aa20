import type Database from 'better-sqlite3'
import type { ApprovalItem, ApprovalStatus, Asked, Version, Change as VersionChange } from '../../../shared/model/approval.ts'
import type { Delivery } from '../../../shared/model/delivery.ts'
import type { RunItem, RunStatus, RunStep, TimelineEntry } from '../../../shared/model/run.ts'
import type { SearchProblem } from '../../../shared/model/search.ts'
import type { View, ViewCounts } from '../../../shared/model/view.ts'
import type { Position } from '../journal/port.ts'
import type { Records } from './records.ts'
import type { Who } from './views.ts'

export type Page<T> = { readonly items: readonly T[]; readonly total: number; readonly next_cursor: string | null }

/** How much of a search was used. */
type Searched = {
  /** What of the search could not be used. */
  readonly problems: readonly SearchProblem[]
  /** Words of some approvals are not indexed yet, so a search does not find these. */
  readonly index_building: boolean
}

/** A page of a list that can be searched. */
export type ApprovalPage = Page<ApprovalItem> &
  Searched & {
    /** There are more: counting them all would cost too much. */
    readonly total_is_at_least: boolean
  }

/** The same as a page of ids; `keys` are what they are ordered by, null where one has none. */
export type ApprovalIds = Omit<ApprovalPage, 'items'> & {
  readonly ids: readonly string[]
  readonly keys: readonly (string | number | null)[]
}

/** How often a value occurs among what a list would show. */
type Facet = { readonly value: string; readonly count: number }

export type Facets = Searched & {
  readonly types: readonly Facet[]
  readonly requesters: readonly Facet[]
  readonly sources: readonly Facet[]
  /** How many approvals were looked at, and whether there are more. */
  readonly of: number
  readonly is_sample: boolean
}

export type ApprovalSort = 'due' | 'newest' | 'oldest' | 'decided' | 'amount' | 'risk'

export type ApprovalQuery = {
  readonly status?: readonly ApprovalStatus[]
  /** Any one of these is asked: can answer now, while it waits; was ever asked, once it has ended. */
  readonly approver_emails?: readonly string[]
  readonly requester?: string
  readonly type?: string
  readonly run_id?: string
  /** Words and operators (shared/model/search.ts). */
  readonly search?: string
  /** Only what is in this view of the person in `who`. */
  readonly view?: View
  /** Whose list it is. Views of one's own, and `is:mine` in a search, need one. */
  readonly who?: Who
  /**
   * `due`: earliest deadline first, none last. `newest`/`oldest`: by arrival. `decided`: latest decision first. `amount`: largest first,
   * none last. `risk`: highest first.
   */
  readonly sort: ApprovalSort
  readonly limit: number
  readonly cursor?: string
}

/** A list without an order. */
export type FacetQuery = Omit<ApprovalQuery, 'sort' | 'limit' | 'cursor'>

export type RunQuery = {
  readonly status?: readonly RunStatus[]
  readonly workflow?: string
  readonly limit: number
  readonly cursor?: string
}

/** What changed since the last time, each thing once and whole. */
export type Change = { readonly kind: 'approval'; readonly item: ApprovalItem } | { readonly kind: 'run'; readonly item: RunItem }

export type ProjectionProgress = { readonly applied: number; readonly total: number; readonly rebuilding: boolean }

/** The database as it is right now, and the records that its rows point to. */
export type Source = { readonly db: Database.Database; readonly records: Records }

/** The SQLite reading of the journal: written behind it by a worker thread, read here through a second connection. */
export interface Projection {
  /** Resolves when everything up to `seq` can be queried. */
  caughtUp(seq: number): Promise<void>
  readonly progress: ProjectionProgress
  /** Tells the follower how far the journal is durable. */
  follow(durable: { seq: number; end: Position }): void
  /** Told what changed after each applied batch, only while somebody listens. Returns its undo. */
  onChange(listener: (changes: readonly Change[]) => void): () => void
  onProgress(listener: (progress: ProjectionProgress) => void): () => void

  approval(id: string): ApprovalItem | null
  approvals(query: ApprovalQuery): ApprovalPage
  approvalIds(query: ApprovalQuery): ApprovalIds
  /** In the order of the ids, with what does not exist left out. */
  approvalsById(ids: readonly string[]): readonly ApprovalItem[]
  /** The most frequent values among what such a list shows. */
  facets(query: FacetQuery): Facets
  /** How many are in each view of a person. */
  viewCounts(who: Who): ViewCounts
  run(id: string): RunItem | null
  runs(query: RunQuery): Page<RunItem>
  /** What happened, line by line, and the same as named stages for a diagram. */
  timeline(runId: string): { readonly steps: readonly RunStep[]; readonly entries: readonly TimelineEntry[] }
  /** Everything that was ever asked under this approval, oldest first. */
  versions(
    approvalId: string,
  ): readonly { readonly version: Version; readonly asked: Asked; readonly change: VersionChange | null }[]
  deliveries(states: readonly Delivery['state'][], limit: number): readonly Delivery[]
  counts(): { readonly pending: number; readonly due_soon: number; readonly needs_review: number; readonly dead_deliveries: number }

  /** For topics with questions of their own: asks them over the reader's connection. Nothing of the source is kept. */
  query<T>(ask: (source: Source) => T): T

  /** Throws the database away and computes it anew from the journal; resolves when it has caught up. */
  rebuild(): Promise<void>
  close(): Promise<void>
}

/** What was asked for cannot be read for now, and why. */
export class ProjectionUnavailable extends Error {
  readonly diskFull: boolean
  constructor(message: string) {
    super(message)
    this.name = 'ProjectionUnavailable'
    this.diskFull = isDiskFull(message)
  }
}

/** What SQLite and the system say when there is no room. */
export const isDiskFull = (message: string): boolean => /disk is full|ENOSPC/.test(message)
