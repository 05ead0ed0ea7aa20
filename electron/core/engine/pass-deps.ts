import type { Actor } from '../../../shared/model/actor.ts'
import type { JournalRecord, NewEvent } from '../../../shared/model/event.ts'
import type { Clock } from '../clock.ts'
import type { Commit } from '../commit.ts'
import type { Children } from './children.ts'
import type { EndEvent } from './ends.ts'
import type { Came } from './hand-out.ts'
import type { History } from './history.ts'
import type { LiveRun } from './live.ts'
import type { Answer, ApprovalOptions, StepContext, StepOptions } from './workflow.ts'

/** What one walk through a workflow's function needs. */
export type PassDeps = {
  readonly clock: Clock
  readonly commit: Commit
  /** Resolves when all that this run has journalled so far is on disk. */
  readonly runDurable: (runId: string) => Promise<void>
  /** What this run is now, as far as it has been journalled. */
  readonly live: (runId: string) => LiveRun | undefined
  /** The events by which a run asks people; more than one when policy decides at once. */
  readonly ask: (run: LiveRun, step: string, options: ApprovalOptions) => readonly NewEvent[]
  /** What the configuration wants done for a request type; null when it names nothing. */
  readonly action: (type: string) => ((payload: unknown, context: StepContext) => Promise<unknown>) | null
  readonly children: Children
  /** What a cancellation has not reached yet. */
  readonly leftovers: (runId: string, actor: Actor, reason: string | null) => readonly NewEvent[]
  /** Everything that is committed with the end of a run, the end included. */
  readonly ends: (end: EndEvent, runId: string, answer: Answer | null) => readonly NewEvent[]
}

/** What a pass tells the engine. */
export type PassListener = {
  /** The run asks, waits, or works on something that may take long; called once, for whoever must answer the sender. */
  readonly underWay: () => void
  /** Nothing moves any more: the run is parked or over. */
  readonly rested: () => void
  /** The journal refused a record: this pass is void, the run has to be driven again. */
  readonly refused: () => void
}

/** What a run may wait for comes as one of these. */
const news = ['approval_changed', 'approval_decided', 'signal_received', 'child_ended'] as const

export const isNews = (record: JournalRecord): record is JournalRecord<(typeof news)[number]> =>
  (news as readonly string[]).includes(record.type)

/** What a step does. */
export type Work<T> = (context: StepContext) => T | Promise<T>

/** What runs should the run be cancelled, newest last. */
export type Cleanup = { readonly name: string; readonly work: Work<unknown>; readonly options: StepOptions }

/** Whose effects these are: the workflow's own, which stop when it is cancelled, or those of its clean-up. */
export type Part = 'story' | 'clean-up'

/** How an action is retried. */
export const actionRetry: StepOptions = { retry: { attempts: 5, backoff: '2s' } }

/** One walk through a workflow's function, as what the function does meets it. */
export interface Walk {
  readonly run: LiveRun
  readonly history: History
  readonly deps: PassDeps
  /** Whether the function has got all that is stored and has come by all that it did in earlier passes. */
  readonly isUpToDate: boolean
  /** Who does it, and in which run: what every event begins with. */
  by(): { readonly actor: Actor; readonly run_id: string }
  /** Whether this part of the run may still do anything. */
  may(part: Part): boolean
  /** Whether the function may do something that it has not done before, once it is up to date. */
  mayBegin(): Promise<boolean>
  /** Resolves when all that is stored has been handed out. */
  catchUp(): Promise<void>
  /** What is stored, when it is its turn. */
  given<T>(came: Came, stored: T): Promise<T>
  /** False when nothing was written: then there is nothing to do but wait. */
  commit(part: Part, ...events: readonly NewEvent[]): boolean
  /** Commits what the run is to wait for. */
  asks(...events: readonly NewEvent[]): boolean
  /** Null where it cannot be made: then the run goes to review. */
  unlessImpossible(make: () => readonly NewEvent[]): readonly NewEvent[] | null
  /** Never resolves: this is where a function is left. */
  wait(): Promise<never>
  /** Resolves when something has come, which may be for another place: look again. */
  news(waitsFor?: string | null): Promise<void>
  step<T>(name: string, work: Work<T>, options: StepOptions): Promise<T>
}
