import type { Command } from 'commander'
import type { ApprovalItem } from '../../shared/model/approval.ts'
import { editableOf } from './editable.ts'
import { findApproval } from './inbox.ts'
import { answer, type Common, moment, plain } from './output.ts'
import { command, number, usage } from './program.ts'
import type { Client } from './server.ts'
import { commas, exact, several, toPair, withPairs } from './values.ts'

/** Loaded when a command runs, so that --help is fast. */
const session = () => import('./session.ts')

type DecideOptions = Common & {
  comment?: string
  reason?: string
  seen?: string
  version?: string
  set?: readonly string[]
  amount?: string
  items?: readonly string[]
  option?: string
  answer?: readonly string[]
  onBehalfOf?: string
}

export function decideCommands(): readonly Command[] {
  return [approveCommand(), rejectCommand()]
}

const decideCommand = (name: string, description: string): Command =>
  command(name, description)
    .argument('<id>', 'id of the approval or of its task')
    .option('--comment <text>', 'why')
    .option('--reason <text>', 'the same as --comment')
    .option('--option <id>', 'one of the request’s own options')
    .option('--on-behalf-of <email>', 'for whom you decide, where you stand in for somebody')
    .option('--version <version>', 'the version you looked at, by number or SHA-256; refused if it has changed since')
    .option('--seen <version>', 'the same as --version')

const approveCommand = (): Command =>
  decideCommand('approve', 'Approve a request')
    .option('--set <pointer=value>', 'edit and approve: a new value of what may be edited (repeat); pointer:=json too', several)
    .option('--amount <amount>', 'approve this much of it')
    .option('--items <ids>', 'approve these items (commas)', commas)
    .option('--answer <name=text>', 'a member of the request’s form (repeat); name:=json too', several)
    .action((id: string, options: DecideOptions) => decide('approve', id, options))

const rejectCommand = (): Command =>
  decideCommand('reject', 'Reject a request').action((id: string, options: DecideOptions) => decide('reject', id, options))

async function decide(decision: 'approve' | 'reject', id: string, options: DecideOptions): Promise<void> {
  const said = await (await session()).withSession(options, async (client) => {
    const item = await findApproval(client, id)
    return client.approvals.decide({
      approval_id: item.id,
      decision,
      // What was looked at by default is what is there now: a change between the two calls is refused.
      version: toVersion(options.version ?? options.seen) ?? item.version.number,
      ...given('comment', options.comment ?? options.reason),
      ...given('option', options.option),
      ...given('on_behalf_of', options.onBehalfOf),
      ...given('amount', options.amount === undefined ? undefined : exact(options.amount)),
      ...given('items', options.items === undefined ? undefined : [...options.items]),
      ...given('changes', options.set === undefined ? undefined : toChanges(item, options.set)),
      ...given('answer', options.answer === undefined ? undefined : toAnswer(options.answer)),
    })
  })
  answer(options, said, () => plain(said.message))
}

/** Leaves a member out where there is nothing to say. */
const given = <N extends string, T>(name: N, value: T | undefined) =>
  (value === undefined ? {} : { [name]: value }) as { readonly [K in N]?: T }

function toVersion(text: string | undefined): number | string | undefined {
  if (text === undefined) return undefined
  if (/^\d{1,9}$/.test(text)) return Number(text)
  if (/^[0-9a-f]{64}$/.test(text)) return text
  throw usage(`"${text}" is not a version: use its number, or the 64 digits of its SHA-256.`)
}

const toAnswer = (pairs: readonly string[]) =>
  withPairs(
    {},
    pairs.map((one) => toPair(one, '--answer')),
    '--answer',
  )

/** New values by pointer. What was a number or a yes/no stays one, without anybody having to write `:=`. */
function toChanges(item: ApprovalItem, pairs: readonly string[]): Record<string, unknown> {
  const present = new Map(editableOf(item))
  const changes = pairs.map((one) => {
    const { name, value, typed } = toPair(one, '--set')
    const pointer = name.startsWith('/') ? name : `/${name.replaceAll('.', '/')}`
    return [pointer, typed ? value : like(present.get(pointer), String(value))] as const
  })
  return Object.fromEntries(changes)
}

function like(before: unknown, text: string): unknown {
  if (typeof before === 'number' && String(Number(text)) === text) return Number(text)
  if (typeof before === 'boolean' && (text === 'true' || text === 'false')) return text === 'true'
  return text
}

type Handling<Options> = (client: Client, approval_id: string, options: Options) => Promise<{ readonly message: string }>

/** A command that does something to one open approval and says what the server says. */
function handling<Options extends Common>(made: Command, handle: Handling<Options>): Command {
  return made.argument('<id>', 'id of the approval or of its task').action(async (id: string, options: Options) => {
    const said = await (await session()).withSession(options, async (client) =>
      handle(client, (await findApproval(client, id)).id, options),
    )
    answer(options, said, () => sentence(said))
  })
}

/** What the server says; a deadline in the machine's own time. */
function sentence(said: { readonly message: string; readonly due_at?: string }): string {
  return plain(said.due_at === undefined ? said.message : `It can be decided until ${moment(said.due_at)}.`)
}

export function handlingCommands(): readonly Command[] {
  return [sendBackCommand(), reviseCommand(), withdrawCommand(), reassignCommand(), extendCommand()]
}

const sendBackCommand = (): Command =>
  handling<Common & { question: string }>(
    command('send-back', 'Ask the requester something; it can be decided meanwhile').requiredOption(
      '--question <text>',
      'what you need to know',
    ),
    (client, approval_id, { question }) => client.approvals.decide({ approval_id, decision: 'send_back', comment: question }),
  )

type ReviseOptions = Common & {
  comment?: string
  title?: string
  description?: string
  amount?: string
  field?: readonly string[]
}

const reviseCommand = (): Command =>
  handling<ReviseOptions>(
    command('revise', 'Answer the question a request was sent back with, or change what is asked')
      .option('--comment <text>', 'the answer, or why')
      .option('--title <text>', 'a new title')
      .option('--description <text>', 'a new description')
      .option('--amount <amount>', 'a new amount')
      .option('--field <name=text>', 'a member of the data (repeat); the others stay as they are', several),
    async (client, approval_id, options) => {
      const { comment, title, description, amount, field } = options
      return client.approvals.revise({
        approval_id,
        ...given('comment', comment),
        ...given('title', title),
        ...given('description', description),
        ...given('amount', amount === undefined ? undefined : exact(amount)),
        ...given('data', field === undefined ? undefined : await revisedData(client, approval_id, field)),
      })
    },
  )

async function revisedData(client: Client, approval_id: string, field: readonly string[]): Promise<Record<string, unknown>> {
  const { data } = await client.approvals.get({ approval_id })
  const pairs = field.map((one) => toPair(one, '--field'))
  return withPairs((data ?? {}) as Record<string, unknown>, pairs, '--field')
}

const withdrawCommand = (): Command =>
  handling<Common & { reason?: string }>(
    command('withdraw', 'Take a question back').option('--reason <text>', 'why'),
    (client, approval_id, { reason }) => client.approvals.withdraw({ approval_id, ...given('reason', reason) }),
  )

const reassignCommand = (): Command =>
  handling<Common & { to: readonly string[]; comment?: string }>(
    command('reassign', 'Hand a question to somebody else')
      .requiredOption('--to <who>', 'e-mails and group: names (commas)', commas)
      .option('--comment <text>', 'why'),
    (client, approval_id, { to, comment }) => client.approvals.reassign({ approval_id, to: [...to], ...given('comment', comment) }),
  )

const extendCommand = (): Command =>
  handling<Common & { hours: number; comment?: string }>(
    command('extend', 'Give a question more time')
      .requiredOption('--hours <hours>', 'counted from its deadline, or from now where that has passed', number)
      .option('--comment <text>', 'why'),
    (client, approval_id, { hours, comment }) => client.approvals.extend({ approval_id, hours, ...given('comment', comment) }),
  )
