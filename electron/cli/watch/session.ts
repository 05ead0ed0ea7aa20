import type { ChangeEvent } from '../../../shared/contract/events.ts'
import type { ApprovalItem, Difference } from '../../../shared/model/approval.ts'
import { brief, differenceLine } from '../card.ts'
import { toCliError } from '../failures.ts'
import { plain } from '../output.ts'
import type { Client } from '../server.ts'
import { type Connection, follow, persist } from './follow.ts'
import { askAbout, type Decision } from './question.ts'
import type { Terminal } from './terminal.ts'

type SessionDeps = {
  readonly connect: () => Promise<Client>
  readonly terminal: Terminal
  /** Whose questions; null for everybody's. */
  readonly approver: string | null
  /** Who answers. What they have answered already waits for others. */
  readonly me: string | null
  readonly now?: () => number
}

const pageSize = 200

/** What waits for an approver, the next due first. */
export async function pendingOf(client: Client, approver: string | null): Promise<readonly ApprovalItem[]> {
  const input = { ...(approver === null ? {} : { approver_email: approver }), limit: pageSize }
  const { pending_approvals } = await client.approvals.pending(input)
  return pending_approvals as readonly ApprovalItem[]
}

/** Asks about one request after the other, for as long as somebody answers; what comes meanwhile is asked too. */
export async function watchSession({ connect, terminal, approver, me, now = Date.now }: SessionDeps): Promise<void> {
  const ended = new AbortController()
  const onLost = () => terminal.say('Countersign cannot answer right now; trying until it does.')
  const connection: Connection = { connect, onLost, signal: ended.signal }
  const watched = watchChanges(connection, (error) => ended.abort(error))
  /** Left undecided, as they were then: one that changes is shown again. */
  const left = new Set<string>()
  let idle = false
  try {
    for (;;) {
      watched.settle()
      const waiting = (await persist(connection, (client) => pendingOf(client, approver))).filter((item) => !answered(item, me))
      const open = waiting.filter((item) => !left.has(stateOf(item)))
      const next = open[0]
      if (next === undefined) {
        if (!idle) terminal.say(idleText(waiting.length))
        idle = true
        const said = await whileNothing(terminal, watched)
        if (said === 'quit') return
        if (said === 'again') left.clear()
        if (said === 'again') idle = false
        continue
      }
      idle = false
      // Lists leave out what is large; whoever decides has all of it.
      const item = next.data_omitted ? await persist(connection, (client) => getItem(client, next.id)) : next
      terminal.say(`\n[${waiting.length - open.length + 1} of ${waiting.length}] ${brief(item, now())}`)
      const reply = await asking(item, terminal, watched, connection)
      if (reply === 'quit') return
      if (reply === 'leave') left.add(stateOf(item))
    }
  } finally {
    ended.abort()
    await watched.over
  }
}

const getItem = async (client: Client, approval_id: string): Promise<ApprovalItem> =>
  (await client.approvals.get({ approval_id })) as ApprovalItem

const answered = ({ votes, progress }: ApprovalItem, me: string | null): boolean =>
  votes.some(({ counts, level, actor, on_behalf_of }) => counts && level === progress.done && actor.id === me && !on_behalf_of)

/** What makes it another question to somebody who left it undecided. */
const stateOf = ({ id, version, progress, sent_back, votes }: ApprovalItem): string =>
  [id, version.number, progress.done, sent_back === null, votes.length].join(' ')

const idleText = (undecided: number): string =>
  undecided === 0
    ? 'Nothing waits. What comes is shown here; q quits.'
    : `Nothing else waits; ${undecided} left undecided. Enter shows them again, q quits.`

async function whileNothing(terminal: Terminal, watched: Watched): Promise<'quit' | 'again' | 'changed'> {
  const something = new AbortController()
  const undo = watched.onAny(() => something.abort())
  try {
    for (;;) {
      const line = await terminal.ask('', something.signal)
      if (line === null || /^\s*q(uit)?\s*$/i.test(line)) return 'quit'
      if (line.trim() === '') return 'again'
    }
  } catch (error) {
    if (something.signal.aborted) return 'changed'
    throw error
  } finally {
    undo()
  }
}

/** One question until it is answered, left, or overtaken by what somebody else did. */
async function asking(
  item: ApprovalItem,
  terminal: Terminal,
  watched: Watched,
  connection: Connection,
): Promise<'quit' | 'leave' | 'done'> {
  const overtaken = new AbortController()
  const undo = watched.onItem(item.id, (latest) => {
    const text = whatHappened(item, latest)
    if (text !== null) overtaken.abort(text)
  })
  try {
    const reply = await askAbout(item, terminal, overtaken.signal)
    undo()
    if (reply.kind !== 'decide') return reply.kind
    terminal.say(await decide(item, reply.input, connection))
    return 'done'
  } catch (error) {
    if (!overtaken.signal.aborted) throw error
    terminal.say(String(overtaken.signal.reason))
    return 'done'
  } finally {
    undo()
  }
}

/** What somebody else did to it meanwhile, as a sentence; null when the question is the same. */
function whatHappened(shown: ApprovalItem, latest: ApprovalItem): string | null {
  if (latest.status !== 'pending') {
    const { decision } = latest
    const by = decision === null ? '' : ` by ${decision.actor.name ?? decision.actor.id}`
    return plain(`Meanwhile it was ${latest.status}${by}${decision?.comment ? `: ${decision.comment}` : ''}.`)
  }
  if (latest.version.number !== shown.version.number) {
    const change = latest.changes.at(-1)
    const lines = change?.differences.map((one) => `  ${differenceLine(one)}`) ?? []
    const by = change === undefined ? '' : ` by ${change.actor.name ?? change.actor.id}`
    return [plain(`Meanwhile it was changed${by}:`), ...lines].join('\n')
  }
  if (latest.progress.done !== shown.progress.done) {
    return plain(`Meanwhile it went on to ${latest.progress.current ?? 'the next level'}.`)
  }
  return null
}

/** Says it to the server, naming the version that was shown; what the server refuses is said, and nothing is lost. */
async function decide(item: ApprovalItem, { items, ...input }: Decision, { connect }: Connection): Promise<string> {
  try {
    const client = await connect()
    const list = items === undefined ? {} : { items: [...items] }
    const said = await client.approvals.decide({ approval_id: item.id, version: item.version.number, ...input, ...list })
    return plain(said.message)
  } catch (error) {
    const { message, code, details } = toCliError(error)
    if (code === 'unreachable') return 'Countersign did not answer: your answer may not be recorded. It is asked again.'
    const differences = (details as { differences?: readonly Difference[] } | undefined)?.differences ?? []
    return [message, ...differences.map((one) => `  ${differenceLine(one)}`)].join('\n')
  }
}

/** The stream of changes, for whoever waits for one. */
type Watched = {
  /** Forgets what has happened so far: the list is about to be fetched. */
  settle(): void
  /** Told when anything that may wait has changed since it was settled. Returns its undo. */
  onAny(listener: () => void): () => void
  onItem(id: string, listener: (latest: ApprovalItem) => void): () => void
  readonly over: Promise<void>
}

function watchChanges(connection: Connection, onBroken: (error: unknown) => void): Watched {
  let changed = false
  let first = true
  const any = new Set<() => void>()
  const items = new Map<string, (latest: ApprovalItem) => void>()
  const missed = (id: string) => {
    persist(connection, (client) => getItem(client, id)).then(
      (latest) => items.get(id)?.(latest),
      () => {},
    )
  }
  const wake = () => {
    changed = true
    for (const listener of any) listener()
  }
  const onChange = (change: ChangeEvent) => {
    if (change.kind === 'approval') items.get(change.item.id)?.(change.item as ApprovalItem)
    // After a lost connection nothing is replayed: what is on the screen is looked at again.
    if (change.kind === 'hello' && !first) for (const id of items.keys()) missed(id)
    if (change.kind === 'approval' || (change.kind === 'hello' && !first)) wake()
    first = false
  }
  return {
    settle: () => {
      changed = false
    },
    onAny(listener) {
      any.add(listener)
      if (changed) listener()
      return () => void any.delete(listener)
    },
    onItem(id, listener) {
      items.set(id, listener)
      return () => void items.delete(id)
    },
    over: follow(connection, onChange).catch((error: unknown) => {
      onBroken(error)
      wake()
    }),
  }
}
