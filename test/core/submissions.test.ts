import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { formProblem } from '../../electron/core/answer-form.ts'
import type { RequestInput } from '../../shared/contract/requests.ts'
import { clientFor, newHome, openTestApp, ownerEmail, type TestApp } from '../support/app.ts'

let home: TestApp
beforeEach(async () => {
  const folder = newHome()
  writeFileSync(join(folder, 'config.yaml'), 'model: {enabled: false}\n')
  home = await openTestApp({ home: folder })
})
afterEach(() => home.remove())

const submit = (more: Partial<RequestInput>) => home.source.requests.submitRequest({ type: 'refund', ...more })
const open = async () => (await home.owner.approvals.pending({})).pending_approvals
const result = async (task_id: string) => (await home.source.tasks.wait({ task_id, timeout_seconds: 5 })).result

describe('a request', () => {
  const enclosed = {
    attachments: [
      {
        name: 'invoice.pdf',
        url: 'https://files.example/7',
        media_type: 'application/pdf',
        size_bytes: 48_213,
        sha256: 'a'.repeat(64),
      },
      { name: 'photo.jpg' },
    ],
    evidence: [{ title: 'Report of the carrier', text: 'Lost in transit' }],
    rollback: 'Send the money back by hand.',
  }

  it('carries attachments, evidence and how it can be taken back, and people agree to them too', async () => {
    await submit({ title: 'One', ...enclosed })
    await submit({ title: 'Two', ...enclosed, rollback: 'It cannot.' })
    const [one, two] = (await open()).toSorted((a, b) => (a.title < b.title ? -1 : 1))
    expect(one).toMatchObject({ ...enclosed, data_omitted: false })
    expect(two!.version.sha256).not.toBe(one!.version.sha256)
    const { task_id: _, ...third } = await submit({ title: 'One', ...enclosed })
    expect(third).toMatchObject({ status: 'waiting' })
    expect((await open()).filter(({ version }) => version.sha256 === one!.version.sha256)).toHaveLength(2)
  })

  it('can be given other attachments, evidence and another way back, or none: each time it is another version', async () => {
    await submit({ title: 'One', ...enclosed })
    const [first] = await open()
    const revise = (change: object) => home.source.approvals.revise({ approval_id: first!.id, ...change })
    const asked = async () => {
      const { version, attachments, evidence, rollback } = await home.owner.approvals.get({ approval_id: first!.id })
      return [version.number, { attachments, evidence, rollback }]
    }
    await revise({ attachments: [{ name: 'right.pdf' }], rollback: null })
    expect(await asked()).toEqual([2, { attachments: [{ name: 'right.pdf' }], evidence: enclosed.evidence, rollback: undefined }])
    const { changes } = await home.owner.approvals.get({ approval_id: first!.id })
    expect(changes[0]?.differences.map(({ pointer }) => pointer)).toContain('/rollback')
    await revise({ attachments: [], evidence: [{ title: 'Photo', url: 'https://files.example/8' }], rollback: 'By hand.' })
    const evidence = [{ title: 'Photo', url: 'https://files.example/8' }]
    expect(await asked()).toEqual([3, { attachments: undefined, evidence, rollback: 'By hand.' }])
    await expect(revise({ evidence })).rejects.toMatchObject({ message: expect.stringContaining('Say what changes') })
    await expect(revise({ evidence: [{ title: 'x' }] })).rejects.toMatchObject({ message: expect.stringContaining('needs a text') })
  })

  it('leaves large evidence out of lists, and never out of the whole', async () => {
    const evidence = [
      { title: 'Log', text: 'x'.repeat(10_000) },
      { title: 'More', text: 'y'.repeat(10_000) },
    ]
    await submit({ ...enclosed, evidence, data: { order: 7 } })
    const [listed] = await open()
    expect(listed).toMatchObject({ data_omitted: true, data: null, rollback: enclosed.rollback })
    expect(listed).not.toHaveProperty('evidence')
    expect(await home.owner.approvals.get({ approval_id: listed!.id })).toMatchObject({
      evidence,
      attachments: enclosed.attachments,
      data: { order: 7 },
    })
  })

  it.each([
    [
      'an address that is none of the web',
      { attachments: [{ name: 'a', url: 'javascript:alert(1)' }] },
      'must be an http or https address',
    ],
    ['a sum that is none', { attachments: [{ name: 'a', sha256: 'abc' }] }, 'must be 64 lower-case hexadecimal digits'],
    ['a size below nothing', { attachments: [{ name: 'a', size_bytes: -1 }] }, '/attachments/0/size_bytes'],
    ['too many files', { attachments: Array.from({ length: 51 }, () => ({ name: 'a' })) }, '/attachments'],
    ['evidence of nothing', { evidence: [{ title: 'Trust me' }] }, 'needs a text or an url'],
    ['a long way back', { rollback: 'x'.repeat(10_001) }, '/rollback'],
  ])('is refused with %s', async (_, more, said) => {
    const refused = await submit(more).catch((error: { data?: unknown; message: string }) =>
      JSON.stringify([error.message, error.data]),
    )
    expect(refused).toContain(said)
  })

  it('carries what its sender allows: changes, a part, options, a form, who gains by it, a hard limit', async () => {
    const form = {
      type: 'object',
      properties: { cost_centre: { type: 'string', pattern: '^[0-9]{4}$' } },
      required: ['cost_centre'],
    }
    const options = [{ id: 'voucher', label: 'As a voucher', outcome: 'approved' as const }]
    const { task_id } = await submit({
      amount: '120.00',
      currency: 'EUR',
      beneficiary: 'Kim <kim@example.com>',
      editable: ['amount', 'note', 'deep.er', '/deep/er'],
      partial: true,
      options,
      form,
      data: { note: 'parcel lost', deep: { er: 1 } },
    })
    const [approval] = await open()
    expect(approval).toMatchObject({
      editable: ['/amount', '/note', '/deep/er', '/deep/er'],
      partial: true,
      options,
      form,
      beneficiary: 'Kim <kim@example.com>',
      excluded: expect.arrayContaining(['kim@example.com']),
    })
    await home.owner.approvals.decide({
      approval_id: approval!.id,
      option: 'voucher',
      changes: { '/note': 'parcel found' },
      amount: '100.00',
      answer: { cost_centre: '4711' },
    })
    expect(await result(task_id)).toMatchObject({
      status: 'approved',
      option: 'voucher',
      answer: { cost_centre: '4711' },
      amount: '100.00',
      data: { note: 'parcel found', deep: { er: 1 } },
    })
  })

  it.each([
    ['a name that is not in the data', { editable: ['nope'], data: { note: '' } }, '/editable/0'],
    ['a name that every object has', { editable: ['constructor'], data: {} }, '/editable/0'],
    ['an amount that it has not', { editable: ['amount'], data: {} }, '/editable/0'],
    ['a form that is no schema', { form: { type: 'nonsense' } }, '/form'],
    ['a form that is too large', { form: { description: 'x'.repeat(17_000) } }, '/form'],
  ])('is refused for %s', async (_what, more, pointer) => {
    await expect(submit(more as Partial<RequestInput>)).rejects.toMatchObject({
      code: 'invalid-input',
      data: { errors: [expect.objectContaining({ pointer })] },
    })
    expect(await open()).toEqual([])
  })

  it('waits for the owner where nobody is named', async () => {
    expect(await submit({})).toMatchObject({ message: `The request waits for ${ownerEmail}.`, status: 'waiting' })
  })
})

describe('a form', () => {
  const of = (pattern: string) => formProblem({ type: 'object', properties: { x: { type: 'string', pattern } } })

  it.each(['^[a-z]+$', '^\\d{4}-\\d{2}$', '^(?:EUR|USD) \\d+$', '^[^@]+@[^@]+\\.[a-z]{2,}$', '^(\\([0-9]+\\))?$'])(
    'may have the pattern %s',
    (pattern) => {
      expect(of(pattern)).toBeNull()
    },
  )

  it.each(['(a+)+$', '^(a|a)*$', '(?:x{2,}){3,}', '((ab)*c?)+', '(a)\\1+', '(', `${'a'.repeat(201)}`])(
    'may not have the pattern %.20s',
    (pattern) => {
      expect(of(pattern)).toMatch(/pattern/)
    },
  )

  it('may not refer to others, nor be nested without end', () => {
    expect(formProblem({ $ref: 'https://example.com/schema' })).toMatch(/\$ref/)
    let deep: Record<string, unknown> = { type: 'string' }
    for (let level = 0; level < 20; level++) deep = { type: 'object', properties: { x: deep } }
    expect(formProblem(deep)).toMatch(/deeper/)
  })
})

describe('a deployment', () => {
  it('shows what it is, whatever its sender puts into its data', async () => {
    await home.source.requests.requestDeployment({
      ...{ service_name: 'api', version: '2', environment: 'production', approver_email: ownerEmail },
      data: { environment: 'staging', commit: 'abc' },
    })
    expect((await open())[0]!.data).toEqual({ service_name: 'api', version: '2', environment: 'production', commit: 'abc' })
  })
})

describe('an expense as small tutorials know it', () => {
  const start = (more: object = {}) =>
    home.source.requests.startExpense({ employee: 'Alice', amount: 1200, category: 'travel', ...more })
  const bob = () =>
    clientFor(home.app, {
      ...{ scopes: ['read', 'decide'], source: null, credential: 'tok_bob', via: 'http' },
      person: { email: 'bob@example.com', name: 'Bob' },
    })

  it('is started, looked at and approved by its workflow id', async () => {
    const { workflow_id, status, message } = await start({ approver_email: 'bob@example.com' })
    expect([status, message]).toEqual(['waiting', 'The expense waits for bob@example.com, for 48 hours.'])
    const [approval] = await open()
    expect(await home.source.requests.expense({ workflow_id })).toEqual({
      ...{ workflow_id, status: 'waiting', output: null, error: null },
      pending_approvals: [approval!.id],
    })
    expect(approval).toMatchObject({ title: 'Expense of Alice for travel', requester: 'Alice', amount: 1200 })
    const said = await bob().requests.approveExpense({ workflow_id, approver: 'Bob', decision: 'approved', notes: 'Fine' })
    expect(said).toMatchObject({ workflow_id, approval_id: approval!.id, decision: 'approved' })
    expect(await result(workflow_id)).toMatchObject({ status: 'processed', amount: 1200, approved_by: 'bob@example.com' })
    expect(await home.source.requests.expense({ workflow_id })).toMatchObject({ status: 'completed', pending_approvals: [] })
  })

  it('is rejected by a decision of "rejected", and stays so', async () => {
    const { workflow_id } = await start({ approver_email: 'bob@example.com' })
    await bob().requests.approveExpense({ workflow_id, decision: 'rejected', reason: 'Too dear', colour: 'red' })
    expect(await result(workflow_id)).toMatchObject({ status: 'rejected', reason: 'Too dear', decided_by: 'bob@example.com' })
    await expect(bob().requests.approveExpense({ workflow_id, decision: 'approved' })).rejects.toMatchObject({
      code: 'already-decided',
    })
  })

  it('is not decided in the name of somebody whom one may not act for', async () => {
    const { workflow_id } = await start({ approver_email: 'bob@example.com' })
    await expect(
      bob().requests.approveExpense({ workflow_id, approver: 'carol@example.com', decision: 'approved' }),
    ).rejects.toMatchObject({ code: expect.stringMatching(/not-approver|forbidden/) })
    expect(await open()).toHaveLength(1)
  })

  it('is approved by itself below the threshold', async () => {
    const { workflow_id, status } = await start({ amount: 12.5 })
    expect(status).toBe('completed')
    expect(await result(workflow_id)).toMatchObject({ status: 'processed', amount: 12.5, auto_approved: true })
  })

  it('is found under its own kind alone', async () => {
    const { task_id } = await submit({})
    await expect(home.source.requests.expense({ workflow_id: task_id })).rejects.toMatchObject({ code: 'not-found' })
    await expect(bob().requests.approveExpense({ workflow_id: 'run_x', decision: 'approved' })).rejects.toMatchObject({
      code: 'not-found',
    })
  })
})
