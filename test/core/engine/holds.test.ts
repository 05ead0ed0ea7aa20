import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { type ApprovalOptions, defineWorkflow } from '../../../electron/core/engine/workflow.ts'
import { fileStorage } from '../../../electron/core/journal/file-storage.ts'
import type { ErasableJournal } from '../../../electron/core/journal/port.ts'
import type { DecideInput } from '../../../shared/contract/approvals.ts'
import type { Failure } from '../../../shared/contract/errors.ts'
import type { Caller } from '../../../shared/model/actor.ts'
import type { Result } from '../../../shared/model/result.ts'
import { failNth, recordingStorage, systemError } from '../../support/storage-double.ts'
import { ending, openRig, type Rig, type RigOptions, story, verdict } from './harness.ts'
import { mail, person } from './people.ts'

const [ana, ben] = ['ana', 'ben'].map((name) => person(name))
const shop: Caller = {
  scopes: ['submit'],
  person: null,
  source: { id: 'src_shop', name: 'Shop' },
  credential: 'src_shop',
  via: 'http',
}
const base = { title: 'May I?', consequence: 'It happens.', data: { n: 1 }, approvers: mail('ana', 'ben'), timeout: '1h' as const }

const question = (options: Partial<ApprovalOptions>) =>
  defineWorkflow({
    name: 'one',
    input: z.object({}),
    run: async (wf) => {
      const { outcome, reason, decided_by } = await wf.approval('a', { ...base, ...options } as ApprovalOptions)
      return { outcome, reason, decided_by }
    },
  })

async function ask(options: Partial<ApprovalOptions> = {}, rig: Omit<RigOptions, 'workflows'> = {}) {
  const opened = await openRig({ workflows: [question(options)], ...rig })
  const run = await opened.begin('one')
  return { rig: opened, run, id: opened.open(run) }
}

const held = (rig: Rig, id: string, who = ana!, more: Partial<DecideInput> = {}) =>
  rig.engine.decide({ approval_id: id, decision: 'approve', hold: true, ...more }, who)

const refusal = (result: Result<unknown, Failure>) => (result.ok ? 'ok' : result.failure.code)
const waits = (rig: Rig, run: string) => rig.live.runs.get(run)?.status

async function wait(rig: Rig, ms: number): Promise<void> {
  rig.clock.advance(ms)
  await rig.quiet()
}

describe('an answer that is held', () => {
  it('is on disk at once, and leaves when its time is up', async () => {
    const { rig, run, id } = await ask()
    const said = await held(rig, id, ana, { comment: 'Fine.' })
    expect(said).toMatchObject({ ok: true, value: { said: 'approved', status: 'pending', release_at: '2026-03-02T09:00:05.000Z' } })
    expect(story(rig, run)).toEqual(['run_started', 'approval_requested', 'approval_held'])
    await wait(rig, 4999)
    expect(waits(rig, run)).toBe('waiting')
    await wait(rig, 1)
    expect(ending(rig, run)).toEqual({ outcome: 'approved', reason: 'Fine.', decided_by: 'ana@example.com' })
    expect(story(rig, run)).toEqual(['run_started', 'approval_requested', 'approval_held', 'approval_decided', 'run_completed'])
  })

  it('what cannot be read for a moment leaves a moment later, and keeps nothing else waiting', async () => {
    const double = recordingStorage(fileStorage)
    const rig = await openRig({ workflows: [question({})], storage: double.storage })
    const [first, second] = [await rig.begin('one'), await rig.begin('one')]
    await held(rig, rig.open(first))
    await held(rig, rig.open(second))
    // From now on their records are read through a file that is opened for it.
    ;(rig.journal as ErasableJournal).startSegment()
    await rig.begin('one')
    failNth(double, 1, { error: systemError('EMFILE') })
    await wait(rig, 5000)
    expect([waits(rig, first), waits(rig, second)]).toEqual(['waiting', undefined])
    await wait(rig, 1000)
    expect(waits(rig, first)).toBe(undefined)
  })

  it('can be taken back until then by whoever gave it, and by nobody else', async () => {
    const { rig, run, id } = await ask()
    await held(rig, id)
    expect(refusal(await rig.engine.approvals.undo(id, ben!))).toBe('forbidden')
    await wait(rig, 4999)
    expect(await rig.engine.approvals.undo(id, ana!)).toEqual({ ok: true, value: null })
    await wait(rig, 60_000)
    expect(waits(rig, run)).toBe('waiting')
    expect(verdict(await held(rig, id, ben, { decision: 'reject' }))).toBe('rejected, pending')
    await wait(rig, 5000)
    expect(ending(rig, run)).toMatchObject({ outcome: 'rejected', decided_by: 'ben@example.com' })
  })

  it('cannot be taken back once its time is up, however late the clock is looked at', async () => {
    const { rig, run, id } = await ask()
    await held(rig, id)
    rig.clock.sleepSilently(5000)
    expect(refusal(await rig.engine.approvals.undo(id, ana!))).toBe('already-decided')
    await rig.quiet()
    expect(ending(rig, run)).toMatchObject({ outcome: 'approved' })
  })

  it('keeps others from answering, and is the same when it is given again', async () => {
    const { rig, id } = await ask()
    await held(rig, id)
    expect(verdict(await held(rig, id))).toBe('approved, pending')
    expect(verdict(await held(rig, id, ana, { decision: 'reject' }))).toBe('already-decided')
    expect(await rig.engine.decide({ approval_id: id, decision: 'reject' }, ben!)).toMatchObject({
      failure: { code: 'already-decided', data: { decision: 'approved', decided_by: 'ana@example.com' } },
    })
    expect(refusal(await rig.engine.approvals.extend(id, 1, null, ben!))).toBe('already-decided')
    expect(refusal(await rig.engine.approvals.reassign(id, mail('ben'), null, ben!))).toBe('already-decided')
  })

  it('survives a crash, and leaves at the next start once its time is up', async () => {
    const { rig, run, id } = await ask()
    await held(rig, id)
    await rig.crash()
    rig.clock.sleepSilently(5000)
    const again = await openRig({ workflows: [question({})], folder: rig.folder, clock: rig.clock })
    expect(ending(again, run)).toMatchObject({ outcome: 'approved', decided_by: 'ana@example.com' })
  })

  it('can still be taken back after a restart in time', async () => {
    const { rig, run, id } = await ask()
    await held(rig, id)
    await rig.crash()
    const again = await openRig({ workflows: [question({})], folder: rig.folder, clock: rig.clock })
    expect(await again.engine.approvals.undo(id, ana!)).toEqual({ ok: true, value: null })
    await wait(again, 10_000)
    expect(waits(again, run)).toBe('waiting')
  })

  it('leaves at once when the application closes', async () => {
    const { rig, run, id } = await ask()
    await held(rig, id)
    await rig.engine.stop(1000)
    await rig.quiet()
    expect(story(rig, run).at(-1)).toBe('approval_decided')
  })

  it('counts where it came before the deadline, even if that passes meanwhile', async () => {
    const { rig, run, id } = await ask()
    await wait(rig, 3_600_000 - 2000)
    expect(await held(rig, id)).toMatchObject({ value: { release_at: '2026-03-02T10:00:00.000Z' } })
    await wait(rig, 10_000)
    expect(ending(rig, run)).toMatchObject({ outcome: 'approved' })
  })

  it('is void when the requester changes what is asked, takes it back, or the run ends', async () => {
    const changed = await ask()
    await held(changed.rig, changed.id)
    const revised = await changed.rig.engine.approvals.revise({ approval_id: changed.id, data: { n: 2 } }, shop)
    expect(revised.ok).toBe(true)
    await wait(changed.rig, 10_000)
    expect(waits(changed.rig, changed.run)).toBe('waiting')
    expect(verdict(await changed.rig.engine.decide({ approval_id: changed.id, decision: 'approve' }, ben!))).toBe(
      'approved, approved',
    )

    const withdrawn = await ask()
    await held(withdrawn.rig, withdrawn.id)
    await withdrawn.rig.engine.approvals.withdraw(withdrawn.id, null, shop)
    await wait(withdrawn.rig, 10_000)
    expect(ending(withdrawn.rig, withdrawn.run)).toMatchObject({ outcome: 'cancelled' })

    const ended = await ask()
    await held(ended.rig, ended.id)
    await ended.rig.engine.cancel(ended.run, 'Not needed.', shop)
    await wait(ended.rig, 10_000)
    expect(story(ended.rig, ended.run)).not.toContain('run_completed')
  })

  it('may be one of several votes: the next level is not asked before it leaves', async () => {
    const levels = [
      { name: 'Manager', approvers: mail('ana') },
      { name: 'Finance', approvers: mail('ben') },
    ]
    const { rig, run, id } = await ask({ approvers: undefined, levels } as never)
    await held(rig, id)
    expect(verdict(await rig.engine.decide({ approval_id: id, decision: 'approve' }, ben!))).toBe('already-decided')
    await wait(rig, 5000)
    expect(verdict(await rig.engine.decide({ approval_id: id, decision: 'approve' }, ben!))).toBe('approved, approved')
    await rig.quiet()
    expect(ending(rig, run)).toMatchObject({ outcome: 'approved' })
  })

  it('may be a question to the requester, who is told when it leaves', async () => {
    const told: never[] = []
    const { rig, run, id } = await ask({}, { delivers: true, told })
    await held(rig, id, ana, { decision: 'send_back', comment: 'Why so much?' })
    await wait(rig, 4000)
    expect(await rig.engine.approvals.undo(id, ana!)).toEqual({ ok: true, value: null })
    await wait(rig, 10_000)
    expect(story(rig, run)).not.toContain('delivery_queued')
    await held(rig, id, ana, { decision: 'send_back', comment: 'Why so much?' })
    await wait(rig, 5000)
    expect(story(rig, run).slice(-2)).toEqual(['delivery_queued', 'approval_sent_back'])
    expect(verdict(await held(rig, id))).toBe('approved, pending')
  })

  it('leaves at once where the configuration says so, or nobody asked for it to be held', async () => {
    const off = await ask({}, { holdMs: 0 })
    expect(verdict(await held(off.rig, off.id))).toBe('approved, approved')
    const plain = await ask()
    expect(verdict(await plain.rig.engine.decide({ approval_id: plain.id, decision: 'approve' }, ana!))).toBe('approved, approved')
  })
})
