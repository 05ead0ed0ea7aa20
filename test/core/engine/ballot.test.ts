import { describe, expect, it } from 'vitest'
import { approvalsAt, countVotes } from '../../../electron/core/engine/ballot.ts'
import type { Ballot } from '../../../electron/core/engine/open-approval.ts'
import type { Level } from '../../../shared/model/level.ts'

const vote = (person: string, more: Partial<Ballot> = {}): Ballot => ({
  person,
  principal: person,
  credential: `tok_${person}`,
  verdict: 'approved',
  level: 0,
  version: 1,
  ...more,
})

describe('the votes of a level', () => {
  it('are one for each person, whoever’s they are and by whomever they were given', () => {
    expect(approvalsAt([vote('ana'), vote('ana')], 0, 1)).toBe(1)
    expect(approvalsAt([vote('ana'), vote('ana', { principal: 'ben' })], 0, 1)).toBe(1)
    expect(approvalsAt([vote('ana'), vote('ben', { principal: 'ana' })], 0, 1)).toBe(1)
    expect(approvalsAt([vote('cem', { principal: 'ana' }), vote('ana', { principal: 'ben' })], 0, 1)).toBe(1)
    expect(approvalsAt([vote('ana'), vote('ben')], 0, 1)).toBe(2)
  })

  it('are those for the version that is asked, and for no other', () => {
    expect(approvalsAt([vote('ana'), vote('ben', { version: 2 })], 0, 2)).toBe(1)
    expect(approvalsAt([vote('ana', { version: 3 })], 0, 2)).toBe(0)
  })

  it('are those of this level that approve', () => {
    expect(approvalsAt([vote('ana', { level: 1 }), vote('ben', { verdict: 'rejected' })], 0, 1)).toBe(0)
  })
})

describe('one refusal', () => {
  const level: Level = {
    name: '',
    approvers: ['ana', 'ben', 'cem'],
    people: ['ana', 'ben', 'cem'],
    votes: 'any',
    one_rejection_ends: true,
    timeout_ms: null,
    remind_before_ms: [],
    escalate: [],
  }
  const count = (one_rejection_ends: boolean, votes: readonly Ballot[]) =>
    countVotes(
      {
        levels: [{ ...level, one_rejection_ends }],
        standing: { level: 0, people: level.people, needed: 1 },
        votes,
        version: 1,
        isExcluded: () => false,
      },
      0,
    )

  it('ends it, though others could still approve, unless the level says that it does not', () => {
    const refused = [vote('ana', { verdict: 'rejected' })]
    expect(count(true, refused)).toEqual({ ended: 'rejected', level: 0 })
    expect(count(false, refused)).toEqual({ ended: null, standing: null })
  })

  it('of an earlier version, or at another level, ends nothing', () => {
    const [earlier, elsewhere] = [vote('ana', { verdict: 'rejected', version: 0 }), vote('ana', { verdict: 'rejected', level: 1 })]
    expect(count(true, [earlier, elsewhere])).toEqual({ ended: null, standing: null })
  })
})
