import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { failure } from '../../../shared/contract/errors.ts'
import type { DelegationInput, PersonInput } from '../../../shared/contract/people.ts'
import type { Actor } from '../../../shared/model/actor.ts'
import { admin, caller, hour, later, openScene, operations, type Scene, start } from './scene.ts'

const config = `# who is who
owner:
  name: Ana Silva
  email: ana@example.com
people:
  # the new one
  - email: Bo@example.com # home address
    name: Bo Berg
    aliases:
      - b.berg@example.org # since the merger
      - bobby
    away: {from: 2026-03-02T11:00:00Z, until: 2026-03-02T12:00:00+01:00}
  - email: cy@example.com
    backup: bo@example.com
    assistants: [Bobby@nowhere.example, b.berg@example.org]
groups:
  # they pay
  finance: [cy@example.com, bo@example.com]
  board:
    label: The board
    members:
      - ana@example.com # chair
      - bo@example.com
http:
  port: 7000 # as agreed
`.replace('11:00:00Z, until: 2026-03-02T12:00:00+01:00', '10:00:00Z, until: 2026-03-02T12:00:00+01:00')

const person = (email: string, fields: Partial<PersonInput> = {}): PersonInput => ({
  email,
  name: 'Somebody',
  aliases: [],
  backup: null,
  assistants: [],
  away: null,
  ...fields,
})
const handed = (fields: Partial<DelegationInput> = {}): DelegationInput => ({
  from: 'bo@example.com',
  to: 'cy@example.com',
  ends_at: later(24),
  types: [],
  max_amount: null,
  currency: null,
  reason: '',
  ...fields,
})

let scene: Scene
beforeEach(async () => {
  scene = await openScene(config)
})
afterEach(() => scene.close())

const emails = () => scene.people.view().people.map(({ email, contact }) => (contact ? `(${email})` : email))
const lines = async () => (await scene.text()).split('\n')

describe('the people shown', () => {
  it('are those entered, the owner, and as contacts those who are only named somewhere', () => {
    scene.named.push('Eve@example.com', 'b.berg@example.org')
    expect(emails()).toEqual([
      'ana@example.com',
      'bo@example.com',
      'cy@example.com',
      '(bobby@nowhere.example)',
      '(eve@example.com)',
    ])
    const view = scene.people.view()
    expect(view.people[1]).toEqual({
      email: 'bo@example.com',
      name: 'Bo Berg',
      aliases: ['b.berg@example.org', 'bobby'],
      backup: null,
      assistants: [],
      away: { from: '2026-03-02T10:00:00.000Z', until: '2026-03-02T11:00:00.000Z' },
      is_away: false,
      groups: ['finance', 'board'],
      contact: false,
    })
    expect(view.groups).toEqual([
      { name: 'finance', label: '', members: ['cy@example.com', 'bo@example.com'] },
      { name: 'board', label: 'The board', members: ['ana@example.com', 'bo@example.com'] },
    ])
    scene.clock.advance(hour)
    expect(scene.people.view().people[1]!.is_away).toBe(true)
  })
})

describe('entering people', () => {
  it('writes only what is new, and leaves comments and spelling as they are', async () => {
    const before = await lines()
    const saved = await scene.people.savePerson(
      person('bo@example.com', { name: 'Bo Berg', aliases: ['B.Berg@example.org', 'robert'], assistants: ['di@example.com'] }),
      admin,
    )
    expect(saved).toMatchObject({ ok: true, value: { people: expect.any(Array) } })
    const after = await lines()
    expect(after.filter((line) => !before.includes(line))).toEqual(['      - robert', '    assistants:', '      - di@example.com'])
    expect(before.filter((line) => !after.includes(line))).toEqual([
      '      - bobby',
      '    away: {from: 2026-03-02T10:00:00Z, until: 2026-03-02T12:00:00+01:00}',
    ])
    expect(scene.recorded).toEqual([
      {
        paths: [
          'people[bo@example.com].aliases',
          'people[bo@example.com].assistants',
          'people[bo@example.com].away.from',
          'people[bo@example.com].away.until',
        ],
        changes: { person: expect.objectContaining({ email: 'bo@example.com' }) },
        by: 'ana@example.com',
      },
    ])
  })

  it('adds somebody new, also into a file that has nobody', async () => {
    await scene.edit('# empty\n')
    await scene.people.savePerson(person('Eve+x@Example.com', { name: 'Eve', away: { from: start, until: later(1) } }), admin)
    expect(await scene.text()).toBe(
      `# empty\n\npeople:\n  - email: eve@example.com\n    name: Eve\n    away:\n      from: ${start}\n      until: ${later(1)}\n`,
    )
    expect(scene.recorded.map(({ paths }) => paths)).toEqual([['people[eve@example.com]']])
    await scene.people.savePerson(person('eve@example.com', { name: 'Eve' }), admin)
    expect(await scene.text()).toBe('# empty\n\npeople:\n  - email: eve@example.com\n    name: Eve\n')
  })

  it.each([
    ['/email', person('b.berg@example.org'), 'belongs to bo@example.com'],
    ['/aliases/1', person('eve@example.com', { aliases: ['evie', 'Bobby'] }), 'belongs to bo@example.com'],
    ['/aliases/0', person('eve@example.com', { aliases: ['cy+x@example.com'] }), 'belongs to cy@example.com'],
    ['/backup', person('eve@example.com', { backup: 'eve@example.com' }), 'nobody is their own backup'],
    ['/backup', person('bo@example.com', { aliases: ['bobby'], backup: 'BO+1@example.com' }), 'nobody is their own backup'],
    ['/assistants/1', person('eve@example.com', { assistants: ['a@b.example', 'eve@example.com'] }), 'nobody assists themselves'],
    ['/away/until', person('eve@example.com', { away: { from: later(2), until: later(1) } }), 'must be after from'],
  ])('refuses at %s what cannot be', async (pointer, input, why) => {
    const before = await scene.text()
    expect(await scene.people.savePerson(input, admin)).toMatchObject({
      ok: false,
      failure: { code: 'invalid-input', data: { errors: [{ pointer, message: expect.stringContaining(why) }] } },
    })
    expect([await scene.text(), scene.recorded]).toEqual([before, []])
  })

  it('puts back what the journal refuses', async () => {
    const before = await scene.text()
    scene.journal.refuses = failure('disk-full', 'The disk is full.')
    expect(await scene.people.savePerson(person('eve@example.com'), admin)).toEqual({ ok: false, failure: scene.journal.refuses })
    expect([await scene.text(), emails().includes('eve@example.com')]).toEqual([before, false])
  })

  it('does not write into a file that is broken, and says where it is', async () => {
    const broken = `${config}peeple: []\n`
    await scene.edit(broken)
    expect(await scene.people.savePerson(person('eve@example.com'), admin)).toMatchObject({
      ok: false,
      failure: { code: 'invalid-input', message: expect.stringMatching(/has to be corrected first: \/peeple: line \d+/) },
    })
    expect(await scene.text()).toBe(broken)
    expect(scene.people.nameOf('bo@example.com')).toBe('Bo Berg')
  })

  it('makes changes at the same time one after the other', async () => {
    const names = Array.from({ length: 8 }, (_, index) => `p${index}@example.com`)
    await Promise.all(names.map((email) => scene.people.savePerson(person(email), admin)))
    expect(emails()).toEqual(expect.arrayContaining(names))
    expect(scene.recorded).toHaveLength(8)
  })
})

describe('sections that are there but empty', () => {
  it('are filled', async () => {
    await scene.edit('people: # nobody yet\ngroups:\ndelegations: []\n')
    await scene.people.savePerson(person('eve@example.com', { name: 'Eve' }), admin)
    await scene.people.saveGroup({ name: 'all', label: '', members: ['eve@example.com'] }, admin)
    await scene.people.delegate(handed({ from: 'eve@example.com' }), caller('eve@example.com'))
    expect(scene.settings.config).toMatchObject({
      people: [{ email: 'eve@example.com' }],
      groups: { all: { members: ['eve@example.com'] } },
      delegations: [{ from: 'eve@example.com', to: 'cy@example.com' }],
    })
    await scene.people.removePerson('eve@example.com', admin)
    expect(scene.people.view()).toEqual({ people: [], groups: [{ name: 'all', label: '', members: [] }], delegations: [] })
  })
})

describe('removing a person', () => {
  it('takes them out of people, groups, other people’s stand-ins and delegations', async () => {
    await scene.people.delegate(handed(), caller('bo@example.com'))
    expect(await scene.people.removePerson('B.Berg@example.org', admin)).toMatchObject({ ok: true })
    expect(await scene.text()).not.toMatch(/bo@|berg/i)
    expect(await scene.text()).toContain('# chair')
    const view = scene.people.view()
    expect([view.groups.map(({ members }) => members), view.delegations]).toEqual([[['cy@example.com'], ['ana@example.com']], []])
    expect(view.people.find(({ email }) => email === 'cy@example.com')).toMatchObject({
      backup: null,
      assistants: ['bobby@nowhere.example'],
    })
  })

  it('says that there is nobody of that name', async () => {
    expect(await scene.people.removePerson('eve@example.com', admin)).toMatchObject({ ok: false, failure: { code: 'not-found' } })
  })
})

describe('groups', () => {
  it('stay in the form they were written in', async () => {
    await scene.people.saveGroup({ name: 'finance', label: '', members: ['bo@example.com', 'Di@example.com'] }, admin)
    await scene.people.saveGroup({ name: 'board', label: 'Everybody on it', members: ['ana@example.com'] }, admin)
    const text = await scene.text()
    expect(text).toContain('  # they pay\n  finance: [bo@example.com, di@example.com]\n')
    expect(text).toContain('  board:\n    label: Everybody on it\n    members:\n      - ana@example.com # chair\n')
    expect(scene.recorded.map(({ paths }) => paths)).toEqual([
      ['groups.finance.members'],
      ['groups.board.label', 'groups.board.members'],
    ])
  })

  it('come and go', async () => {
    await scene.people.saveGroup({ name: 'ml-team', label: '', members: ['eve@example.com'] }, admin)
    await scene.people.saveGroup({ name: 'finance', label: 'Finance', members: [] }, admin)
    expect(scene.people.view().groups).toEqual([
      { name: 'finance', label: 'Finance', members: [] },
      { name: 'board', label: 'The board', members: ['ana@example.com', 'bo@example.com'] },
      { name: 'ml-team', label: '', members: ['eve@example.com'] },
    ])
    await scene.people.removeGroup('ml-team', admin)
    expect(scene.people.resolve(['group:ml-team']).unknown).toEqual(['group:ml-team'])
    expect(await scene.people.removeGroup('ml-team', admin)).toMatchObject({ failure: { code: 'not-found' } })
    expect(await scene.people.removeGroup('constructor', admin)).toMatchObject({ failure: { code: 'not-found' } })
  })
})

describe('an administrator', () => {
  const ana: Actor = { kind: 'person', id: 'Ana+x@example.com', name: 'Ana', via: 'browser' }
  const bo: Actor = { ...ana, id: 'bo@example.com' }
  const cy = { backup: 'bo@example.com', assistants: ['Bobby@nowhere.example', 'b.berg@example.org'], name: 'cy' }
  const away = { from: start, until: later(1) }

  it.each([
    ['another’s backup', ana, person('cy@example.com', { ...cy, backup: 'ana@example.com' })],
    ['another’s assistant', ana, person('cy@example.com', { ...cy, assistants: ['ana@example.com'] })],
    ['the backup of somebody new', ana, person('new@example.com', { backup: 'ana@example.com' })],
    ['who decides, by an absence', bo, person('cy@example.com', { ...cy, away })],
  ])('does not become %s', async (_, by, input) => {
    const before = await scene.text()
    expect(await scene.people.savePerson(input, by)).toMatchObject({
      failure: { code: 'forbidden', message: expect.stringMatching(/^Nobody takes over decisions by themselves/) },
    })
    expect([await scene.text(), scene.recorded]).toEqual([before, []])
  })

  it.each([
    ['others', ana, person('cy@example.com', { ...cy, backup: 'eve@example.com', away })],
    ['oneself', ana, person('ana@example.com', { backup: 'bo@example.com', away })],
    ['what was so before', bo, person('cy@example.com', { ...cy, name: 'Cy Young' })],
  ])('enters %s', async (_, by, input) => {
    expect(await scene.people.savePerson(input, by)).toMatchObject({ ok: true })
  })
})

describe('being away', () => {
  const away = { from: start, until: later(8) }

  it('is entered by oneself, under any of one’s addresses, and ended again', async () => {
    const set = await scene.people.setAway('b.berg@example.org', away, caller('bo@example.com'))
    expect(set).toMatchObject({ ok: true })
    expect(scene.people.view().people[1]).toMatchObject({ is_away: true, away })
    expect(await scene.text()).toContain('# since the merger')
    await scene.people.setAway('bo@example.com', null, caller('bobby'))
    expect(scene.people.view().people[1]!.away).toBeNull()
    expect(scene.recorded.map(({ by, paths }) => [by, paths])).toEqual([
      ['bo@example.com', ['people[bo@example.com].away.from', 'people[bo@example.com].away.until']],
      ['bobby', ['people[bo@example.com].away.from', 'people[bo@example.com].away.until']],
    ])
  })

  it('enters whoever was only known by name', async () => {
    await scene.people.setAway('ana@example.com', away, caller('ana@example.com'))
    expect(scene.people.view().people.find(({ email }) => email === 'ana@example.com')).toMatchObject({
      name: 'Ana Silva',
      is_away: true,
      contact: false,
    })
  })

  it('is entered for others only with the scope admin', async () => {
    expect(await scene.people.setAway('bo@example.com', away, caller('cy@example.com'))).toMatchObject({
      failure: { code: 'forbidden' },
    })
    expect(await scene.people.setAway('bo@example.com', away, operations)).toMatchObject({ ok: true })
    expect(await scene.people.setAway('nobody@example.com', away, operations)).toMatchObject({ failure: { code: 'not-found' } })
  })

  it('is not entered by whoever decides for them then', async () => {
    const [ben, away] = [
      { ...caller('b.berg@example.org'), scopes: ['admin'] as const },
      { from: start, until: later(8) },
    ]
    expect(await scene.people.setAway('cy@example.com', away, ben)).toEqual({
      ok: false,
      failure: failure(
        'forbidden',
        'Nobody takes over decisions by themselves: cy@example.com hands them to you, or another administrator enters it.',
      ),
    })
    expect(await scene.people.setAway('cy@example.com', null, ben)).toMatchObject({ ok: true })
    expect(await scene.people.setAway('cy@example.com', away, { ...caller('eve@example.com'), scopes: ['admin'] })).toMatchObject({
      ok: true,
    })
  })

  it('cannot be over before it begins, or already', async () => {
    const bo = caller('bo@example.com')
    for (const times of [
      { from: later(2), until: later(1) },
      { from: later(-3), until: later(-1) },
    ])
      expect(await scene.people.setAway('bo@example.com', times, bo)).toMatchObject({
        failure: { code: 'invalid-input', data: { errors: [{ pointer: '/away/until' }] } },
      })
  })
})

describe('handing decisions over', () => {
  const expense = { type: 'expense', amount: '90.00', currency: 'EUR' }

  it('starts now by default, carries both names, and ends by itself', async () => {
    const delegated = await scene.people.delegate(
      handed({ types: ['expense'], max_amount: '100.00', currency: 'EUR', reason: ' Holidays ' }),
      caller('b.berg@example.org'),
    )
    expect(delegated).toEqual({
      ok: true,
      value: {
        id: expect.stringMatching(/^del_[0-9a-f]{24}$/),
        from: 'bo@example.com',
        to: 'cy@example.com',
        starts_at: start,
        ends_at: later(24),
        types: ['expense'],
        max_amount: '100.00',
        currency: 'EUR',
        reason: 'Holidays',
        active: true,
      },
    })
    expect(scene.people.standsInFor('cy@example.com', expense)).toMatchObject([{ email: 'bo@example.com', because: 'delegation' }])
    expect(scene.recorded[0]).toMatchObject({ paths: [expect.stringMatching(/^delegations\[del_/)], by: 'b.berg@example.org' })
    scene.clock.advance(24 * hour)
    expect(scene.people.standsInFor('cy@example.com', expense)).toEqual([])
    expect(scene.people.view().delegations[0]!.active).toBe(false)
  })

  it('is up to the person themselves, or to the scope admin', async () => {
    expect(await scene.people.delegate(handed(), caller('di@example.com'))).toMatchObject({ failure: { code: 'forbidden' } })
    expect(await scene.people.delegate(handed(), operations)).toMatchObject({ ok: true })
    expect(await scene.people.delegate(handed(), caller('ana@example.com', 'admin'))).toMatchObject({ ok: true })
  })

  it('is never granted to oneself', async () => {
    expect(await scene.people.delegate(handed(), caller('cy@example.com', 'admin', 'decide'))).toMatchObject({
      failure: { code: 'forbidden', message: expect.stringContaining('hands them to you') },
    })
    expect(
      await scene.people.delegate(handed({ to: 'ana@example.com' }), caller('ana+x@example.com', 'admin', 'decide')),
    ).toMatchObject({ failure: { code: 'forbidden' } })
  })

  it.each<[string, string, Partial<DelegationInput>]>([
    ['to oneself', '/to', { to: 'Bo+x@example.com' }],
    ['to one’s own alias', '/to', { to: 'b.berg@example.org' }],
    ['for the past', '/starts_at', { starts_at: later(-0.1) }],
    ['with an end before its start', '/ends_at', { starts_at: later(2), ends_at: later(1) }],
    ['with an end in the past', '/ends_at', { ends_at: later(-0.01) }],
    ['for more than a year', '/ends_at', { ends_at: later(24 * 366 + 1) }],
    ['with a largest amount below nothing', '/max_amount', { max_amount: '-1' }],
  ])('is refused %s', async (_what, pointer, fields) => {
    const before = await scene.text()
    const result = await scene.people.delegate(handed(fields), caller('bo@example.com', 'admin'))
    expect(result).toMatchObject({ failure: { code: 'invalid-input', data: { errors: [{ pointer }] } } })
    expect(await scene.text()).toBe(before)
  })

  it('never reaches into the past, however late the form arrives', async () => {
    const delegated = await scene.people.delegate(handed({ starts_at: later(-4 / 60) }), caller('bo@example.com'))
    expect(delegated).toMatchObject({ value: { starts_at: start } })
    expect(await scene.people.delegate(handed({ ends_at: later(24 * 366) }), caller('bo@example.com'))).toMatchObject({ ok: true })
  })

  it('is ended by either of the two, or with the scope admin, and by nobody else', async () => {
    const begin = async () => {
      const made = await scene.people.delegate(handed(), caller('bo@example.com'))
      return made.ok ? made.value.id : ''
    }
    for (const who of [caller('bo@example.com'), caller('cy@example.com'), operations]) {
      const id = await begin()
      expect(await scene.people.endDelegation(id, caller('di@example.com'))).toMatchObject({ failure: { code: 'forbidden' } })
      expect(await scene.people.endDelegation(id, who)).toMatchObject({ ok: true, value: { delegations: [] } })
      expect(scene.people.standsInFor('cy@example.com', expense)).toEqual([])
      expect(await scene.people.endDelegation(id, who)).toMatchObject({ failure: { code: 'not-found' } })
    }
  })

  it('can be written by hand without an id, and ended by the one it then has', async () => {
    await scene.edit(
      `delegations:\n  # one\n  - {from: a@x.example, to: b@x.example, starts_at: "${start}", ends_at: "${later(1)}"}\n  # two\n  - {from: c@x.example, to: b@x.example, starts_at: "${start}", ends_at: "${later(1)}"}\n`,
    )
    const [first] = scene.people.view().delegations
    await scene.people.endDelegation(first!.id, caller('a@x.example'))
    expect(scene.people.view().delegations).toMatchObject([{ from: 'c@x.example' }])
    expect(await scene.text()).toContain('# two')
  })
})
