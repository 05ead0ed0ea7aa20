import type { TaskStatus } from '../model/run.ts'
import { type Carried, carry } from './arguments.ts'
import { NotApproved } from './failures.ts'
import type { ApprovalRequest, Client, From, GateOptions } from './types.ts'

/** Wraps a function so that its calls run only once they are approved, and with what was approved. */
export function createGate(client: Pick<Client, 'submit' | 'wait'>): Client['gate'] {
  return (run, options) =>
    async (...args) => {
      if (options.when !== undefined && (await options.when(...args)) === false) return run(...args)
      const carried = carry(args)
      const request = toRequest(options, args, carried.data)
      assertReach(request)
      const idempotencyKey = madeFrom(options.key, args)
      const signal = options.signal === undefined ? {} : { signal: options.signal }
      const { task_id } = await client.submit(request, {
        ...signal,
        ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
      })
      options.onAsked?.({ task_id })
      const task = await client.wait(task_id, signal)
      return run(...approvedArguments(task, carried))
    }
}

function toRequest<Args extends readonly unknown[]>(
  options: GateOptions<Args>,
  args: Args,
  data: Readonly<Record<string, unknown>>,
): ApprovalRequest {
  const { type, title, currency, requester, department, approver_email, priority, timeout_hours, editable } = options
  const request = {
    type,
    title: madeFrom(title, args),
    description: madeFrom(options.description, args),
    amount: madeFrom(options.amount, args),
    beneficiary: madeFrom(options.beneficiary, args),
    attachments: madeFrom(options.attachments, args),
    evidence: madeFrom(options.evidence, args),
    rollback: madeFrom(options.rollback, args),
    currency,
    requester,
    department,
    approver_email,
    priority,
    timeout_hours,
    editable,
    data,
  }
  return Object.fromEntries(Object.entries(request).filter(([, value]) => value !== undefined)) as unknown as ApprovalRequest
}

/** An amount that an approver may change must be one of the arguments: else it would be agreed to, and the old one carried out. */
function assertReach({ amount, data, editable = [] }: ApprovalRequest): void {
  if (amount === undefined || !(editable.includes('amount') || editable.includes('/amount'))) return
  if (data?.amount === undefined || Number(data.amount) !== Number(amount)) {
    throw new TypeError('An approver may change the amount: then the argument needs a member “amount” that says the same.')
  }
}

const madeFrom = <Args extends readonly unknown[], T>(given: From<Args, T> | undefined, args: Args): T | undefined =>
  typeof given === 'function' ? (given as (...args: Args) => T)(...args) : given

/** What the approval workflow says at its end: how it was answered, and the data that was agreed to where somebody changed it. */
type Result = {
  readonly status?: string
  readonly reason?: string | null
  readonly comment?: string | null
  readonly data?: unknown
}

function approvedArguments<Args extends readonly unknown[]>(task: TaskStatus, carried: Carried<Args>): Args {
  const result = (typeof task.result === 'object' && task.result !== null ? task.result : {}) as Result
  if (task.status === 'cancelled') throw new NotApproved('cancelled', task.error, task.task_id)
  if (task.status !== 'completed') throw new NotApproved('failed', task.error, task.task_id)
  if (result.status !== 'approved') {
    const outcome = result.status === 'expired' || result.status === 'cancelled' ? result.status : 'rejected'
    throw new NotApproved(outcome, result.reason ?? result.comment ?? null, task.task_id)
  }
  return carried.back(result.data === undefined ? carried.data : result.data)
}
