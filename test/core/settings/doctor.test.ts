import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Check, type DoctorDeps, runDoctor } from '../../../electron/core/settings/doctor.ts'
import { openSettings } from '../../../electron/core/settings/settings.ts'
import { explained } from '../../../electron/core/summary/failure.ts'
import type { ModelStatus } from '../../../electron/core/summary/port.ts'
import { english } from '../../../shared/words/english.ts'
import { worded } from '../../../shared/words/said.ts'
import { say } from '../../../shared/words/say.ts'

const gibibyte = 1024 ** 3
let home: string
let deps: DoctorDeps
const policy = { text: '', version: '0123456789abcdef', path: '', problems: [], self_approval: 'never', rules: [] } as const
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'doctor-'))
  const settings = await openSettings({
    configFile: join(home, 'config.yaml'),
    owner: 'ana@example.com',
    environment: {},
  })
  deps = {
    home,
    settings,
    policy: { view: () => policy },
    summaries: { status: async () => ({ state: 'ready', version: '0.33.0', model: 'llama3.2', digest: null }) },
    journal: { readOnly: null, head: { seq: 12, hash: '' }, durable: { seq: 12, end: 0 } },
    projection: { progress: { applied: 12, total: 12, rebuilding: false } },
    nodeVersion: '24.1.0',
    freeBytes: async () => 20 * gibibyte,
  }
})
afterEach(() => rm(home, { recursive: true, force: true }))

/** The lines without their codes, which say the same. */
const plain = ({ said, ...line }: Check) => {
  expect([worded(said.name, english), worded(said.detail, english)]).toEqual([line.name, line.detail])
  expect(said.fix && worded(said.fix, english)).toBe(line.fix)
  return line
}
const states = async (change: Partial<DoctorDeps>) =>
  (await runDoctor({ ...deps, ...change }))
    .map(plain)
    .filter(({ state }) => state !== 'ok')
    .map(({ name, state, fix }) => [name, state, fix])

describe('doctor', () => {
  it('says that all is well', async () => {
    expect((await runDoctor(deps)).map(plain)).toEqual([
      { name: 'Node', state: 'ok', detail: 'Node 24.1.0', fix: null },
      { name: 'Home folder', state: 'ok', detail: home, fix: null },
      { name: 'Disk space', state: 'ok', detail: '20.0 GiB free', fix: null },
      { name: 'Settings', state: 'ok', detail: 'config.yaml is valid; the owner is ana@example.com.', fix: null },
      { name: 'Policy', state: 'ok', detail: 'policy.yaml is valid: version 0123456789abcdef, 0 rules.', fix: null },
      { name: 'Journal', state: 'ok', detail: '12 records are on disk.', fix: null },
      { name: 'Database', state: 'ok', detail: 'It has everything the journal has.', fix: null },
      { name: 'Summaries', state: 'ok', detail: 'llama3.2 on Ollama 0.33.0', fix: null },
    ])
  })

  it('says what does not work and what to do', async () => {
    const missing: ModelStatus = {
      state: 'model_missing',
      detail: 'Model x is not installed.',
      fix: 'Run: ollama pull x',
      said: [
        { code: 'model.missing', values: { model: 'x' } },
        { code: 'model.fix_pull', values: { model: 'x' } },
      ],
      installed: ['y'],
    }
    expect(
      await states({
        nodeVersion: '20.9.0',
        home: join(home, 'gone'),
        freeBytes: async () => 50 * 1024 * 1024,
        journal: { readOnly: 'the disk is full', head: { seq: 12, hash: '' }, durable: { seq: 12, end: 0 } },
        projection: { progress: { applied: 5, total: 12, rebuilding: true } },
        summaries: { status: async () => missing },
      }),
    ).toEqual([
      ['Node', 'problem', 'Install Node 22.14 or newer.'],
      ['Home folder', 'problem', 'Make the folder readable and writable for this account.'],
      ['Disk space', 'problem', 'Free some space: on a full disk new requests are refused.'],
      ['Journal', 'problem', 'Solve the cause, then start Countersign again.'],
      ['Database', 'warning', 'Wait until it is done.'],
      ['Summaries', 'warning', 'Run: ollama pull x'],
    ])
  })

  it('shows what is wrong with an edited policy', async () => {
    const problems = [{ line: 3, column: 5, pointer: '/rules', message: 'is odd' }]
    const view = () => ({ ...policy, problems })
    expect(await states({ policy: { view } })).toEqual([['Policy', 'problem', expect.stringContaining('countersign policy check')]])
  })

  it('goes on when a check itself breaks', async () => {
    const freeBytes = async () => Promise.reject(new Error('no such call'))
    expect(await states({ freeBytes })).toEqual([['Disk space', 'problem', null]])
    const { reason: detail, fix, said } = explained(say('model', 'cut'), say('model', 'fix_start'))
    const summaries = { status: async () => ({ state: 'unreachable', detail, fix: fix!, said }) as const }
    expect(await states({ summaries })).toEqual([['Summaries', 'warning', fix]])
  })
})
