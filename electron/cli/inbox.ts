import type { Command } from 'commander'
import type { ApprovalItem, ApprovalStatus } from '../../shared/model/approval.ts'
import { card, money } from './card.ts'
import { CliError, exitCode } from './exit.ts'
import { answer, type Common, moment, plain, short, table } from './output.ts'
import { command, number, usage } from './program.ts'
import type { Client } from './server.ts'

const statuses: readonly ApprovalStatus[] = ['pending', 'approved', 'rejected', 'expired', 'cancelled']

type ListOptions = Common & { all?: boolean; status?: string; approver?: string; type?: string; search?: string; limit: number }

export function listCommand(): Command {
  return command('list', 'What waits for an answer')
    .option('--all', 'what has ended too')
    .option('--status <list>', `${statuses.join(', ')}; several with commas`)
    .option('--approver <email>', 'only what this person is asked')
    .option('--type <type>', 'only requests of this type')
    .option('--search <words>', 'words that must occur')
    .option('--limit <n>', 'at most this many', number, 50)
    .action(async (options: ListOptions) => {
      const page = await (await session()).withSession(options, (client) => list(client, options))
      answer(options, page, () => listText(page as Page))
    })
}

/** Loaded when a command runs, so that --help is fast. */
const session = () => import('./session.ts')

function list(client: Client, options: ListOptions) {
  const status = options.status?.split(',') ?? (options.all ? undefined : ['pending'])
  const unknown = status?.find((name) => !statuses.includes(name as ApprovalStatus))
  if (unknown !== undefined) throw usage(`There is no status "${unknown}": use ${statuses.join(', ')}.`)
  const pendingOnly = status?.join() === 'pending'
  return client.approvals.list({
    ...(status === undefined ? {} : { status: status.join(',') }),
    ...(options.approver === undefined ? {} : { approver_email: options.approver }),
    ...(options.type === undefined ? {} : { type: options.type }),
    ...(options.search === undefined ? {} : { search: options.search }),
    sort: pendingOnly ? 'due' : 'newest',
    limit: options.limit,
  })
}

type Page = { readonly items: readonly ApprovalItem[]; readonly total: number }

function listText({ items, total }: Page): string {
  if (items.length === 0) return 'Nothing here.'
  const rows = items.map((item) => [
    item.id,
    item.status,
    item.risk,
    money(item),
    short(item.title, 60),
    item.status === 'pending'
      ? item.due_at === null
        ? 'no deadline'
        : moment(item.due_at)
      : moment(item.decided_at ?? item.created_at),
  ])
  const more = total > items.length ? `\n${items.length} of ${total}. Use --limit for more.` : ''
  return table(['ID', 'STATUS', 'RISK', 'AMOUNT', 'TITLE', 'DUE OR DECIDED'], rows) + more
}

export function showCommand(): Command {
  return command('show', 'One approval, whole')
    .argument('<id>', 'id of the approval or of its task')
    .action(async (id: string, options: Common) => {
      const item = await (await session()).withSession(options, (client) => findApproval(client, id))
      answer(options, item, () => card(item))
    })
}

/** By its own id, or by its task's: then what waits there, else what was asked last. */
export async function findApproval(client: Client, id: string): Promise<ApprovalItem> {
  try {
    return (await client.approvals.get({ approval_id: id })) as ApprovalItem
  } catch (error) {
    if ((error as { code?: string }).code !== 'not-found') throw error
  }
  const { items } = await client.approvals.list({ run_id: id, sort: 'newest', limit: 20 })
  const item = items.find((candidate) => candidate.status === 'pending') ?? items[0]
  if (item === undefined)
    throw new CliError(exitCode.usage, 'not-found', `There is no approval and no task with the id ${plain(id)}.`)
  // Lists leave out what is large; here it is asked for whole.
  return (item.data_omitted ? await client.approvals.get({ approval_id: item.id }) : item) as ApprovalItem
}
