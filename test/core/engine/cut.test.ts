import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { defineWorkflow } from '../../../electron/core/engine/workflow.ts'
import { FakeClock } from '../../support/fake-clock.ts'
import { boss, ending, openRig, type Rig, source } from './harness.ts'

/*
 * The process may die between any two records, also in the middle of one commit: a write is cut where the disk ends it. For each
 * place, the journal is cut there and everything goes on from what is left.
 */

const ask = { title: 'May I?', approvers: ['boss@example.com'] } as const

const kid = defineWorkflow({
  name: 'kid',
  input: z.object({ n: z.number() }),
  async run(wf, { n }) {
    wf.onCancel('kid-undo', () => 'undone')
    await wf.approval('kid-ask', ask)
    return wf.step('kid-work', () => n + 1)
  },
})

const big = defineWorkflow({
  name: 'big',
  input: z.unknown(),
  async run(wf) {
    wf.onCancel('undo', ({ attempt }) => (attempt < 2 ? Promise.reject(new Error('busy')) : 'undone'), {
      retry: { attempts: 3, backoff: '1m' },
    })
    await wf.progress(0, 2)
    const parts = await wf.all([
      async () => (await wf.approval('ask', ask)).outcome,
      async () => (await wf.child<number>('child', 'kid', { n: 1 })).result,
      async () => {
        await wf.sleep('nap', '1h')
        return wf.signal<string>('go', { timeout: '20h' })
      },
      () =>
        wf.step('flaky', ({ attempt }) => (attempt < 2 ? Promise.reject(new Error('once more')) : 'steady'), {
          retry: { attempts: 3, backoff: '10m' },
        }),
    ])
    await wf.progress(1, 2)
    const gated = await wf.gate('gate', { parts }, ({ parts: seen }) => seen.length, { ...ask })
    return { parts, gated: gated.outcome === 'done' ? gated.result : gated.outcome }
  },
})
const finished = { parts: ['approved', 2, 'gone', 'steady'], gated: 4 }

const workflows = [big, kid]
const folders: string[] = []
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true })
})

/** Answers, sends and lets time pass until nothing is left to do. */
async function finish(rig: Rig): Promise<void> {
  for (let round = 0; round < 40 && rig.live.runs.size > 0; round++) {
    for (const id of [...rig.live.approvals.values()].map((open) => open.id)) {
      await rig.engine.decide({ approval_id: id, decision: 'approve' }, boss)
    }
    for (const run of [...rig.live.runs.values()]) {
      if (run.awaits.includes('go')) await rig.engine.signal(run.id, 'go', 'gone', source)
    }
    rig.clock.advance(10 * 60_000)
    await rig.quiet()
  }
}

const segment = (folder: string) => join(folder, '00000001.jsonl')

/** A folder whose journal ends after so many records. */
function cut(folder: string, records: number): string {
  const copy = mkdtempSync(join(tmpdir(), 'cut-'))
  folders.push(copy)
  cpSync(folder, copy, { recursive: true })
  const lines = readFileSync(segment(folder), 'utf8').split('\n')
  writeFileSync(segment(copy), `${lines.slice(0, records).join('\n')}\n`)
  return copy
}

/** Goes on from a cut at each place, and says what came out wrong. */
async function problemsOfCuts(folder: string, total: number, expected: (rig: Rig, run: string) => unknown): Promise<string[]> {
  const problems: string[] = []
  for (let records = 1; records < total; records++) {
    const rig = await openRig({ workflows, folder: cut(folder, records), clock: new FakeClock() })
    const run = rig.records.flatMap((record) => (record.type === 'run_started' ? [record.run_id] : []))[0]!
    await finish(rig)
    const starts = rig.records.flatMap((record) => (record.type === 'run_started' && record.data.parent ? [record] : []))
    const children = new Set(rig.records.flatMap((record) => (record.type === 'child_started' ? [record.data.child_id] : [])))
    const kids = [...new Set(starts.map(({ run_id }) => (ending(rig, run_id) as { type?: string }).type ?? 'completed'))]
    const end = expected(rig, run)
    const found = {
      end: ending(rig, run),
      live: rig.live.runs.size,
      asks: rig.live.approvals.size,
      kids,
      extra: starts.length - children.size,
    }
    // A child ends with its parent's cancellation, and for no other reason.
    const kind = end === finished ? 'completed' : 'run_cancelled'
    const wanted = { end, live: 0, asks: 0, kids: starts.length > 0 ? [kind] : [], extra: 0 }
    if (JSON.stringify(found) !== JSON.stringify(wanted)) problems.push(`cut after ${records}: ${JSON.stringify(found)}`)
    await rig.crash()
  }
  return problems
}

describe('a journal that is cut anywhere', () => {
  let folder = ''
  let total = 0
  beforeAll(async () => {
    const rig = await openRig({ workflows })
    folder = rig.folder
    folders.push(folder)
    const run = await rig.begin('big')
    await finish(rig)
    expect(ending(rig, run)).toEqual(finished)
    total = rig.records.length
    await rig.crash()
  })

  it('lets everything go on to the same end, with no child lost or begun twice', { timeout: 60_000 }, async () => {
    expect(total).toBeGreaterThan(25)
    expect(await problemsOfCuts(folder, total, () => finished)).toEqual([])
  })

  it('in the middle of a cancellation ends as cancelled or, where that was lost, goes on', { timeout: 60_000 }, async () => {
    const rig = await openRig({ workflows })
    folders.push(rig.folder)
    const run = await rig.begin('big')
    await rig.engine.cancel(run, 'Enough', source)
    await finish(rig)
    expect(ending(rig, run)).toEqual({ type: 'run_cancelled', reason: 'Enough' })
    const all = rig.records.length
    await rig.crash()
    const wasCancelled = (after: Rig, id: string) =>
      after.records.some((record) => record.type === 'run_cancelling' && record.run_id === id)
    expect(
      await problemsOfCuts(rig.folder, all, (after, id) =>
        wasCancelled(after, id) ? { type: 'run_cancelled', reason: 'Enough' } : finished,
      ),
    ).toEqual([])
  })
})
