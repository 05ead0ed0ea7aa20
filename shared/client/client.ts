import type { ApprovalItem } from '../model/approval.ts'
import { endedStatuses, type TaskStatus } from '../model/run.ts'
import { createGate } from './gate.ts'
import { connectOver } from './link.ts'
import { pause, persist, toFailure } from './retry.ts'
import type { Client, ClientOptions, SubmitOptions, WaitOptions } from './types.ts'

const submitMs = 30_000
/** One wait is no longer than what proxies and idle timeouts leave alone. */
const longestPollMs = 25_000
const reviewPauseMs = 1000

/** A client of a running Countersign. Opens nothing: each call is a request of its own. */
export function createClient(options: ClientOptions): Client {
  const api = connectOver(options)

  const submitting = <T>(call: (key: string, signal: AbortSignal | undefined) => Promise<T>, given: SubmitOptions): Promise<T> => {
    // Made once for all attempts: one that was stored and whose answer was lost is found again.
    const key = given.idempotencyKey ?? crypto.randomUUID()
    return persist((signal) => call(key, signal), { timeoutMs: given.timeoutMs ?? submitMs, signal: given.signal })
  }

  const client: Omit<Client, 'gate'> = {
    submit: (request, given = {}) =>
      submitting((idempotencyKey, signal) => {
        const { editable, options: answers, ...rest } = request
        const input = {
          ...rest,
          ...(editable === undefined ? {} : { editable: [...editable] }),
          ...(answers === undefined ? {} : { options: [...answers] }),
        }
        return api.requests.submitRequest(input, { context: { idempotencyKey }, ...signalOf(signal) })
      }, given),

    start: async (name, input, given = {}) => {
      const title = given.title === undefined ? {} : { title: given.title }
      const started = await submitting(
        (idempotencyKey, signal) =>
          api.workflows.start({ name, input, ...title }, { context: { idempotencyKey }, ...signalOf(signal) }),
        given,
      )
      return { status: 'running', ...started }
    },

    status: (task_id) => plainly(api.tasks.status({ task_id })) as Promise<TaskStatus>,
    wait: (task_id, given = {}) => untilEnded((input, context) => api.tasks.wait(input, context), task_id, given),

    pending: async (filter = {}) => {
      const { pending_approvals } = await plainly(api.approvals.pending(filter))
      return pending_approvals as readonly ApprovalItem[]
    },
    approval: (approval_id) => plainly(api.approvals.get({ approval_id })) as Promise<ApprovalItem>,
    decide: ({ items, ...decision }) =>
      plainly(api.approvals.decide({ ...decision, ...(items === undefined ? {} : { items: [...items] }) })),
    revise: (revision) => plainly(api.approvals.revise(revision)),
    withdraw: async (approval_id, reason) => {
      await plainly(api.approvals.withdraw({ approval_id, ...(reason === undefined ? {} : { reason }) }))
    },
    cancel: async (task_id, reason) => {
      await plainly(api.tasks.cancel({ task_id, ...(reason === undefined ? {} : { reason }) }))
    },
    signal: async (task_id, name, payload) => {
      await plainly(api.tasks.signal({ task_id, name, ...(payload === undefined ? {} : { payload }) }))
    },
  }
  return { ...client, gate: createGate(client) }
}

const signalOf = (signal: AbortSignal | undefined) => (signal === undefined ? {} : { signal })

async function plainly<T>(call: Promise<T>): Promise<T> {
  try {
    return await call
  } catch (error) {
    throw toFailure(error)
  }
}

type Poll = (input: { task_id: string; timeout_seconds: number }, options: { signal?: AbortSignal }) => Promise<unknown>

async function untilEnded(poll: Poll, task_id: string, { timeoutMs, signal }: WaitOptions): Promise<TaskStatus> {
  const until = performance.now() + (timeoutMs ?? Number.POSITIVE_INFINITY)
  for (;;) {
    const left = Math.max(0, until - performance.now())
    const timeout_seconds = Math.min(left, longestPollMs) / 1000
    const task = (await persist((own) => poll({ task_id, timeout_seconds }, signalOf(own)), {
      timeoutMs: left,
      signal,
    })) as TaskStatus
    if (endedStatuses.includes(task.status) || performance.now() >= until) return task
    // Such a task waits for a person to retry it, and a server may answer at once.
    if (task.status === 'needs_review') await pause(Math.min(reviewPauseMs, until - performance.now()), signal)
  }
}
