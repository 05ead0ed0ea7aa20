import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { type ApprovalOptions, defineWorkflow, type EscalateOptions } from '../../../electron/core/engine/workflow.ts'
import type { JournalRecord } from '../../../shared/model/event.ts'
import { ending, openRig, type Rig, type RigOptions, story, verdict } from './harness.ts'
import { mail, person } from './people.ts'

const hour = 3_600_000
const [ana, ben] = ['ana', 'ben'].map((name) => person(name))
const base = { title: 'May I?', consequence: 'It happens.', data: { n: 1 }, approvers: mail('ana') }

const oneQuestion = (options: Partial<ApprovalOptions>) =>
  defineWorkflow({
    name: 'one',
    input: z.object({}),
    run: async (wf) => {
      const { outcome, reason } = await wf.approval('a', { ...base, ...options } as ApprovalOptions)
      return { outcome, reason }
    },
  })

async function ask(options: Partial<ApprovalOptions>, rig: Omit<RigOptions, 'workflows'> = {}) {
  const opened = await openRig({ workflows: [oneQuestion(options)], ...rig })
  const run = await opened.begin('one')
  const id = opened.open(run)
  return { rig: opened, run, id, asks: () => opened.live.approvals.get(id)?.approvers }
}

const of = <T extends JournalRecord['type']>(rig: Rig, type: T) =>
  rig.records.filter((record): record is Extract<JournalRecord, { type: T }> => record.type === type)

async function wait(rig: Rig, ms: number): Promise<void> {
  rig.clock.advance(ms)
  await rig.quiet()
}

describe('an escalation', () => {
  const early: EscalateOptions = { after: '8h', to: mail('ben') }

  it('asks others besides while it is still open, once, with a fresh wait', async () => {
    const { rig, id, asks } = await ask({ timeout: '48h', escalate: early })
    await wait(rig, 8 * hour - 1)
    expect(asks()).toEqual(mail('ana'))
    await wait(rig, 1)
    expect(asks()).toEqual(mail('ana', 'ben'))
    expect(rig.live.approvals.get(id)?.due_at).toBe(rig.clock.now() + 48 * hour)
    await wait(rig, 20 * hour)
    expect(of(rig, 'approval_escalated').map(({ data }) => [data.number, data.reason, data.from, data.to])).toEqual([
      [1, 'no_answer', mail('ana'), mail('ben')],
    ])
    expect(verdict(await rig.engine.decide({ approval_id: id, decision: 'approve' }, ana!))).toBe('approved, approved')
  })

  it('asks others instead on timeout, along its chain, and ends as rejected at the end of it', async () => {
    const escalate = [{ to: mail('ben'), timeout: '24h' as const }, { to: mail('cem') }]
    const { rig, run, id, asks } = await ask({ timeout: '48h', escalate })
    await wait(rig, 48 * hour)
    expect(asks()).toEqual(mail('ben'))
    expect(verdict(await rig.engine.decide({ approval_id: id, decision: 'approve' }, ana!))).toBe('not-approver')
    await wait(rig, 24 * hour)
    expect(asks()).toEqual(mail('cem'))
    await wait(rig, 48 * hour)
    expect(ending(rig, run)).toEqual({ outcome: 'rejected', reason: 'Maximum escalation reached.' })
    expect(story(rig, run).filter((type) => type === 'approval_escalated')).toHaveLength(2)
  })

  it('never lowers how many have to approve', async () => {
    const { rig, id, asks } = await ask({ approvers: mail('ana', 'cem'), votes: 2, timeout: '1h', escalate: { to: mail('ben') } })
    await wait(rig, hour)
    expect(rig.live.approvals.get(id)?.needed).toBe(2)
    expect(asks()).toEqual(mail('ana', 'cem', 'ben'))
    expect(verdict(await rig.engine.decide({ approval_id: id, decision: 'approve' }, ben!))).toBe('approved, pending')
  })

  it('of a one-person chain still asks that person', async () => {
    const { rig, asks } = await ask({ timeout: '1h', escalate: [{ to: mail('ben') }] })
    await wait(rig, hour)
    expect(asks()).toEqual(mail('ben'))
  })
})

describe('a reminder', () => {
  it('comes so long before the deadline, each once', async () => {
    const { rig } = await ask({ timeout: '24h', remind_before: ['4h', '30m'] })
    await wait(rig, 30 * hour)
    expect(of(rig, 'approval_reminded').map(({ at, data }) => [at, data.before_ms / hour])).toEqual([
      ['2026-03-03T05:00:00.000Z', 4],
      ['2026-03-03T08:30:00.000Z', 0.5],
    ])
    expect(of(rig, 'approval_decided').map(({ at, data }) => [at, data.decision])).toEqual([
      ['2026-03-03T09:00:00.000Z', 'expired'],
    ])
  })
})

describe('a deadline that passes while the machine sleeps', () => {
  const graceMs = 10 * 60_000

  it('lapses, can still be answered for a while, and the record says so', async () => {
    const { rig, run, id } = await ask({ timeout: '1h' }, { graceMs })
    rig.clock.sleep(5 * hour)
    await rig.quiet()
    expect(of(rig, 'approval_lapsed')[0]?.data).toMatchObject({
      lapsed_at: '2026-03-02T10:00:00.000Z',
      standing: { due_at: '2026-03-02T14:10:00.000Z' },
    })
    expect(verdict(await rig.engine.decide({ approval_id: id, decision: 'approve' }, ana!))).toBe('approved, approved')
    await rig.quiet()
    expect(of(rig, 'approval_decided')[0]?.data.while_away).toBe(true)
    expect(ending(rig, run)).toMatchObject({ outcome: 'approved' })
  })

  it('expires after that, and never sooner', async () => {
    const { rig, run } = await ask({ timeout: '1h' }, { graceMs })
    rig.clock.sleep(5 * hour)
    await wait(rig, graceMs - 1)
    expect(rig.live.runs.get(run)?.status).toBe('waiting')
    await wait(rig, 1)
    expect(ending(rig, run)).toEqual({ outcome: 'expired', reason: 'Nobody decided in time.' })
  })

  it('is given again when that was slept through too, but no longer than a day', async () => {
    const { rig, run } = await ask({ timeout: '1h' }, { graceMs })
    for (let night = 0; night < 5; night++) {
      rig.clock.sleep(8 * hour)
      await rig.quiet()
    }
    const lapses = of(rig, 'approval_lapsed').map(({ data }) => data.lapsed_at)
    expect(lapses).toEqual(['2026-03-02T10:00:00.000Z', '2026-03-02T10:00:00.000Z', '2026-03-02T10:00:00.000Z'])
    expect(ending(rig, run)).toMatchObject({ outcome: 'expired' })
  })

  it('meets an answer that comes before the timers: the grace period is there for it', async () => {
    const { rig, id } = await ask({ timeout: '1h' }, { graceMs })
    rig.clock.sleepSilently(5 * hour)
    expect(verdict(await rig.engine.decide({ approval_id: id, decision: 'approve' }, ana!))).toBe('approved, approved')
  })

  it('ends it at once where the sender’s limit is hard', async () => {
    const { rig, run } = await ask({ timeout: '1h', hard_limit: true }, { graceMs })
    rig.clock.sleep(5 * hour)
    await rig.quiet()
    expect(ending(rig, run)).toMatchObject({ outcome: 'expired' })
    expect(of(rig, 'approval_decided')[0]?.data.while_away).toBe(true)
  })

  it('is handled in order: the escalation that was due first comes first, and its wait begins now', async () => {
    const escalate = { after: '8h' as const, to: mail('ben') }
    const { rig, id, asks } = await ask({ timeout: '48h', escalate }, { graceMs })
    rig.clock.sleep(100 * hour)
    await rig.quiet()
    expect(asks()).toEqual(mail('ana', 'ben'))
    expect(of(rig, 'approval_escalated')[0]?.data).toMatchObject({ reason: 'no_answer', while_away: true })
    expect(rig.live.approvals.get(id)?.due_at).toBe(rig.clock.now() + 48 * hour)
  })

  it('is the same when the application was closed', async () => {
    const first = await ask({ timeout: '1h' }, { graceMs })
    await first.rig.crash()
    first.rig.clock.sleep(5 * hour)
    const workflows = [oneQuestion({ timeout: '1h' })]
    const rig = await openRig({ workflows, folder: first.rig.folder, clock: first.rig.clock, graceMs })
    expect(of(rig, 'approval_lapsed')).toHaveLength(1)
    expect(rig.live.approvals.get(first.id)?.course?.lapsed).toBe(Date.parse('2026-03-02T10:00:00.000Z'))
  })
})

describe('people', () => {
  it('give an approval more time', async () => {
    const { rig, run, id } = await ask({ timeout: '1h' })
    expect(await rig.engine.approvals.extend(id, 4, 'on holiday', ben!)).toMatchObject({ failure: { code: 'not-approver' } })
    expect(await rig.engine.approvals.extend(id, 4, null, ana!)).toEqual({ ok: true, value: '2026-03-02T14:00:00.000Z' })
    await wait(rig, 2 * hour)
    expect(rig.live.runs.get(run)?.status).toBe('waiting')
    await wait(rig, 3 * hour)
    expect(ending(rig, run)).toMatchObject({ outcome: 'expired' })
  })

  it('hand their place to somebody else, never to the requester', async () => {
    const { rig, id, asks } = await ask({ approvers: mail('ana', 'cem'), requester: 'dia@example.com' })
    expect(await rig.engine.approvals.reassign(id, ['DIA@example.com'], null, ana!)).toMatchObject({
      failure: { code: 'invalid-input', data: { errors: [{ pointer: '/to' }] } },
    })
    expect(await rig.engine.approvals.reassign(id, mail('ben'), 'yours', ana!)).toEqual({ ok: true, value: mail('cem', 'ben') })
    expect(asks()).toEqual(mail('cem', 'ben'))
    expect(verdict(await rig.engine.decide({ approval_id: id, decision: 'approve' }, ana!))).toBe('not-approver')
    expect(verdict(await rig.engine.decide({ approval_id: id, decision: 'approve' }, ben!))).toBe('approved, approved')
  })

  it('hand one place to one person where several have to agree, and only while it is unused', async () => {
    const { rig, id } = await ask({ approvers: mail('ana', 'ben'), votes: 'all' })
    const hand = async (...to: string[]) => {
      const result = await rig.engine.approvals.reassign(id, mail(...to), null, ana!)
      return result.ok ? result.value : result.failure.code
    }
    expect([await hand('cem', 'dia'), await hand('ben'), await hand('ana')]).toEqual([
      'invalid-input',
      'invalid-input',
      'invalid-input',
    ])
    await rig.engine.decide({ approval_id: id, decision: 'approve' }, ana!)
    expect(await hand('cem')).toBe('already-voted')
    const admin = { ...person('root'), scopes: ['admin' as const] }
    expect(await rig.engine.approvals.reassign(id, mail('cem'), null, admin)).toMatchObject({ ok: true, value: mail('cem') })
  })

  it('are never so few that the rest could not agree', async () => {
    const { rig, id } = await ask({ approvers: mail('ana', 'ben', 'cem'), votes: 2 })
    const admin = { ...person('root'), scopes: ['admin' as const] }
    expect(await rig.engine.approvals.reassign(id, mail('dia'), null, admin)).toMatchObject({ failure: { code: 'invalid-input' } })
  })
})
