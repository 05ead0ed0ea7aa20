import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { defineWorkflow, RunFailure } from '../../../electron/core/engine/workflow.ts'
import { boss, ending, openRig, source, story, verdict } from './harness.ts'

const ask = { title: 'May I?', approvers: ['boss@example.com'], consequence: 'It happens.', data: { n: 1 } }

/** Asks once, then does something that leaves a mark. */
function refund(paid: string[] = []) {
  return defineWorkflow({
    name: 'refund',
    input: z.object({}),
    async run(wf) {
      const quote = await wf.step('quote', () => ({ amount: 12 }))
      const answer = await wf.approval('manager', { ...ask, timeout: '48h' })
      if (answer.outcome !== 'approved') return { status: answer.outcome, reason: answer.reason }
      return wf.step('pay', ({ idempotency_key }) => {
        paid.push(idempotency_key)
        return { status: 'paid', amount: quote.amount, by: answer.decided_by }
      })
    },
  })
}

describe('a run', () => {
  it('parks on an approval and goes on with the answer', async () => {
    const rig = await openRig({ workflows: [refund()] })
    const run = await rig.begin('refund')
    expect(rig.live.runs.get(run)?.status).toBe('waiting')
    const decided = await rig.engine.decide({ approval_id: rig.open(run), decision: 'approve', comment: ' fine ' }, boss)
    expect(verdict(decided)).toBe('approved, approved')
    await rig.quiet()
    expect(ending(rig, run)).toEqual({ status: 'paid', amount: 12, by: 'boss@example.com' })
    expect(story(rig, run)).toEqual([
      'run_started',
      'step_completed',
      'approval_requested',
      'approval_decided',
      'step_completed',
      'run_completed',
    ])
    expect(rig.live.runs.size).toBe(0)
  })

  it('never computes a stored step again, also after a crash', async () => {
    let quotes = 0
    const workflow = defineWorkflow({
      name: 'once',
      input: z.object({}),
      async run(wf) {
        const quote = await wf.step('quote', () => ++quotes)
        await wf.approval('a', ask)
        return quote
      },
    })
    const before = await openRig({ workflows: [workflow] })
    const run = await before.begin('once')
    await before.crash()
    const rig = await openRig({ workflows: [workflow], folder: before.folder })
    await rig.engine.decide({ approval_id: rig.open(run), decision: 'approved' }, boss)
    await rig.quiet()
    expect(ending(rig, run)).toBe(1)
    expect(quotes).toBe(1)
  })

  it('is picked up when the process ended between decision and step', async () => {
    const paid: string[] = []
    const before = await openRig({ workflows: [refund(paid)] })
    const run = await before.begin('refund')
    const approval = before.open(run)
    await before.engine.stop(0)
    before.commit({
      type: 'approval_decided',
      actor: { kind: 'person', id: 'boss@example.com', via: 'http' },
      run_id: run,
      approval_id: approval,
      data: { decision: 'approved', version: { number: 1, sha256: '' }, self_approved: false, rule: null },
      content: { comment: null },
    })
    await before.crash()
    expect(paid).toEqual([])
    const rig = await openRig({ workflows: [refund(paid)], folder: before.folder })
    expect(ending(rig, run)).toEqual({ status: 'paid', amount: 12, by: 'boss@example.com' })
    expect(paid).toEqual([`${run}:pay`])
  })

  it('retries a failed step with growing waits and the same idempotency key', async () => {
    const keys: string[] = []
    const workflow = defineWorkflow({
      name: 'flaky',
      input: z.object({}),
      run: (wf) =>
        wf.step(
          'call',
          ({ idempotency_key, attempt }) => {
            keys.push(idempotency_key)
            if (attempt < 3) throw new Error('not yet')
            return attempt
          },
          { retry: { attempts: 3, backoff: '2s' } },
        ),
    })
    const rig = await openRig({ workflows: [workflow] })
    const run = await rig.begin('flaky')
    await rig.quiet()
    expect(keys.length).toBe(1)
    rig.clock.advance(2000)
    await rig.quiet()
    expect(keys.length).toBe(2)
    rig.clock.advance(3999)
    await rig.quiet()
    expect(keys.length).toBe(2)
    rig.clock.advance(1)
    await rig.quiet()
    expect(ending(rig, run)).toBe(3)
    expect(new Set(keys).size).toBe(1)
  })

  it('goes to review when a step has failed for the last time, and a retry keeps the approval', async () => {
    let broken = true
    const workflow = defineWorkflow({
      name: 'pay',
      input: z.object({}),
      async run(wf) {
        const answer = await wf.approval('boss', ask)
        await wf.step('send', () => {
          if (broken) throw new Error('bank is closed')
          return null
        })
        return answer.decided_by
      },
    })
    const rig = await openRig({ workflows: [workflow] })
    const run = await rig.begin('pay')
    await rig.engine.decide({ approval_id: rig.open(run), decision: 'approve' }, boss)
    await rig.quiet()
    expect(rig.live.runs.get(run)?.status).toBe('needs_review')
    expect(ending(rig, run)).toEqual({ type: 'run_needs_review', error: 'Step "send" failed: bank is closed' })
    broken = false
    expect(await rig.engine.retry(run, boss)).toEqual({ ok: true, value: null })
    await rig.quiet()
    expect(ending(rig, run)).toBe('boss@example.com')
    expect(story(rig, run).filter((type) => type === 'approval_requested').length).toBe(1)
  })

  it('stops an attempt that takes too long', async () => {
    const workflow = defineWorkflow({
      name: 'slow',
      input: z.object({}),
      run: (wf) => wf.step('hang', () => new Promise(() => {}), { timeout: '5s' }),
    })
    const rig = await openRig({ workflows: [workflow] })
    const run = await rig.begin('slow')
    await rig.quiet()
    rig.clock.advance(5000)
    await rig.quiet()
    expect(ending(rig, run)).toEqual({ type: 'run_needs_review', error: 'Step "hang" failed: timed out after 5s' })
  })

  it('sleeps until its instant, over a restart', async () => {
    const workflow = defineWorkflow({
      name: 'nap',
      input: z.object({}),
      async run(wf) {
        await wf.sleep('night', '8h')
        return wf.now().toISOString()
      },
    })
    const before = await openRig({ workflows: [workflow] })
    const run = await before.begin('nap')
    await before.crash()
    before.clock.advance(9 * 3_600_000)
    const rig = await openRig({ workflows: [workflow], folder: before.folder, clock: before.clock })
    expect(ending(rig, run)).toBe('2026-03-02T18:00:00.000Z')
  })

  it('takes a signal that came before the wait, and null when the time is up', async () => {
    const workflow = defineWorkflow({
      name: 'mail',
      input: z.object({}),
      async run(wf) {
        await wf.approval('first', ask)
        const one = await wf.signal('paid', { timeout: '1h' })
        const two = await wf.signal('paid', { timeout: '1h' })
        return [one, two]
      },
    })
    const rig = await openRig({ workflows: [workflow] })
    const run = await rig.begin('mail')
    await rig.engine.signal(run, 'paid', { eur: 5 }, source)
    await rig.engine.decide({ approval_id: rig.open(run), decision: 'approve' }, boss)
    await rig.quiet()
    rig.clock.advance(3_600_000)
    await rig.quiet()
    expect(ending(rig, run)).toEqual([{ eur: 5 }, null])
  })

  it('runs parallel branches side by side and waits for all of them', async () => {
    const workflow = defineWorkflow({
      name: 'both',
      input: z.object({}),
      async run(wf) {
        const [a, b, c] = await Promise.all([wf.approval('a', ask), wf.approval('b', ask), wf.step('c', async () => 'c')])
        return [a.outcome, b.outcome, c]
      },
    })
    const rig = await openRig({ workflows: [workflow] })
    const run = await rig.begin('both')
    await rig.quiet()
    const [first, second] = rig.live.runs.get(run)!.open
    await rig.engine.decide({ approval_id: second!, decision: 'reject' }, boss)
    await rig.quiet()
    expect(rig.live.runs.get(run)?.open).toEqual([first])
    await rig.engine.decide({ approval_id: first!, decision: 'approve' }, boss)
    await rig.quiet()
    expect(ending(rig, run)).toEqual(['approved', 'rejected', 'c'])
  })

  it('does not take an author catching everything for an answer', async () => {
    const workflow = defineWorkflow({
      name: 'greedy',
      input: z.object({}),
      async run(wf) {
        try {
          return (await wf.approval('a', ask)).outcome
        } catch {
          return 'caught'
        }
      },
    })
    const rig = await openRig({ workflows: [workflow] })
    const run = await rig.begin('greedy')
    expect(rig.live.runs.get(run)?.status).toBe('waiting')
    await rig.engine.decide({ approval_id: rig.open(run), decision: 'approve' }, boss)
    await rig.quiet()
    expect(ending(rig, run)).toBe('approved')
  })

  it('says which name was used twice', async () => {
    const workflow = defineWorkflow({
      name: 'twice',
      input: z.object({}),
      async run(wf) {
        await wf.step('same', () => 1)
        return wf.step('same', () => 2)
      },
    })
    const rig = await openRig({ workflows: [workflow] })
    const run = await rig.begin('twice')
    await rig.quiet()
    expect(ending(rig, run)).toMatchObject({ type: 'run_needs_review', error: expect.stringContaining('"same" is used twice') })
  })

  it('fails on purpose without asking anybody to look', async () => {
    const workflow = defineWorkflow({
      name: 'no',
      input: z.object({}),
      run: async () => {
        throw new RunFailure('not today')
      },
    })
    const rig = await openRig({ workflows: [workflow] })
    const run = await rig.begin('no')
    await rig.quiet()
    expect(ending(rig, run)).toEqual({ type: 'run_failed', error: 'not today' })
  })

  it('goes to review when its workflow is gone or of another version', async () => {
    const before = await openRig({ workflows: [refund()] })
    const run = await before.begin('refund')
    await before.engine.signal(run, 'x', null, source)
    await before.engine.stop(0)
    await before.crash()
    const rig = await openRig({ workflows: [{ ...refund(), version: 2 }], folder: before.folder })
    await rig.engine.decide({ approval_id: rig.open(run), decision: 'approve' }, boss)
    await rig.quiet()
    expect(ending(rig, run)).toMatchObject({ type: 'run_needs_review', error: expect.stringContaining('version 2 is installed') })
  })

  it('ends at once when it is cancelled, and withdraws what it asked', async () => {
    const rig = await openRig({ workflows: [refund()] })
    const run = await rig.begin('refund')
    const approval = rig.open(run)
    const ended = rig.engine.wait(run, 60_000)
    expect(await rig.engine.cancel(run, 'changed my mind', source)).toEqual({ ok: true, value: null })
    expect(await ended).toMatchObject({ status: 'cancelled', error: 'changed my mind' })
    expect(story(rig, run).slice(-2)).toEqual(['approval_decided', 'run_cancelled'])
    expect(await rig.engine.decide({ approval_id: approval, decision: 'approve' }, boss)).toMatchObject({
      ok: false,
      failure: { code: 'already-decided', data: { decision: 'cancelled' } },
    })
  })
})

describe('a decision', () => {
  it('stands when it is the first: the same again gets the same answer, another one is told who and when', async () => {
    const rig = await openRig({ workflows: [refund()] })
    const approval_id = rig.open(await rig.begin('refund'))
    expect(verdict(await rig.engine.decide({ approval_id, decision: 'reject', comment: 'no receipt' }, boss))).toBe(
      'rejected, rejected',
    )
    expect(verdict(await rig.engine.decide({ approval_id, decision: 'rejected' }, boss))).toBe('rejected, rejected')
    expect(await rig.engine.decide({ approval_id, decision: 'reject', version: 'f'.repeat(64) }, boss)).toMatchObject({
      failure: { code: 'stale-version' },
    })
    expect(await rig.engine.decide({ approval_id, decision: 'approve' }, boss)).toMatchObject({
      ok: false,
      failure: { code: 'already-decided', data: { decision: 'rejected', decided_by: 'boss@example.com', comment: 'no receipt' } },
    })
  })

  it('has one winner among a hundred that come at once', async () => {
    const rig = await openRig({ workflows: [refund()] })
    const approval_id = rig.open(await rig.begin('refund'))
    const others = Array.from({ length: 100 }, (_, n) =>
      rig.engine.decide({ approval_id, decision: n % 2 ? 'approve' : 'reject' }, boss),
    )
    const results = await Promise.all(others)
    expect(results.filter((result) => result.ok && result.value.said === 'rejected').length).toBe(50)
    expect(results.filter((result) => !result.ok && result.failure.code === 'already-decided').length).toBe(50)
    expect(rig.records.filter((record) => record.type === 'approval_decided').length).toBe(1)
  })

  it('is refused for people who are not asked, for requesters, and for machines', async () => {
    const workflow = defineWorkflow({
      name: 'own',
      input: z.object({}),
      run: (wf) => wf.approval('a', { ...ask, requester: 'Boss+travel@Example.com' }),
    })
    const rig = await openRig({ workflows: [workflow] })
    const approval_id = rig.open(await rig.begin('own'))
    const code = async (caller: typeof boss) => {
      const result = await rig.engine.decide({ approval_id, decision: 'approve' }, caller)
      return result.ok ? 'ok' : result.failure.code
    }
    expect(await code({ ...boss, person: { email: 'eve@example.com', name: 'Eve' } })).toBe('not-approver')
    expect(await code(boss)).toBe('self-approval')
    expect(await code(source)).toBe('forbidden')
  })

  it.each([
    'Ada Boss <boss@example.com>',
    'mailto:boss@example.com',
    'boss@example.com.',
    '"boss"@example.com',
    'ann@example.com, boss@example.com',
    'bo\u200bss@example.com',
    'ada boss',
    'Boss',
  ])('is refused for the requester however the request spells them: %s', async (requester) => {
    const workflow = defineWorkflow({ name: 'own', input: z.object({}), run: (wf) => wf.approval('a', { ...ask, requester }) })
    const rig = await openRig({ workflows: [workflow] })
    const approval_id = rig.open(await rig.begin('own'))
    expect(await rig.engine.decide({ approval_id, decision: 'approve' }, boss)).toMatchObject({
      ok: false,
      failure: { code: 'self-approval' },
    })
  })

  it('is not refused for somebody whose name or address only begins alike', async () => {
    const requester = 'bossy@example.com'
    const workflow = defineWorkflow({ name: 'own', input: z.object({}), run: (wf) => wf.approval('a', { ...ask, requester }) })
    const rig = await openRig({ workflows: [workflow] })
    const approval_id = rig.open(await rig.begin('own'))
    expect(verdict(await rig.engine.decide({ approval_id, decision: 'approve' }, boss))).toBe('approved, approved')
  })

  it('records a sole operator who approves their own request, where policy allows it', async () => {
    const workflow = defineWorkflow({
      name: 'own',
      input: z.object({}),
      run: (wf) => wf.approval('a', { ...ask, requester: 'boss@example.com' }),
    })
    const rig = await openRig({ workflows: [workflow], selfApproval: 'sole_operator' })
    const approval_id = rig.open(await rig.begin('own'))
    expect(verdict(await rig.engine.decide({ approval_id, decision: 'approve' }, boss))).toBe('approved, approved')
    expect(rig.records.find((record) => record.type === 'approval_decided')?.data).toMatchObject({ self_approved: true })
  })

  it('names the version it saw, and a stale one is refused', async () => {
    const rig = await openRig({ workflows: [refund()] })
    const approval_id = rig.open(await rig.begin('refund'))
    const { version } = rig.live.approvals.get(approval_id)!
    expect(await rig.engine.decide({ approval_id, decision: 'approve', version: 2 }, boss)).toMatchObject({
      ok: false,
      failure: { code: 'stale-version', data: { current: version } },
    })
    expect(verdict(await rig.engine.decide({ approval_id, decision: 'approve', version: version.sha256 }, boss))).toBe(
      'approved, approved',
    )
  })

  it('comes too late at the deadline, also when no timer has run', async () => {
    const rig = await openRig({ workflows: [refund()] })
    const run = await rig.begin('refund')
    const approval_id = rig.open(run)
    const late = rig.clock.now() + 48 * 3_600_000
    Object.assign(rig.clock, { now: () => late })
    expect(await rig.engine.decide({ approval_id, decision: 'approve' }, boss)).toMatchObject({
      ok: false,
      failure: { code: 'already-decided', data: { decision: 'expired' } },
    })
    await rig.quiet()
    expect(ending(rig, run)).toEqual({ status: 'expired', reason: 'Nobody decided in time.' })
  })
})

describe('a deadline', () => {
  it('expires what nobody decided, once and never as an approval', async () => {
    const rig = await openRig({ workflows: [refund()] })
    const run = await rig.begin('refund')
    rig.clock.advance(48 * 3_600_000 - 1)
    await rig.quiet()
    expect(rig.live.runs.get(run)?.status).toBe('waiting')
    rig.clock.advance(1)
    rig.engine.tick()
    rig.engine.tick()
    await rig.quiet()
    expect(ending(rig, run)).toEqual({ status: 'expired', reason: 'Nobody decided in time.' })
    expect(rig.records.filter((record) => record.type === 'approval_decided').length).toBe(1)
  })

  it('that passed while the application was closed is handled at start, in order', async () => {
    const waits = (name: string, timeout: '1h' | '2h') =>
      defineWorkflow({ name, input: z.object({}), run: (wf) => wf.approval('a', { ...ask, timeout }) })
    const workflows = [waits('long', '2h'), waits('short', '1h')]
    const before = await openRig({ workflows })
    const long = await before.begin('long')
    const short = await before.begin('short')
    await before.crash()
    before.clock.advance(40 * 86_400_000)
    const rig = await openRig({ workflows, folder: before.folder, clock: before.clock })
    const expired = rig.records.filter((record) => record.type === 'approval_decided')
    expect(expired.map((record) => ('run_id' in record ? record.run_id : ''))).toEqual([short, long])
  })
})

describe('an idempotency key', () => {
  it('gives one run and one answer, over a restart, and refuses another body', async () => {
    const key = { key: 'k1', sha256: 'aa' }
    const before = await openRig({ workflows: [refund()] })
    const [one, two] = await Promise.all([before.begin('refund', {}, key), before.begin('refund', {}, key)])
    expect(two).toBe(one)
    await before.crash()
    const rig = await openRig({ workflows: [refund()], folder: before.folder, clock: before.clock })
    expect(await rig.begin('refund', {}, key)).toBe(one)
    await expect(rig.begin('refund', {}, { ...key, sha256: 'bb' })).rejects.toThrow('came with a different request')
    rig.clock.advance(8 * 86_400_000)
    expect(await rig.begin('refund', {}, key)).not.toBe(one)
  })
})

describe('an action', () => {
  it('runs once it is approved, and its answer is in the result', async () => {
    const workflow = defineWorkflow({
      name: 'expense',
      input: z.object({}),
      async run(wf) {
        await wf.approval('a', ask)
        return wf.action('pay', { n: 1 })
      },
    })
    const calls: unknown[] = []
    const rig = await openRig({
      workflows: [workflow],
      actions: {
        expense: async (payload, { idempotency_key }) => {
          calls.push([payload, idempotency_key])
          return { payment_id: 'p1' }
        },
      },
    })
    const run = await rig.begin('expense')
    expect(calls).toEqual([])
    await rig.engine.decide({ approval_id: rig.open(run), decision: 'approve' }, boss)
    await rig.quiet()
    expect(ending(rig, run)).toEqual({ payment_id: 'p1' })
    expect(calls).toEqual([[{ n: 1 }, `${run}:pay`]])
  })
})

describe('messages that nobody waits for', () => {
  it('are kept without waking the run, up to a limit', async () => {
    const rig = await openRig({ workflows: [refund()] })
    const run = await rig.begin('refund')
    const sent = await Promise.all(Array.from({ length: 1001 }, (_, n) => rig.engine.signal(run, 'note', n, source)))
    expect(sent.filter((result) => result.ok).length).toBe(1000)
    expect(sent.at(-1)).toMatchObject({ failure: { code: 'too-many-pending' } })
    await rig.quiet()
    expect(rig.live.runs.get(run)?.status).toBe('waiting')
    expect(story(rig, run)).not.toContain('run_parked')
  })
})

describe('an idempotency key that is too old', () => {
  it('is forgotten while the application runs', async () => {
    const rig = await openRig({ workflows: [refund()] })
    await rig.begin('refund', {}, { key: 'k', sha256: 'aa' })
    expect(rig.live.keys.size).toBe(1)
    rig.clock.advance(8 * 86_400_000)
    expect(rig.live.keys.size).toBe(0)
  })
})

describe('stopping', () => {
  it('lets the step at work end, and begins no other', async () => {
    const done: string[] = []
    let finish = () => {}
    const workflow = defineWorkflow({
      name: 'two',
      input: z.object({}),
      async run(wf) {
        await wf.step('one', () => new Promise<void>((resolve) => (finish = resolve)).then(() => void done.push('one')))
        await wf.step('two', () => void done.push('two'))
      },
    })
    const before = await openRig({ workflows: [workflow] })
    const run = await before.begin('two')
    const stopped = before.engine.stop(5000)
    finish()
    await stopped
    await before.journal.close()
    expect(done).toEqual(['one'])
    const rig = await openRig({ workflows: [workflow], folder: before.folder })
    expect(done).toEqual(['one', 'two'])
    expect(story(rig, run)).toEqual(['run_started', 'step_completed', 'step_completed', 'run_completed'])
  })

  it('waits for a step no longer than it was told', async () => {
    const workflow = defineWorkflow({
      name: 'hang',
      input: z.object({}),
      run: (wf) => wf.step('hang', () => new Promise(() => {})),
    })
    const rig = await openRig({ workflows: [workflow] })
    await rig.begin('hang')
    const stopped = rig.engine.stop(5000)
    rig.clock.advance(5000)
    await stopped
    await rig.journal.close()
  })
})

describe('a woken run that still waits', () => {
  it('says so again: one of two answers, or a message for later, is not what it waits for', async () => {
    const workflow = defineWorkflow({
      name: 'two',
      input: z.object({}),
      run: (wf) => Promise.all([wf.approval('a', ask), wf.approval('b', ask)]),
    })
    const rig = await openRig({ workflows: [workflow] })
    const run = await rig.begin('two')
    await rig.engine.decide({ approval_id: rig.open(run), decision: 'approve' }, boss)
    await rig.quiet()
    expect(rig.live.runs.get(run)).toMatchObject({ status: 'waiting', current: 'b' })
    await rig.engine.signal(run, 'note', 1, source)
    await rig.quiet()
    expect(rig.live.runs.get(run)?.status).toBe('waiting')
    await rig.crash()
    const again = await openRig({ workflows: [workflow], folder: rig.folder })
    await again.engine.decide({ approval_id: again.open(run), decision: 'approve' }, boss)
    await again.quiet()
    expect(story(again, run).at(-1)).toBe('run_completed')
  })
})
