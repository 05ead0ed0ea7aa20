import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { Command } from 'commander'
import type { Decision, DecisionRecord } from '../../shared/model/approval.ts'
import { endedStatuses, type TaskStatus } from '../../shared/model/run.ts'
import { CliError, type ExitCode, exitCode, exitCodes } from './exit.ts'
import { answer, note, plain } from './output.ts'
import { command, number } from './program.ts'
import { type RequestOptions, toRequest } from './request.ts'
import type { Client } from './server.ts'
import { commas, duration, several } from './values.ts'

type AskOptions = RequestOptions & {
  key?: string
  /** As it was given: true or nothing waits for ever, false does not wait, a text for so long. */
  wait?: boolean | string
}

const pollSeconds = 25
const retryMs = 1000
/** What goes away by itself. */
const passing: readonly string[] = ['unreachable', 'rate-limited']

export function askCommand(): Command {
  return command('ask', 'Ask for an approval and wait for the answer; the exit code says what it was')
    .option('--type <type>', 'what kind of request, such as refund')
    .option('--title <text>', 'what is asked, in a line')
    .option('--description <text>', 'more about it')
    .option('--amount <amount>', 'a number or a decimal string')
    .option('--currency <code>', 'such as EUR')
    .option('--approver <email>', 'who is asked (default: whom policy names, else the owner)')
    .option('--requester <who>', 'e-mail or name of whoever wants it')
    .option('--beneficiary <who>', 'e-mail or name of whoever gains by it')
    .option('--department <name>', 'whose thresholds and approvers apply')
    .option('--priority <priority>', 'low, normal, high or urgent')
    .option('--timeout <time>', 'how long it may wait, such as 90s, 15m, 2h, 7d', duration)
    .option('--timeout-hours <hours>', 'the same in hours', number)
    .option('--hard-limit', 'the default answer leaves at the deadline, come what may')
    .option('--field <name=text>', 'a member of the data; name:=json for other than text, a.b for nested (repeat)', several)
    .option('--data <json>', 'all of the data: JSON, @file, or - for standard input')
    .option('--file <file>', 'the whole request as JSON; - for standard input. Options take the place of what it says')
    .option('--editable <names>', 'what an approver may change: members of the data, or amount (commas)', commas)
    .option('--partial', 'an approver may approve a smaller amount')
    .option('--option <id=label:outcome>', 'an answer besides yes and no; approved or rejected (repeat)', several)
    .option('--form <file>', 'JSON Schema of what an approver fills in')
    .option('--key <key>', 'idempotency key: asked again with it, it is the same task')
    .option('--wait [time]', 'wait at most so long, such as 90s (default: as long as it takes)')
    .option('--no-wait', 'print the task’s id and do not wait')
    .action(async (options: AskOptions) => {
      process.exitCode = await ask(options)
    })
}

async function ask(options: AskOptions): Promise<ExitCode> {
  const waitMs = typeof options.wait === 'string' ? duration(options.wait) : Number.POSITIVE_INFINITY
  const request = await toRequest(options)
  const { homeOf, openServer } = await import('./session.ts')
  const home = await homeOf(options)
  const connect = (key: 'owner' | 'submit') => openServer(home, key)
  await connect('submit')
  const idempotencyKey = options.key ?? randomUUID()
  const { task_id } = await persist(async () =>
    (await connect('submit')).requests.submitRequest(request, { context: { idempotencyKey } }),
  )
  if (options.wait === false) {
    answer(options, { task_id }, () => task_id)
    return exitCode.done
  }
  note(`Waiting for an answer to ${task_id}.`)
  const task = await untilEnded(connect, task_id, performance.now() + waitMs)
  if (task === null) {
    const message = `There was no answer within ${options.wait}. ${task_id} goes on waiting.`
    throw new CliError(exitCode.unreachable, 'no-answer', message, { task_id })
  }
  const decision = await persist(async () => decisionOf(await connect('owner'), task_id))
  const outcome = decision?.decision ?? outcomeOf(task)
  answer(options, { outcome, task_id, status: task.status, result: task.result, error: task.error, decision }, () =>
    describe(outcome, decision, task),
  )
  if (task.status === 'completed') return exitCodes[outcome]
  return outcome === 'approved' ? exitCode.rejected : exitCodes[outcome]
}

/**
 * Waits as long as it takes, also across restarts of the server: its address and keys are looked up anew each time. Null when its
 * time is up.
 */
async function untilEnded(connect: (key: 'submit') => Promise<Client>, task_id: string, until: number): Promise<TaskStatus | null> {
  let told = false
  for (;;) {
    const timeout_seconds = Math.max(0, Math.min(pollSeconds, (until - performance.now()) / 1000))
    const task = await persist(async () => (await connect('submit')).tasks.wait({ task_id, timeout_seconds }), until)
    if (task === null) return null
    if (endedStatuses.includes(task.status)) return task as TaskStatus
    if (performance.now() >= until) return null
    if (task.status === 'needs_review' && !told) {
      told = true
      note(`It could not be carried out and waits for a person to retry it: ${plain(task.error ?? '')}`)
    }
    // A server that answers before the time is up, for whatever reason, is not asked again at once.
    if (task.status === 'needs_review') await pause(retryMs)
  }
}

/** Tries until the server answers: it may be away for a restart, and then has new keys. Null when the time is up. */
async function persist<T>(call: () => Promise<T>): Promise<T>
async function persist<T>(call: () => Promise<T>, until: number): Promise<T | null>
async function persist<T>(call: () => Promise<T>, until = Number.POSITIVE_INFINITY): Promise<T | null> {
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
      if (performance.now() >= until) return null
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
