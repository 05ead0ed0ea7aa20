import type { JournalRecord } from '../../shared/model/event.ts'
import type { RunStep } from '../../shared/model/run.ts'
import type { SendPost } from './channels/post.ts'
import type { Clock } from './clock.ts'
import type { Follower } from './commit.ts'

/** How long before each attempt to tell the webhook. */
const delaysMs: readonly number[] = [0, 5000, 60_000]
const timeoutMs = 20_000

export type OpsAlertDeps = {
  readonly clock: Clock
  readonly log: { error(details: object, message: string): void; warn(details: object, message: string): void }
  /** `alerts.webhook` of the configuration; null where nobody wants to be told this way. */
  readonly webhook: () => string | null
  readonly post: SendPost
  /** Resolves when the record is on disk. */
  readonly synced: (seq: number) => Promise<void>
  /** The run as it can be looked at, once everything journalled so far is in it. */
  readonly stateOf: (
    runId: string,
  ) => Promise<{ readonly workflow: string; readonly title: string; readonly steps: readonly RunStep[] } | null>
}

/** Tells whoever runs the application that a run needs a person: in the log, and at a webhook with the run's state. */
export interface OpsAlert extends Follower {
  /** Tells from now on; what the journal held before is history. */
  start(): void
  /** Tells nothing more; resolves when what was on its way has let go. */
  stop(): Promise<void>
}

export function createOpsAlert(deps: OpsAlertDeps): OpsAlert {
  const under = new Set<Promise<void>>()
  const abort = new AbortController()
  let running = false

  async function tell(record: JournalRecord<'run_needs_review'>): Promise<void> {
    // What is taken back has not happened.
    const stored = await deps.synced(record.seq).then(
      () => true,
      () => false,
    )
    if (!stored || !running) return
    const { run_id, data, content, at } = record
    const error = content?.error ?? null
    deps.log.error({ run_id, step: data.step, problem: error }, 'a run needs review')
    if (deps.webhook() === null) return
    const state = await deps.stateOf(run_id)
    const steps = (state?.steps ?? []).map(({ result: _, ...step }) => step)
    const { workflow = null, title = null } = state ?? {}
    await send(JSON.stringify({ type: 'run.needs_review', at, run_id, workflow, title, error, step: data.step, steps }), run_id)
  }

  async function send(body: string, run_id: string): Promise<void> {
    for (const delay of delaysMs) {
      await pause(deps.clock, delay, abort.signal)
      const url = deps.webhook()
      if (abort.signal.aborted || url === null) return
      const headers = { 'content-type': 'application/json', 'user-agent': 'Countersign' }
      const result = await deps.post({ url, headers, body, timeoutMs, signal: abort.signal })
      if (result.kind === 'answered' && result.status >= 200 && result.status < 300) return
      if (abort.signal.aborted) return
      const problem = result.kind === 'answered' ? `it answered ${result.status}` : result.error
      deps.log.warn({ run_id, problem }, 'alerts.webhook could not be told')
      if (result.kind === 'refused') return
    }
  }

  return {
    apply(record) {
      if (!running || record.type !== 'run_needs_review') return
      const told = tell(record)
        .catch((error: unknown) => deps.log.warn({ error, run_id: record.run_id }, 'an alert could not be sent'))
        .finally(() => under.delete(told))
      under.add(told)
    },
    start() {
      running = true
    },
    async stop() {
      running = false
      abort.abort()
      await Promise.all(under)
    },
  }
}

function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  if (ms === 0 || signal.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    const go = () => {
      undo()
      signal.removeEventListener('abort', go)
      resolve()
    }
    const undo = clock.after(ms, go)
    signal.addEventListener('abort', go, { once: true })
  })
}
