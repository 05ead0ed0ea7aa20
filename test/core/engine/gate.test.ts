import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import {
  type Answer,
  type ApprovalOptions,
  defineWorkflow,
  type GateOptions,
  toChainResult,
} from '../../../electron/core/engine/workflow.ts'
import { boss, ending, openRig, source } from './harness.ts'

type Mail = { to: string; subject: string }

function gated(options: Partial<GateOptions<Mail>> = {}) {
  const sent: Mail[] = []
  const workflow = defineWorkflow({
    name: 'gated',
    input: z.object({ to: z.string(), subject: z.string() }),
    run: (wf, mail) =>
      wf.gate('send', mail, (args) => sent.push(args) && `sent to ${args.to}`, {
        title: ({ to }) => `Mail to ${to}`,
        approvers: ['boss@example.com'],
        ...options,
      } as GateOptions<Mail>),
  })
  return { sent, workflow }
}
const mail = { to: 'eve@other.example', subject: 'Hello' }

describe('a gate', () => {
  it('shows what lies beside its arguments, also where that is made from them', async () => {
    const { workflow } = gated({
      attachments: ({ subject }) => [{ name: `${subject}.eml` }],
      evidence: [{ title: 'Asked for', text: 'By phone' }],
      rollback: ({ to }) => `Call ${to}.`,
    })
    const rig = await openRig({ workflows: [workflow] })
    await rig.begin('gated', mail)
    expect(rig.records.find((record) => record.type === 'approval_requested')).toMatchObject({
      content: {
        asked: {
          attachments: [{ name: 'Hello.eml' }],
          evidence: [{ title: 'Asked for', text: 'By phone' }],
          rollback: 'Call eve@other.example.',
        },
      },
    })
    await rig.crash()
  })

  it('shows the arguments and runs with them once they are approved, once', async () => {
    const { sent, workflow } = gated()
    const rig = await openRig({ workflows: [workflow] })
    const run = await rig.begin('gated', mail)
    const asked = rig.records.find((record) => record.type === 'approval_requested')
    expect(asked).toMatchObject({ content: { asked: { title: 'Mail to eve@other.example', data: mail } } })
    await rig.crash()
    const after = await openRig({ workflows: [workflow], folder: rig.folder, clock: rig.clock })
    await after.engine.decide({ approval_id: after.open(run), decision: 'approve' }, boss)
    await after.quiet()
    expect(sent).toEqual([mail])
    expect(ending(after, run)).toMatchObject({ outcome: 'done', asked: true, args: mail, result: 'sent to eve@other.example' })
    await after.crash()
  })

  it('runs with what the approver made of them', async () => {
    const { sent, workflow } = gated({ editable: ['subject'] })
    const rig = await openRig({ workflows: [workflow] })
    const run = await rig.begin('gated', mail)
    const edit = { approval_id: rig.open(run), decision: 'approve', changes: { subject: 'Good day' } } as const
    expect(await rig.engine.decide(edit, boss)).toMatchObject({ ok: true })
    await rig.quiet()
    const edited = { ...mail, subject: 'Good day' }
    expect(sent).toEqual([edited])
    expect(ending(rig, run)).toMatchObject({
      args: edited,
      answer: { value: edited, edited: { original: mail, edited, by: 'boss@example.com' }, version: { number: 2 } },
    })
    await rig.crash()
  })

  it.each(['rejected', 'expired', 'cancelled'] as const)('runs nothing when it is %s', async (outcome) => {
    const { sent, workflow } = gated({ timeout: '1h' })
    const rig = await openRig({ workflows: [workflow] })
    const run = await rig.begin('gated', mail)
    if (outcome === 'rejected') await rig.engine.decide({ approval_id: rig.open(run), decision: 'reject', comment: 'No' }, boss)
    if (outcome === 'expired') rig.clock.advance(3_600_000)
    if (outcome === 'cancelled') await rig.engine.approvals.withdraw(rig.open(run), null, source)
    if (outcome === 'cancelled') await rig.engine.cancel(run, null, boss)
    await rig.quiet()
    expect(sent).toEqual([])
    if (outcome !== 'cancelled') expect(ending(rig, run)).toMatchObject({ outcome, asked: true, args: mail })
    await rig.crash()
  })

  it.each([
    ['false', () => false, false],
    ['true', () => true, true],
    ['nothing', () => undefined as never, true],
    ['a promise', () => Promise.resolve(false) as never, true],
  ])('asks unless its condition says no: %s', async (_said, when, asks) => {
    const { sent, workflow } = gated({ when })
    const rig = await openRig({ workflows: [workflow] })
    const run = await rig.begin('gated', mail)
    expect([sent.length, rig.live.approvals.size]).toEqual(asks ? [0, 1] : [1, 0])
    if (!asks) expect(ending(rig, run)).toMatchObject({ outcome: 'done', asked: false, args: mail, answer: null })
    await rig.crash()
  })

  it('does not hear its condition again once it has asked', async () => {
    let asks = true
    const { sent, workflow } = gated({ when: () => asks })
    const rig = await openRig({ workflows: [workflow] })
    const run = await rig.begin('gated', mail)
    asks = false
    await rig.engine.decide({ approval_id: rig.open(run), decision: 'reject' }, boss)
    await rig.quiet()
    expect([sent, ending(rig, run)]).toMatchObject([[], { outcome: 'rejected' }])
    await rig.crash()
  })

  it.each([
    ['amount', { amount: 100 }],
    ['partial', { partial: true }],
    ['items', { items: [] }],
    ['cc', { editable: ['cc'] }],
  ])('asks nothing that it could not carry out: %s', async (name, options) => {
    const { sent, workflow } = gated(options as Partial<GateOptions<Mail>>)
    const rig = await openRig({ workflows: [workflow] })
    const run = await rig.begin('gated', mail)
    expect([sent, rig.live.approvals.size]).toEqual([[], 0])
    expect(ending(rig, run)).toMatchObject({ type: 'run_needs_review', error: expect.stringContaining(`“${name}”`) })
    await rig.crash()
  })
})

describe('auto_approve_if', () => {
  const flow = (auto_approve_if: ApprovalOptions['auto_approve_if']) =>
    defineWorkflow({
      name: 'flow',
      input: z.unknown(),
      async run(wf) {
        const answer = await wf.approval('ask', {
          title: 'May I?',
          approvers: ['boss@example.com'],
          ...(auto_approve_if === undefined ? {} : { auto_approve_if }),
        })
        await wf.sleep('nap', '1h')
        return answer
      },
    })

  it('approves without a person, leaves a record with its name, and is not evaluated again', async () => {
    let times = 0
    const workflow = flow(() => ++times > 0)
    const rig = await openRig({ workflows: [workflow] })
    const run = await rig.begin('flow')
    rig.clock.advance(3_600_000)
    await rig.quiet()
    expect(times).toBe(1)
    expect(ending(rig, run)).toMatchObject({ outcome: 'approved', rule: 'auto_approve_if', decided_by: 'auto_approve_if' })
    expect(rig.records.find((record) => record.type === 'approval_decided')?.actor.kind).toBe('policy')
    await rig.crash()
  })

  it.each([
    ['false', false],
    ['a truthy text', (() => 'yes') as never],
    ['a promise of true', (async () => true) as never],
  ])('asks a person for anything but true: %s', async (_what, condition) => {
    const rig = await openRig({ workflows: [flow(condition)] })
    await rig.begin('flow')
    expect(rig.live.approvals.size).toBe(1)
    await rig.crash()
  })
})

describe('a chain’s answer', () => {
  const expense = defineWorkflow({
    name: 'expense',
    input: z.object({ amount: z.number() }),
    async run(wf, { amount }) {
      const answer = await wf.approval('chain', {
        title: `Expense ${amount}`,
        amount,
        levels: [
          { name: 'manager', approvers: ['boss@example.com'] },
          { name: 'finance', approvers: ['fin@example.com'], when: amount > 1000, timeout: '2h' },
        ],
      })
      return toChainResult(answer)
    },
  })
  const finance = { ...boss, person: { email: 'fin@example.com', name: 'Fin' }, credential: 'tok_fin' }

  it('says how many levels it passed, or at which one it ended and why', async () => {
    const rig = await openRig({ workflows: [expense] })
    const runs = [] as string[]
    for (const amount of [10, 2000, 3000, 4000]) {
      const run = await rig.begin('expense', { amount })
      runs.push(run)
      await rig.engine.decide({ approval_id: rig.open(run), decision: 'approve' }, boss)
      await rig.quiet()
    }
    await rig.engine.decide({ approval_id: rig.open(runs[1]!), decision: 'approve' }, finance)
    await rig.engine.decide({ approval_id: rig.open(runs[2]!), decision: 'reject', comment: 'Too much' }, finance)
    rig.clock.advance(2 * 3_600_000)
    await rig.quiet()
    const at = { status: 'rejected_at_level', level: 1, level_name: 'finance' }
    expect(runs.map((run) => ending(rig, run))).toEqual([
      { status: 'fully_approved', levels_completed: 1 },
      { status: 'fully_approved', levels_completed: 2 },
      { ...at, reason: 'Too much' },
      { ...at, reason: 'expired' },
    ])
    await rig.crash()
  })

  it('never takes a cancelled question for an approval', () => {
    const answer = { outcome: 'cancelled', reason: 'Not needed', level: 0, level_name: 'manager', levels_completed: 0 } as Answer
    expect(toChainResult(answer)).toEqual({ status: 'rejected_at_level', level: 0, level_name: 'manager', reason: 'cancelled' })
  })
})
