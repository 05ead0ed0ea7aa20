import type { Actor } from '../../../shared/model/actor.ts'
import type { Asked, Version } from '../../../shared/model/approval.ts'
import type { EventMap, NewEvent } from '../../../shared/model/event.ts'
import type { Level, Standing } from '../../../shared/model/level.ts'
import { approvalRequested, refund, rulesSummary, system } from './journal-files.ts'

export const bob: Actor = { kind: 'person', id: 'bob@example.com', name: 'Bob', via: 'cli' }
export const grace: Actor = { kind: 'person', id: 'grace@example.com', name: 'Grace', via: 'browser' }

const level = (name: string, people: readonly string[], more: Partial<Level> = {}): Level => ({
  name,
  approvers: people,
  people,
  votes: 'any',
  one_rejection_ends: true,
  timeout_ms: null,
  remind_before_ms: [],
  escalate: [],
  ...more,
})

export const levels = [
  level('manager', ['ada@example.com', 'bob@example.com'], { votes: 2 }),
  level('finance', ['carl@example.com']),
  level('ceo', ['zoe@example.com']),
]

export const due = '2026-01-07T09:00:00.000Z'
export const later = '2026-01-09T09:00:00.000Z'

export const standing = (change: Partial<Standing> = {}): Standing => ({
  level: 0,
  level_started_at: '2026-01-05T09:00:02.000Z',
  people: ['ada@example.com', 'bob@example.com'],
  needed: 2,
  due_at: due,
  escalations: 0,
  next_at: null,
  ...change,
})

export const version = (number: number): Version => ({ number, sha256: String.fromCharCode(96 + number).repeat(64) })

/** A question with a chain of three levels, the first of which needs two people. */
export function chainRequested(runId: string, approvalId: string, asked: Partial<Asked> = {}): NewEvent {
  const plain = approvalRequested(runId, approvalId, { approvers: ['group:managers'], ...asked }) as Extract<
    NewEvent,
    { type: 'approval_requested' }
  >
  const approvers = levels[0]!.people
  const ruling = { rule: 'large', policy_version: '0123456789abcdef' }
  return { ...plain, data: { ...plain.data, approvers, levels, needed: 2, ruling } }
}

type Continuing = Exclude<Extract<keyof EventMap, `approval_${string}`>, 'approval_requested' | 'approval_decided'>

/** One event of the approval `apr_1` of the run `run_1`. */
export const event = <T extends Continuing>(
  type: T,
  actor: Actor,
  data: EventMap[T]['data'],
  content: EventMap[T]['content'],
): NewEvent => ({ type, run_id: 'run_1', approval_id: 'apr_1', actor, data, content }) as unknown as NewEvent

export const voted = (
  actor: Actor,
  change: Partial<EventMap['approval_voted']['data']> = {},
  comment: string | null = null,
): NewEvent =>
  event(
    'approval_voted',
    actor,
    {
      verdict: 'approved',
      version: version(1),
      level: 0,
      on_behalf_of: null,
      self_approved: false,
      standing: standing(),
      ...change,
    },
    { comment },
  )

export const changed = (
  number: number,
  asked: Partial<Asked>,
  change: Partial<EventMap['approval_changed']['data']> = {},
  comment: string | null = null,
): NewEvent =>
  event(
    'approval_changed',
    grace,
    {
      by: 'requester',
      version: version(number),
      risk_floor: 'low',
      risk_reasons: [],
      requesters: ['grace@example.com'],
      standing: standing(),
      ...change,
    },
    {
      asked: { ...refund, ...asked },
      flags: [],
      summary: { ...rulesSummary, summary: `Version ${number}` },
      comment,
    },
  )

export const escalated = (change: Partial<EventMap['approval_escalated']['data']> = {}): NewEvent =>
  event(
    'approval_escalated',
    system,
    {
      number: 1,
      reason: 'timeout',
      from: ['ada@example.com', 'bob@example.com'],
      to: ['zoe@example.com'],
      while_away: false,
      standing: standing({ people: ['zoe@example.com'], needed: 1, due_at: later, escalations: 1 }),
      ...change,
    },
    null,
  )

/** The vote that ends it. */
export const ended = (
  actor: Actor,
  change: Partial<EventMap['approval_decided']['data']> = {},
  content: EventMap['approval_decided']['content'] = { comment: null },
): NewEvent => ({
  type: 'approval_decided',
  run_id: 'run_1',
  approval_id: 'apr_1',
  actor,
  data: { decision: 'approved', version: version(1), self_approved: false, rule: null, ...change },
  content,
})
