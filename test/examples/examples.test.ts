import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Caller } from '../../shared/model/actor.ts'
import { exampleFiles, openScene, type Scene } from './scene.ts'

const hour = 3_600_000
const operator: Caller = { scopes: ['admin'], person: null, source: null, credential: 'tok', via: 'cli' }

let scene: Scene
beforeEach(async () => {
  scene = await openScene()
})
afterEach(() => scene.close())

describe('the examples', () => {
  it('all load from a home’s folder', () => {
    const fromFiles = scene.listed.filter(({ origin }) => origin !== 'built-in')
    expect(fromFiles.filter(({ error }) => error !== null)).toEqual([])
    expect(new Set(fromFiles.map(({ origin }) => origin))).toEqual(new Set(exampleFiles))
  })
})

describe('a refund', () => {
  const order = { order_id: '1042', amount: 120, requester: 'rita@example.com' }

  it('is paid once as it was approved, over a crash', async () => {
    const run = await scene.start('refund', order)
    scene = await scene.crash()
    await scene.approve(run, 'mia')
    expect(scene.result(run)).toEqual({ status: 'refunded', payment_id: `${run}:pay`, amount: 115, changed_by: null })
  })

  it('is paid as the manager changed it, and nobody can change what may not be', async () => {
    const run = await scene.start('refund', order)
    await expect(scene.approve(run, 'mia', { changes: { fee: 0 } })).rejects.toThrow('does not allow a change')
    await scene.approve(run, 'mia', { changes: { amount: 80 } })
    expect(scene.result(run)).toMatchObject({ status: 'refunded', amount: 75, changed_by: 'mia@example.com' })
  })

  it('is not paid when it is refused, and says why', async () => {
    const run = await scene.start('refund', order)
    await scene.reject(run, 'mia', 'No photo')
    expect(scene.result(run)).toEqual({ status: 'rejected', reason: 'No photo' })
  })

  it('asks the directors besides after eight hours', async () => {
    const run = await scene.start('refund', order)
    await expect(scene.approve(run, 'dirk')).rejects.toThrow()
    await scene.pass(8 * hour)
    await scene.approve(run, 'dirk')
    expect(scene.result(run)).toMatchObject({ status: 'refunded' })
  })
})

describe('an expense on its way up', () => {
  const expense = (amount: number) => ({ id: 'E-7', employee: 'eve@example.com', amount })

  it.each([
    [200, ['mia'], 1],
    [5000, ['mia', 'fin'], 2],
    [20_000, ['mia', 'fin', 'ceo'], 3],
  ])('of %d is approved by %j', async (amount, people, levels_completed) => {
    const run = await scene.start('expense-chain', expense(amount))
    for (const name of people) await scene.approve(run, name)
    expect(scene.result(run)).toEqual({ status: 'fully_approved', levels_completed, payment_id: `${run}:pay` })
  })

  it('stops at the first refusal, with where and why', async () => {
    const run = await scene.start('expense-chain', expense(20_000))
    await scene.approve(run, 'mia')
    await scene.reject(run, 'fin', 'Over budget')
    expect(scene.result(run)).toEqual({ status: 'rejected_at_level', level: 1, level_name: 'finance', reason: 'Over budget' })
  })
})

describe('a model deployment', () => {
  const model = { model: 'churn-7', environment: 'production', requester: 'rita@example.com' }

  it('waits for ML and then for compliance', async () => {
    const run = await scene.start('model-deployment', model)
    expect(scene.asks(run)).toBe('ml-review')
    await scene.approve(run, 'mo')
    expect(scene.asks(run)).toBe('compliance-review')
    await scene.approve(run, 'cora')
    expect(scene.result(run)).toMatchObject({ status: 'deployed', reviewed_by: ['mo@example.com', 'cora@example.com'] })
  })

  it('needs nobody for staging, and the record says what approved it', async () => {
    const run = await scene.start('model-deployment', { ...model, environment: 'staging' })
    expect(scene.result(run)).toMatchObject({ status: 'deployed', reviewed_by: ['auto_approve_if', 'auto_approve_if'] })
    const decided = scene.rig.records.filter((record) => record.type === 'approval_decided')
    expect(decided.map(({ data }) => data.rule)).toEqual(['auto_approve_if', 'auto_approve_if'])
  })

  it('stops with a reason for whoever asked', async () => {
    const run = await scene.start('model-deployment', model)
    await scene.approve(run, 'ml')
    await scene.reject(run, 'cora', 'Biased')
    expect(scene.result(run)).toEqual({ status: 'stopped', at: 'compliance-review', outcome: 'rejected', reason: 'Biased' })
  })

  it('that is cancelled gives back what was reserved', async () => {
    const run = await scene.start('model-deployment', model)
    await scene.rig.engine.cancel(run, 'Not today', operator)
    await scene.rig.quiet()
    expect(scene.result(run)).toEqual({ type: 'run_cancelled', reason: 'Not today' })
    expect(scene.rig.records.filter((record) => record.type === 'step_completed').map(({ data }) => data.step)).toEqual([
      'train',
      'reserve-capacity',
      'release-capacity',
    ])
  })
})

describe('a cost gate', () => {
  it.each([
    ['asks nobody for 90 dollars', { gpus: 4, hours: 9 }, false],
    ['asks for 100 dollars', { gpus: 4, hours: 10 }, true],
  ])('%s', async (_what, config, asks) => {
    const run = await scene.start('cost-gate', config)
    expect(scene.asks(run)).toBe(asks ? 'train' : null)
    if (asks) await scene.approve(run, 'engineering-manager')
    expect(scene.result(run)).toMatchObject({ outcome: 'done', asked: asks, result: { trained_for: config.hours } })
  })
})

describe('a mail gate', () => {
  it.each([
    ['ann@mycompany.example', false],
    ['Ann@MyCompany.Example', false],
    ['eve@other.example', true],
    ['eve@evil-mycompany.example', true],
    ['eve@mycompany.example.evil.example', true],
    ['eve@evil.example@mycompany.example', true],
    ['"eve@evil.example" <ann@mycompany.example>', true],
    ['ann@mycompany.example,eve@evil.example', true],
    ['ann@mycompany.example\neve@evil.example', true],
    ['mycompany.example', true],
    ['eve@mycompany。example', true],
  ])('for %j asks: %s', async (to, asks) => {
    const run = await scene.start('mail-gate', { to: [to], subject: 'Hello', body: '…' })
    expect(scene.asks(run)).toBe(asks ? 'send' : null)
  })

  it('asks when one of several is somebody else, and sends what the reader made of it', async () => {
    const mail = { to: ['ann@mycompany.example', 'eve@other.example'], subject: 'Helo', body: '…' }
    const run = await scene.start('mail-gate', mail)
    await scene.approve(run, 'otto', { changes: { subject: 'Hello' } })
    expect(scene.result(run)).toMatchObject({ outcome: 'done', args: { ...mail, subject: 'Hello' }, result: { sent: mail.to } })
  })
})

describe('a file delete gate', () => {
  let important = ''
  beforeEach(() => {
    important = join(scene.home, 'important')
    mkdirSync(join(important, 'deep'), { recursive: true })
    mkdirSync(`${important}-not`)
    mkdirSync(join(scene.home, 'tmp'))
    for (const path of ['important/a', 'important/deep/b', 'important-not/c', 'tmp/d']) writeFileSync(join(scene.home, path), '')
    symlinkSync(important, join(scene.home, 'tmp', 'link'))
    process.env.IMPORTANT_FOLDERS = important
  })
  afterEach(() => {
    delete process.env.IMPORTANT_FOLDERS
  })

  it.each([
    ['tmp/d', false],
    ['important-not/c', false],
    ['important/../tmp/d', false],
    ['important/a', true],
    ['important/deep/b', true],
    ['tmp/../important/a', true],
    ['tmp/./..//important/a', true],
    ['tmp/link/a', true],
  ])('for %s asks: %s', async (path, asks) => {
    const run = await scene.start('file-delete-gate', { path: `${scene.home}/${path}` })
    expect([scene.asks(run), existsSync(join(scene.home, path))]).toEqual(asks ? ['delete', true] : [null, false])
    if (!asks) return
    await scene.approve(run, 'olga')
    expect([scene.result(run), existsSync(join(scene.home, path))]).toMatchObject([{ outcome: 'done' }, false])
  })

  it('deletes nothing when it is refused', async () => {
    const run = await scene.start('file-delete-gate', { path: join(important, 'a') })
    await scene.reject(run, 'olga', 'Keep it')
    expect([scene.result(run), existsSync(join(important, 'a'))]).toMatchObject([{ outcome: 'rejected' }, true])
  })
})

describe('an expense by messages', () => {
  const expense = { id: 'exp-001', employee: 'Alice Smith', amount: 250 }
  const say = async (run: string, name: string, payload: unknown) => {
    expect(await scene.rig.engine.signal(run, name, payload, operator)).toEqual({ ok: true, value: null })
    await scene.rig.quiet()
  }

  it('is paid on the manager’s word, also one that came twice or while nobody was there', async () => {
    const run = await scene.start('signal-expense', expense)
    const word = { approver: 'Bob Johnson', decision: 'approved', notes: 'Valid expense' }
    void scene.rig.engine.signal(run, 'manager_approval', word, operator)
    scene = await scene.crash()
    expect(scene.result(run)).toEqual({
      status: 'paid',
      by: 'Bob Johnson',
      notes: 'Valid expense',
      escalated: false,
      payment_id: `${run}:pay`,
    })
  })

  it('is not paid when the message says no', async () => {
    const run = await scene.start('signal-expense', expense)
    await say(run, 'manager_approval', { approver: 'Bob', decision: 'rejected', notes: 'Private' })
    expect(scene.result(run)).toMatchObject({ status: 'rejected', by: 'Bob', notes: 'Private' })
  })

  it('waits for the director when the manager stays silent, and only then expires', async () => {
    const [paid, expired] = [await scene.start('signal-expense', expense), await scene.start('signal-expense', expense)]
    await scene.pass(48 * hour)
    const director = scene.rig.live.runs.get(paid)?.ties?.children[0]
    expect(director).toBeDefined()
    await say(director!, 'director_approval', { approver: 'Dirk', decision: 'approved' })
    expect(scene.result(paid)).toMatchObject({ status: 'paid', by: 'Dirk', escalated: true })
    await scene.pass(72 * hour)
    expect(scene.result(expired)).toMatchObject({ status: 'expired', escalated: true, submitted_at: '2026-03-02T09:00:00.000Z' })
  })

  it('goes to a person when the message cannot be read', async () => {
    const run = await scene.start('signal-expense', expense)
    await say(run, 'manager_approval', { decision: 'maybe' })
    expect(scene.result(run)).toMatchObject({ type: 'run_needs_review' })
  })
})
