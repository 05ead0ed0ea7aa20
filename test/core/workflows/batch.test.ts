import { writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { batch } from '../../../electron/core/workflows/batch.ts'
import type { BatchInput } from '../../../shared/contract/requests.ts'
import { newHome, openTestApp, ownerEmail, type TestApp } from '../../support/app.ts'
import { boss, ending, openRig } from '../engine/harness.ts'

let open: TestApp | null = null
afterEach(async () => {
  await open?.remove()
  open = null
})

async function app(config = '', policy?: string): Promise<TestApp> {
  const home = newHome()
  writeFileSync(join(home, 'config.yaml'), `model: {enabled: false}\n${config}`)
  if (policy !== undefined) writeFileSync(join(home, 'policy.yaml'), policy)
  open = await openTestApp({ home })
  return open
}

const expense = (id: string, amount: number, more: object = {}) => ({
  type: 'expense',
  data: { id, amount, submitter_email: `${id}@example.com`, ...more },
})
const refunds = (count: number) => Array.from({ length: count }, (_, n) => ({ type: 'refund', data: { order: n + 1 } }))
const deployment = { type: 'deployment', data: { service: 'api', version: '2', environment: 'production' } }

const submit = ({ source }: TestApp, items: readonly object[], batch_threshold = 3) =>
  source.requests.submitBatch({ items: items as BatchInput['items'], approver_email: ownerEmail, batch_threshold })

const asked = async ({ owner }: TestApp, task?: string) =>
  (await owner.approvals.list({ status: ['pending'], sort: 'oldest', ...(task === undefined ? {} : { run_id: task }) })).items

const resultOf = async ({ source }: TestApp, task_id: string) => {
  const { status, result } = await source.tasks.wait({ task_id, timeout_seconds: 20 })
  return { status, result: result as Record<string, unknown> & { results: Record<string, unknown>[] } }
}

describe('a batch below its threshold', () => {
  it('makes each item a request of its own, under its type, and lists how each ended', async () => {
    const inbox = await app()
    const { task_id, ...answer } = await submit(inbox, [
      expense('small', 20),
      { type: 'refund', title: 'Refund 7', data: { order: 7 } },
    ])
    expect(answer).toEqual({ message: 'Each of the 2 items is a request of its own.', items_count: 2, batch_threshold: 3 })
    const [refund, ...others] = await asked(inbox)
    expect(others).toEqual([])
    expect([refund!.type, refund!.title, refund!.waits_for]).toEqual(['refund', 'Refund 7', [ownerEmail]])
    await inbox.owner.approvals.decide({ approval_id: refund!.id, decision: 'reject', comment: 'Too late' })
    const { status, result } = await resultOf(inbox, task_id)
    expect([status, result.individual_processing, result.items_count]).toEqual(['completed', true, 2])
    expect(result.results).toEqual([
      expect.objectContaining({ id: '1', status: 'completed', result: expect.objectContaining({ auto_approved: true }) }),
      expect.objectContaining({
        id: '2',
        title: 'Refund 7',
        task_id: refund!.run_id,
        result: expect.objectContaining({ status: 'rejected', reason: 'Too late' }),
      }),
    ])
  })
})

describe('the limit of what may wait', () => {
  it('is not passed by a batch of requests that each ask: it is refused whole', async () => {
    const inbox = await app('limits: {pending: 5}')
    await submit(inbox, refunds(3), 10)
    await expect(submit(inbox, refunds(3), 10)).rejects.toMatchObject({
      code: 'too-many-pending',
      message: '3 approvals wait already and 3 more would. Decide some, or raise limits.pending.',
    })
    await submit(inbox, [...refunds(2), expense('x', 5), expense('y', 5)], 10)
    expect(await asked(inbox)).toHaveLength(5)
  })
})

describe('a batch at its threshold', () => {
  it('is one question that shows the first three titles, and opens to all items', async () => {
    const inbox = await app()
    await submit(inbox, [expense('a', 20), deployment, expense('b', 30), ...refunds(1)])
    const [approval, ...others] = await asked(inbox)
    expect(others).toEqual([])
    expect(approval).toMatchObject({
      type: 'batch',
      title: 'Batch approval: 4 items',
      description: 'Expense a for a@example.com, Deploy api 2 to production, Expense b for b@example.com and 1 more',
      partial: true,
      beneficiary: 'a@example.com; b@example.com',
    })
    expect(approval!.items!.map(({ id, type, amount }) => [id, type, amount])).toEqual([
      ['1', 'expense', 20],
      ['2', 'deployment', null],
      ['3', 'expense', 30],
      ['4', 'refund', null],
    ])
  })

  it('carries out every item without asking again, and leaves out what was taken out', async () => {
    const pays = `actions:\n  expense:\n    command: [${process.execPath}, -e, "process.stdin.resume(); console.log('{\\"payment_id\\": 7}')"]\n`
    const inbox = await app(pays)
    const { task_id } = await submit(inbox, [expense('a', 20), expense('b', 30), ...refunds(2)])
    const [approval] = await asked(inbox)
    await inbox.owner.approvals.decide({ approval_id: approval!.id, decision: 'approve', items: ['1', '3'] })
    const { status, result } = await resultOf(inbox, task_id)
    expect([status, { ...result, results: [] }]).toEqual([
      'completed',
      expect.objectContaining({ batch_approved: true, items_count: 4, processed_items: 2, failed_items: 0, left_out: 2 }),
    ])
    expect(result.results.map(({ id, status, result }) => [id, status, result])).toEqual([
      ['1', 'processed', { payment_id: 7 }],
      ['2', 'left_out', undefined],
      ['3', 'processed', undefined],
      ['4', 'left_out', undefined],
    ])
    expect(await asked(inbox)).toEqual([])
  })

  it('gives every item the reason when it is rejected', async () => {
    const inbox = await app()
    const { task_id } = await submit(inbox, refunds(3))
    const [approval] = await asked(inbox)
    await inbox.owner.approvals.decide({ approval_id: approval!.id, decision: 'reject', comment: 'Wrong month' })
    const { result } = await resultOf(inbox, task_id)
    expect(result).toMatchObject({ batch_rejected: true, reason: 'Wrong month', items_count: 3 })
    expect(result.results.map(({ status, reason }) => [status, reason])).toEqual(Array(3).fill(['rejected', 'Wrong month']))
  })

  it('is never easier to answer than its hardest item, and asks nobody about what a rule rejects', async () => {
    const policy = `rules:
  expense:
    - {name: two, when: amount > 10000.0, action: require_approval, approvers: [sender, second@example.com], votes: 2}
  refund:
    - {name: no-refunds, action: reject, reason: The season is over.}
`
    const inbox = await app('', policy)
    const { task_id } = await submit(inbox, [expense('a', 20), expense('b', 20_000), ...refunds(1)])
    const [approval] = await asked(inbox)
    expect([approval!.needed, approval!.waits_for, approval!.items!.length]).toEqual([2, [ownerEmail, 'second@example.com'], 2])
    await inbox.owner.approvals.decide({ approval_id: approval!.id, decision: 'reject' })
    expect((await resultOf(inbox, task_id)).result.results[2]).toMatchObject({
      id: '3',
      status: 'rejected',
      reason: expect.stringContaining('The season is over.'),
    })
  })

  it('asks the committee that one of its items asks, not whom the sender names', async () => {
    const policy = 'rules: {wire: [{name: finance, action: escalate, committee: finance}]}'
    const inbox = await app('groups: {finance: [fin@example.com]}', policy)
    await submit(inbox, [{ type: 'wire', data: { amount: 90_000 } }], 1)
    const [approval] = await asked(inbox)
    expect(approval!.waits_for).toEqual(['fin@example.com'])
  })

  it('asks everybody whom its items ask, one after the other and each once', async () => {
    const policy = `rules:
  wire: [{name: wires, action: require_approval, approvers: ["group:finance"], timeout_hours: 3}]
  rollout: [{name: rollouts, action: require_approval, approvers: ["group:security"], votes: 2, timeout_hours: 9}]`
    const inbox = await app('groups: {finance: [fin@example.com], security: [s1@example.com, s2@example.com]}', policy)
    const wire = { type: 'wire', data: {} }
    await submit(inbox, [wire, { type: 'rollout', data: {} }, ...refunds(2), wire])
    const [approval] = await asked(inbox)
    expect(approval!.levels.map(({ name, people, votes, timeout_ms }) => [name, people, votes, timeout_ms])).toEqual([
      ['wires', ['fin@example.com'], 'any', 3 * 3_600_000],
      ['rollouts', ['s1@example.com', 's2@example.com'], 2, 9 * 3_600_000],
      ['approver', [ownerEmail], 'any', 24 * 3_600_000],
    ])
  })

  it('is not decided by somebody who handed in one of its items', async () => {
    const inbox = await app()
    await submit(inbox, [...refunds(2), expense('x', 50, { submitter_email: ownerEmail })])
    const [approval] = await asked(inbox)
    await expect(inbox.owner.approvals.decide({ approval_id: approval!.id, decision: 'approve' })).rejects.toMatchObject({
      code: 'self-approval',
    })
  })

  it('is not decided by somebody who handed in one of its items under a name, beside others with an address', async () => {
    const inbox = await app()
    const by = (requester: string) => ({ type: 'refund', data: { requester } })
    await submit(inbox, [by('owner'), by('bob@example.com'), by('Bo Berg')])
    const [approval] = await asked(inbox)
    await expect(inbox.owner.approvals.decide({ approval_id: approval!.id, decision: 'approve' })).rejects.toMatchObject({
      code: 'self-approval',
    })
  })

  it('is refused whole when one item has problems, each with its place', async () => {
    const inbox = await app()
    const items = [
      ...refunds(2),
      { type: 'expense', data: { id: 'x', amount: -5 } },
      { type: 'deployment', data: { service: 'api' } },
    ]
    await expect(submit(inbox, items)).rejects.toMatchObject({
      code: 'invalid-input',
      data: {
        errors: [
          expect.objectContaining({ pointer: '/items/2/data/amount' }),
          expect.objectContaining({ pointer: '/items/2/data/submitter_email' }),
          expect.objectContaining({ pointer: '/items/3/data/version' }),
        ],
      },
    })
    expect(await asked(inbox)).toEqual([])
  })

  it('decides and carries out a thousand items', { timeout: 30_000 }, async () => {
    const inbox = await app()
    const { task_id } = await submit(inbox, refunds(1000))
    const [approval] = await asked(inbox)
    const began = performance.now()
    await inbox.owner.approvals.decide({ approval_id: approval!.id, decision: 'approve' })
    const { result } = await resultOf(inbox, task_id)
    if (process.env.MEASURE) console.log(`${Math.round(performance.now() - began)} ms`)
    expect([result.processed_items, result.results.length]).toEqual([1000, 1000])
  })
})

describe('the items of an approved batch', () => {
  const question = (count: number, type: string) => ({
    mode: 'together',
    title: `Batch approval: ${count} items`,
    description: '',
    consequence: 'Each is carried out.',
    items: Array.from({ length: count }, (_, n) => ({
      id: `${n + 1}`,
      type,
      title: `Item ${n + 1}`,
      amount: null,
      currency: null,
      data: {},
    })),
    refused: [],
    submitters: null,
    total: null,
    asking: {
      levels: [
        { name: '', approvers: ['boss@example.com'], votes: 'any', one_rejection_ends: true, remind_before: [], escalate: [] },
      ],
      automatic: null,
      ruling: { rule: null, policy_version: '0' },
      hard_limit: false,
    },
  })

  it('fail one by one: the others are carried out, and each once', async () => {
    const done: string[] = []
    const rig = await openRig({
      workflows: [batch],
      actions: {
        refund: async (payload, { idempotency_key }) => {
          const { item_id } = payload as { item_id: string }
          if (item_id === '2') throw new Error('the account is closed')
          done.push(idempotency_key)
          return { refund_id: item_id }
        },
      },
    })
    const run = await rig.begin('batch', question(40, 'refund'))
    await rig.engine.decide({ approval_id: rig.open(run), decision: 'approve' }, boss)
    for (let attempt = 0; attempt < 5; attempt++) {
      await rig.quiet()
      rig.clock.advance(60_000)
    }
    await rig.quiet()
    const result = ending(rig, run) as { results: Record<string, unknown>[] }
    expect(result).toMatchObject({ batch_approved: true, items_count: 40, processed_items: 39, failed_items: 1, left_out: 0 })
    expect(result.results.slice(0, 3)).toEqual([
      { id: '1', type: 'refund', title: 'Item 1', status: 'processed', result: { refund_id: '1' } },
      { id: '2', type: 'refund', title: 'Item 2', status: 'failed', error: expect.stringContaining('the account is closed') },
      { id: '3', type: 'refund', title: 'Item 3', status: 'processed', result: { refund_id: '3' } },
    ])
    expect([done.length, new Set(done).size, done.includes(`${run}:item-1`)]).toEqual([39, 39, true])
    await rig.crash()
    await rm(rig.folder, { recursive: true })
  })

  it('are a thousand that something is done for', { timeout: 30_000 }, async () => {
    const rig = await openRig({ workflows: [batch], actions: { refund: async () => ({ ok: true }) } })
    const run = await rig.begin('batch', question(1000, 'refund'))
    const began = performance.now()
    const ended = rig.engine.wait(run, 20_000)
    await rig.engine.decide({ approval_id: rig.open(run), decision: 'approve' }, boss)
    await ended
    if (process.env.MEASURE) console.log(`${Math.round(performance.now() - began)} ms with an action each`)
    expect(ending(rig, run)).toMatchObject({ processed_items: 1000 })
    await rig.crash()
    await rm(rig.folder, { recursive: true })
  })
})
