import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { newHome, openTestApp, ownerEmail, type TestApp } from '../../support/app.ts'

let rig: TestApp
afterEach(() => rig.remove())

/** A request of a home whose policy asks others for what goes to production. */
async function open() {
  const home = newHome()
  writeFileSync(join(home, 'config.yaml'), 'model: { enabled: false }\n')
  writeFileSync(
    join(home, 'policy.yaml'),
    `rules:
  change:
    - { name: live, when: 'environment == "production"', action: require_approval, approvers: [cto@example.com] }
    - { name: dear, when: 'amount > 1000.0', action: require_approval, approvers: [cfo@example.com] }
`,
  )
  rig = await openTestApp({ home })
  const data = { environment: 'staging', note: 'first' }
  const { task_id } = await rig.source.requests.submitRequest({
    type: 'change',
    title: 'Change it',
    amount: 900,
    editable: ['environment', 'note', 'amount'],
    data,
  })
  const { pending } = await rig.source.tasks.pending({ task_id })
  return { approval_id: pending[0]!.approval_id, data }
}

describe('a change of what is asked', () => {
  it('does not slip under a rule that asks others', async () => {
    const { approval_id, data } = await open()
    const live = { ...data, environment: 'production' }
    await expect(rig.source.approvals.revise({ approval_id, data: live })).rejects.toMatchObject({
      code: 'invalid-input',
      data: { errors: [{ pointer: '/data' }] },
    })
    await expect(
      rig.owner.approvals.decide({ approval_id, decision: 'approve', changes: { environment: 'production' } }),
    ).rejects.toMatchObject({ code: 'invalid-input' })
  })

  it('never makes the amount larger than it was', async () => {
    const { approval_id } = await open()
    await expect(rig.source.approvals.revise({ approval_id, amount: 50_000 })).rejects.toMatchObject({
      code: 'invalid-input',
      data: { errors: [{ pointer: '/amount' }] },
    })
  })

  it('is a new version where the same people are asked', async () => {
    const { approval_id, data } = await open()
    const revised = await rig.source.approvals.revise({ approval_id, amount: 800, data: { ...data, note: 'second' } })
    expect(revised).toMatchObject({ version: { number: 2 } })
  })
})

describe('a change of whom it is for', () => {
  const start = async () => {
    const home = newHome()
    writeFileSync(join(home, 'config.yaml'), 'model: { enabled: false }\n')
    rig = await openTestApp({ home })
  }
  const idOf = async (task_id: string) => (await rig.source.tasks.pending({ task_id })).pending[0]!.approval_id
  const refused = { code: 'invalid-input', data: { errors: [{ pointer: '/data' }] } }

  it.each([
    ['submitter_email', ownerEmail],
    ['payee', 'eve'],
    ['currency', 'EUR'],
  ])('is no change of an expense, but another one: %s', async (name, value) => {
    await start()
    const expense_data = { id: 1, amount: 1500, submitter_email: 'ann@example.com', payee: 'ann', currency: 'JPY' }
    const { task_id } = await rig.source.requests.submitExpense({ expense_data, approver_email: ownerEmail })
    const approval_id = await idOf(task_id)
    await expect(rig.source.approvals.revise({ approval_id, data: { ...expense_data, [name]: value } })).rejects.toMatchObject(
      refused,
    )
    const revised = await rig.source.approvals.revise({ approval_id, data: { ...expense_data, description: 'Hotel' } })
    expect(revised).toMatchObject({ version: { number: 2 } })
  })

  it('is none of a request whose data names whom the request excludes; whom it names by itself may change', async () => {
    await start()
    const data = { payee_email: 'Ben <ben@example.com>', recipient: 'a museum' }
    const { task_id } = await rig.source.requests.submitRequest({
      ...{ type: 'gift', priority: 'normal', beneficiary: 'ben@example.com', approver_email: ownerEmail, data },
    })
    const approval_id = await idOf(task_id)
    const other = { ...data, payee_email: ownerEmail }
    await expect(rig.source.approvals.revise({ approval_id, data: other })).rejects.toMatchObject(refused)
    const revised = await rig.source.approvals.revise({ approval_id, data: { ...data, recipient: 'a school' } })
    expect(revised).toMatchObject({ version: { number: 2 } })
  })
})
