import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { newHome, openTestApp, ownerEmail, type TestApp } from '../../support/app.ts'

let rig: TestApp
afterEach(() => rig.remove())

/** An inbox whose actions answer with what they were given. */
async function open(): Promise<TestApp> {
  const home = newHome()
  const echo = `{command: [${process.execPath}, -e, "process.stdin.pipe(process.stdout)"]}`
  const actions = ['expense', 'deployment', 'refund'].map((type) => `  ${type}: ${echo}\n`).join('')
  writeFileSync(join(home, 'config.yaml'), `model: {enabled: false}\nactions:\n${actions}`)
  rig = await openTestApp({ home })
  return rig
}
const first = async (run_id: string) => (await rig.owner.approvals.list({ status: ['pending'], run_id })).items[0]!

/** Revises what a task asks, approves the new version, and says how the task ended. */
async function approveRevised(task_id: string, revision: { data: Record<string, unknown>; amount?: number }) {
  const { id: approval_id } = await first(task_id)
  await rig.source.approvals.revise({ approval_id, ...revision })
  await rig.owner.approvals.decide({ approval_id, decision: 'approve', version: 2 })
  return rig.source.tasks.wait({ task_id, timeout_seconds: 5 })
}

describe('a revised deployment', () => {
  const ask = async () => {
    const inbox = await open()
    const asked = { service_name: 'api', version: '6.6.6', environment: 'production', approver_email: ownerEmail }
    return (await inbox.source.requests.requestDeployment({ ...asked, data: { ticket: 'A-1' } })).task_id
  }

  it('is carried out as it was shown and approved, not as it came', async () => {
    const task_id = await ask()
    expect((await first(task_id)).consequence).not.toContain('6.6.6')
    const data = { service_name: 'api', version: '1.0.1', environment: 'staging', ticket: 'A-2' }
    const { result } = await approveRevised(task_id, { data })
    expect(result).toMatchObject({ status: 'deployed', service: 'api', version: '1.0.1', environment: 'staging' })
  })

  it.each([
    [{ service_name: 'api', environment: 'staging' }, 'version'],
    [{ service_name: 'api', version: '1.0.1' }, 'environment'],
    [{ service_name: 7, version: '1.0.1', environment: 'staging' }, 'service_name'],
  ])('that does not say any more what is deployed is not carried out, and the task says why: %j', async (data, member) => {
    const { status, error } = await approveRevised(await ask(), { data })
    expect([status, error]).toEqual([
      'failed',
      expect.stringContaining(`nothing was done, for it cannot be carried out: ${member}`),
    ])
  })
})

describe('a revised expense', () => {
  it('is paid as it was shown and approved', async () => {
    const inbox = await open()
    const expense_data = { id: 1, amount: 1500, submitter_email: 'ann@example.com' }
    const { task_id } = await inbox.source.requests.submitExpense({ expense_data, approver_email: ownerEmail })
    const data = { ...expense_data, amount: 1200, description: 'One night less' }
    const { result } = await approveRevised(task_id, { amount: 1200, data })
    expect(result).toMatchObject({ status: 'processed', amount: 1200 })
  })

  it('that is less than nothing now is not paid', async () => {
    const inbox = await open()
    const expense_data = { id: 1, amount: 1500, submitter_email: 'ann@example.com' }
    const { task_id } = await inbox.source.requests.submitExpense({ expense_data, approver_email: ownerEmail })
    const { status } = await approveRevised(task_id, { amount: -5, data: { ...expense_data, amount: -5 } }).catch(() => ({
      status: 'refused',
    }))
    expect(['failed', 'refused']).toContain(status)
  })
})

describe('a revised request', () => {
  it('is carried out with the data that was approved', async () => {
    const inbox = await open()
    const { task_id } = await inbox.source.requests.submitRequest({
      type: 'refund',
      approver_email: ownerEmail,
      priority: 'normal',
      data: { order: 7 },
    })
    const { result } = await approveRevised(task_id, { data: { order: 8 } })
    expect(result).toMatchObject({ status: 'approved', data: { order: 8 }, action: { request: { data: { order: 8 } } } })
  })
})
