import { mkdtemp, readFile, rm, unlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { changesByHand } from '../../../electron/core/settings/by-hand.ts'
import { runDoctor } from '../../../electron/core/settings/doctor.ts'
import type { Settings } from '../../../electron/core/settings/port.ts'
import { openSettings } from '../../../electron/core/settings/settings.ts'
import { failure } from '../../../shared/contract/errors.ts'
import { fail, ok } from '../../../shared/model/result.ts'
import { FakeClock } from '../../support/fake-clock.ts'

let home: string
let configFile: string
let settings: Settings
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'live-settings-'))
  configFile = join(home, 'config.yaml')
  await writeFile(configFile, 'model:\n  name: first\n')
  settings = await openSettings({ configFile, environment: {} })
})
afterEach(() => rm(home, { recursive: true, force: true }))

const edit = (text: string) => writeFile(configFile, text)
const broken = 'model:\n  nmae: second\n'
const where = { pointer: '/model/nmae', message: 'line 2, column 3: “nmae” is not known here; did you mean “name”?' }

describe('config.yaml edited by hand', () => {
  it('is in force once it is read again, and those who follow it are told', async () => {
    const told: string[] = []
    settings.onChange((config) => told.push(config.model.name))
    await edit('model:\n  name: second\n')
    expect(await settings.reload()).toEqual([])
    expect([settings.config.model.name, told]).toEqual(['second', ['second']])
    await settings.reload()
    await edit('# a comment\nmodel:\n  name: second\n')
    await settings.reload()
    expect(told).toEqual(['second'])
  })

  it('leaves the last good one in force while it is broken, and says where', async () => {
    await edit(broken)
    expect(await settings.reload()).toEqual([where])
    expect([settings.config.model.name, settings.problems]).toEqual(['first', [where]])
    await edit('model:\n  name: third\n')
    await settings.reload()
    expect([settings.config.model.name, settings.problems]).toEqual(['third', []])
  })

  it('tells those who show it when it breaks and when it is whole again', async () => {
    const told: number[] = []
    settings.onProblems(() => told.push(settings.problems.length))
    await edit(broken)
    await settings.reload()
    await settings.reload()
    await edit('model:\n  name: first\n')
    await settings.reload()
    expect(told).toEqual([1, 0])
  })

  it('leaves the last good one in force while the file is gone', async () => {
    await unlink(configFile)
    expect(await settings.reload()).toEqual([{ pointer: '', message: 'is not there any more' }])
    expect(settings.config.model.name).toBe('first')
    await edit('model:\n  name: first\n')
    expect(await settings.reload()).toEqual([])
  })

  it('is not written over by the application while it is broken', async () => {
    await edit(broken)
    expect(await settings.update({ model: { enabled: false } })).toMatchObject({
      ok: false,
      failure: { code: 'invalid-input', message: expect.stringMatching(/has to be corrected first: .*line 2, column 3/) },
    })
    expect(await readFile(configFile, 'utf8')).toBe(broken)
  })

  it('is shown by doctor while it is broken', async () => {
    await edit(broken)
    await settings.reload()
    const checks = await runDoctor({
      home,
      settings,
      policy: { view: () => ({ text: '', version: '', path: '', problems: [], self_approval: 'never', rules: [] }) },
      summaries: { status: async () => ({ state: 'off' }) },
      journal: { readOnly: null, head: { seq: 0, hash: '' }, durable: { seq: 0, end: 0 } },
      projection: { progress: { applied: 0, total: 0, rebuilding: false } },
    })
    expect(checks.find(({ name }) => name === 'Settings')).toMatchObject({
      name: 'Settings',
      state: 'problem',
      detail: `config.yaml cannot be used, what was in force before still is: /model/nmae: ${where.message}.`,
      fix: 'Correct config.yaml; it is read again by itself.',
    })
  })
})

describe('a watched config.yaml', () => {
  /** Lets the clock run until something is so; reading the file takes real time. */
  const passUntil = (clock: FakeClock, so: () => boolean) =>
    vi.waitUntil(
      () => {
        if (so()) return true
        clock.advance(100)
        return false
      },
      { interval: 1, timeout: 5000 },
    )

  it('is noticed by the clock and journalled before it takes effect', async () => {
    const clock = new FakeClock()
    const recorded: unknown[] = []
    const stop = settings.watch({
      clock,
      record: async (paths, after) => {
        recorded.push([paths, settings.config.model.name, after.model.name])
        return ok(null)
      },
    })
    await edit('model:\n  name: second\n')
    await passUntil(clock, () => settings.config.model.name === 'second')
    expect(recorded).toEqual([[['model.name'], 'first', 'second']])
    stop()
    await settings.reload()
    expect(clock.timers).toBe(0)
  })

  it('is taken in only once nobody is writing it any more', async () => {
    const clock = new FakeClock()
    const told: string[] = []
    settings.onChange((config) => told.push(config.model.name))
    const stop = settings.watch({ clock })
    await edit('')
    clock.advance(2000)
    await passUntil(clock, () => clock.timers === 1)
    await edit('model:\n  name: second\n')
    await passUntil(clock, () => told.length > 0)
    expect(told).toEqual(['second'])
    stop()
  })

  it('is not in force while the journal refuses it, and is once it takes it', async () => {
    const clock = new FakeClock()
    let full = true
    const stop = settings.watch({ clock, record: async () => (full ? fail(failure('disk-full', 'The disk is full.')) : ok(null)) })
    await edit('model:\n  name: second\n')
    await passUntil(clock, () => settings.problems.length > 0)
    expect([settings.config.model.name, settings.problems[0]?.message]).toEqual([
      'first',
      'the change could not be recorded: The disk is full.',
    ])
    full = false
    await passUntil(clock, () => settings.config.model.name === 'second')
    expect(settings.problems).toEqual([])
    stop()
  })

  it('is not mistaken for the application’s own change', async () => {
    const recorded: unknown[] = []
    const by = (whom: string) => async (paths: readonly string[]) => {
      recorded.push([whom, paths])
      return ok(null)
    }
    const stop = settings.watch({ clock: new FakeClock(), record: by('hand') })
    await edit('model:\n  name: second\n')
    await settings.update({ notifications: { deadlines: false } }, by('application'))
    expect(recorded).toEqual([
      ['hand', ['model.name']],
      ['application', ['notifications.deadlines']],
    ])
    stop()
  })
})

describe('what the journal gets of an edit by hand', () => {
  it('is the sections that changed, and of those that hold secrets their paths alone', async () => {
    const recorded: unknown[] = []
    settings.watch({
      clock: new FakeClock(),
      record: async (paths, after) => {
        recorded.push(paths, changesByHand(paths, after))
        return ok(null)
      },
    })
    await edit(
      'groups: {finance: [bo@example.com]}\nactions: {refund: {url: "http://127.0.0.1/", headers: {Authorization: secret}}}\n',
    )
    await settings.reload()
    expect(recorded).toEqual([
      expect.arrayContaining(['groups.finance.members', 'actions.refund.headers.Authorization', 'model.name']),
      { groups: { finance: { label: '', members: ['bo@example.com'] } }, model: expect.objectContaining({ name: 'llama3.2' }) },
    ])
    expect(JSON.stringify(recorded)).not.toContain('secret')
  })
})

describe('people in config.yaml', () => {
  const problems = async (text: string) => {
    await edit(text)
    return settings.reload()
  }

  it('may be written in the short forms', async () => {
    expect(
      await problems(
        [
          'people:',
          '  - email: Ana.Silva+work@Example.com',
          'groups: {finance: [Bo@example.com]}',
          'delegations:',
          '  - {from: ana.silva@example.com, to: bo@example.com, starts_at: "2026-03-01T09:00:00+01:00", ends_at: 2026-03-02T00:00:00Z}',
          '',
        ].join('\n'),
      ),
    ).toEqual([])
    expect(settings.config).toMatchObject({
      people: [{ email: 'ana.silva@example.com', name: 'Ana Silva', aliases: [], backup: null, assistants: [], away: null }],
      groups: { finance: { label: '', members: ['bo@example.com'] } },
      delegations: [{ id: expect.stringMatching(/^del_[0-9a-f]{16}$/), starts_at: '2026-03-01T08:00:00.000Z', types: [] }],
    })
    expect(settings.config.groups.constructor).toBeUndefined()
  })

  it('are refused with line and column where one entry is wrong', async () => {
    expect(
      await problems(
        [
          'people:',
          '  - email: ana',
          '    backupp: bo@example.com',
          '  - email: bo@example.com',
          '    away: {from: 2026-03-02T00:00:00Z, until: 2026-03-01T00:00:00Z}',
          'groups:',
          '  finance: [group:board]',
          '  board: {members: [cy@example.com, nobody]}',
          'delegations:',
          '  - {from: ana@example.com, to: bo@example.com, starts_at: soon, ends_at: 2026-03-02T00:00:00Z}',
          '',
        ].join('\n'),
      ),
    ).toEqual([
      { pointer: '/people/0/email', message: 'line 2, column 5: must be an e-mail address, not "ana"' },
      { pointer: '/people/0/backupp', message: 'line 3, column 5: “backupp” is not known here; did you mean “backup”?' },
      { pointer: '/people/1/away/until', message: expect.stringMatching(/^line 5, column 40: must be after from/) },
      { pointer: '/groups/finance/members/0', message: expect.stringMatching(/^line 7, column 13: must be an e-mail address/) },
      { pointer: '/groups/board/members/1', message: 'line 8, column 37: must be an e-mail address, not "nobody"' },
      { pointer: '/delegations/0/starts_at', message: expect.stringMatching(/^line 10, column 49: must be an instant such as/) },
    ])
  })

  it('are refused where two entries do not go together', async () => {
    expect(
      await problems(
        [
          'people:',
          '  - {email: ana@example.com, aliases: [Boss@example.com, A.Silva], backup: boss+x@example.com}',
          '  - {email: bo@example.com, aliases: [ a.silva ], assistants: [cy@example.com, bo@example.com]}',
          '  - {email: bo@example.com}',
          'delegations:',
          '  - {id: d, from: ana@example.com, to: boss@example.com, starts_at: 2026-03-01T00:00:00Z, ends_at: 2026-03-02T00:00:00Z}',
          '  - {id: d, from: ana@example.com, to: bo@example.com, starts_at: 2026-03-01T00:00:00Z, ends_at: 2026-03-02T00:00:00Z}',
          '',
        ].join('\n'),
      ),
    ).toEqual([
      { pointer: '/people/2/email', message: expect.stringMatching(/^line 4, column 6: .*bo@example.com stands here twice/) },
      { pointer: '/people/1/aliases/0', message: expect.stringMatching(/^line 3, column 40: .*belongs to ana@example.com/) },
      { pointer: '/people/0/backup', message: expect.stringMatching(/^line 2, column 68: .*nobody is their own backup/) },
      { pointer: '/people/1/assistants/1', message: expect.stringMatching(/^line 3, column 80: .*nobody assists themselves/) },
      { pointer: '/delegations/0/to', message: expect.stringMatching(/^line 6, column 36: .*nobody delegates to themselves/) },
      { pointer: '/delegations/1/id', message: expect.stringMatching(/^line 7, column 6: .*“d” stands here twice/) },
    ])
  })
})
