import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { firstPolicy } from '../../../electron/core/policy/first-policy.ts'
import { clientFor, newHome, openTestApp, ownerEmail, type TestApp } from '../../support/app.ts'
import { FakeClock } from '../../support/fake-clock.ts'

/* What policy is for, told as it happens: expenses with an escalation and two people, gates by environment and cost, chains, thresholds. */

const hour = 3_600_000
let open: TestApp | null = null
afterEach(async () => {
  await open?.remove()
  open = null
})

async function inbox(policy?: string, config = ''): Promise<TestApp & { clock: FakeClock }> {
  const home = newHome()
  const clock = new FakeClock()
  writeFileSync(join(home, 'config.yaml'), `model: {enabled: false}\n${config}`)
  if (policy !== undefined) writeFileSync(join(home, 'policy.yaml'), policy)
  open = await openTestApp({ home, clock })
  return { ...open, clock }
}

const directors = 'groups: {directors: {members: [dora@example.com, dan@example.com]}}\n'
const personOf = ({ app }: TestApp, email: string) =>
  clientFor(app, {
    scopes: ['read', 'decide'],
    person: { email, name: email },
    source: null,
    credential: `tok_${email}`,
    via: 'http',
  })

const expense = ({ source }: TestApp, amount: number, more: object = {}) =>
  source.requests.submitExpense({
    expense_data: { id: 'exp_1', amount, submitter_email: 'john@example.com', ...more },
    approver_email: 'manager@example.com',
  })
const pending = async ({ owner }: TestApp) => (await owner.approvals.pending({})).pending_approvals
const result = async ({ source }: TestApp, task_id: string) => (await source.tasks.wait({ task_id, timeout_seconds: 5 })).result

describe('an expense in a new home', () => {
  it('is approved by itself up to 1,000, and the record names rule and policy', async () => {
    const home = await inbox()
    expect(readFileSync(join(home.home, 'policy.yaml'), 'utf8')).toBe(firstPolicy)
    const { task_id, auto_approved, approver } = await expense(home, 1000)
    expect([auto_approved, approver]).toEqual([true, 'threshold:default'])
    expect(await result(home, task_id)).toMatchObject({
      status: 'processed',
      auto_approved: true,
      approved_by: 'threshold:default',
    })
    const { items } = await home.owner.approvals.list({ run_id: task_id })
    expect(items[0]).toMatchObject({
      decision: { rule: 'threshold:default', actor: { kind: 'policy' } },
      ruling: { rule: 'threshold:default', policy_version: (await home.owner.policy.get({})).version },
    })
  })

  it('asks its manager above 1,000, for 48 hours', async () => {
    const home = await inbox()
    const { task_id, message } = await expense(home, 1000.01)
    expect(message).toBe('The expense waits for manager@example.com, for 48 hours.')
    const [approval] = await pending(home)
    expect(Date.parse(approval!.due_at!) - home.clock.now()).toBe(48 * hour)
    await personOf(home, 'manager@example.com').approvals.decide({ approval_id: approval!.id, decision: 'approve' })
    expect(await result(home, task_id)).toMatchObject({ status: 'processed', approved_by: 'manager@example.com' })
  })

  it('goes on to the directors after 8 hours, as soon as there are some', async () => {
    const home = await inbox(undefined, directors)
    await expense(home, 5000)
    home.clock.advance(8 * hour + 1000)
    home.app.tick()
    // Nobody waits for what the clock does: it is on its way to the disk.
    await vi.waitFor(async () => {
      expect((await pending(home))[0]).toMatchObject({
        title: '[ESCALATED] Expense exp_1 for john@example.com',
        escalation: { number: 1, reason: 'no_answer', original_approvers: ['manager@example.com'] },
        waits_for: ['manager@example.com', 'dora@example.com', 'dan@example.com'],
      })
    })
  })

  it('needs two people above 10,000', async () => {
    const home = await inbox(undefined, directors)
    const { task_id } = await expense(home, 10_000.5)
    const [approval] = await pending(home)
    expect([approval!.needed, approval!.ruling!.rule]).toEqual([2, 'two-people-over-10000'])
    const manager = personOf(home, 'manager@example.com')
    const { status } = await manager.approvals.decide({ approval_id: approval!.id, decision: 'approve' })
    expect(status).toBe('pending')
    await expect(manager.approvals.decide({ approval_id: approval!.id, decision: 'reject' })).rejects.toBeDefined()
    await personOf(home, 'dora@example.com').approvals.decide({ approval_id: approval!.id, decision: 'approve' })
    expect(await result(home, task_id)).toMatchObject({ status: 'processed' })
  })

  it('needs two people above 10,000 also where only one is known: anybody who may decide is the second', async () => {
    const home = await inbox()
    const { task_id } = await expense(home, 50_000)
    const [approval] = await pending(home)
    expect([approval!.needed, approval!.waits_for]).toEqual([2, []])
    expect(await home.owner.approvals.decide({ approval_id: approval!.id, decision: 'approve' })).toMatchObject({
      status: 'pending',
    })
    await personOf(home, 'second@example.com').approvals.decide({ approval_id: approval!.id, decision: 'approve' })
    expect(await result(home, task_id)).toMatchObject({ status: 'processed' })
  })
})

describe('the gates that the shipped policy shows as examples', () => {
  const examples = firstPolicy.replaceAll(/^( *)# ( *(?:- |[a-z_]+:).*)$/gm, '$1$2')

  it('let staging go, and ask for production', async () => {
    const home = await inbox(examples)
    const deploy = (environment: string) =>
      home.source.requests.requestDeployment({
        service_name: 'api',
        version: '2.1',
        environment,
        approver_email: 'ops@example.com',
      })
    const staging = await deploy('Staging')
    expect([staging.message, staging.approver]).toEqual([
      expect.stringMatching(/^The deployment was approved automatically: Rule “staging-by-itself”/),
      'staging-by-itself',
    ])
    expect(await result(home, staging.task_id)).toMatchObject({ status: 'deployed', approved_by: 'staging-by-itself' })
    const production = await deploy('production')
    expect(production.message).toBe('The deployment waits for ops@example.com, for 2 hours.')
    expect(await pending(home)).toHaveLength(1)
  })

  it('let a cheap training run, and ask for a dear one, for none and for less than nothing', async () => {
    const home = await inbox(examples)
    const train = async (amount?: number) =>
      (await home.source.requests.submitRequest({ type: 'training', ...(amount === undefined ? {} : { amount }) })).status
    expect(await Promise.all([train(99.99), train(100), train(), train(-5)])).toEqual([
      'completed',
      'waiting',
      'waiting',
      'waiting',
    ])
  })
})

describe('a policy with rules and chains', () => {
  const policy = `
chains:
  purchase:
    - {name: manager, timeout_hours: 24}
    - {name: finance, approvers: [fin@example.com], when: amount > 1000.0, timeout_hours: 48}
    - {name: director, approvers: [dora@example.com], when: amount > 10000.0}
rules:
  purchase:
    - {name: small, when: amount <= 100.0, action: auto_approve}
    - {name: forbidden, when: data.vendor == "Acme", action: reject, reason: Acme is no vendor of ours.}
    - {name: chain, action: require_approval, chain: purchase}
  contract:
    - {name: legal, action: escalate, committee: board, votes: all}
`
  const groups = 'groups: {board: {members: [ann@example.com, bob@example.com]}}\n'
  const purchase = ({ source }: TestApp, amount: number, vendor = 'Bolt') =>
    source.requests.submitRequest({ type: 'purchase', amount, approver_email: 'manager@example.com', data: { vendor } })

  it('climbs the levels that apply, and stops at the first refusal', async () => {
    const home = await inbox(policy, groups)
    const { task_id } = await purchase(home, 5000)
    const [first] = await pending(home)
    expect(first!.progress).toEqual({ done: 0, current: 'manager', total: 2 })
    await personOf(home, 'manager@example.com').approvals.decide({ approval_id: first!.id, decision: 'approve' })
    expect((await pending(home))[0]).toMatchObject({ waits_for: ['fin@example.com'], progress: { done: 1, current: 'finance' } })
    await personOf(home, 'fin@example.com').approvals.decide({ approval_id: first!.id, decision: 'reject', comment: 'No budget' })
    expect(await result(home, task_id)).toMatchObject({
      status: 'rejected',
      chain: { status: 'rejected_at_level', level: 1, level_name: 'finance', reason: 'No budget' },
    })
  })

  it('says how many levels approved it', async () => {
    const home = await inbox(policy, groups)
    const { task_id } = await purchase(home, 500)
    const [approval] = await pending(home)
    await personOf(home, 'manager@example.com').approvals.decide({ approval_id: approval!.id, decision: 'approve' })
    expect(await result(home, task_id)).toMatchObject({
      status: 'approved',
      chain: { status: 'fully_approved', levels_completed: 1 },
    })
  })

  it('rejects by rule, with its reason', async () => {
    const home = await inbox(policy, groups)
    const { task_id, message } = await purchase(home, 500, 'Acme')
    expect(message).toBe('The request was rejected: Rule “forbidden” rejects it: Acme is no vendor of ours.')
    expect(await result(home, task_id)).toMatchObject({ status: 'rejected', decided_by: 'forbidden' })
  })

  it('asks a committee, all of it', async () => {
    const home = await inbox(policy, groups)
    await home.source.requests.submitRequest({ type: 'contract' })
    expect((await pending(home))[0]).toMatchObject({ needed: 2, waits_for: ['ann@example.com', 'bob@example.com'] })
  })

  it('sends what no rule matches to a person, marked so', async () => {
    const home = await inbox(policy, groups)
    await home.source.requests.submitRequest({ type: 'holiday' })
    expect((await pending(home))[0]).toMatchObject({ ruling: { rule: null }, waits_for: [ownerEmail] })
  })

  it('leaves a task under way as it was when the policy changes', async () => {
    const home = await inbox(policy, groups)
    await purchase(home, 500)
    const { version, text } = await home.owner.policy.get({})
    await home.owner.policy.save({
      text: text.replace('action: require_approval', 'action: require_approval, hard_limit: true'),
      version,
    })
    const [approval] = await pending(home)
    expect([approval!.ruling!.policy_version, approval!.ruling!.rule]).toEqual([version, 'chain'])
    expect((await home.owner.policy.get({})).version).not.toBe(version)
  })

  it('is replayed over what people decided', async () => {
    const home = await inbox(policy, groups)
    for (const decision of ['approve', 'reject'] as const) {
      await purchase(home, 500)
      const [approval] = await pending(home)
      await personOf(home, 'manager@example.com').approvals.decide({ approval_id: approval!.id, decision })
    }
    const text = 'rules: {purchase: [{name: more, when: amount <= 500.0, action: auto_approve}]}'
    const replayed = await home.owner.policy.replay({ text })
    expect(replayed).toMatchObject({ summary: 'Would have approved 2, of which you rejected 1.', looked_at: 2 })
    expect(replayed.disagreements).toMatchObject([{ decision: 'rejected', would: 'auto_approve', rule: 'more', type: 'purchase' }])
  })
})
