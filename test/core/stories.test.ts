import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { blocksOf, differences } from '../support/markdown.ts'
import { hour, openService, openStory, type Service, type Story, type StoryOptions } from './story.ts'

/*
 * What happens to requests from the first to the last, told over the whole application: somebody asks, people answer or do not,
 * time passes, machines stop.
 */

let story: Story
let service: Service
beforeEach(async () => {
  service = await openService()
})
afterEach(async () => {
  await story.close()
  service.close()
})

const begin = async (options: StoryOptions = {}) => {
  story = await openStory(options)
}

const dinner = { id: 'exp_123', amount: 1750, description: 'Client dinner and taxi', submitter_email: 'john@example.com' }
const expense = async (amount = dinner.amount) => {
  const expense_data = { ...dinner, amount, department: 'sales' }
  return (await story.source.requests.submitExpense({ expense_data, approver_email: 'mia@example.com' })).task_id
}
const start = async (name: string, input: object) => (await story.source.workflows.start({ name, input })).task_id
const decision = async (task: string) => (await story.owner.approvals.list({ run_id: task })).items[0]!.decision

describe('an expense that its manager does not answer', () => {
  const policy = 'escalation: {sales: [{to: [dora@example.com]}]}'
  beforeEach(async () => begin({ policy, config: `model: {enabled: false}\nactions: {expense: {url: "${service.url}"}}` }))

  it('goes to the director after 48 hours, who sees that and pays it', async () => {
    const task = await expense()
    expect((await story.asked(task)).waits_for).toEqual(['mia@example.com'])
    story.pass(48 * hour)
    await vi.waitFor(async () => expect((await story.asked(task)).escalation).not.toBeNull())
    expect(await story.asked(task)).toMatchObject({
      title: '[ESCALATED] Expense exp_123 for john@example.com',
      waits_for: ['dora@example.com'],
      escalation: { number: 1, reason: 'timeout', original_approvers: ['mia@example.com'], to: ['dora@example.com'] },
    })
    await expect(story.decide(task, 'mia', { decision: 'approve' })).rejects.toMatchObject({ code: 'not-approver' })
    await story.decide(task, 'dora', { decision: 'approve', comment: 'In order' })
    expect((await story.ended(task)).result).toMatchObject({
      status: 'processed',
      payment_id: 'pay_1',
      approved_by: 'dora@example.com',
    })
    expect(service.asked).toMatchObject([{ task_id: task, expense: dinner, comment: 'In order' }])
  })

  it('is rejected when nobody is left to ask, and is not paid', async () => {
    const task = await expense()
    story.pass(48 * hour)
    await vi.waitFor(async () => expect((await story.asked(task)).waits_for).toEqual(['dora@example.com']))
    story.pass(48 * hour)
    expect((await story.ended(task)).result).toMatchObject({ status: 'rejected', reason: 'Maximum escalation reached.' })
    expect(service.asked).toEqual([])
  })
})

describe('an expense under the policy of a new home', () => {
  it('of more than 1,000 is asked about; the directors are asked as well after 8 hours', async () => {
    await begin()
    const task = await expense(1000.01)
    story.pass(8 * hour)
    await vi.waitFor(async () => expect((await story.asked(task)).waits_for).toHaveLength(3))
    await story.decide(task, 'dan', { decision: 'approve' })
    expect((await story.ended(task)).result).toMatchObject({ status: 'processed', approved_by: 'dan@example.com' })
  })

  it('of more than 10,000 needs two people, not one person twice', async () => {
    await begin()
    const task = await expense(10_000.01)
    expect(await story.decide(task, 'mia', { decision: 'approve' })).toMatchObject({ status: 'pending' })
    expect(await story.decide(task, 'mia', { decision: 'approve' })).toMatchObject({ status: 'pending' })
    await expect(story.decide(task, 'mia', { decision: 'reject' })).rejects.toMatchObject({ code: 'already-voted' })
    expect(await story.decide(task, 'dora', { decision: 'approve' })).toMatchObject({ status: 'approved' })
    expect((await story.ended(task)).result).toMatchObject({ status: 'processed' })
  })

  it('is decided as quickly when the model is dead, with a summary made by rules', async () => {
    service.close()
    await begin({ config: `model: {enabled: true, host: "${service.url}", name: llama3.2}` })
    const task = await expense()
    expect((await story.asked(task)).summary).toMatchObject({ origin: 'rules', summary: expect.stringContaining('1,750') })
    await story.decide(task, 'mia', { decision: 'reject', comment: 'Missing receipt for taxi fare' })
    expect((await story.ended(task)).result).toMatchObject({ status: 'rejected', reason: 'Missing receipt for taxi fare' })
  })
})

describe('a deployment', () => {
  const deploy = async () => {
    const asked = { service_name: 'user-service', version: 'v2.1.0', approver_email: 'otto@example.com' }
    return (await story.source.requests.requestDeployment(asked)).task_id
  }

  it('goes out when it is approved within its two hours', async () => {
    await begin({ config: `model: {enabled: false}\nactions: {deployment: {url: "${service.url}"}}` })
    const task = await deploy()
    story.pass(1.9 * hour)
    await story.decide(task, 'otto', { decision: 'approve' })
    expect((await story.ended(task)).result).toMatchObject({ status: 'deployed', deployment_id: 'dep_1' })
  })

  it('expires after them, which is neither approved nor rejected', async () => {
    await begin({ policy: '' })
    const task = await deploy()
    story.pass(2 * hour)
    const result = { status: 'deployment_cancelled', outcome: 'expired', reason: 'Nobody decided in time.' }
    expect((await story.ended(task)).result).toMatchObject(result)
    expect((await decision(task))?.decision).toBe('expired')
  })
})

describe('a batch', () => {
  it('of ten is one question; what fails holds up nothing, and nobody is asked again', async () => {
    await begin({ config: `model: {enabled: false}\nactions: {expense: {url: "${service.url}"}}` })
    const items = Array.from({ length: 10 }, (_, index) =>
      index === 9 ? { type: 'refund', title: 'Refund 9' } : { type: 'expense', data: { ...dinner, id: index, amount: 10 } },
    )
    const { task_id } = await story.source.requests.submitBatch({ items, approver_email: 'mia@example.com' })
    expect((await story.asked(task_id)).items).toHaveLength(10)
    await story.decide(task_id, 'mia', { decision: 'approve', items: ['1', '2', '10'] })
    expect((await story.ended(task_id)).result).toMatchObject({ batch_approved: true, processed_items: 3, left_out: 7 })
    expect(service.asked.map(({ item_id }) => item_id).sort()).toEqual(['1', '2'])
    expect((await story.owner.approvals.list({})).total).toBe(1)
  })
})

describe('an expense on its way up', () => {
  it('says which level nobody answered, and asks no further', async () => {
    await begin()
    const task = await start('expense-chain', { id: 'E-7', employee: 'eve@example.com', amount: 20_000 })
    await story.decide(task, 'mia', { decision: 'approve' })
    const { progress, waits_for } = await story.asked(task)
    expect([progress, waits_for]).toEqual([{ done: 1, current: 'finance', total: 3 }, ['fin@example.com']])
    expect((await story.source.tasks.pending({ task_id: task })).pending).toMatchObject([{ step_key: 'chain', waits_for }])
    story.pass(48 * hour)
    expect((await story.ended(task)).result).toEqual({
      status: 'rejected_at_level',
      level: 1,
      level_name: 'finance',
      reason: 'expired',
    })
  })
})

describe('an expense that waits for a message', () => {
  const alice = { id: 'exp-001', employee: 'Alice Smith', amount: 250 }
  const tell = (task_id: string, name: string, payload: object) => story.source.tasks.signal({ task_id, name, payload })
  beforeEach(() => begin())

  it('is paid on the manager’s, and not when that says rejected', async () => {
    const [paid, refused] = [await start('signal-expense', alice), await start('signal-expense', alice)]
    await tell(paid, 'manager_approval', { approver: 'Bob Johnson', decision: 'approved', notes: 'Valid expense' })
    await tell(refused, 'manager_approval', { approver: 'Bob Johnson', decision: 'rejected', notes: 'Private' })
    expect((await story.ended(paid)).result).toMatchObject({ status: 'paid', by: 'Bob Johnson', notes: 'Valid expense' })
    expect((await story.ended(refused)).result).toMatchObject({ status: 'rejected', by: 'Bob Johnson', notes: 'Private' })
  })

  it('ends when it is cancelled, and takes no message after that', async () => {
    const task = await start('signal-expense', alice)
    await story.source.tasks.cancel({ task_id: task, reason: 'Paid by card' })
    expect(await story.ended(task)).toMatchObject({ status: 'cancelled', error: 'Paid by card' })
    await expect(tell(task, 'manager_approval', {})).rejects.toMatchObject({ code: 'already-ended' })
  })
})

describe('a decision by somebody else’s program', () => {
  beforeEach(() => begin({ policy: 'expense: {threshold: 100}' }))

  it('that says rejected rejects', async () => {
    const asked = { employee: 'Alice Smith', amount: 250, category: 'travel', approver_email: 'mia@example.com' }
    const { workflow_id } = await story.source.requests.startExpense(asked)
    const payload = { workflow_id, approver: 'mia@example.com', decision: 'rejected', reason: 'Private' } as const
    expect(await story.person('mia').requests.approveExpense(payload)).toMatchObject({ decision: 'rejected' })
    const { output } = await vi.waitFor(async () => {
      const expense = await story.source.requests.expense({ workflow_id })
      expect(expense.status).toBe('completed')
      return expense
    })
    expect(output).toMatchObject({ status: 'rejected', reason: 'Private' })
  })

  it('comes by run and step, and a contradicting second one is told about the first', async () => {
    const task = await expense()
    const { webhook } = story.person('mia').approvals
    expect(await webhook({ key: `${task}:approver`, action: 'approve' })).toMatchObject({ status: 'approved' })
    await expect(webhook({ key: `${task}:approver`, action: 'reject' })).rejects.toMatchObject({
      code: 'already-decided',
      data: { decision: 'approved', decided_by: 'mia@example.com' },
    })
  })
})

describe('a refund', () => {
  const order = { order_id: '1042', amount: 120, requester: 'rita@example.com' }

  it('waits through a power cut and is paid once, as the manager lowered it', async () => {
    await begin()
    const task = await start('refund', order)
    await story.asked(task)
    story = await story.powerCut()
    await story.decide(task, 'mia', { decision: 'approve', changes: { amount: 80 } })
    const paid = { status: 'refunded', payment_id: `${task}:pay`, amount: 75, changed_by: 'mia@example.com' }
    expect((await story.ended(task)).result).toEqual(paid)
    story = await story.powerCut()
    expect((await story.owner.tasks.status({ task_id: task })).result).toEqual(paid)
    const { steps } = await story.owner.tasks.timeline({ task_id: task })
    expect(steps.map(({ key, state, attempts }) => [key, state, attempts])).toEqual([
      ['quote', 'done', 1],
      ['manager', 'done', 1],
      ['pay', 'done', 1],
    ])
  })
})

describe('a payment that fails after its approval', () => {
  it('alerts somebody as docs/configuration.md says, keeps the approval, and is paid when it is retried', {
    timeout: 30_000,
  }, async () => {
    const alerts = await openService()
    const actions = `actions: {expense: {url: "${service.url}"}}\nalerts: {webhook: "${alerts.url}"}`
    await begin({ config: `model: {enabled: false}\n${actions}` })
    service.works = false
    const task = await expense()
    await story.decide(task, 'mia', { decision: 'approve' })
    await vi.waitFor(
      async () => {
        story.pass(1000)
        expect((await story.owner.tasks.status({ task_id: task })).status).toBe('needs_review')
      },
      { timeout: 20_000, interval: 5 },
    )
    await vi.waitFor(() => expect(alerts.asked).toHaveLength(1))
    alerts.close()
    expect(alerts.asked[0]).toMatchObject({
      type: 'run.needs_review',
      run_id: task,
      step: 'pay',
      error: expect.stringContaining('400'),
    })
    const page = readFileSync(join(import.meta.dirname, '../../docs/configuration.md'), 'utf8')
    const shown = blocksOf(page).find(({ words }) => words[0] === 'alert')!
    expect(differences(alerts.asked[0], JSON.parse(shown.text), true)).toEqual([])
    service.works = true
    await story.person('mia').tasks.retry({ task_id: task })
    expect((await story.ended(task)).result).toMatchObject({ status: 'processed', payment_id: 'pay_1' })
    expect((await story.owner.approvals.list({ run_id: task })).total).toBe(1)
  })
})

describe('a gate', () => {
  beforeEach(() => begin())

  it('lets mail to colleagues go, and shows other mail to somebody who may correct it first', async () => {
    const mail = (to: string) => ({ to: [to], subject: 'Helo', body: '…' })
    const inside = await start('mail-gate', mail('ann@mycompany.example'))
    expect((await story.ended(inside)).result).toMatchObject({ outcome: 'done', asked: false })
    const outside = await start('mail-gate', mail('eve@evil-mycompany.example'))
    expect(await story.asked(outside)).toMatchObject({
      title: 'Mail to eve@evil-mycompany.example: "Helo"',
      waits_for: ['otto@example.com'],
    })
    await story.decide(outside, 'otto', { decision: 'approve', changes: { subject: 'Hello' } })
    expect((await story.ended(outside)).result).toMatchObject({ asked: true, args: { subject: 'Hello' } })
  })

  it('deletes a file that matters only after somebody has agreed', async () => {
    const important = join(story.app.home, 'important')
    mkdirSync(important)
    for (const name of ['kept', 'deleted']) writeFileSync(join(important, name), '')
    vi.stubEnv('IMPORTANT_FOLDERS', important)
    const [kept, deleted] = [
      await start('file-delete-gate', { path: join(important, '../important/kept') }),
      await start('file-delete-gate', { path: join(important, 'deleted') }),
    ]
    await story.decide(kept, 'olga', { decision: 'reject' })
    await story.decide(deleted, 'olga', { decision: 'approve' })
    vi.unstubAllEnvs()
    expect((await story.ended(kept)).result).toMatchObject({ outcome: 'rejected' })
    expect((await story.ended(deleted)).result).toMatchObject({ outcome: 'done' })
    expect(['kept', 'deleted'].map((name) => existsSync(join(important, name)))).toEqual([true, false])
  })

  it('asks nobody about a training run under 100 dollars, and the engineering manager from there on', async () => {
    const cheap = await start('cost-gate', { gpus: 4, hours: 9 })
    expect((await story.ended(cheap)).result).toMatchObject({ outcome: 'done', asked: false })
    const dear = await start('cost-gate', { gpus: 200, hours: 1 })
    expect((await story.asked(dear)).title).toBe('Spend 500 USD on a training run?')
    await story.decide(dear, 'engineering-manager', { decision: 'reject', comment: 'Next month' })
    expect((await story.ended(dear)).result).toMatchObject({ outcome: 'rejected', answer: { reason: 'Next month' } })
  })
})

describe('a model', () => {
  const model = (environment: string) => start('model-deployment', { model: 'churn-7', environment, requester: 'rita@example.com' })
  beforeEach(() => begin())

  it('goes to staging by itself, and the record says what approved it', async () => {
    const task = await model('staging')
    expect((await story.ended(task)).result).toMatchObject({ status: 'deployed', environment: 'staging' })
    expect(await decision(task)).toMatchObject({ decision: 'approved', rule: 'auto_approve_if', actor: { kind: 'policy' } })
  })

  it('goes to production after ML review and compliance', async () => {
    const task = await model('production')
    expect((await story.asked(task)).step).toBe('ml-review')
    await story.decide(task, 'mo', { decision: 'approve' })
    await vi.waitFor(async () => expect((await story.asked(task)).step).toBe('compliance-review'))
    await story.decide(task, 'cora', { decision: 'approve' })
    expect((await story.ended(task)).result).toMatchObject({
      status: 'deployed',
      reviewed_by: ['mo@example.com', 'cora@example.com'],
    })
  })
})
