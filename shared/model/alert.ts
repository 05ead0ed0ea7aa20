import type { ApprovalItem, Priority } from './approval.ts'
import type { Risk } from './summary.ts'

/**
 * Who is interrupted when. Everything follows from instants: nothing is remembered but up to which instant was told already, so a
 * restart, a sleep and a clock that is set back repeat nothing.
 */

/**
 * Why somebody is told. `renag` is the last word before the deadline; `digest` gathers what was held back, `closed` what came due
 * while the application was closed.
 */
export type AlertReason = 'new' | 'back' | 'half' | 'renag' | 'reminder' | 'expired' | 'watched' | 'digest' | 'closed'

export type Weekday = 'sun' | 'mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat'
export const weekdays: readonly Weekday[] = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']

/** When nothing interrupts: each night from one time of day until another, and on whole days. Local time. */
export type Quiet = {
  /** `HH:MM`. The same as `until`: no quiet nights. */
  readonly from: string
  readonly until: string
  readonly days: readonly Weekday[]
  /** What interrupts all the same: `urgent` priority; `high`: that and a high risk; or nothing. */
  readonly let_through: 'high' | 'urgent' | 'none'
}

/** How new requests of a kind are told. The first rule that fits counts. */
export type AlertRule = {
  readonly type?: string | undefined
  readonly risk?: Risk | undefined
  readonly new: 'now' | 'digest' | 'never'
  readonly sound?: boolean | undefined
}

export type AlertRules = {
  readonly new_requests: boolean
  readonly deadlines: boolean
  readonly sound: boolean
  readonly renag_minutes: number
  readonly digest_minutes: number
  readonly quiet: Quiet | null
  readonly rules: readonly AlertRule[]
}

/** What of a request decides about its alerts. `started_at` is when its present level began to wait. */
export type AlertItem = Pick<ApprovalItem, 'type' | 'risk' | 'due_at' | 'snoozes'> & {
  readonly priority: Priority
  readonly status: ApprovalItem['status']
  readonly held: { readonly release_at: string } | null
  readonly started_at: number
  /** The present level's reminders, so long before the deadline. */
  readonly remind_before_ms: readonly number[]
  /** Others will be asked when the time is up: then it does not end. */
  readonly escalates: boolean
}

/** A reason to tell somebody, and when it arises. */
export type Occasion = { readonly reason: Exclude<AlertReason, 'digest' | 'closed'>; readonly at: number }

/** An occasion with the instant at which it is told. `gathered`: together with others, because it was held back. */
export type Moment = Occasion & { readonly tell_at: number; readonly gathered: boolean }

export const minuteMs = 60_000

type Period = { readonly from: number; readonly until: number }

/** The quiet time that an instant lies in, from its beginning to its end; null when it is not quiet then. */
export function quietPeriod(at: number, quiet: Quiet | null): Period | null {
  if (quiet === null) return null
  let until = at
  for (let next = periodAt(until, quiet, starts); next; next = periodAt(until, quiet, starts)) until = next.until
  if (until === at) return null
  let from = at
  for (let before = periodAt(from, quiet, ends); before; before = periodAt(from, quiet, ends)) from = before.from
  return { from, until }
}

const starts = ({ from, until }: Period, at: number) => from <= at && at < until
const ends = ({ from, until }: Period, at: number) => from < at && at <= until

/** Each night and each whole day is taken by its own instants, so that a change of the clocks neither repeats nor skips an end. */
function periodAt(at: number, { from, until, days }: Quiet, holds: typeof starts): Period | null {
  const day = new Date(at)
  const local = (offset: number, time: string) => {
    const [hours = 0, minutes = 0] = time.split(':').map(Number)
    return new Date(day.getFullYear(), day.getMonth(), day.getDate() + offset, hours, minutes)
  }
  for (const offset of [-1, 0, 1]) {
    const midnight = local(offset, '00:00')
    const whole = { from: midnight.getTime(), until: local(offset + 1, '00:00').getTime() }
    if (days.includes(weekdays[midnight.getDay()]!) && holds(whole, at)) return whole
    if (from === until) continue
    const night = { from: local(offset, from).getTime(), until: local(until < from ? offset + 1 : offset, until).getTime() }
    if (holds(night, at)) return night
  }
  return null
}

const fits = (rule: AlertRule, { type, risk }: Pick<AlertItem, 'type' | 'risk'>) =>
  (rule.type === undefined || rule.type === type) && (rule.risk === undefined || rule.risk === risk)

const ruleFor = (item: Pick<AlertItem, 'type' | 'risk'>, rules: AlertRules) => rules.rules.find((rule) => fits(rule, item))

/** Whether telling of this request makes a sound. */
export const soundOf = (item: Pick<AlertItem, 'type' | 'risk'>, rules: AlertRules): boolean =>
  ruleFor(item, rules)?.sound ?? rules.sound

/** Digests come at fixed instants, whoever asks: no need to remember when the last one was. */
export const nextDigestAt = (at: number, { digest_minutes }: Pick<AlertRules, 'digest_minutes'>): number =>
  (Math.floor(at / (digest_minutes * minuteMs)) + 1) * digest_minutes * minuteMs

const letsThrough = ({ priority, risk }: Pick<AlertItem, 'priority' | 'risk'>, { let_through }: Quiet) =>
  let_through !== 'none' && (priority === 'urgent' || (let_through === 'high' && risk === 'high'))

const aboutDeadlines: ReadonlySet<AlertReason> = new Set(['half', 'renag', 'reminder', 'expired'])
const afterTheEnd: ReadonlySet<AlertReason> = new Set(['expired', 'watched'])

/** Half of the time, and once more shortly before its end where there is time for both. */
export function stagesOf(startedAt: number, dueAt: number, renagMinutes: number): readonly Occasion[] {
  const half: Occasion = { reason: 'half', at: startedAt + Math.floor((dueAt - startedAt) / 2) }
  const renagMs = renagMinutes * minuteMs
  return dueAt - startedAt > 2 * renagMs ? [half, { reason: 'renag', at: dueAt - renagMs }] : [half]
}

/** When an occasion is told to this person; null when it is not told at all. */
export function momentOf(occasion: Occasion, item: AlertItem, person: string, rules: AlertRules): Moment | null {
  const { reason, at } = occasion
  const rule = ruleFor(item, rules)
  if (aboutDeadlines.has(reason) && !rules.deadlines) return null
  if (reason === 'new' && (!rules.new_requests || rule?.new === 'never')) return null
  const isOver = afterTheEnd.has(reason)
  if (!isOver && (item.status !== 'pending' || isSnoozed(item, person, at, reason))) return null
  const digested = reason === 'new' && rule?.new === 'digest'
  const wanted = digested ? nextDigestAt(at, rules) : at
  const due = item.due_at === null ? Number.POSITIVE_INFINITY : Date.parse(item.due_at)
  const quiet = quietPeriod(wanted, rules.quiet)
  if (quiet === null || letsThrough(item, rules.quiet!)) {
    return wanted < due || isOver ? { ...occasion, tell_at: wanted, gathered: digested } : null
  }
  if (quiet.until < due || isOver) return { ...occasion, tell_at: quiet.until, gathered: true }
  // It would come too late: it comes before the quiet begins, if it waits by then.
  const early = quiet.from - minuteMs
  const isLast = reason === (stagesOf(item.started_at, due, rules.renag_minutes).at(-1)?.reason ?? null)
  return isLast && early > item.started_at ? { ...occasion, tell_at: early, gathered: false } : null
}

function isSnoozed({ snoozes }: AlertItem, person: string, at: number, reason: AlertReason): boolean {
  const own = snoozes.find((snooze) => snooze.person === person)
  if (own === undefined) return false
  return own.until === null || (reason === 'back' ? Date.parse(own.until) > at : Date.parse(own.until) >= at)
}

/** Everything that will be told about a request to one person, in order, if nothing happens to it. */
export function momentsOf(item: AlertItem, person: string, rules: AlertRules): readonly Moment[] {
  const occasions: Occasion[] = [{ reason: 'new', at: item.started_at }]
  const back = item.snoozes.find((snooze) => snooze.person === person)?.until
  if (back) occasions.push({ reason: 'back', at: Date.parse(back) })
  if (item.due_at !== null) {
    const due = Date.parse(item.due_at)
    occasions.push(...stagesOf(item.started_at, due, rules.renag_minutes))
    for (const before of item.remind_before_ms) {
      if (due - before > item.started_at) occasions.push({ reason: 'reminder', at: due - before })
    }
    if (!item.escalates && item.status === 'pending') occasions.push({ reason: 'expired', at: due })
  }
  return occasions
    .flatMap((occasion) => momentOf(occasion, item, person, rules) ?? [])
    .sort((a, b) => a.tell_at - b.tell_at || a.at - b.at)
}

/** What is told now, given that everything until `told` was; several that were slept through are the latest one. And what comes next. */
export function planAlerts(
  item: AlertItem,
  person: string,
  rules: AlertRules,
  { told, now }: { readonly told: number; readonly now: number },
): { readonly now: Moment | null; readonly next: Moment | null } {
  const moments = momentsOf(item, person, rules)
  const free = item.held === null ? now : Math.max(now, Date.parse(item.held.release_at))
  const next = moments.find(({ tell_at }) => tell_at > free) ?? null
  if (item.held !== null) return { now: null, next }
  // That its time is over is for whoever ends it to say: only then it is so.
  const due = moments.filter(({ tell_at, reason }) => tell_at > told && tell_at <= now && reason !== 'expired')
  return { now: due.at(-1) ?? null, next }
}

type Waiting = {
  readonly started_at: number
  readonly due_at: number | null
  /** Instants at which something else about it falls due: reminders, the ends of snoozes. */
  readonly others: readonly number[]
}

/**
 * The next instant after `after` at which something may be told about a request, whatever its type and risk and whomever it asks;
 * null when there is none. Cheap: it is worked out for each of very many.
 */
export function nextLookAt({ started_at, due_at, others }: Waiting, rules: AlertRules, after: number): number | null {
  let next = Number.POSITIVE_INFINITY
  const take = (at: number) => {
    if (at > after && at < next) next = at
  }
  const consider = (at: number) => {
    take(at)
    const quiet = quietPeriod(at, rules.quiet)
    if (quiet === null) return
    take(quiet.until)
    take(quiet.from - minuteMs)
  }
  consider(started_at)
  if (rules.rules.some((rule) => rule.new === 'digest')) consider(nextDigestAt(started_at, rules))
  if (due_at !== null) {
    for (const { at } of stagesOf(started_at, due_at, rules.renag_minutes)) consider(at)
    take(due_at - quarterHourMs)
  }
  for (const at of others) consider(at)
  return Number.isFinite(next) ? next : null
}

const quarterHourMs = 15 * minuteMs

/** Which fact about a deadline: half of the time is over, 15 minutes are left, a reminder that the chain asks for, the time is over. */
export type DeadlineStage = 'half' | 'fifteen_minutes' | 'reminder' | 'expired'

/** The last stage that `now` has passed, or null. The quarter hour only counts when the whole time is more than half an hour. */
export function stageAt(now: number, createdAt: number, dueAt: number): Exclude<DeadlineStage, 'reminder'> | null {
  if (now >= dueAt) return 'expired'
  if (dueAt - createdAt > 2 * quarterHourMs && now >= dueAt - quarterHourMs) return 'fifteen_minutes'
  return now >= createdAt + Math.floor((dueAt - createdAt) / 2) ? 'half' : null
}
