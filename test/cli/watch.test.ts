import { readFileSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { openServer } from '../../electron/cli/session.ts'
import { watchSession } from '../../electron/cli/watch/session.ts'
import { type Headless, startHeadless } from '../../electron/headless/host.ts'
import { createClient } from '../../shared/client/client.ts'
import type { ApprovalRequest } from '../../shared/client/types.ts'
import { type Client, clientFor, newHome, silentLog } from '../support/app.ts'
import { Player } from './player.ts'
import { cli } from './run.ts'

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 })

const me = 'ana@example.com'
let home: string
let host: Headless
let owner: Client
let player: Player
let watching: Promise<void>

const start = async (port = 0) => {
  host = await startHeadless({ home, port, owner: me, log: silentLog })
  owner = clientFor(host.app, host.app.ownerCaller('http'))
}

beforeEach(async () => {
  home = newHome()
  writeFileSync(join(home, 'config.yaml'), 'model:\n  enabled: false\n')
  await start()
})

afterEach(async () => {
  await host.stop()
  await rm(home, { recursive: true, force: true })
})

function watch(): void {
  player = new Player()
  watching = watchSession({ connect: () => openServer(home, 'owner'), terminal: player, approver: me, me })
}

function source() {
  const { submit } = JSON.parse(readFileSync(join(home, 'keys.json'), 'utf8')) as { submit: string }
  return createClient({ url: host.url, token: submit })
}

const asked = async (request: Omit<ApprovalRequest, 'type'>): Promise<string> =>
  (await source().submit({ type: 'refund', ...request })).task_id

const approvalOf = async (run_id: string) => (await owner.approvals.list({ run_id })).items[0]!

describe('Watching', () => {
  it('asks about one after the other, and about what comes meanwhile', async () => {
    const first = await asked({ title: 'First', timeout_hours: 1, amount: 12, currency: 'EUR' })
    const second = await asked({ title: 'Second', timeout_hours: 2 })
    watch()
    await player.sees(/\[1 of 2\] First\n/)
    expect(await player.sees('Approve? [y/N/e/s/?]')).toMatch(
      /Amount +12 EUR[\s\S]*Approvers +ana@example.com[\s\S]*Time left +59 min/,
    )
    player.type('y looks right')
    await player.sees('The approval was approved.')
    await player.sees(/Second\n/)
    player.type('n no photo')
    await player.sees('The approval was rejected.')
    await player.sees('Nothing waits. What comes is shown here; q quits.')
    await asked({ title: 'Third' })
    await player.sees('Third')
    player.type('q')
    await watching
    expect((await approvalOf(first)).decision).toMatchObject({
      decision: 'approved',
      comment: 'looks right',
      version: { number: 1 },
    })
    expect((await approvalOf(second)).decision).toMatchObject({ decision: 'rejected', comment: 'no photo' })
  })

  it('says that somebody else has decided meanwhile', async () => {
    const task = await asked({ title: 'Contested' })
    watch()
    await player.sees('Approve?')
    await owner.approvals.decide({ approval_id: (await approvalOf(task)).id, decision: 'reject', comment: 'too late' })
    await player.sees('Meanwhile it was rejected by Ana: too late.')
    await player.sees('Nothing waits.')
    player.type('q')
    await watching
  })

  it('shows what changed meanwhile, and asks about the new version', async () => {
    const task = await asked({ title: 'Refund', amount: 120, currency: 'EUR' })
    watch()
    await player.sees('Approve?')
    await source().revise({ approval_id: (await approvalOf(task)).id, amount: 90, comment: 'typo' })
    await player.sees('Meanwhile it was changed by')
    await player.sees('/amount: 120 → 90')
    await player.sees(/Amount +90 EUR/)
    await player.sees('Approve?')
    player.type('y')
    await player.sees('The approval was approved.')
    player.type('q')
    await watching
    expect((await approvalOf(task)).decision).toMatchObject({ decision: 'approved', version: { number: 2 } })
  })

  it('edits and approves', async () => {
    const task = await asked({
      title: 'Refund',
      amount: 120,
      currency: 'EUR',
      editable: ['amount', 'reason'],
      data: { reason: 'x' },
    })
    watch()
    await player.sees('Approve?')
    player.edits((text) => text.replace('120', '100'))
    player.type('e')
    await player.sees('/amount: 120 → 100')
    await player.sees('Approve with these changes?')
    player.type('y')
    await player.sees('The approval was approved.')
    player.type('q')
    await watching
    expect(await approvalOf(task)).toMatchObject({ amount: 100, status: 'approved', data: { reason: 'x' } })
  })

  it('hands a chain on to the next level, and asks nobody twice', async () => {
    await host.stop()
    const level = (name: string, approvers: string, votes: number) =>
      `{ name: ${name}, approvers: [${approvers}], votes: ${votes} }`
    const levels = `[${level('Manager', `${me}, carl@example.com`, 2)}, ${level('Finance', 'bob@example.com', 1)}]`
    const rule = `{ name: large, when: "amount > 100", action: require_approval, levels: ${levels} }`
    writeFileSync(join(home, 'policy.yaml'), `rules:\n  refund:\n    - ${rule}\n`)
    await start()
    await asked({ title: 'Large', amount: 500, currency: 'EUR' })
    watch()
    expect(await player.sees('Approve?')).toMatch(/Level +Manager \(1 of 2\): ● Manager → ○ Finance\n[\s\S]*this level needs 2\n/)
    player.type('y')
    await player.sees('1 more approval is needed.')
    await player.sees('Nothing waits.')
    player.type('q')
    await watching
  })

  it('leaves what is left, shows it again when asked to, and sends it back', async () => {
    const task = await asked({ title: 'Later' })
    watch()
    await player.sees('Approve?')
    player.type('')
    await player.sees('Nothing else waits; 1 left undecided.')
    player.type('')
    await player.sees('Later')
    player.type('s Which order?')
    await player.sees(/sent back|question/i)
    player.type('q')
    await watching
    expect((await approvalOf(task)).sent_back).toMatchObject({ question: 'Which order?' })
  })

  it('goes on when the server comes back', async () => {
    watch()
    await player.sees('Nothing waits.')
    const port = Number(new URL(host.url).port)
    await host.stop()
    await start(port)
    await asked({ title: 'After the restart' })
    await player.sees('After the restart')
    player.type('q')
    await watching
  })
})

describe('Without a terminal', () => {
  it('prints a line for each that waits, and ends', async () => {
    await asked({ title: 'Refund \u001b[2J', timeout_hours: 3, amount: 12, currency: 'EUR' })
    const { code, out } = await cli(['watch'], { home })
    expect([code, out]).toEqual([
      0,
      expect.stringMatching(/^apr_\S+ {2}pending {2}\w+ {2}12 EUR {2}Refund \\u\{1b\}\[2J {2}decision {2}due .*\n$/),
    ])
    expect(JSON.parse((await cli(['watch', '--json'], { home })).out)).toMatchObject([{ title: 'Refund \u001b[2J' }])
  })
})
