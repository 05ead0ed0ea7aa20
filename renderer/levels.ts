import type { ApprovalItem, Vote } from '../shared/model/approval.ts'
import { type Level, votesNeeded } from '../shared/model/level.ts'
import { levelOf } from './asked.ts'

/** How one level of a chain stands. */
export type LevelState = 'passed' | 'current' | 'next' | 'refused' | 'expired' | 'unreached'

/** One level as it is shown: its state, its votes, and how far they are. */
export type LevelView = {
  readonly index: number
  readonly name: string
  readonly state: LevelState
  /** As written for a level to come, by address for the one whose turn it is. */
  readonly asked: readonly string[]
  readonly level: Level
  readonly votes: readonly Vote[]
  readonly given: number
  readonly needed: number
}

function stateOf(item: ApprovalItem, index: number, current: number): LevelState {
  if (index < current) return 'passed'
  if (index > current) return item.status === 'pending' ? 'next' : 'unreached'
  if (item.status === 'pending') return 'current'
  if (item.status === 'approved') return 'passed'
  return item.status === 'rejected' ? 'refused' : item.status === 'expired' ? 'expired' : 'unreached'
}

/** The answer that ended it is a vote like the others, where a person gave it. */
function votesOf(item: ApprovalItem): readonly Vote[] {
  const { decision, votes } = item
  if (decision?.actor.kind !== 'person') return votes
  if (decision.decision === 'expired' || decision.decision === 'cancelled') return votes
  if (votes.some((vote) => vote.at === decision.at && vote.actor.id === decision.actor.id)) return votes
  const { actor, on_behalf_of, level, version, at, comment } = decision
  return [...votes, { verdict: decision.decision, actor, on_behalf_of, level, version, at, comment, counts: true }]
}

/** A question without a chain is one level without a name. */
const onlyLevel = ({ waits_for, approvers, needed }: ApprovalItem): Level => ({
  name: '',
  approvers,
  people: waits_for,
  votes: needed <= 1 ? 'any' : needed,
  one_rejection_ends: true,
  timeout_ms: null,
  remind_before_ms: [],
  escalate: [],
})

export function levelViews(item: ApprovalItem): readonly LevelView[] {
  const current = levelOf(item)
  const votes = votesOf(item)
  const levels = item.levels.length > 0 ? item.levels : [onlyLevel(item)]
  return levels.map((level, index) => {
    const here = votes.filter((vote) => vote.level === index)
    const isCurrent = index === current && item.status === 'pending'
    const voted = here.filter(({ counts }) => counts).map(({ actor, on_behalf_of }) => on_behalf_of?.email ?? actor.id)
    return {
      index,
      name: level.name,
      state: stateOf(item, index, current),
      asked: isCurrent ? [...new Set([...item.waits_for, ...voted])] : level.approvers,
      level,
      votes: here,
      given: here.filter(({ counts, verdict }) => counts && verdict === 'approved').length,
      needed: isCurrent ? item.needed : votesNeeded(level.votes, level.people.length),
    }
  })
}

/** Whether more than one answer is part of it: then who gave which is worth a place of its own. */
export const isShared = (item: ApprovalItem): boolean =>
  item.levels.length > 1 || item.needed > 1 || item.votes.length > (item.status === 'pending' ? 0 : 1)
