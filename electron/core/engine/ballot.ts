import { type Level, nextInstant, type Standing, votesNeeded } from '../../../shared/model/level.ts'
import { toInstant } from '../clock.ts'
import type { Ballot } from './open-approval.ts'

/** The present level, whom it asks and how many of them it needs. */
export type Seats = Pick<Standing, 'level' | 'people' | 'needed'>

/** An approval as its votes are counted. Pure data: levels from its record, the rest from memory. */
export type Poll = {
  readonly levels: readonly Level[]
  readonly standing: Seats
  readonly votes: readonly Ballot[]
  readonly version: number
  /** Whether somebody who is asked may not answer: requester, editor, beneficiary. */
  readonly isExcluded: (email: string) => boolean
}

/** What the votes make of it: ended, or at which level it stands now; null where it stands as it did. */
export type Count =
  | { readonly ended: 'approved' | 'rejected'; readonly level: number }
  | { readonly ended: null; readonly standing: Standing | null }

/** How many approvals a level needs of those asked: all of them means all who may answer. */
export function neededOf(level: Level, people: readonly string[], isExcluded: (email: string) => boolean): number {
  return votesNeeded(level.votes, people.filter((email) => !isExcluded(email)).length)
}

/** Approvals that count at a level: of the present version, one for each person, whoever's vote it is. */
export function approvalsAt(votes: readonly Ballot[], level: number, version: number): number {
  const people = new Set<string>()
  let count = 0
  for (const vote of votes) {
    if (vote.level !== level || vote.version !== version || vote.verdict !== 'approved') continue
    if (people.has(vote.person) || people.has(vote.principal)) continue
    people.add(vote.person).add(vote.principal)
    count++
  }
  return count
}

/** Where a level begins: whom it asks, how many of them it needs and until when. */
export function standingAt(levels: readonly Level[], index: number, now: number, isExcluded: (email: string) => boolean): Standing {
  const level = levels[index]!
  const due = level.timeout_ms === null ? null : now + level.timeout_ms
  const next = nextInstant(level, { started: now, due, escalations: 0, now })
  return {
    level: index,
    level_started_at: toInstant(now),
    people: level.people,
    needed: neededOf(level, level.people, isExcluded),
    due_at: due === null ? null : toInstant(due),
    escalations: 0,
    next_at: next === null ? null : toInstant(next),
  }
}

/** Counts the votes, from the present level on: one that is passed makes way for the next, whose votes may be there already. */
export function countVotes(poll: Poll, now: number): Count {
  const { levels, votes, version, isExcluded } = poll
  let next: Standing | null = null
  for (;;) {
    const standing: Seats = next ?? poll.standing
    const level = levels[standing.level]!
    if (isRefused(poll, standing)) return { ended: 'rejected', level: standing.level }
    if (approvalsAt(votes, standing.level, version) < standing.needed) return { ended: null, standing: next }
    if (level === levels.at(-1)) return { ended: 'approved', level: standing.level }
    next = standingAt(levels, standing.level + 1, now, isExcluded)
  }
}

function isRefused({ levels, votes, version, isExcluded }: Poll, standing: Seats): boolean {
  const refusals = votes.filter((vote) => vote.level === standing.level && vote.version === version && vote.verdict === 'rejected')
  if (refusals.length === 0) return false
  if (levels[standing.level]!.one_rejection_ends) return true
  // Nobody in particular is asked: others may always still approve.
  if (standing.people.length === 0) return false
  const refused = new Set(refusals.map(({ principal }) => principal))
  const left = standing.people.filter((email) => !refused.has(email) && !isExcluded(email)).length
  return left < standing.needed
}
