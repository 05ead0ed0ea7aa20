import type { JournalRecord } from '../../../shared/model/event.ts'
import type { Life } from './life.ts'
import { Pending } from './pending.ts'

const skewMs = 2000
const byClock = ({ actor }: JournalRecord) => actor.kind === 'system'

/** What a whole life did wrong with time: everything once, in due order, nothing early, and nothing approved by a clock. */
export function judge(life: Life): readonly string[] {
  return [...life.problems, ...ofJournal(life.records), ...ofEffects(life), ...ofDeliveries(life), ...ofAlerts(life)]
}

function ofJournal(records: readonly JournalRecord[]): readonly string[] {
  const problems: string[] = []
  const pending = new Pending()
  const seen = new Map<string, number>()
  let before: JournalRecord | null = null
  for (const record of records) {
    const at = Date.parse(record.at)
    if (record.seq !== (before?.seq ?? 0) + 1) problems.push(`record ${record.seq} follows ${before?.seq}`)
    problems.push(...ofSkew(record, before))
    const key = onceOf(record)
    if (key !== null) seen.set(key, (seen.get(key) ?? 0) + 1)
    const due = pending.dueOf(record)
    if (due !== null && happensByItself(record) && at < due) {
      problems.push(`${record.type} ${record.seq} came at ${record.at}, before ${new Date(due).toISOString()}`)
    }
    problems.push(...ofDecision(record, pending, at))
    pending.apply(record)
    before = record
  }
  for (const [key, count] of seen) if (count > 1) problems.push(`${count} times: ${key}`)
  const left = pending.all().map(({ what, id }) => `${what} ${id}`)
  if (left.length > 0 || pending.runs.size > 0) problems.push(`left over: ${[...left, ...pending.runs].slice(0, 3).join(', ')}`)
  return problems
}

/** What there may be one of; null for what may come again. */
function onceOf(record: JournalRecord): string | null {
  const { type, data } = record as { type: string; data: Record<string, unknown> }
  const run = 'run_id' in record ? record.run_id : ''
  const approval = 'approval_id' in record ? record.approval_id : ''
  switch (record.type) {
    case 'run_started':
    case 'run_completed':
    case 'run_erased':
      return `${type} ${run}`
    case 'timer_set':
    case 'timer_fired':
    case 'signal_lapsed':
    case 'step_completed':
      return `${type} ${run}/${data.step}`
    case 'step_failed':
      return `${type} ${run}/${data.step} ${data.attempt}`
    case 'approval_decided':
      return `${type} ${approval}`
    case 'approval_escalated':
      return `${type} ${approval} ${data.number}`
    case 'approval_reminded':
      return `${type} ${approval} ${data.due_at} ${data.before_ms}`
    case 'delivery_queued':
      return `${type} ${run}`
    case 'delivery_attempted':
      return `${type} ${data.delivery_id} ${data.attempt}`
    default:
      return null
  }
}

/** Whether nobody did it: the time had come. */
const happensByItself = (record: JournalRecord) =>
  record.type === 'timer_fired' ||
  record.type === 'signal_lapsed' ||
  (record.type.startsWith('approval_') && byClock(record) && record.type !== 'approval_requested')

function ofDecision(record: JournalRecord, pending: Pending, at: number): readonly string[] {
  if (record.type !== 'approval_decided') return []
  const { decision } = record.data
  if (byClock(record))
    return decision === 'expired' || decision === 'rejected' ? [] : [`the clock ${decision} ${record.approval_id}`]
  const open = pending.approvals.get(record.approval_id)
  return open?.due && at >= open.due && !open.held ? [`${record.approval_id} was ${decision} after its deadline`] : []
}

/** The journal says where the clock went back, once each, and nowhere else. */
function ofSkew(record: JournalRecord, before: JournalRecord | null): readonly string[] {
  if (before === null) return []
  const back = Date.parse(before.at) - Date.parse(record.at)
  const said = record.type === 'clock_skew'
  if (back > skewMs && !said)
    return [`the clock went back by ${back} ms before ${record.seq} (${record.type}), and nothing says so`]
  if (said && back <= skewMs) return [`record ${record.seq} says that the clock went back, and it did not`]
  return []
}

/** Each step that is stored had its effect once. */
function ofEffects({ records, effects }: Life): readonly string[] {
  const stored = records
    .filter((record) => record.type === 'step_completed')
    .map((record) => `${record.run_id}:${record.data.step}`)
  const odd = [...effects.done].filter(([, count]) => count !== 1).map(([key, count]) => `${key} had its effect ${count} times`)
  return [...odd, ...stored.filter((key) => effects.done.get(key) !== 1).map((key) => `${key} is stored and had no effect`)]
}

/** Each outcome was taken once, and refused only as often as it was. */
function ofDeliveries({ records, taken }: Life): readonly string[] {
  const problems: string[] = []
  // What was said before its outcome arrived, and is past its time, is not said any more.
  const erased = new Set(records.flatMap((record) => (record.type === 'run_erased' ? [record.run_id] : [])))
  for (const record of records) {
    if (record.type !== 'delivery_queued' || erased.has(record.run_id)) continue
    const id = record.data.delivery_id
    const well = taken.filter((each) => each.id === id && each.status === 204).length
    const tried = records.filter((each) => each.type === 'delivery_attempted' && each.data.delivery_id === id)
    // Taken, but the answer came when its time was up: it is sent again, under the same id.
    const unheard = tried.filter((each) => (each as JournalRecord<'delivery_attempted'>).data.status === null).length
    if (well < 1 || well > 1 + unheard) problems.push(`the outcome ${id} was taken ${well} times`)
    const arrived = taken.filter((each) => each.id === id)
    // An attempt whose time was up does not arrive; none arrives without being recorded.
    if (arrived.length > tried.length) problems.push(`${id} was sent more often than is recorded`)
    if (arrived.length !== tried.length) continue
    const next = tried.map((each) => (each as JournalRecord<'delivery_attempted'>).data.next_at)
    for (const [n, { at }] of arrived.slice(1).entries())
      if (at < Date.parse(next[n] ?? '')) problems.push(`${id} was sent again too early`)
  }
  return problems
}

/**
 * Nobody is told the same twice. Where the clock was set back in between, what happens to a request then may tell anew what the clock
 * comes to for the second time.
 */
function ofAlerts({ alerts, records }: Life): readonly string[] {
  const counts = new Map<string, number>()
  for (const { reason, approval_ids, due_at, next_at, set_back } of alerts) {
    if (approval_ids.length !== 1) continue
    // Whoever sets it aside twice is told twice that it is back.
    if (reason === 'back' && snoozesOf(records, approval_ids[0]!) > 1) continue
    // There can be several reminders: what comes after them differs.
    const key = `${reason} ${approval_ids[0]} ${due_at} ${next_at} ${set_back}`
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  return [...counts].filter(([, count]) => count > 1).map(([key, count]) => `told ${count} times: ${key}`)
}

const snoozesOf = (records: readonly JournalRecord[], id: string) =>
  records.filter((record) => record.type === 'approval_snoozed' && record.approval_id === id).length

/**
 * In one look at the clock, of the questions the one that was due first came first. `from` is the number of records before it. Runs are
 * woken in that order too; how many turns each takes to go on is its own affair.
 */
export function inOrder(records: readonly JournalRecord[], from: number): readonly string[] {
  const pending = new Pending()
  for (const record of records.slice(0, from)) pending.apply(record)
  let latest = 0
  const seen = new Set<string>()
  const problems: string[] = []
  for (const record of records.slice(from)) {
    if ('approval_id' in record && happensByItself(record) && !seen.has(record.approval_id)) {
      const due = pending.dueOf(record) ?? 0
      if (due < latest) problems.push(`${record.type} ${record.seq} was due before what came before it`)
      latest = due
      seen.add(record.approval_id)
    }
    pending.apply(record)
  }
  return problems
}
