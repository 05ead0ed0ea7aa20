import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { defineWorkflow, StepFailed, type Wf } from '../../../electron/core/engine/workflow.ts'
import { plainDirectory } from '../../support/directory.ts'
import { boss, ending, openRig, type Rig, type RigOptions } from './harness.ts'

const workflow = (run: (wf: Wf) => Promise<unknown>) => defineWorkflow({ name: 'flow', input: z.unknown(), run })
const ask = { title: 'May I?', approvers: ['boss@example.com'] } as const

const approve = async (rig: Rig, id: string | undefined) => {
  await rig.engine.decide({ approval_id: id!, decision: 'approve' }, boss)
  await rig.quiet()
}
const hour = async (rig: Rig) => {
  rig.clock.advance(3_600_000)
  await rig.quiet()
}
const reopened = async (rig: Rig, options: RigOptions) => {
  await rig.crash()
  return openRig({ ...options, folder: rig.folder, clock: rig.clock })
}
/** The same promise, some turns of the microtask queue later. */
const late = async <T>(promise: Promise<T>): Promise<T> => {
  const value = await promise
  for (let n = 0; n < 20; n++) await null
  return value
}

describe('the time of a run', () => {
  it('is the same at the same place of every pass', async () => {
    const seen: string[][] = []
    const flow = workflow(async (wf) => {
      const times: string[] = []
      seen.push(times)
      const look = () => times.push(wf.now().toISOString().slice(11, 16))
      look()
      await wf.step('one', () => 1)
      look()
      await wf.approval('ask', ask)
      look()
      await wf.sleep('nap', '1h')
      look()
    })
    const rig = await openRig({ workflows: [flow] })
    const run = await rig.begin('flow')
    rig.clock.advance(600_000)
    await approve(rig, rig.open(run))
    await hour(rig)
    const whole = seen.at(-1)!
    expect(seen.map((times) => times.join())).toEqual(seen.map(({ length }) => whole.slice(0, length).join()))
    expect([new Set(whole).size, whole.length]).toEqual([3, 4])
    await rig.crash()
  })
})

describe('a race', () => {
  const done: string[] = []
  const racing = workflow(async (wf) => {
    const won = await Promise.race([
      wf.approval('a', ask).then(({ outcome }) => outcome),
      late(wf.sleep('late', '1h').then(() => 'late')),
    ])
    if (won === 'approved') return wf.step('pay', () => done.push('pay'))
    await wf.step('call-off', () => done.push('call-off'))
    await wf.sleep('next', '1h')
    return 'called off'
  })

  it('that time has won is not won by a late answer when the run goes on', async () => {
    done.length = 0
    const rig = await openRig({ workflows: [racing] })
    const run = await rig.begin('flow')
    const id = rig.open(run)
    await hour(rig)
    await approve(rig, id)
    const after = await reopened(rig, { workflows: [racing] })
    expect(done).toEqual(['call-off'])
    await hour(after)
    expect([done, ending(after, run)]).toEqual([['call-off'], 'called off'])
    await after.crash()
  })

  it('of two answers is won by the one that came first, whichever is named first', async () => {
    const said: string[] = []
    const flow = workflow(async (wf) => {
      const won = await Promise.race([wf.approval('a', ask).then(() => 'a'), late(wf.approval('b', ask).then(() => 'b'))])
      await wf.step(`did-${won}`, () => void said.push(won))
      await wf.sleep('nap', '1h')
      return won
    })
    const rig = await openRig({ workflows: [flow] })
    const run = await rig.begin('flow')
    const [a, b] = rig.live.runs.get(run)!.open
    await approve(rig, b)
    await approve(rig, a)
    const after = await reopened(rig, { workflows: [flow] })
    await hour(after)
    expect([said, ending(after, run)]).toEqual([['b'], 'b'])
    await after.crash()
  })

  it('of two steps is won by the one that was stored first', async () => {
    const release: Record<string, () => void> = {}
    const held = (name: string) => () => new Promise<string>((resolve) => (release[name] = () => resolve(name)))
    const winners: string[] = []
    const flow = workflow(async (wf) => {
      const won = await Promise.race([wf.step('a', held('a')), late(wf.step('b', held('b')))])
      winners.push(won)
      await wf.sleep('nap', '1h')
      return won
    })
    const rig = await openRig({ workflows: [flow] })
    const run = await rig.begin('flow')
    release.b!()
    await rig.quiet()
    release.a!()
    await rig.quiet()
    await hour(rig)
    expect([winners, ending(rig, run)]).toEqual([['b', 'b'], 'b'])
    await rig.crash()
  })

  it('gives a message that came before anybody waited for it to whoever asks first, in every pass', async () => {
    const won: unknown[] = []
    const flow = workflow(async (wf) => {
      await wf.approval('ask', ask)
      won.push(await Promise.race([late(wf.signal('go')), wf.sleep('nap', '1h').then(() => 'nap')]))
      await wf.sleep('pause', '2h')
      return won.at(-1)
    })
    const rig = await openRig({ workflows: [flow] })
    const run = await rig.begin('flow')
    await rig.engine.signal(run, 'go', 'went', boss)
    await approve(rig, rig.open(run))
    await hour(rig)
    await hour(rig)
    expect([new Set(won), ending(rig, run)]).toEqual([new Set(['went']), 'went'])
    await rig.crash()
  })
})

describe('a run that comes another way than before', () => {
  it('does nothing there, and says what it misses', async () => {
    const done: string[] = []
    let way = 'left'
    const flow = workflow(async (wf) => {
      await wf.step(way, () => void done.push(way))
      wf.onCancel(`undo-${way}`, () => void done.push(`undo-${way}`))
      return (await wf.approval(`${way}-ask`, ask)).outcome
    })
    const rig = await openRig({ workflows: [flow] })
    const run = await rig.begin('flow')
    way = 'right'
    await approve(rig, rig.open(run))
    expect([done, ending(rig, run)]).toEqual([
      ['left'],
      { type: 'run_needs_review', error: expect.stringContaining('no longer comes by the step "left"') },
    ])
    way = 'left'
    await rig.engine.retry(run, boss)
    await rig.quiet()
    expect([done, ending(rig, run)]).toEqual([['left'], 'approved'])
    await rig.crash()
  })

  it('does nothing there after a retry either, when what had failed and was caught goes well now', async () => {
    const done: string[] = []
    let broken = true
    const flow = workflow(async (wf) => {
      try {
        await wf.step('pay', () => {
          if (broken) throw new Error('no')
          done.push('pay')
        })
        await wf.step('thank', () => void done.push('thank'))
      } catch (error) {
        if (!(error instanceof StepFailed)) throw error
        await wf.step('apologise', () => void done.push('apologise'))
        throw new Error('look at it')
      }
    })
    const rig = await openRig({ workflows: [flow] })
    const run = await rig.begin('flow')
    broken = false
    await rig.engine.retry(run, boss)
    await rig.quiet()
    expect([done, ending(rig, run)]).toEqual([
      ['apologise', 'pay'],
      { type: 'run_needs_review', error: expect.stringContaining('the step "apologise"') },
    ])
    await rig.crash()
  })

  it('skips an action that was configured only after it had come by', async () => {
    const done: unknown[] = []
    const actions: NonNullable<RigOptions['actions']> = {}
    const flow = workflow(async (wf) => {
      const first = await wf.action('act', 1, 'refund')
      await wf.approval('ask', ask)
      return [first, await wf.action('act-2', 2, 'refund')]
    })
    const rig = await openRig({ workflows: [flow], actions })
    const run = await rig.begin('flow')
    actions.refund = async (payload) => done.push(payload) && 'acted'
    await approve(rig, rig.open(run))
    expect([done, ending(rig, run)]).toEqual([[2], [null, 'acted']])
    await rig.crash()
  })
})

describe('what cannot be asked or started', () => {
  it('goes to review past every catch, and is asked once it can be', async () => {
    const done: string[] = []
    let known = false
    const plain = plainDirectory()
    const directory: typeof plain = {
      ...plain,
      resolve: (names) =>
        names[0] !== 'group:x'
          ? plain.resolve(names)
          : known
            ? { people: ['boss@example.com'], unknown: [] }
            : { people: [], unknown: ['group:x'] },
    }
    const flow = workflow(async (wf) => {
      const asked = wf.approval('a', { ...ask, approvers: ['group:x'] })
      const outcome = await asked.then((answer) => answer.outcome).catch(() => 'no group')
      const child = await wf.child('kid', 'nobody', {}).catch(() => ({ status: 'none' }))
      await wf.step(outcome, () => void done.push(outcome))
      return [outcome, child.status]
    })
    const kid = defineWorkflow({ name: 'nobody', input: z.unknown(), run: async () => 1 })
    const rig = await openRig({ workflows: [flow], directory })
    const run = await rig.begin('flow')
    expect(ending(rig, run)).toMatchObject({
      type: 'run_needs_review',
      error: expect.stringContaining('group:x is not known here'),
    })
    known = true
    await rig.engine.retry(run, boss)
    await rig.quiet()
    await approve(rig, rig.open(run))
    expect(ending(rig, run)).toMatchObject({ type: 'run_needs_review', error: expect.stringContaining('no workflow "nobody"') })
    const after = await reopened(rig, { workflows: [flow, kid], directory })
    await after.engine.retry(run, boss)
    await after.quiet()
    expect([done, ending(after, run)]).toEqual([['approved'], ['approved', 'completed']])
    await after.crash()
  })

  it('lets the step at work in another branch end first', async () => {
    let release!: (value: string) => void
    const held = new Promise<string>((resolve) => (release = resolve))
    const starts: number[] = []
    const flow = workflow((wf) =>
      wf.all([
        () =>
          wf.step('long', ({ attempt }) => {
            starts.push(attempt)
            return held
          }),
        () => wf.child('kid', 'nobody', {}),
      ]),
    )
    const rig = await openRig({ workflows: [flow] })
    const run = await rig.begin('flow')
    expect(rig.live.runs.get(run)?.status).toBe('running')
    release('done')
    await rig.quiet()
    expect(ending(rig, run)).toMatchObject({ type: 'run_needs_review' })
    await rig.engine.retry(run, boss)
    await rig.quiet()
    expect(starts).toEqual([1])
    await rig.crash()
  })
})
