import { goesBy, normalEmail } from './actor.ts'
import type { ApprovalItem } from './approval.ts'

/**
 * How many of those asked at a level have to approve: one of them, all of them, a number of people, or a share of them in percent
 * (rounded up).
 */
export type VoteRule = 'any' | 'all' | number | `${number}%`

/** Who is asked instead, or besides, when nobody answers. Times are milliseconds. */
export type Escalation = {
  /** As it was written: e-mails and `group:` names. */
  readonly approvers: readonly string[]
  /** Who that was when the question was put: normalised e-mails. */
  readonly people: readonly string[]
  /** While still open, so long after the level began: these people are asked besides. Null: on timeout, and they are asked instead. */
  readonly after_ms: number | null
  /** The fresh wait. Null: as long as the level's own. */
  readonly timeout_ms: number | null
}

/** One stage of a chain of approvals. A question without a chain has one, without a name. Times are milliseconds. */
export type Level = {
  readonly name: string
  /** As it was written: e-mails and `group:` names. */
  readonly approvers: readonly string[]
  /** Who that was when the question was put: normalised e-mails. None: anybody who may decide. */
  readonly people: readonly string[]
  readonly votes: VoteRule
  /** Otherwise it is rejected once so many have refused that the rest cannot make up the number. */
  readonly one_rejection_ends: boolean
  readonly timeout_ms: number | null
  /** So long before the deadline those asked are reminded. */
  readonly remind_before_ms: readonly number[]
  /** In the order in which they are used; each once. */
  readonly escalate: readonly Escalation[]
}

/** Where an open approval stands: every event that changes it says so whole, and nobody works it out again. */
export type Standing = {
  /** Index of the level whose turn it is. */
  readonly level: number
  readonly level_started_at: string
  /** Whom it asks now, normalised; none: anybody who may decide. */
  readonly people: readonly string[]
  /** How many approvals the level needs. An escalation never lowers it. */
  readonly needed: number
  readonly due_at: string | null
  /** How many escalations of this level have been used. */
  readonly escalations: number
  /** The next instant at which something falls due: a reminder, an escalation, the deadline. */
  readonly next_at: string | null
}

/** How many approvals a rule needs of so many people. Nobody named counts as one: whoever may decide. */
export function votesNeeded(rule: VoteRule, people: number): number {
  if (rule === 'any') return 1
  if (rule === 'all') return Math.max(1, people)
  if (typeof rule === 'number') return rule
  return Math.max(1, Math.ceil((Number.parseFloat(rule) * people) / 100 - 1e-9))
}

type Reached = Pick<ApprovalItem, 'status' | 'levels' | 'waits_for' | 'excluded' | 'needed' | 'votes' | 'version' | 'progress'>

/** Whether a level can still get its approvals, how many are missing, and how many of those asked can give one. */
export type Reach = { readonly enough: boolean; readonly missing: number; readonly people: number }

/**
 * Whether those asked at the present level can still approve it: not who has answered, and not whoever requested, changed or gains by
 * it. Nobody named is anybody, so there are always enough. `own` is who may approve their own requests alone, where the policy lets
 * somebody.
 */
export function canReach(item: Reached, own: string | null = null): Reach {
  const level = Math.min(item.progress.done, Math.max(0, item.levels.length - 1))
  const votes = item.votes.filter((vote) => vote.level === level && vote.version.number === item.version.number)
  const voted = new Set(votes.flatMap(({ actor, on_behalf_of }) => [actor.id, on_behalf_of?.email ?? actor.id].map(normalEmail)))
  const given = new Set(
    votes.filter(({ verdict }) => verdict === 'approved').map(({ actor, on_behalf_of }) => on_behalf_of?.email ?? actor.id),
  )
  const missing = Math.max(0, item.needed - given.size)
  const mayAlone = (email: string) => item.needed === 1 && own !== null && normalEmail(own) === email
  const able = [...new Set(item.waits_for.map(normalEmail))].filter(
    (email) => !voted.has(email) && (mayAlone(email) || !goesBy({ email, name: '' }, item.excluded)),
  )
  const enough = item.status !== 'pending' || item.waits_for.length === 0 || able.length >= missing
  return { enough, missing, people: able.length }
}

/** What there is to say, and to do, where too few are left. */
export function tooFew({ missing, people }: Reach): string {
  const needed = missing === 1 ? '1 more approval is needed' : `${missing} more approvals are needed`
  const left = people === 0 ? 'nobody' : people === 1 ? '1 person' : `${people} people`
  const can = `Too few of those asked can still answer: ${needed} and ${left} can give one.`
  return `${can} Hand it over or cancel it.`
}

/**
 * The next instant after `now` at which something of a level falls due, milliseconds since the epoch; null when nothing does. An
 * instant that has passed already while it was not yet handled counts as due at once, reminders excepted: they would come too late.
 */
export function nextInstant(
  level: Level,
  at: { readonly started: number; readonly due: number | null; readonly escalations: number; readonly now: number },
): number | null {
  const early = level.escalate[at.escalations]?.after_ms
  const instants = at.due === null ? [] : [at.due]
  if (early !== undefined && early !== null) instants.push(at.started + early)
  if (at.due !== null) {
    for (const before of level.remind_before_ms) {
      const reminder = at.due - before
      if (reminder > at.now && reminder > at.started) instants.push(reminder)
    }
  }
  return instants.length === 0 ? null : Math.min(...instants)
}
