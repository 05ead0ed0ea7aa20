import { type AlertItem, type AlertRules, momentsOf } from '../../../shared/model/alert.ts'
import type { ApprovalItem, Vote } from '../../../shared/model/approval.ts'
import type { OpenApproval } from '../engine/open-approval.ts'
import type { Directory } from '../people/port.ts'
import type { Config } from '../settings/port.ts'

/** Who is to be told about what asks whom. */
export type Audience = {
  /** Whom everything asks that names nobody; null before the first start. */
  readonly owner: string | null
  /** Who answers for each, besides themselves. */
  readonly standIns: ReadonlyMap<string, readonly string[]>
  /** Who is away now. */
  readonly away: ReadonlySet<string>
  /** Whether one person may answer such a request for another one. */
  readonly mayAnswerFor: (person: string, principal: string, item: ApprovalItem) => boolean
}

type People = Pick<Directory, 'canonical' | 'inboxesOf' | 'standsInFor'>

/** Who there is to tell, as the settings are now. Worked out once for many requests. */
export function audienceOf(config: Config, people: People, now: number): Audience {
  const standIns = new Map<string, string[]>()
  const acting = config.people.flatMap(({ email, backup, assistants }) => [email, backup ?? '', ...assistants])
  const candidates = [config.owner?.email ?? '', ...acting, ...config.delegations.map(({ to }) => to)]
  if (config.people.length > 0 || config.delegations.length > 0) {
    for (const person of new Set(candidates.filter(Boolean).map((email) => people.canonical(email)))) {
      for (const principal of people.inboxesOf(person)) {
        const there = standIns.get(principal)
        if (there) there.push(person)
        else standIns.set(principal, [person])
      }
    }
  }
  const isAway = ({ away }: Config['people'][number]) =>
    away !== null && Date.parse(away.from) <= now && now < Date.parse(away.until)
  return {
    owner: config.owner === null ? null : people.canonical(config.owner.email),
    standIns,
    away: new Set(config.people.filter(isAway).map(({ email }) => people.canonical(email))),
    mayAnswerFor: (person, principal, item) => people.standsInFor(person, item).some(({ email }) => email === principal),
  }
}

/** Those people and whoever answers for them; nobody named is whoever owns the inbox. */
export function toldAbout(asked: readonly string[], { owner, standIns }: Audience): readonly string[] {
  if (asked.length === 0) return owner === null ? [] : [owner]
  return [...new Set(asked.flatMap((email) => [email, ...(standIns.get(email) ?? [])]))]
}

/** Whose answer an open request waits for: not of those who have given it at the present level. */
export function waitsFor(item: ApprovalItem, audience: Audience): readonly string[] {
  const given = item.votes.filter(({ counts, level }) => counts && level === item.progress.done).flatMap(votersOf)
  const left = item.waits_for.filter((email) => !given.includes(email))
  if (left.length === 0 && item.waits_for.length > 0) return []
  return toldOf(item, left, audience).filter((email) => !given.includes(email))
}

/** Of those a request asks and whoever answers for them: not who is away, unless nobody who is there can answer instead. */
export function toldOf(item: ApprovalItem, asked: readonly string[], audience: Audience): readonly string[] {
  const { away, standIns, mayAnswerFor } = audience
  const told = toldAbout(asked, audience)
  const isThere = (email: string) => !away.has(email) && !item.excluded.includes(email)
  if (away.size === 0 || !told.some(isThere)) return told
  const approved = item.votes.filter(
    ({ counts, level, verdict }) => counts && level === item.progress.done && verdict === 'approved',
  )
  const enough = asked.filter(isThere).length >= item.needed - approved.length
  const isReplaced = (email: string) =>
    enough || (standIns.get(email) ?? []).some((other) => isThere(other) && mayAnswerFor(other, email, item))
  return told.filter((email) => !away.has(email) || (asked.includes(email) && !isReplaced(email)))
}

const votersOf = ({ actor, on_behalf_of }: Vote): readonly string[] => [actor.id, ...(on_behalf_of ? [on_behalf_of.email] : [])]

/** When the present level of an open request began to wait. */
export const startedAt = ({ course, created_at }: OpenApproval): number =>
  course === null ? created_at : Date.parse(course.standing.level_started_at)

/** A request as the rules of alerts see it. */
export function toAlertItem(item: ApprovalItem, started_at: number): AlertItem {
  const level = item.levels[Math.min(item.progress.done, item.levels.length - 1)]
  const { type, risk, due_at, snoozes, priority, status, held } = item
  return {
    ...{ type, risk, due_at, snoozes, priority, status, held, started_at },
    remind_before_ms: level?.remind_before_ms ?? [],
    escalates: (level?.escalate.length ?? 0) > 0,
  }
}

/** When this person is told something about an open request for the next time; null when nothing will be. */
export const nextFor = (item: ApprovalItem, started: number, person: string, rules: AlertRules, now: number) =>
  momentsOf(toAlertItem(item, started), person, rules).find(({ tell_at }) => tell_at > now) ?? null
