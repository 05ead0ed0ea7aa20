import { describe, expect, it } from 'vitest'
import { canReach, tooFew } from '../../../shared/model/level.ts'

type Reached = Parameters<typeof canReach>[0]
const version = { number: 1, sha256: 'a' }
const mail = (...names: string[]) => names.map((name) => `${name}@example.com`)
const open = (more: Partial<Reached>): Reached => ({
  status: 'pending',
  levels: [],
  waits_for: mail('ana', 'ben'),
  excluded: [],
  needed: 1,
  votes: [],
  version,
  progress: { done: 0, total: 1 } as Reached['progress'],
  ...more,
})
const vote = (name: string, verdict: 'approved' | 'rejected', more: object = {}) =>
  ({ level: 0, version, verdict, actor: { id: `${name}@example.com` }, on_behalf_of: null, ...more }) as Reached['votes'][number]

describe('whether those asked can still approve it', () => {
  it.each([
    ['nobody is named: anybody may', { waits_for: [] }, true, 1, 0],
    ['nobody has answered', {}, true, 1, 2],
    ['one of them requested it', { excluded: ['ana@example.com'] }, true, 1, 1],
    ['both are needed, and one requested it', { needed: 2, excluded: ['ana@example.com'] }, false, 2, 1],
    ['the only one requested it, under another spelling', { waits_for: ['Ana+x@example.com'], excluded: ['ana'] }, false, 1, 0],
    ['one has approved, the other is needed', { needed: 2, votes: [vote('ana', 'approved')] }, true, 1, 1],
    ['one has refused, and both are needed', { needed: 2, votes: [vote('ana', 'rejected')] }, false, 2, 1],
    [
      'somebody approved for the one who is left',
      { needed: 2, votes: [vote('cem', 'approved', { on_behalf_of: { email: 'ana@example.com', name: '' } })] },
      true,
      1,
      1,
    ],
    [
      'an answer to an earlier version counts no more',
      { needed: 2, votes: [vote('ana', 'approved', { version: { number: 0, sha256: 'b' } })] },
      true,
      2,
      2,
    ],
  ] as const)('%s', (_how, more, enough, missing, people) => {
    expect(canReach(open(more as Partial<Reached>))).toEqual({ enough, missing, people })
  })

  it('is nobody’s concern once it has ended', () => {
    expect(canReach(open({ status: 'approved', excluded: mail('ana', 'ben') })).enough).toBe(true)
  })

  it('is so for a sole operator whom the policy lets approve alone, and not for one of two', () => {
    const own = { waits_for: mail('ana'), excluded: mail('ana') }
    expect([canReach(open(own)).enough, canReach(open(own), 'ana@example.com').enough]).toEqual([false, true])
    expect(canReach(open({ ...own, needed: 2, waits_for: mail('ana', 'ben') }), 'ana@example.com').enough).toBe(false)
  })

  it('is said with what is missing, and what to do', () => {
    expect(tooFew({ enough: false, missing: 1, people: 0 })).toBe(
      'Too few of those asked can still answer: 1 more approval is needed and nobody can give one. Hand it over or cancel it.',
    )
    expect(tooFew({ enough: false, missing: 2, people: 1 })).toContain('2 more approvals are needed and 1 person can give one.')
  })
})
