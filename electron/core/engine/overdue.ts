import type { NewEvent } from '../../../shared/model/event.ts'
import { type Escalation, type Level, nextInstant, type Standing } from '../../../shared/model/level.ts'
import { toInstant } from '../clock.ts'
import { neededOf } from './ballot.ts'
import { clockActor } from './decide.ts'
import { type OpenApproval, standingOf } from './open-approval.ts'

/** So long after a deadline that nobody saw pass, the default answer leaves at the latest. */
const longestGraceMs = 24 * 3_600_000

export type OverdueRules = {
  readonly now: number
  /** Whether an instant passed while the machine slept or the application was closed. */
  readonly wasAway: (instant: number) => boolean
  /** How long a lapsed question can still be answered then, ms; 0: not at all. */
  readonly graceMs: number
  /** Whether somebody who is asked may not answer. */
  readonly isExcluded: (email: string) => boolean
}

/**
 * What becomes of an approval at its present instant: a reminder, an escalation, a grace period, or its end. One event a call, in
 * the order in which things fell due; null when nothing is due. Never approves.
 */
export function nextOverdue(open: OpenApproval, levels: readonly Level[], rules: OverdueRules): NewEvent | null {
  const { now } = rules
  const standing = standingOf(open)
  const level = levels[standing.level]!
  const started = Date.parse(standing.level_started_at)
  const step = level.escalate[standing.escalations]
  const early = step && step.after_ms !== null ? started + step.after_ms : null
  const due = open.due_at
  if (step && early !== null && early <= now && (due === null || early <= due)) {
    return toEscalated(open, level, standing, step, early, 'no_answer', rules)
  }
  if (due !== null && due <= now) {
    if (step) return toEscalated(open, level, standing, step, due, 'timeout', rules)
    return toLapse(open, level, standing, due, rules)
  }
  if (due !== null && open.wake_at !== null && open.wake_at <= now) return toReminded(open, level, standing, due, started, now)
  return null
}

function toEscalated(
  open: OpenApproval,
  level: Level,
  standing: Standing,
  step: Escalation,
  instant: number,
  reason: 'no_answer' | 'timeout',
  { now, wasAway, isExcluded }: OverdueRules,
): NewEvent {
  const both = [...new Set([...standing.people, ...step.people])]
  // Instead of those who did not answer, unless that leaves fewer people than have to agree.
  const able = step.people.filter((email) => !isExcluded(email)).length
  const tooFew = able < (typeof level.votes === 'number' ? level.votes : 1)
  const people = reason === 'no_answer' || tooFew ? both : step.people
  const share = level.votes === 'all' || typeof level.votes === 'string'
  const needed = reason === 'timeout' && share ? neededOf(level, people, isExcluded) : standing.needed
  const wait = step.timeout_ms ?? level.timeout_ms
  const due = wait === null ? null : now + wait
  const escalations = standing.escalations + 1
  const next = nextInstant(level, { started: now, due, escalations, now })
  return {
    type: 'approval_escalated',
    actor: clockActor,
    run_id: open.run_id,
    approval_id: open.id,
    data: {
      number: escalations,
      reason,
      from: standing.people,
      to: step.people,
      while_away: wasAway(instant),
      standing: {
        level: standing.level,
        level_started_at: toInstant(now),
        people,
        needed,
        due_at: due === null ? null : toInstant(due),
        escalations,
        next_at: next === null ? null : toInstant(next),
      },
    },
    content: null,
  }
}

function toLapse(open: OpenApproval, level: Level, standing: Standing, due: number, rules: OverdueRules): NewEvent {
  const away = rules.wasAway(due)
  const lapsed = open.course?.lapsed ?? null
  // Slept through again, it is given again, but not for ever.
  const tooLate = lapsed !== null && rules.now - lapsed > longestGraceMs
  if (away && !open.hard_limit && !tooLate && rules.graceMs > 0) {
    const until = toInstant(rules.now + rules.graceMs)
    return {
      type: 'approval_lapsed',
      actor: clockActor,
      run_id: open.run_id,
      approval_id: open.id,
      data: { lapsed_at: toInstant(lapsed ?? due), standing: { ...standing, due_at: until, next_at: until } },
      content: null,
    }
  }
  // At the end of a chain of escalations it is refused; where there was none, nobody answered, and that is what is said.
  const escalated = level.escalate.length > 0
  return {
    type: 'approval_decided',
    actor: clockActor,
    run_id: open.run_id,
    approval_id: open.id,
    data: {
      decision: escalated ? 'rejected' : 'expired',
      version: open.version,
      self_approved: false,
      rule: null,
      ...(standing.level > 0 ? { level: standing.level } : {}),
      ...(away || lapsed !== null ? { while_away: true } : {}),
    },
    content: { comment: escalated ? 'Maximum escalation reached.' : 'Nobody decided in time.' },
  }
}

function toReminded(
  open: OpenApproval,
  level: Level,
  { escalations }: Standing,
  due: number,
  started: number,
  now: number,
): NewEvent | null {
  // Several that were slept through are one.
  const before_ms = Math.min(...level.remind_before_ms.filter((before) => due - before <= now))
  if (!Number.isFinite(before_ms)) return null
  const next = nextInstant(level, { started, due, escalations, now })
  return {
    type: 'approval_reminded',
    actor: clockActor,
    run_id: open.run_id,
    approval_id: open.id,
    data: { due_at: toInstant(due), before_ms, next_at: next === null ? null : toInstant(next) },
    content: null,
  }
}
