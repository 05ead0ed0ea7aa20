import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { covers, createDirectory } from '../../../electron/core/people/directory.ts'
import type { Matter } from '../../../electron/core/people/port.ts'
import { goesBy } from '../../../shared/model/actor.ts'
import { hour, later, openScene, type Scene, start } from './scene.ts'

const config = `
owner: {name: Ana Silva, email: ana@example.com}
people:
  - {email: bo@example.com, name: Bo Berg, aliases: [b.berg@example.org, Bobby], backup: cy@example.com, assistants: [di@example.com]}
  - email: cy@example.com
    name: Cy Young
    backup: di@example.com
    away: {from: "${later(1)}", until: "${later(3)}"}
  - {email: di@example.com, name: Di Prima}
groups:
  finance: [b.berg@example.org, cy@example.com, BO@example.com]
  empty: []
`
const expense: Matter = { type: 'expense', amount: 100, currency: 'EUR' }
let scene: Scene
beforeEach(async () => {
  scene = await openScene(config)
})
afterEach(() => scene.close())

describe('the directory', () => {
  it('finds whom e-mails, aliases, groups and committees stand for, each once', () => {
    expect(
      scene.people.resolve([' Bo+work@Example.com', 'b.berg@example.org', 'group:finance', 'committee:Finance', 'eve@example.com']),
    ).toEqual({ people: ['bo@example.com', 'cy@example.com', 'eve@example.com'], unknown: [] })
    expect(scene.people.resolve(['bobby'])).toEqual({ people: ['bo@example.com'], unknown: [] })
    expect(scene.people.resolve([])).toEqual({ people: [], unknown: [] })
  })

  it('says which names stand for nobody: unknown groups, groups without members, and what is no address', () => {
    expect(scene.people.resolve(['group:board', 'group:empty', 'group:constructor', 'somebody', 'ana@example.com'])).toEqual({
      people: ['ana@example.com'],
      unknown: ['group:board', 'group:empty', 'group:constructor', 'somebody'],
    })
  })

  it('knows each person under one address', () => {
    const { canonical, nameOf } = scene.people
    const spellings = ['B.Berg@example.org', 'bo+x@example.com', 'b\u200bo@example.com', 'Bo <bo@example.com>', 'BOBBY']
    expect(spellings.map(canonical)).toEqual(spellings.map(() => 'bo@example.com'))
    expect(canonical("O'Brien@example.com")).toBe("o'brien@example.com")
    expect([nameOf('b.berg@example.org'), nameOf('ana@example.com'), nameOf('eve.adams@example.com')]).toEqual([
      'Bo Berg',
      'Ana Silva',
      'Eve Adams',
    ])
  })

  it('knows every identity of whoever a text names', () => {
    const bo = ['bo@example.com', 'b.berg@example.org', 'bobby', 'bo berg']
    for (const text of ['Bo Berg', 'bo@example.com', 'Robert <B.Berg+1@example.org>', 'bobby', 'bo', 'b.berg'])
      expect(new Set(scene.people.identities(text)), text).toEqual(new Set([...bo, ...scene.people.identities(text).slice(0, 1)]))
    expect(scene.people.identities('eve@example.com')).toEqual(['eve@example.com'])
    expect(new Set(scene.people.identities('bo@example.com, di@example.com'))).toEqual(
      new Set([...bo, 'di@example.com', 'di prima']),
    )
  })

  it('does not take a namesake for the person who is named by address', async () => {
    await scene.edit('people:\n  - {email: kim@example.com, name: Kim}\n  - {email: kim@example.org, name: Kim}\n')
    const [one, other] = ['kim@example.com', 'kim@example.org'].map((email) => ({ email, name: 'Kim' }))
    const excludes = (text: string) => [one!, other!].map((person) => goesBy(person, scene.people.identities(text)))
    expect(excludes('kim@example.com')).toEqual([true, false])
    expect(excludes('Kim')).toEqual([true, true])
  })

  it('follows the file', async () => {
    await scene.edit('groups: {finance: [eve@example.com]}\n')
    expect(scene.people.resolve(['group:finance']).people).toEqual(['eve@example.com'])
    expect(scene.people.canonical('b.berg@example.org')).toBe('b.berg@example.org')
  })
})

describe('the sole operator', () => {
  it('is the owner, until anybody else is entered or in a group', async () => {
    expect(scene.people.soleOperator()).toBeNull()
    for (const [text, sole] of [
      ['owner: {name: Ana, email: ana@example.com}\n', 'ana@example.com'],
      ['owner: {name: Ana, email: ana@example.com}\ngroups: {team: [eve@example.com]}\n', null],
      [
        'owner: {name: Ana, email: a@example.org}\npeople: [{email: ana@example.com, aliases: [a@example.org]}]\n',
        'ana@example.com',
      ],
      ['people: []\n', null],
    ] as const) {
      const alone = await openScene(text)
      expect(alone.people.soleOperator()).toBe(sole)
      await alone.close()
    }
  })
})

describe('whoever stands in', () => {
  const who = (email: string, matter = expense) => scene.people.standsInFor(email, matter).map((one) => [one.email, one.because])

  it('does so while the person is away whose backup they are, and not a moment longer', () => {
    expect(who('di@example.com')).toEqual([['bo@example.com', 'assistant']])
    scene.clock.advance(hour)
    expect(who('di@example.com')).toEqual([
      ['cy@example.com', 'backup'],
      ['bo@example.com', 'assistant'],
    ])
    expect(scene.people.inboxesOf('di@example.com')).toEqual(['cy@example.com', 'bo@example.com'])
    scene.clock.advance(2 * hour)
    expect(who('di@example.com')).toEqual([['bo@example.com', 'assistant']])
  })

  it('is told with the name and every identity of the person they stand in for', () => {
    expect(scene.people.standsInFor('DI@example.com', expense)).toEqual([
      {
        email: 'bo@example.com',
        name: 'Bo Berg',
        because: 'assistant',
        identities: ['bo@example.com', 'b.berg@example.org', 'bobby', 'bo berg'],
      },
    ])
  })

  it('takes nobody’s right away: who is away still decides', () => {
    scene.clock.advance(hour)
    expect(scene.people.resolve(['cy@example.com']).people).toEqual(['cy@example.com'])
    expect(who('cy@example.com')).toEqual([])
  })

  it('never passes it on', async () => {
    await scene.edit(`
people:
  - {email: a@x.example, backup: b@x.example, away: {from: "${start}", until: "${later(9)}"}}
  - {email: b@x.example, backup: c@x.example, assistants: [c@x.example], away: {from: "${start}", until: "${later(9)}"}}
delegations:
  - {from: b@x.example, to: c@x.example, starts_at: "${start}", ends_at: "${later(9)}"}
`)
    expect(who('b@x.example')).toEqual([['a@x.example', 'backup']])
    expect(who('c@x.example')).toEqual([['b@x.example', 'delegation']])
    expect(scene.people.inboxesOf('c@x.example')).toEqual(['b@x.example'])
  })

  it('is found by an alias of either', async () => {
    await scene.edit(`
people:
  - {email: a@x.example, aliases: [a@old.example]}
  - {email: b@x.example, aliases: [b@old.example]}
delegations:
  - {from: a@old.example, to: b@old.example, starts_at: "${start}", ends_at: "${later(1)}"}
`)
    expect(who('b@x.example')).toEqual([['a@x.example', 'delegation']])
    expect(who('b+y@old.example')).toEqual([['a@x.example', 'delegation']])
    expect(who('a@x.example')).toEqual([])
  })
})

describe('an authority table', () => {
  const hours = [-1, 0, 1, 2, 3]
  const askers = ['boss@x.example', 'boss@old.example', 'aide@x.example', 'AIDE+1@x.example', 'aide@old.example', 'other@x.example']
  const amounts = [50, 150]

  it('of delegation × backup × assistant × absence × time × address × amount says who may, and why', async () => {
    let cells = 0
    for (let combination = 0; combination < 16; combination++) {
      const [delegated, backup, assists, away] = [1, 2, 4, 8].map((bit) => (combination & bit) !== 0)
      const span = `"${later(0)}", until: "${later(2)}"`
      const fields = [
        'email: boss@x.example, name: Boss, aliases: [boss@old.example]',
        ...(backup ? ['backup: aide@old.example'] : []),
        ...(assists ? ['assistants: [aide@x.example]'] : []),
        ...(away ? [`away: {from: ${span}}`] : []),
      ]
      const handed = `{from: boss@old.example, to: aide@x.example, starts_at: "${later(1)}", ends_at: "${later(3)}", types: [expense], max_amount: 100, currency: EUR}`
      const problems = await scene.edit(
        `people:\n  - {${fields.join(', ')}}\n  - {email: aide@x.example, aliases: [aide@old.example]}\ndelegations: [${delegated ? handed : ''}]\n`,
      )
      expect(problems).toEqual([])
      for (const hours_since of hours)
        for (const asker of askers)
          for (const amount of amounts) {
            const people = createDirectory(scene.settings, { now: () => Date.parse(later(hours_since)) })
            const reason =
              delegated && hours_since >= 1 && hours_since < 3 && amount <= 100
                ? 'delegation'
                : backup && away && hours_since >= 0 && hours_since < 2
                  ? 'backup'
                  : assists
                    ? 'assistant'
                    : null
            const expected = /^aide/i.test(asker) && reason ? [['boss@x.example', reason]] : []
            const found = people.standsInFor(asker, { ...expense, amount }).map((one) => [one.email, one.because])
            expect(found, JSON.stringify({ delegated, backup, assists, away, hours_since, asker, amount })).toEqual(expected)
            cells++
          }
    }
    expect(cells).toBe(16 * 5 * 6 * 2)
  })
})

describe('a delegation', () => {
  type Limits = Parameters<typeof covers>[0]
  const limits = {
    types: [[], ['expense'], ['deployment', 'refund']],
    max_amount: [null, 0, 100, '99.99'],
    currency: [null, 'EUR'],
  }
  const matters = {
    type: ['expense', 'deployment', 'Expense'],
    amount: [null, 0, 99.99, '99.990', 100, '100.01', -50, '-100.01', 'a lot'],
    currency: [null, 'EUR', 'USD'],
  }

  /** The rule in other words, on whole cents. */
  function expected({ types, max_amount, currency }: Limits, matter: Matter): boolean {
    const cents = (amount: number | string) => Math.round(Math.abs(Number(amount)) * 100)
    const typeFits = types.length === 0 || types.some((type) => type === matter.type)
    const compared = matter.amount !== null && !Number.isNaN(Number(matter.amount)) && matter.currency === currency
    return typeFits && (max_amount === null || (compared && cents(matter.amount!) <= cents(max_amount)))
  }

  it('reaches as far as its types and its largest amount, by a table of every combination', () => {
    let cells = 0
    for (const types of limits.types)
      for (const max_amount of limits.max_amount)
        for (const currency of limits.currency)
          for (const type of matters.type)
            for (const amount of matters.amount)
              for (const paid of matters.currency) {
                const [limit, matter] = [
                  { types, max_amount, currency },
                  { type, amount, currency: paid },
                ]
                expect(covers(limit, matter), JSON.stringify([limit, matter])).toBe(expected(limit, matter))
                cells++
              }
    expect(cells).toBe(3 * 4 * 2 * 3 * 9 * 3)
  })

  it('compares amounts digit by digit', () => {
    const limit = { types: [], max_amount: '9007199254740993.01', currency: 'EUR' }
    expect(covers(limit, { type: 'x', amount: '9007199254740993.01', currency: 'EUR' })).toBe(true)
    expect(covers(limit, { type: 'x', amount: '9007199254740993.02', currency: 'EUR' })).toBe(false)
  })

  it.each([
    ['before it starts', -1, false],
    ['the moment it starts', 0, true],
    ['just before it ends', 2 * hour - 1, true],
    ['the moment it ends', 2 * hour, false],
  ])('%s: %s ms after its start counts: %s', async (_when, ms, counts) => {
    await scene.edit(
      `delegations:\n  - {from: a@x.example, to: b@x.example, starts_at: "${later(1)}", ends_at: "${later(3)}", types: [expense], max_amount: 100, currency: EUR}\n`,
    )
    scene.clock.advance(hour + ms)
    expect(scene.people.standsInFor('b@x.example', expense)).toHaveLength(counts ? 1 : 0)
    expect(scene.people.inboxesOf('b@x.example')).toEqual(counts ? ['a@x.example'] : [])
    expect(scene.people.view().delegations[0]?.active).toBe(counts)
    expect(scene.people.standsInFor('b@x.example', { ...expense, amount: 101 })).toEqual([])
    expect(scene.people.standsInFor('a@x.example', expense)).toEqual([])
  })
})
