import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { text as readAll } from 'node:stream/consumers'
import { setTimeout as pause } from 'node:timers/promises'
import type { Command } from 'commander'
import type { Decision, DecisionRecord } from '../../shared/model/approval.ts'
import { endedStatuses, type TaskStatus } from '../../shared/model/run.ts'
import { type ExitCode, exitCode, exitCodes } from './exit.ts'
import { answer, type Common, note, plain } from './output.ts'
import { command, number, usage } from './program.ts'
import type { Client } from './server.ts'

type AskOptions = Common & {
  type: string
  title?: string
  amount?: string
  currency?: string
  approver?: string
  requester?: string
  description?: string
  priority?: 'low' | 'normal' | 'high' | 'urgent'
  timeoutHours?: number
  data?: string
  wait: boolean
}

const pollSeconds = 25
const retryMs = 1000
/** What goes away by itself. */
const passing: readonly string[] = ['unreachable', 'rate-limited']

export function askCommand(): Command {
  return command('ask', 'Ask for an approval and wait for the answer; the exit code says what it was')
    .requiredOption('--type <type>', 'what kind of request, such as refund')
    .option('--title <text>', 'what is asked, in a line')
    .option('--description <text>', 'more about it')
    .option('--amount <amount>', 'a number or a decimal string')
    .option('--currency <code>', 'such as EUR')
    .option('--approver <email>', 'who is asked (default: the owner)')
    .option('--requester <who>', 'e-mail or name of whoever wants it')
    .option('--priority <priority>', 'low, normal, high or urgent')
    .option('--timeout-hours <hours>', 'how long it may wait', number)
    .option('--data <json>', 'the request’s own data: JSON, @file, or - for standard input')
    .option('--no-wait', 'print the task’s id and do not wait')
    .action(async (options: AskOptions) => {
      process.exitCode = await ask(options)
    })
}

async function ask(options: AskOptions): Promise<ExitCode> {
  const request = await toRequest(options)
  const { homeOf, openServer } = await import('./session.ts')
  const home = await homeOf(options)
  const connect = (key: 'owner' | 'submit') => openServer(home, key)
  await connect('submit')
  const idempotencyKey = randomUUID()
  const { task_id } = await persist(async () =>
    (await connect('submit')).requests.submitRequest(request, { context: { idempotencyKey } }),
  )
  if (!options.wait) {
    answer(options, { task_id }, () => task_id)
    return exitCode.done
  }
  note(`Waiting for an answer to ${task_id}.`)
  const task = await untilEnded(connect, task_id)
  const decision = await persist(async () => decisionOf(await connect('owner'), task_id))
  const outcome = decision?.decision ?? outcomeOf(task)
  answer(options, { outcome, task_id, status: task.status, result: task.result, error: task.error, decision }, () =>
    describe(outcome, decision, task),
  )
  if (task.status === 'completed') return exitCodes[outcome]
  return outcome === 'approved' ? exitCode.rejected : exitCodes[outcome]
}

async function toRequest(options: AskOptions) {
  const { type, title, description, amount, currency, requester, priority } = options
  const data = options.data === undefined ? undefined : await readData(options.data)
  const request = {
    ...(title === undefined ? {} : { title }),
    ...(description === undefined ? {} : { description }),
    ...(amount === undefined ? {} : { amount: exact(amount) }),
    ...(currency === undefined ? {} : { currency }),
    ...(options.approver === undefined ? {} : { approver_email: options.approver }),
    ...(requester === undefined ? {} : { requester }),
    ...(priority === undefined ? {} : { priority }),
    ...(options.timeoutHours === undefined ? {} : { timeout_hours: options.timeoutHours }),
    ...(data === undefined ? {} : { data }),
  }
  return { type, ...request }
}

/** A number where it comes through unchanged, else the text as it was typed: money loses no digits. */
const exact = (text: string): number | string => (String(Number(text)) === text ? Number(text) : text)

async function readData(given: string): Promise<Record<string, unknown>> {
  let value: unknown
  try {
    const text =
      given === '-' ? await readAll(process.stdin) : given.startsWith('@') ? await readFile(given.slice(1), 'utf8') : given
    value = JSON.parse(text)
  } catch (error) {
    throw usage(`--data could not be read as JSON: ${(error as Error).message}`)
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw usage('--data must be a JSON object.')
  return value as Record<string, unknown>
}

/** Waits as long as it takes, also across restarts of the server: its address and keys are looked up anew each time. */
async function untilEnded(connect: (key: 'submit') => Promise<Client>, task_id: string): Promise<TaskStatus> {
  let told = false
  for (;;) {
    const task = await persist(async () => (await connect('submit')).tasks.wait({ task_id, timeout_seconds: pollSeconds }))
    if (endedStatuses.includes(task.status)) return task as TaskStatus
    if (task.status === 'needs_review' && !told) {
      told = true
      note(`It could not be carried out and waits for a person to retry it: ${plain(task.error ?? '')}`)
    }
    // A server that answers before the time is up, for whatever reason, is not asked again at once.
    if (task.status === 'needs_review') await pause(retryMs)
  }
}

/** Tries until the server answers: it may be away for a restart, and then has new keys. */
async function persist<T>(call: () => Promise<T>): Promise<T> {
  const { toCliError } = await import('./failures.ts')
  let refusals = 0
  let told = false
  for (;;) {
    try {
      return await call()
    } catch (error) {
      const failure = toCliError(error)
      const again = passing.includes(failure.code) || (failure.code === 'unauthorized' && refusals++ < 5)
      if (!again) throw failure
      if (!told) note('Countersign cannot answer right now; trying until it does.')
      told = true
      await pause(retryMs)
    }
  }
}

async function decisionOf(client: Client, run_id: string): Promise<DecisionRecord | null> {
  const page = await client.approvals.list({ run_id, sort: 'decided', limit: 1 })
  return (page.items[0]?.decision ?? null) as DecisionRecord | null
}

/** Of a task that asked nobody. */
const outcomeOf = (task: TaskStatus): Decision => (task.status === 'completed' ? 'approved' : 'cancelled')

function describe(outcome: Decision, decision: DecisionRecord | null, task: TaskStatus): string {
  const by = decision === null ? '' : ` by ${decision.actor.name ?? decision.actor.id}`
  const comment = decision?.comment ? `: ${decision.comment}` : ''
  const undone = outcome === 'approved' && task.status !== 'completed'
  const failed = undone ? `\nIt was not carried out: ${task.error ?? `the task is ${task.status}`}` : ''
  return plain(`${outcome}${by}${comment}${failed}`)
}
