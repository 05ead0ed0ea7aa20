import type { Command } from 'commander'
import type { ApprovalItem } from '../../shared/model/approval.ts'
import { money } from './card.ts'
import { answer, type Common, moment, note, plain, print, short } from './output.ts'
import { command } from './program.ts'
import type { Client } from './server.ts'

type WatchOptions = Common & { all?: boolean; approver?: string; follow?: boolean }

export function watchCommand(): Command {
  return command('watch', 'Shows what waits and asks you about it, here in the terminal')
    .option('--all', 'what waits for anybody, not only for you')
    .option('--approver <email>', 'what waits for this person')
    .option('--follow', 'without a terminal: go on and print what comes')
    .action(watch)
}

async function watch(options: WatchOptions): Promise<void> {
  const { homeOf, openServer } = await import('./session.ts')
  const home = await homeOf(options)
  const connect = () => openServer(home, 'owner')
  const me = await meAt(await connect())
  const approver = options.approver ?? (options.all ? null : me)
  if (process.stdin.isTTY && process.stdout.isTTY && !options.json) {
    const [{ watchSession }, { openTerminal }] = await Promise.all([import('./watch/session.ts'), import('./watch/terminal.ts')])
    return watchSession({ connect, approver, me, terminal: openTerminal() })
  }
  return printing(connect, approver, options)
}

async function meAt(client: Client): Promise<string | null> {
  return (await client.system.session({})).person?.email ?? null
}

/** Without anybody to ask: a line for each request that waits, and with `--follow` for each that comes or ends. */
async function printing(connect: () => Promise<Client>, approver: string | null, options: WatchOptions): Promise<void> {
  const [{ pendingOf }, { follow, persist }] = await Promise.all([import('./watch/session.ts'), import('./watch/follow.ts')])
  const show = (item: ApprovalItem) => (options.json ? print(JSON.stringify(item)) : print(lineOf(item)))
  if (!options.follow) {
    const items = await pendingOf(await connect(), approver)
    if (options.json) return answer(options, items, () => '')
    for (const item of items) show(item)
    return
  }
  const ended = stopSignal()
  const connection = { connect, signal: ended, onLost: () => note('Countersign cannot answer right now; trying until it does.') }
  /** What was printed, with its status then: nothing is printed twice. */
  const printed = new Map<string, string>()
  const once = (item: ApprovalItem) => {
    if (printed.get(item.id) === item.status) return
    printed.set(item.id, item.status)
    show(item)
    if (item.status !== 'pending') printed.delete(item.id)
  }
  const fetched = () =>
    persist(connection, (client) => pendingOf(client, approver)).then(
      (items) => items.forEach(once),
      () => {},
    )
  await follow(connection, (change) => {
    // Each new connection begins with `hello`: what came before it, or while there was none, is fetched.
    if (change.kind === 'hello') void fetched()
    if (change.kind !== 'approval') return
    const item = change.item as ApprovalItem
    if (item.status !== 'pending' && printed.has(item.id)) once(item)
    else if (item.status === 'pending' && !printed.has(item.id)) void fetched()
  })
}

function stopSignal(): AbortSignal {
  const ended = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => ended.abort())
  // Whoever read the lines has gone.
  process.stdout.on('error', () => ended.abort())
  return ended.signal
}

function lineOf(item: ApprovalItem): string {
  const due = item.due_at === null ? 'no deadline' : `due ${moment(item.due_at)}`
  const level = item.levels.length > 1 && item.progress.current !== null ? plain(item.progress.current) : plain(item.step)
  const what = [item.id, item.status, item.risk, money(item), short(item.title, 80), level, item.status === 'pending' ? due : '']
  return what.filter((part) => part !== '').join('  ')
}
