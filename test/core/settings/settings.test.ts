import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { nameFromEmail, suggestedOwner } from '../../../electron/core/settings/owner.ts'
import { SettingsError } from '../../../electron/core/settings/port.ts'
import { openSettings } from '../../../electron/core/settings/settings.ts'
import { failure } from '../../../shared/contract/errors.ts'
import { fail, ok } from '../../../shared/model/result.ts'

let home: string
let configFile: string
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'settings-'))
  configFile = join(home, 'config.yaml')
})
afterEach(() => rm(home, { recursive: true, force: true }))

const open = (owner?: string, environment = {}) =>
  openSettings({ configFile, environment, ...(owner === undefined ? {} : { owner }) })

async function problems(config: string): Promise<readonly { pointer: string; message: string }[]> {
  await writeFile(configFile, config)
  const error = await open().then(
    () => null,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(SettingsError)
  return (error as SettingsError).problems
}

describe('settings of a home', () => {
  it('has a default for everything and writes commented files at a first start', async () => {
    const { config } = await open()
    expect(config).toEqual({
      owner: null,
      language: 'en',
      http: { port: 7171, hosts: [] },
      limits: { requests_per_minute: 60_000, burst: 20_000, body_bytes: 262_144, pending: 200_000 },
      model: { enabled: true, host: 'http://127.0.0.1:11434', name: 'llama3.2' },
      notifications: { new_requests: true, deadlines: true },
      actions: {},
      undo: { seconds: 5 },
      retention: { days: null, types: {}, hold: { runs: [], types: [] } },
      deliveries: { timeout_seconds: 20 },
      people: [],
      groups: {},
      delegations: [],
      hooks: {},
      filters: [],
      alerts: { webhook: null, sound: false, renag_minutes: 15, digest_minutes: 60, quiet: null, rules: [] },
    })
    expect(Object.isFrozen(config.model)).toBe(true)
    expect(await readFile(configFile, 'utf8')).toMatch(/# actions:[\s\S]*url:[\s\S]*command:/)
    expect(await readdir(home)).toEqual(['config.yaml'])
  })

  it('takes the examples of its own files when their comment signs are removed', async () => {
    await open()
    const text = await readFile(configFile, 'utf8')
    const first = text.split('\n\n').slice(1)
    await writeFile(
      configFile,
      first.map((block) => block.replaceAll(/^# ((?: *(?:- )?[a-z_A-Z-]+:| * {2}# ).*)$/gm, '$1')).join('\n\n'),
    )
    const { config } = await open()
    expect(config.owner).toEqual({ name: 'Ana Silva', email: 'ana@example.com' })
    expect(config.actions).toEqual({
      expense: { url: 'http://127.0.0.1:8080/payments', headers: { Authorization: 'Bearer replace-me' }, timeout_seconds: 30 },
      deployment: { command: ['./deploy.sh', '--from-approval'], cwd: '/srv/deployments', timeout_seconds: 600 },
    })
    expect(config).toMatchObject({
      people: [{ email: 'bo@example.com', name: 'Bo Berg', aliases: ['b.berg@example.org'], backup: 'cy@example.com' }],
      groups: {
        finance: { label: '', members: ['bo@example.com', 'cy@example.com'] },
        board: { label: 'The board', members: ['di@example.com'] },
      },
      delegations: [{ from: 'di@example.com', types: ['expense'], max_amount: 5000, currency: 'EUR' }],
      alerts: {
        webhook: 'http://127.0.0.1:9000/alerts',
        quiet: { from: '20:00', until: '07:00', days: ['sat', 'sun'], let_through: 'urgent' },
        rules: [{ risk: 'low', new: 'digest' }],
      },
    })
  })

  it('lists every problem at once, with line and column', async () => {
    expect(
      await problems(
        [
          'http:',
          '  prot: 8080',
          '  port: 99999',
          'model:',
          '  name: gpt-oss:120b-cloud',
          '  host: "not an address"',
          'limits:',
          '  burst: many',
          '',
        ].join('\n'),
      ),
    ).toEqual([
      { pointer: '/http/port', message: expect.stringMatching(/^line 3, column 3: expected number to be <=65535/) },
      { pointer: '/http/prot', message: 'line 2, column 3: “prot” is not known here; did you mean “port”?' },
      { pointer: '/limits/burst', message: expect.stringMatching(/^line 8, column 3: expected number, received string/) },
      { pointer: '/model/host', message: expect.stringMatching(/^line 6, column 3: must be an address such as/) },
      { pointer: '/model/name', message: expect.stringMatching(/^line 5, column 3: must be a model on this machine/) },
    ])
  })

  it('says where YAML itself is broken, where a name stands twice, and refuses alias bombs', async () => {
    expect((await problems('http:\n  port: [1\nmodel: {'))[0]!.message).toMatch(/^line \d+, column \d+: /)
    expect((await problems('http: {}\nhttp: {}\n'))[0]!.message).toMatch(/^line 2, column 1: .*unique/)
    const bomb = `a: &a [x]\n${'bcdefg'
      .split('')
      .map((name, i) => `${name}: &${name} [${`*${'abcdef'[i]},`.repeat(9)}]`)
      .join('\n')}\n`
    expect((await problems(bomb))[0]!.message).toMatch(/alias/i)
    expect((await problems('- 1\n- 2\n'))[0]!.message).toMatch(/expected object/)
  })

  it('takes a section without anything in it for none, but not one that nobody knows', async () => {
    await writeFile(configFile, 'people:\nhttp:\nowner:\n')
    expect((await open()).config).toMatchObject({ people: [], http: { port: 7171 }, owner: null })
    expect(await problems('peeple:\n')).toEqual([
      { pointer: '/peeple', message: 'line 1, column 1: “peeple” is not known here; did you mean “people”?' },
    ])
  })

  it('keeps comments and what was edited by hand when it writes a change', async () => {
    await writeFile(configFile, '# mine\nmodel:\n  # the fast one\n  name: llama3.2 # small\nhttp:\n  port: 7000\n')
    const settings = await open()
    const told: string[] = []
    settings.onChange((config) => told.push(config.model.name))
    await writeFile(configFile, '# mine\nmodel:\n  # the fast one\n  name: llama3.2 # small\nhttp:\n  port: 7001 # by hand\n')
    const changed = await settings.update({
      model: { name: 'qwen3', enabled: false },
      owner: { name: 'Ana', email: 'Ana@Example.com' },
    })
    expect(changed).toEqual({
      ok: true,
      value: expect.arrayContaining(['model.name', 'model.enabled', 'owner.name', 'owner.email', 'http.port']),
    })
    expect(await readFile(configFile, 'utf8')).toBe(
      '# mine\nmodel:\n  # the fast one\n  name: qwen3 # small\n  enabled: false\nhttp:\n  port: 7001 # by hand\nowner:\n  name: Ana\n  email: Ana@Example.com\n',
    )
    expect(settings.config.owner).toEqual({ name: 'Ana', email: 'ana@example.com' })
    expect(told).toEqual(['qwen3'])
  })

  it('keeps the explanations of a first file when it writes into it', async () => {
    const settings = await open('ana.silva@example.com')
    expect(settings.config.owner).toEqual({ name: 'Ana Silva', email: 'ana.silva@example.com' })
    const text = await readFile(configFile, 'utf8')
    expect(text).toContain('# model:')
    expect(text).toContain('#   url: http://127.0.0.1:8080/payments'.slice(2))
    const again = await open('somebody@else.example')
    expect(again.config.owner?.email).toBe('ana.silva@example.com')
    expect(await again.update({ notifications: { deadlines: false } })).toEqual({ ok: true, value: ['notifications.deadlines'] })
    expect((await open()).config.notifications).toEqual({ new_requests: true, deadlines: false })
  })

  it('refuses a change that cannot be used and leaves the file alone', async () => {
    const settings = await open()
    const before = await readFile(configFile, 'utf8')
    const result = await settings.update({ model: { host: 'ftp://somewhere', name: 'x:cloud' } })
    expect(result).toMatchObject({
      ok: false,
      failure: { code: 'invalid-input', data: { errors: [{ pointer: '/model/host' }, { pointer: '/model/name' }] } },
    })
    expect(await readFile(configFile, 'utf8')).toBe(before)
    expect(settings.config.model.name).toBe('llama3.2')
    expect(await settings.update({})).toEqual({ ok: true, value: [] })
    await expect(open('not an address')).rejects.toThrow(/not an e-mail address/)
  })

  it('makes changes one after the other', async () => {
    const settings = await open()
    const names = ['a', 'b', 'c', 'd', 'e']
    await Promise.all(names.map((name) => settings.update({ model: { name } })))
    expect((await open()).config.model.name).toBe('e')
  })

  it('does not change what the journal refuses', async () => {
    const settings = await open('ana@example.com')
    const before = await readFile(configFile, 'utf8')
    const refused = fail(failure('disk-full', 'The disk is full.'))
    const told: unknown[] = []
    settings.onChange((config) => told.push(config))
    expect(await settings.update({ owner: { name: 'Eve', email: 'eve@example.com' } }, async () => refused)).toEqual(refused)
    expect([settings.config.owner?.email, await readFile(configFile, 'utf8'), told]).toEqual(['ana@example.com', before, []])
    const paths: unknown[] = []
    const change = settings.update({ model: { name: 'other' } }, async (changed) => {
      paths.push(changed, settings.config.model.name)
      return ok(null)
    })
    expect(await change).toEqual(ok(['model.name']))
    expect([paths, settings.config.model.name]).toEqual([[['model.name'], 'llama3.2'], 'other'])
  })

  it('takes a loopback OLLAMA_HOST from the environment, and the file before it', async () => {
    expect((await open(undefined, { OLLAMA_HOST: '0.0.0.0:9999' })).config.model.host).toBe('http://127.0.0.1:9999')
    expect((await open(undefined, { OLLAMA_HOST: 'gpu.example:9999' })).config.model.host).toBe('http://127.0.0.1:11434')
    await writeFile(configFile, 'model: {host: gpu.example}\n')
    expect((await open(undefined, { OLLAMA_HOST: '0.0.0.0:9999' })).config.model.host).toBe('http://gpu.example:11434')
  })
})

describe('small questions', () => {
  it('finds no action under a name that every object has', async () => {
    expect((await open()).config.actions.constructor).toBeUndefined()
    await writeFile(configFile, 'actions: {refund: {command: [/usr/bin/true]}}\n')
    const { actions } = (await open()).config
    expect([actions.constructor, actions.refund]).toEqual([undefined, { command: ['/usr/bin/true'] }])
  })

  it('guesses names from addresses', () => {
    expect(nameFromEmail('ana.silva+x@example.com')).toBe('Ana Silva')
    expect(suggestedOwner({ EMAIL: 'Bo@Example.com' }).email).toBe('bo@example.com')
    expect(suggestedOwner({}).email).toMatch(/^[^@\s]+@[^@\s]+$/)
  })
})
