import { expect, test } from 'vitest'
import { asksMe, type KnownPeople, standpoint } from '../../renderer/asked.ts'
import type { ApprovalItem, Vote } from '../../shared/model/approval.ts'

type Askable = Parameters<typeof standpoint>[0]

const item = (over: Partial<ApprovalItem> = {}): Askable => ({
  type: 'expense',
  amount: 900,
  currency: 'EUR',
  waits_for: ['tom@example.com', 'grace@example.com'],
  excluded: [],
  decision: null,
  progress: { done: 0, current: null, total: 1 },
  levels: [],
  votes: [],
  ...over,
})

const person = { aliases: [], backup: null, assistants: [], away: null, is_away: false, groups: [], contact: false }
const known = (over: Partial<NonNullable<KnownPeople>> = {}): KnownPeople => ({ people: [], delegations: [], ...over })

const vote = (actor: string, over: Partial<Vote> = {}): Vote => ({
  verdict: 'approved',
  actor: { kind: 'person', id: actor, name: actor, via: 'browser' },
  on_behalf_of: null,
  level: 0,
  version: { number: 1, sha256: 'a'.repeat(64) },
  at: '2026-03-01T08:00:00.000Z',
  comment: null,
  counts: true,
  ...over,
})

test('a request asks whom it waits for, however the address is spelled, and everybody when it names nobody', () => {
  expect(asksMe(item(), 'Grace+inbox@example.com', null)).toBe(true)
  expect(asksMe(item(), 'ana@example.com', null)).toBe(false)
  expect(asksMe(item({ waits_for: [] }), 'ana@example.com', null)).toBe(true)
})

test('an assistant always stands in, a backup only while the other is away', () => {
  const tom = { ...person, email: 'tom@example.com', name: 'Tom' }
  const named = [{ email: 'tom@example.com', name: 'Tom' }]
  const standIns = (people: NonNullable<KnownPeople>['people']) =>
    standpoint(item(), 'ana@example.com', known({ people })).standsInFor
  expect(standIns([{ ...tom, assistants: ['ana@example.com'] }])).toEqual(named)
  expect(standIns([{ ...tom, backup: 'ana@example.com' }])).toEqual([])
  expect(standIns([{ ...tom, backup: 'ana@example.com', is_away: true }])).toEqual(named)
})

test('a delegation covers its types and amounts, and nothing that the one who gave it may not decide', () => {
  const delegation = {
    id: 'd1',
    from: 'tom@example.com',
    to: 'ana@example.com',
    starts_at: '2026-03-01T00:00:00.000Z',
    ends_at: '2026-04-01T00:00:00.000Z',
    types: ['expense'],
    max_amount: 1000,
    currency: 'EUR',
    reason: '',
    active: true,
  }
  const covers = (over: Partial<ApprovalItem>, change: Partial<typeof delegation> = {}) =>
    asksMe(item(over), 'ana@example.com', known({ delegations: [{ ...delegation, ...change }] }))
  expect(covers({})).toBe(true)
  expect(covers({}, { active: false })).toBe(false)
  expect(covers({ type: 'deployment' })).toBe(false)
  expect(covers({ amount: '1000.01' })).toBe(false)
  expect(covers({ currency: 'USD' })).toBe(false)
  expect(covers({ excluded: ['tom@example.com'] })).toBe(false)
})

test('who has answered at this level is not asked again, also when somebody answered for them', () => {
  expect(standpoint(item({ votes: [vote('tom@example.com')] }), 'tom@example.com', null)).toMatchObject({
    asked: false,
    vote: { verdict: 'approved' },
  })
  const forTom = vote('ana@example.com', { on_behalf_of: { email: 'tom@example.com', name: 'Tom' } })
  expect(asksMe(item({ votes: [forTom] }), 'tom@example.com', null)).toBe(false)
  expect(asksMe(item({ votes: [vote('tom@example.com', { counts: false })] }), 'tom@example.com', null)).toBe(true)
})

test('whoever is excluded is told that it is their own request', () => {
  expect(standpoint(item({ excluded: ['tom@example.com'] }), 'TOM@example.com', null).own).toBe(true)
})
