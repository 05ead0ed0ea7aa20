import type { NewEvent } from '../../../shared/model/event.ts'
import type { Follower } from '../commit.ts'

/** What a source is told when a run has ended or a person has decided, before it is signed. */
export type Outcome = {
  readonly type: string
  readonly task_id: string
  readonly workflow: string
  readonly status: string
  readonly result: unknown
  readonly error: string | null
  readonly decision: unknown
}

/** Outcomes on their way to sources: written with the event that caused them, sent until they arrive. */
export interface Outbox extends Follower {
  /** The event that puts an outcome into the outbox; null when the source has no callback URL. Commit it with its cause. */
  queue(sourceId: string, runId: string, outcome: Outcome): NewEvent | null
  start(): void
  /** Sends at once what fell due: the machine woke up. */
  tick(): void
  stop(): Promise<void>
}

/** What is done once approved, as `config.yaml` names it for a type: a call to an endpoint or a command. */
export type Action =
  | { readonly url: string; readonly headers?: Readonly<Record<string, string>>; readonly timeout_seconds?: number }
  | { readonly command: readonly [string, ...string[]]; readonly cwd?: string; readonly timeout_seconds?: number }

/**
 * Runs an action with `payload` as JSON on stdin or as the POST body, and resolves with its JSON answer (null when it gave none).
 * `idempotencyKey` is sent as `Idempotency-Key` header or `COUNTERSIGN_IDEMPOTENCY_KEY`. Rejects with an Error that says what failed.
 */
export type RunAction = (action: Action, payload: unknown, idempotencyKey: string, signal: AbortSignal) => Promise<unknown>
