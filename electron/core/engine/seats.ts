import { type Failure, failure } from '../../../shared/contract/errors.ts'
import type { Level, Standing } from '../../../shared/model/level.ts'
import { fail, ok, type Result } from '../../../shared/model/result.ts'
import { approvalsAt, neededOf } from './ballot.ts'
import { type OpenApproval, standingOf } from './open-approval.ts'

/**
 * Whom a question asks after somebody has handed it on. Where several have to agree, a place is one place: it goes to one person who has
 * none yet, and not after it was used. An administrator (`principal` null) seats everybody anew. Nobody can make it undecidable.
 */
export function nextSeats(
  open: OpenApproval,
  levels: readonly Level[],
  principal: string | null,
  to: readonly string[],
  isExcluded: (email: string) => boolean,
): Result<Standing, Failure> {
  const standing = standingOf(open)
  const level = levels[standing.level]!
  const votes = (open.course?.votes ?? []).filter((vote) => vote.level === standing.level && vote.version === open.version.number)
  const refuse = (message: string) => fail(failure('invalid-input', message, { errors: [{ pointer: '/to', message }] }))
  if (principal !== null && votes.some((vote) => vote.principal === principal)) {
    return fail(failure('already-voted', 'You have answered already: there is nothing left to hand on.'))
  }
  if (principal !== null && (level.votes !== 'any' || standing.needed > 1)) {
    if (to.length !== 1) return refuse('Several people have to agree here: your place goes to exactly one person.')
    const taken = standing.people.includes(to[0]!) || votes.some((vote) => vote.principal === to[0] || vote.person === to[0])
    if (taken) return refuse(`${to[0]} is asked already: your place goes to somebody who is not.`)
  }
  const stay = principal === null ? [] : standing.people.filter((email) => email !== principal)
  const people = [...new Set([...stay, ...to])]
  const share = level.votes === 'all' || typeof level.votes === 'string'
  const needed = principal === null && share ? neededOf(level, people, isExcluded) : standing.needed
  const left = people.filter(
    (email) => !isExcluded(email) && !votes.some((vote) => vote.person === email || vote.principal === email),
  )
  if (left.length + approvalsAt(votes, standing.level, open.version.number) < needed) {
    return refuse(`${needed} people have to approve, and these are too few.`)
  }
  return ok({ ...standing, people, needed })
}
