import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Findable, find, moved, withRecent } from '../../renderer/palette.ts'
import { toRoute } from '../../renderer/route.ts'
import { filterAt, filterHash, filterHere, nameProblem, shifted } from '../../renderer/saved-filters.ts'

const entries: readonly Findable[] = [
  { id: 'approve', label: 'Approve' },
  { id: 'reject', label: 'Reject, with a reason' },
  { id: 'waiting', label: 'Waiting on others', also: 'view list' },
  { id: 'due', label: 'Due soon', also: 'view list' },
  { id: 'reassign', label: 'Hand to somebody else' },
  { id: 'runs', label: 'Läufe' },
  { id: 'dark', label: 'Colours: Dark', also: 'theme night' },
]
const ids = (query: string, recent: readonly string[] = []) => find(query, entries, recent).map(({ id }) => id)

const letters = fc.string({ unit: fc.constantFrom(...'abcdeé AB .-'), maxLength: 12 })
const anything = fc.string({ unit: 'binary', maxLength: 20 })
const offered = fc.array(letters, { maxLength: 12 }).map((labels) => labels.map((label, n) => ({ id: `e${n}`, label })))

describe('the palette', () => {
  test('finds starts of words before parts of words, and scattered letters last', () => {
    expect(ids('re')[0]).toBe('reject')
    expect(ids('app')).toEqual(['approve'])
    expect(ids('wo')).toEqual(['waiting', 'reject'])
    expect(ids('aprv')).toEqual(['approve'])
    expect(ids('rov')).toEqual(['approve'])
    expect(ids('o')).toEqual(['waiting', 'approve', 'reject', 'due', 'reassign', 'dark'])
    expect(ids('hand else')).toEqual(['reassign'])
    expect(ids('zzz')).toEqual([])
  })

  test('reads neither case nor accents, and knows other words for a thing', () => {
    expect(ids('LAUFE')).toEqual(['runs'])
    expect(ids('läu')).toEqual(['runs'])
    expect(ids('theme')).toEqual(['dark'])
    expect(ids('list')).toEqual(['waiting', 'due'])
    expect(ids('  ')).toHaveLength(entries.length)
    expect(ids('…')).toHaveLength(entries.length)
  })

  test('puts what was used lately first among equals, and everything in its order without a query', () => {
    expect(ids('')).toEqual(entries.map(({ id }) => id))
    expect(ids('', ['due', 'dark']).slice(0, 3)).toEqual(['due', 'dark', 'approve'])
    expect(ids('a', ['reject'])).toEqual(ids('a'))
    expect(ids('list', ['due'])).toEqual(['due', 'waiting'])
  })

  test('never throws, finds only what is offered, and finds it in the same order each time', () => {
    fc.assert(
      fc.property(anything, offered, fc.array(anything), (query, some, recent) => {
        const found = find(query, some, recent)
        expect(find(query, some, recent)).toEqual(found)
        expect(new Set(found).size).toBe(found.length)
        for (const each of found) expect(some).toContain(each)
      }),
    )
  })

  test('finds less, never something else, with each further letter', () => {
    fc.assert(
      fc.property(letters, fc.constantFrom(...'abcdeé'), offered, (query, letter, some) => {
        const before = find(query, some, [])
        for (const each of find(query + letter, some, [])) expect(before).toContain(each)
      }),
    )
  })

  test('finds an entry by all of its label, and by the start of each of its words', () => {
    fc.assert(
      fc.property(offered, fc.nat(), (some, pick) => {
        const one = some[pick % Math.max(1, some.length)]
        if (!one || !/[a-e]/i.test(one.label)) return
        expect(find(one.label, some, [])).toContain(one)
        for (const word of one.label.match(/[a-z]+/gi) ?? []) expect(find(word[0]!, some, [])).toContain(one)
      }),
    )
  })

  test('moves around the ends with arrows and stays within them by pages', () => {
    expect([moved('ArrowDown', 2, 3), moved('ArrowUp', 0, 3), moved('ArrowUp', -1, 3)]).toEqual([0, 2, 2])
    expect([moved('Home', 2, 30), moved('End', 2, 30), moved('PageDown', 25, 30), moved('PageUp', 3, 30)]).toEqual([0, 29, 29, 0])
    expect([moved('x', 1, 3), moved('ArrowDown', 0, 0)]).toEqual([null, null])
  })

  test('remembers a few, each once, the latest first', () => {
    const recent = Array.from({ length: 20 }, (_, n) => `c${n}`).reduce<readonly string[]>(withRecent, [])
    expect(recent).toEqual(['c19', 'c18', 'c17', 'c16', 'c15', 'c14', 'c13', 'c12'])
    expect(withRecent(recent, 'c15')[0]).toBe('c15')
    expect(withRecent(recent, 'c15')).toHaveLength(8)
  })
})

describe('saved filters', () => {
  const large = { name: 'Large', view: 'inbox', search: 'over:1000', sort: 'amount' } as const
  const ana = { name: 'Ana', view: 'all', search: 'from:ana' } as const

  test('are current where the address shows the same, however its order is written', () => {
    for (const [index, filter] of [large, ana].entries()) expect(filterAt([large, ana], toRoute(filterHash(filter)))).toBe(index)
    expect(filterAt([large, ana], toRoute('#/all?q=from%3Aana&sort=newest'))).toBe(1)
    expect(filterAt([large, ana], toRoute('#/all?q=from%3Aana&sort=oldest'))).toBe(-1)
    expect(filterAt([large, ana], toRoute('#/approvals/a1?q=over%3A1000&sort=amount'))).toBe(0)
  })

  test('keep what differs from the view: nothing is saved of a view as it is', () => {
    expect(filterHere(toRoute('#/inbox'))).toBeNull()
    expect(filterHere(toRoute('#/inbox?sort=due'))).toBeNull()
    expect(filterHere(toRoute('#/settings?q=x'))).toBeNull()
    expect(filterHere(toRoute('#/done?sort=risk'))).toBeNull()
    expect(filterHere(toRoute('#/inbox?q=over%3A1000&sort=amount'))).toEqual({ view: 'inbox', search: 'over:1000', sort: 'amount' })
  })

  test('have names of their own', () => {
    expect(nameProblem([large, ana], -1, ' ')).toBe('empty')
    expect(nameProblem([large, ana], -1, 'LARGE ')).toBe('taken')
    expect(nameProblem([large, ana], 0, 'large')).toBeNull()
    expect(nameProblem([large, ana], -1, 'Others')).toBeNull()
  })

  test('move one step at a time and never get lost', () => {
    expect(shifted([1, 2, 3], 0, 1)).toEqual([2, 1, 3])
    expect(shifted([1, 2, 3], 2, 1)).toEqual([1, 2, 3])
    fc.assert(
      fc.property(fc.array(fc.nat()), fc.integer({ min: -1, max: 20 }), fc.constantFrom(1, -1), (list, at, step) => {
        expect(shifted(list, at, step as 1 | -1).toSorted()).toEqual(list.toSorted())
      }),
    )
  })
})
