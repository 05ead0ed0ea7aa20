import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { defineWorkflow, StepFailed, type Wf } from '../../../electron/core/engine/workflow.ts'
import { boss, ending, openRig, type Rig, story } from './harness.ts'

const workflow = (name: string, run: (wf: Wf) => Promise<unknown>) => defineWorkflow({ name, input: z.unknown(), run })
const ask = { title: 'May I?', approvers: ['boss@example.com'] } as const

const idOf = (rig: Rig, runId: string, step: string): string => {
  const found = rig.live.runs.get(runId)?.open.find((id) => rig.live.approvals.get(id)?.step === step)
  if (!found) throw new Error(`${step} is not open`)
  return found
}

const approve = async (rig: Rig, runId: string, step: string) => {
  await rig.engine.decide({ approval_id: idOf(rig, runId, step), decision: 'approve' }, boss)
  await rig.quiet()
}

/** A step that ends when told to. */
function held() {
  let release!: (value: string) => void
  const starts: number[] = []
  const promise = new Promise<string>((resolve) => {
    release = resolve
  })
  const work = ({ attempt }: { attempt: number }) => {
    starts.push(attempt)
    return promise
  }
  return { starts, release, work }
}

describe('branches', () => {
  it('each ask and each go on when they are answered, in any order', async () => {
    const done: string[] = []
    const both = workflow('both', (wf) =>
      wf.all([
        async () => {
          await wf.approval('left', ask)
          return wf.step('do-left', () => done.push('left') && 'L')
        },
        async () => {
          await wf.approval('right', ask)
          return wf.step('do-right', () => done.push('right') && 'R')
        },
        () => wf.step('alone', () => 'A'),
      ]),
    )
    const rig = await openRig({ workflows: [both] })
    const run = await rig.begin('both')
    expect(rig.live.runs.get(run)).toMatchObject({ status: 'waiting', open: [expect.any(String), expect.any(String)], done: 1 })
    await approve(rig, run, 'right')
    expect([done, rig.live.runs.get(run)?.status]).toEqual([['right'], 'waiting'])
    await rig.crash()
    const after = await openRig({ workflows: [both], folder: rig.folder, clock: rig.clock })
    await approve(after, run, 'left')
    expect([done, ending(after, run)]).toEqual([
      ['right', 'left'],
      ['L', 'R', 'A'],
    ])
    await after.crash()
  })

  it.each(['waits first', 'works first'])('are picked up after a crash when one waits and one worked: %s', async (order) => {
    const first = held()
    const second = held()
    let work = first.work
    const mixed = workflow('mixed', (wf) => {
      const waits = () => wf.approval('ask', ask).then(({ outcome }) => outcome)
      const works = () => wf.step('work', (context) => work(context))
      return wf.all(order === 'waits first' ? [waits, works] : [works, waits])
    })
    const rig = await openRig({ workflows: [mixed] })
    const run = await rig.begin('mixed')
    expect(rig.live.runs.get(run)).toMatchObject({ status: 'running', open: [expect.any(String)] })
    await rig.crash()
    work = second.work
    const after = await openRig({ workflows: [mixed], folder: rig.folder, clock: rig.clock })
    expect([first.starts, second.starts]).toEqual([[1], [1]])
    second.release('worked')
    await after.quiet()
    expect(after.live.runs.get(run)).toMatchObject({ status: 'waiting', current: 'ask' })
    expect(story(after, run).at(-1)).toBe('run_parked')
    await approve(after, run, 'ask')
    expect(ending(after, run)).toEqual(order === 'waits first' ? ['approved', 'worked'] : ['worked', 'approved'])
    await after.crash()
  })

  it('all end before the first failure is thrown, and a retry keeps what they did', async () => {
    let broken = true
    const done: string[] = []
    const flow = workflow('flow', (wf) =>
      wf.all([
        () =>
          wf.step('breaks', () => {
            if (broken) throw new Error('no')
            return 1
          }),
        async () => {
          await wf.approval('ask', ask)
          return wf.step('pays', () => done.push('paid') && 2)
        },
      ]),
    )
    const rig = await openRig({ workflows: [flow] })
    const run = await rig.begin('flow')
    expect(rig.live.runs.get(run)?.status).toBe('waiting')
    await approve(rig, run, 'ask')
    expect([rig.live.runs.get(run)?.status, done]).toEqual(['needs_review', ['paid']])
    broken = false
    await rig.engine.retry(run, boss)
    await rig.quiet()
    expect([ending(rig, run), done]).toEqual([[1, 2], ['paid']])
    await rig.crash()
  })

  it('may sleep, wait for messages, retry and have children side by side', async () => {
    const child = workflow('small', (wf) => wf.sleep('nap', '1h').then(() => 'child'))
    let attempts = 0
    const many = workflow('many', (wf) =>
      wf.all([
        () => wf.sleep('pause', '2h').then(() => 'slept'),
        () => wf.signal<string>('go', { timeout: '3h' }),
        () => wf.signal<string>('never', { timeout: '30m' }),
        async () => (await wf.child<string>('kid', 'small', {})).result,
        () =>
          wf.step('flaky', () => (++attempts < 3 ? Promise.reject(new Error('again')) : attempts), {
            retry: { attempts: 3, backoff: '10m' },
          }),
      ]),
    )
    const rig = await openRig({ workflows: [many, child] })
    const run = await rig.begin('many')
    await rig.engine.signal(run, 'go', 'gone', boss)
    for (let hour = 0; hour < 8; hour++) {
      rig.clock.advance(15 * 60_000)
      await rig.quiet()
    }
    expect(ending(rig, run)).toEqual(['slept', 'gone', null, 'child', 3])
    await rig.crash()
  })

  it('may race: what the loser still asks is withdrawn, and what it has done is no riddle', async () => {
    const race = workflow('race', async (wf) => {
      const slow = async () => {
        for (const n of [1, 2, 3, 4]) await wf.step(`slow-${n}`, () => n)
        return wf.approval('slow-ask', ask).then(() => 'slow')
      }
      return Promise.race([wf.approval('fast-ask', ask).then(() => 'fast'), slow()])
    })
    const rig = await openRig({ workflows: [race] })
    const run = await rig.begin('race')
    const loser = idOf(rig, run, 'slow-ask')
    await approve(rig, run, 'fast-ask')
    expect(ending(rig, run)).toBe('fast')
    expect(rig.records.find((record) => record.type === 'approval_decided' && record.approval_id === loser)).toMatchObject({
      data: { decision: 'cancelled' },
      content: { comment: 'The workflow ended without waiting for the answer.' },
    })
    await rig.crash()
  })

  it('keep a failure that the author catches from ending the others', async () => {
    const flow = workflow('caught', (wf) =>
      wf.all([
        () =>
          wf
            .step('breaks', () => Promise.reject(new Error('no')))
            .catch((error: unknown) => {
              if (!(error instanceof StepFailed)) throw error
              return 'caught'
            }),
        () => wf.step('works', () => 'worked'),
      ]),
    )
    const rig = await openRig({ workflows: [flow] })
    expect(ending(rig, await rig.begin('caught'))).toEqual(['caught', 'worked'])
    await rig.crash()
  })
})

describe('a name', () => {
  it.each([
    ['twice', (wf: Wf) => wf.step('pay', () => 1).then(() => wf.step('pay', () => 2)), 'two steps of one run'],
    ['for two things', (wf: Wf) => wf.step('pay', () => 1).then(() => wf.sleep('pay', 1)), 'a step and a sleep of one run'],
    ['that is none', (wf: Wf) => wf.step('', () => 1), 'cannot be the name of a step'],
  ])('used %s sends the run to review, clearly', async (_how, run, message) => {
    const rig = await openRig({ workflows: [workflow('names', run)] })
    expect(ending(rig, await rig.begin('names'))).toMatchObject({
      type: 'run_needs_review',
      error: expect.stringContaining(message),
    })
    await rig.crash()
  })

  it('that the code no longer comes by is reported, and nothing ends silently', async () => {
    const asks = workflow('flow', async (wf) => {
      await wf.step('quote', () => 1)
      return (await wf.approval('ask', ask)).outcome
    })
    const other = workflow('flow', async (wf) => (await wf.approval('ask', ask)).outcome)
    const rig = await openRig({ workflows: [asks] })
    const run = await rig.begin('flow')
    await rig.crash()
    const after = await openRig({ workflows: [other], folder: rig.folder, clock: rig.clock })
    await approve(after, run, 'ask')
    expect(ending(after, run)).toMatchObject({ type: 'run_needs_review', error: expect.stringContaining('the step "quote"') })
    await after.crash()
    const mended = await openRig({ workflows: [asks], folder: rig.folder, clock: rig.clock })
    await mended.engine.retry(run, boss)
    await mended.quiet()
    expect(ending(mended, run)).toBe('approved')
    await mended.crash()
  })
})

describe('progress', () => {
  it('is journalled once for each thing that it says', async () => {
    const flow = workflow('flow', async (wf) => {
      await wf.progress(0, 2, 'Reading')
      await wf.approval('ask', ask)
      await wf.progress(1, 2, 'Writing')
      return 'ok'
    })
    const rig = await openRig({ workflows: [flow] })
    const run = await rig.begin('flow')
    await approve(rig, run, 'ask')
    expect(rig.records.filter((record) => record.type === 'progress_reported').map(({ data }) => data)).toEqual([
      { done: 0, total: 2 },
      { done: 1, total: 2 },
    ])
    await rig.crash()
  })
})

describe('a branch that works for long', () => {
  it('keeps no other from going on: what comes meanwhile is heard in the same pass', async () => {
    const long = held()
    const done: string[] = []
    const kid = workflow('kid', (wf) => wf.approval('kid-ask', ask).then(() => 'kid'))
    const flow = workflow('flow', (wf) =>
      wf.all([
        () => wf.step('long', (context) => long.work(context)),
        async () => {
          await wf.approval('ask', ask)
          return wf.step('after-ask', () => done.push('ask'))
        },
        async () => {
          await wf.signal('go')
          return wf.step('after-go', () => done.push('go'))
        },
        async () => {
          await wf.sleep('nap', '1h')
          return wf.step('after-nap', () => done.push('nap'))
        },
        async () => {
          await wf.child('kid', 'kid', {})
          return wf.step('after-kid', () => done.push('kid'))
        },
        () =>
          wf.step('flaky', ({ attempt }) => (attempt < 2 ? Promise.reject(new Error('once more')) : done.push('flaky')), {
            retry: { attempts: 2, backoff: '2h', max_backoff: '2h' },
          }),
      ]),
    )
    const rig = await openRig({ workflows: [flow, kid] })
    const run = await rig.begin('flow')
    await approve(rig, run, 'ask')
    await rig.engine.signal(run, 'go', null, boss)
    await rig.quiet()
    rig.clock.advance(3_600_000)
    await rig.quiet()
    const child = rig.live.runs.get(run)!.ties!.children[0]!
    await approve(rig, child, 'kid-ask')
    rig.clock.advance(3_600_000)
    await rig.quiet()
    expect(done).toEqual(['ask', 'go', 'nap', 'kid', 'flaky'])
    expect([long.starts, rig.live.runs.get(run)?.status]).toEqual([[1], 'running'])
    long.release('long')
    await rig.quiet()
    expect(ending(rig, run)).toEqual(['long', 1, 2, 3, 4, 5])
    await rig.crash()
  })
})
