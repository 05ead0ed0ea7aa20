import type Database from 'better-sqlite3'
import type { ApprovalItem, ApprovalStatus, Asked, Version, Change as VersionChange } from '../../../shared/model/approval.ts'
import type { Delivery } from '../../../shared/model/delivery.ts'
import type { RunItem, RunStatus, RunStep, TimelineEntry } from '../../../shared/model/run.ts'
import type { Position } from '../journal/port.ts'
import type { Records } from './records.ts'

export type Page<T> = { readonly items: readonly T[]; readonly total: number; readonly next_cursor: string | null }

export type ApprovalQuery = {
  readonly status?: readonly ApprovalStatus[]
  /** Any one of these is asked: can answer now, while it waits; was ever asked, once it has ended. */
  readonly approver_emails?: readonly string[]
  readonly requester?: string
  readonly type?: string
  readonly run_id?: string
  /** Words that must occur in title, requester, type or description. */
  readonly search?: string
  /** `due`: earliest deadline first, none last. `newest`/`oldest`: by arrival. `decided`: latest decision first. */
  readonly sort: 'due' | 'newest' | 'oldest' | 'decided'
  readonly limit: number
  readonly cursor?: string
}

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
  approvals(query: ApprovalQuery): Page<ApprovalItem>
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
