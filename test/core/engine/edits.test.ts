import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { type ApprovalOptions, defineWorkflow } from '../../../electron/core/engine/workflow.ts'
import type { ReviseInput } from '../../../shared/contract/approvals.ts'
import type { JournalRecord } from '../../../shared/model/event.ts'
import { ending, openRig, source, verdict } from './harness.ts'
import { mail, person } from './people.ts'

const [ana, ben, cem] = ['ana', 'ben', 'cem'].map((name) => person(name))
const data = { order: '88-1042', amount: 1240.5, price: '99.00', to: { iban: 'DE02', name: 'Ada' }, urgent: false }

async function ask(options: Partial<ApprovalOptions> = {}) {
  const workflow = defineWorkflow({
    name: 'one',
    input: z.object({}),
    run: (wf) =>
      wf.approval('a', {
        title: 'Refund',
        consequence: 'It is paid.',
        approvers: mail('ana'),
        amount: 1240.5,
        data,
        editable: ['amount', 'to', '/price'],
        ...options,
      } as ApprovalOptions),
  })
  const rig = await openRig({ workflows: [workflow] })
  const run = await rig.begin('one')
  const id = rig.open(run)
  const say = async (caller: typeof ana, more: object) => {
    const result = await rig.engine.decide({ approval_id: id, decision: 'approve', ...more }, caller!)
    await rig.quiet()
    return result
  }
  const revise = async (more: Omit<ReviseInput, 'approval_id'>) => {
    const result = await rig.engine.approvals.revise({ approval_id: id, ...more }, source)
    await rig.quiet()
    return result
  }
  const changed = () =>
    rig.records.findLast((record): record is JournalRecord<'approval_changed'> => record.type === 'approval_changed')
  return { rig, run, id, say, revise, changed, answer: () => ending(rig, run) as Record<string, unknown> }
}

describe('an edit', () => {
  it('approves with changed values: original, edited and editor are kept, and the rest is the same byte for byte', async () => {
    const { say, changed, answer } = await ask()
    expect(verdict(await say(ana, { changes: { amount: 900, '/to/iban': 'DE99' } }))).toBe('approved, approved')
    const expected = { ...data, amount: 900, to: { iban: 'DE99', name: 'Ada' } }
    expect(JSON.stringify(changed()?.content?.asked.data)).toBe(JSON.stringify(expected))
    expect(answer()).toMatchObject({
      outcome: 'approved',
      value: expected,
      amount: 900,
      version: { number: 2 },
      edited: { original: data, edited: expected, by: 'ana@example.com' },
    })
  })

  it('never makes it more than was asked: the people for that were not asked', async () => {
    const { say, revise } = await ask()
    expect(verdict(await say(ana, { changes: { amount: 1240.51 } }))).toBe('invalid-input')
    expect(await revise({ amount: 2000 })).toMatchObject({
      failure: { code: 'invalid-input', data: { errors: [{ pointer: '/amount' }] } },
    })
    expect(await revise({ amount: 1000 })).toMatchObject({ ok: true })
    expect(await revise({ amount: 1240.5 })).toMatchObject({ ok: true })
  })

  it('without a difference is no edit', async () => {
    const { say, changed, answer } = await ask()
    expect(verdict(await say(ana, { changes: { amount: 1240.5 } }))).toBe('approved, approved')
    expect(changed()).toBeUndefined()
    expect(answer()).toMatchObject({ version: { number: 1 }, edited: null, value: data })
  })

  it.each([
    [{ changes: { order: 'other' } }, 'not-editable'],
    [{ changes: { '/toll': 1 } }, 'not-editable'],
    [{ changes: { amount: '900' } }, 'invalid-input'],
    [{ changes: { amount: null } }, 'invalid-input'],
    [{ changes: { price: 'cheap' } }, 'invalid-input'],
    [{ changes: { '/to/bic': 'X' } }, 'invalid-input'],
    [{ decision: 'reject', changes: { amount: 1 } }, 'invalid-input'],
    [{ items: ['1'] }, 'invalid-input'],
  ])('is refused where the request does not allow it: %j', async (input, code) => {
    const { say, rig, id } = await ask()
    expect(verdict(await say(ana, input))).toBe(code)
    expect(rig.live.approvals.get(id)?.version.number).toBe(1)
  })

  it('is a new version: other votes are void, and the editor’s comes with it', async () => {
    const { say } = await ask({ approvers: mail('ana', 'ben', 'cem'), votes: 2 })
    expect(verdict(await say(ana, {}))).toBe('approved, pending')
    expect(verdict(await say(ben, { changes: { amount: 1000 } }))).toBe('approved, pending')
    const stale = await say(cem, { version: 1 })
    expect(stale).toMatchObject({
      failure: { code: 'stale-version', data: { current: { number: 2 }, seen: { number: 1 } } },
    })
    expect((stale as { failure: { data: { differences: unknown[] } } }).failure.data.differences).toEqual([
      { pointer: '/amount', before: 1240.5, after: 1000 },
      { pointer: '/data/amount', before: 1240.5, after: 1000 },
    ])
    expect(verdict(await say(ana, { version: 2 }))).toBe('approved, approved')
  })

  it('makes an editor of whoever made the version before: they decide no later one', async () => {
    const { say } = await ask({ approvers: mail('ana', 'ben', 'cem'), votes: 2 })
    await say(ana, { changes: { amount: 1000 } })
    await say(ben, { changes: { amount: 1100 } })
    expect(verdict(await say(ana, {}))).toBe('self-approval')
    expect(verdict(await say(cem, {}))).toBe('approved, approved')
  })

  it('at a later level sends the chain back to its first, and keeps the editor’s vote for theirs', async () => {
    const levels = [
      { name: 'manager', approvers: mail('ana') },
      { name: 'finance', approvers: mail('ben') },
      { name: 'ceo', approvers: mail('cem') },
    ]
    const { say, rig, id, answer } = await ask({ levels, approvers: undefined } as never)
    await say(ana, {})
    expect(verdict(await say(ben, { changes: { amount: 1000 } }))).toBe('approved, pending')
    expect(rig.live.approvals.get(id)?.approvers).toEqual(mail('ana'))
    expect(verdict(await say(ana, {}))).toBe('approved, pending')
    expect(rig.live.approvals.get(id)?.approvers).toEqual(mail('cem'))
    expect(verdict(await say(cem, {}))).toBe('approved, approved')
    expect(answer()).toMatchObject({ levels_completed: 3, amount: 1000 })
  })

  it('leaves an earlier editor out of “all” at the next level, also where it leads there at once', async () => {
    const levels = [
      { name: 'manager', approvers: mail('cem') },
      { name: 'board', approvers: mail('ana', 'ben'), votes: 'all' },
    ]
    const { say, rig, id } = await ask({ levels, approvers: undefined } as never)
    await say(cem, {})
    await say(ana, { changes: { amount: 1000 } })
    expect(verdict(await say(cem, { changes: { amount: 900 } }))).toBe('approved, pending')
    expect(rig.live.approvals.get(id)).toMatchObject({ approvers: mail('ana', 'ben'), needed: 1 })
    expect(verdict(await say(ben, {}))).toBe('approved, approved')
  })

  it('keeps the kinds of values inside an object, and lists are named by number', async () => {
    const { say } = await ask({ data: { price: { cents: 5 }, l: [] }, editable: ['price', 'l'], amount: null })
    expect(verdict(await say(ana, { changes: { price: { cents: '5' } } }))).toBe('invalid-input')
    expect(verdict(await say(ana, { changes: { price: { cents: 5, extra: 1 } } }))).toBe('invalid-input')
    expect(verdict(await say(ana, { changes: { '/l/length': 3 } }))).toBe('invalid-input')
    expect(verdict(await say(ana, { changes: { price: { cents: 6 } } }))).toBe('approved, approved')
  })

  it('keeps the amount and the same amount in the data together, however each is written', async () => {
    const { say, changed } = await ask({ data: { amount: '500.00' }, amount: 500, editable: ['amount'] })
    expect(verdict(await say(ana, { changes: { amount: '50000.00' } }))).toBe('invalid-input')
    expect(verdict(await say(ana, { changes: { amount: '50.00' } }))).toBe('approved, approved')
    expect(changed()?.content?.asked).toMatchObject({ amount: 50, data: { amount: '50.00' } })
  })

  it('by the requester keeps them together, too', async () => {
    const { revise, changed } = await ask()
    expect(await revise({ data: { ...data, amount: 99_999 } })).toMatchObject({ failure: { code: 'invalid-input' } })
    expect(await revise({ amount: 5, data: { ...data, amount: 7 } })).toMatchObject({ failure: { code: 'invalid-input' } })
    expect(await revise({ amount: 700 })).toMatchObject({ ok: true })
    expect(changed()?.content?.asked).toMatchObject({ amount: 700, data: { amount: 700 } })
    expect(await revise({ data: { ...data, amount: 600 } })).toMatchObject({ ok: true })
    expect(changed()?.content?.asked.amount).toBe(600)
  })

  it('does not give more time', async () => {
    const { revise, rig, id } = await ask({ timeout: '4h' })
    const before = rig.live.approvals.get(id)?.due_at
    rig.clock.advance(3 * 3_600_000)
    await revise({ amount: 700 })
    expect(rig.live.approvals.get(id)?.due_at).toBe(before)
  })

  it('that is sent again gets the same answer', async () => {
    const { say } = await ask()
    const edit = { changes: { amount: 900 }, version: 1 }
    expect([verdict(await say(ana, edit)), verdict(await say(ana, edit))]).toEqual(['approved, approved', 'approved, approved'])
  })
})

describe('a part', () => {
  it('of an amount is approved where that is allowed, and never more than was asked', async () => {
    const { say, answer } = await ask({ editable: [], partial: true, amount: '1240.50', data: {} })
    expect(verdict(await say(ana, { amount: 1240.51 }))).toBe('invalid-input')
    expect(verdict(await say(ana, { amount: 0 }))).toBe('invalid-input')
    expect(verdict(await say(ana, { amount: '600.25' }))).toBe('approved, approved')
    expect(answer()).toMatchObject({ amount: '600.25' })
    const whole = await ask({ editable: [] })
    expect(verdict(await whole.say(ana, { amount: 600 }))).toBe('not-editable')
  })

  it('of the items is approved, and the rest is left out', async () => {
    const items = ['a', 'b', 'c'].map((id) => ({ id, type: 'x', title: id, amount: null, currency: null, data: { id } }))
    const { say, answer } = await ask({ items, partial: true })
    expect(verdict(await say(ana, { items: ['a', 'z'] }))).toBe('invalid-input')
    expect(verdict(await say(ana, { items: ['c', 'a'] }))).toBe('approved, approved')
    expect((answer().items as { id: string }[]).map(({ id }) => id)).toEqual(['a', 'c'])
  })
})

describe('a question to the requester', () => {
  it('needs words, is answered by a revision, and that is a new version', async () => {
    const { say, revise, rig, id, changed } = await ask()
    expect(verdict(await say(ana, { decision: 'send_back' }))).toBe('invalid-input')
    expect(verdict(await say(ana, { decision: 'send_back', comment: 'Which order?' }))).toBe('sent_back, pending')
    expect(await revise({ data: { ...data, order: '88-1043' }, comment: 'The other one.' })).toMatchObject({
      value: { version: { number: 2 } },
    })
    expect(changed()?.data).toMatchObject({ by: 'requester', version: { number: 2 } })
    expect(rig.live.approvals.get(id)?.version.number).toBe(2)
    expect(verdict(await say(ana, { version: 1 }))).toBe('stale-version')
    expect(verdict(await say(ana, { version: 2 }))).toBe('approved, approved')
  })

  it('can be answered in words alone: nothing changes then', async () => {
    const { say, revise, rig, id } = await ask()
    await say(ana, { decision: 'send_back', comment: 'Sure?' })
    expect(await revise({})).toMatchObject({ failure: { code: 'invalid-input' } })
    expect(await revise({ comment: 'Yes.' })).toMatchObject({ value: { version: { number: 1 } } })
    expect(rig.live.approvals.get(id)?.version.number).toBe(1)
  })

  it('is answered by nobody but whoever asked', async () => {
    const { rig, id } = await ask()
    const other = { ...source, source: { id: 'src_other', name: 'Other' } }
    expect(await rig.engine.approvals.revise({ approval_id: id, comment: 'x' }, other)).toMatchObject({
      failure: { code: 'forbidden' },
    })
    expect(await rig.engine.approvals.withdraw(id, null, other)).toMatchObject({ failure: { code: 'forbidden' } })
  })
})

describe('other ends', () => {
  it('are taken back by whoever asked', async () => {
    const { rig, id, answer } = await ask()
    expect(await rig.engine.approvals.withdraw(id, 'not needed', source)).toEqual({ ok: true, value: null })
    await rig.quiet()
    expect(answer()).toMatchObject({ outcome: 'cancelled', reason: 'not needed' })
  })

  it('are cancelled by whoever is asked', async () => {
    const { say, answer } = await ask()
    expect(verdict(await say(ana, { decision: 'cancel', comment: 'Wrong customer.' }))).toBe('cancelled, cancelled')
    expect(answer()).toMatchObject({ outcome: 'cancelled', decided_by: 'ana@example.com' })
  })

  it('are options of the sender’s own, each of which counts as yes or no', async () => {
    const options = [
      { id: 'refund', label: 'Refund', outcome: 'approved' },
      { id: 'voucher', label: 'Voucher', outcome: 'approved' },
      { id: 'nothing', label: 'Nothing', outcome: 'rejected' },
    ] as const
    const { say, answer } = await ask({ options })
    expect(verdict(await say(ana, { decision: undefined, option: 'cash' }))).toBe('invalid-input')
    expect(verdict(await say(ana, { decision: 'reject', option: 'voucher' }))).toBe('invalid-input')
    expect(verdict(await say(ana, { decision: undefined, option: 'voucher' }))).toBe('approved, approved')
    expect(answer()).toMatchObject({ outcome: 'approved', option: 'voucher' })
  })

  it('bring a form that was filled in, checked against its schema', async () => {
    const form = {
      type: 'object',
      properties: { cost_centre: { type: 'string', minLength: 2 }, days: { type: 'integer' } },
      required: ['cost_centre'],
    }
    const { say, answer } = await ask({ form })
    expect(await say(ana, {})).toMatchObject({
      failure: { code: 'invalid-input', data: { errors: [{ pointer: '/answer/cost_centre' }] } },
    })
    expect(verdict(await say(ana, { answer: { cost_centre: 'K-7', days: 3 } }))).toBe('approved, approved')
    expect(answer()).toMatchObject({ answer: { cost_centre: 'K-7', days: 3 } })
  })
})
