import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { defineWorkflow, type Wf } from '../../../electron/core/engine/workflow.ts'
import { decodeLine, encodeRecord, genesisHash } from '../../../electron/core/journal/record.ts'
import type { JournalRecord, NewEvent } from '../../../shared/model/event.ts'
import { FakeClock } from '../../support/fake-clock.ts'
import { boss, ending, openRig, type Rig, verdict } from './harness.ts'

/*
 * A commit of several records is kept whole or not at all, but not in a journal that was written before its records said how many belong
 * together: of such a one the disk may have kept only the first.
 */

const folders: string[] = []
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true })
})

/** A copy of a journal as it was written then, which ends with the last record of a type. */
function cutAfter(rig: Rig, type: JournalRecord['type']): string {
  const folder = mkdtempSync(join(tmpdir(), 'torn-'))
  folders.push(folder, rig.folder)
  cpSync(rig.folder, folder, { recursive: true })
  const file = join(folder, '00000001.jsonl')
  const lines = readFileSync(file, 'utf8').split('\n')
  const last = lines.findLastIndex((line) => line.includes(`"type":"${type}"`))
  if (last < 0) throw new Error(`there is no ${type}`)
  let [kept, prev] = ['', genesisHash]
  for (const line of lines.slice(0, last + 1)) {
    const decoded = decodeLine(Buffer.from(line), null)
    if (!decoded.ok) throw new Error(decoded.failure.message)
    const { seq, at, ...event } = decoded.value.record
    const encoded = encodeRecord(event as NewEvent, seq, at, prev)
    kept += encoded.line
    prev = encoded.hash
  }
  writeFileSync(file, kept)
  return folder
}

const workflow = (run: (wf: Wf) => Promise<unknown>) => defineWorkflow({ name: 'flow', input: z.unknown(), run })
const ask = { title: 'May I?', approvers: ['boss@example.com'] } as const

describe('a question that a rule decides, cut off from the decision', () => {
  const embargo = { decision: 'rejected', rule: 'embargo', comment: 'Not now' } as const
  const alone = (wf: Wf) => wf.approval('ask', { ...ask, timeout: '1h', automatic: embargo })

  it.each([
    ['alone', alone],
    ['beside one that people are asked', (wf: Wf) => wf.all([() => wf.approval('other', ask), () => alone(wf)])],
  ])('is decided by that rule at the start: %s', async (_how, run) => {
    const flow = workflow(run)
    const rig = await openRig({ workflows: [flow] })
    await rig.begin('flow')
    await rig.crash()
    const asked = rig.records.findLast((record) => record.type === 'approval_requested')!
    // It has long been late: the clock has no say in it either.
    const clock = new FakeClock()
    clock.advance(7_200_000)
    const after = await openRig({ workflows: [flow], folder: cutAfter(rig, 'approval_requested'), clock })
    expect(after.records.filter(({ type }) => type === 'approval_decided')).toMatchObject([
      {
        approval_id: (asked as { approval_id: string }).approval_id,
        actor: { kind: 'policy', id: 'embargo' },
        data: { decision: 'rejected', rule: 'embargo' },
        content: { comment: 'Not now' },
      },
    ])
    await after.crash()
  })

  it('is answered as it was then, though its condition is not met any more', async () => {
    let met = true
    const flow = workflow(async (wf) => (await wf.approval('ask', { ...ask, auto_approve_if: () => met })).outcome)
    const rig = await openRig({ workflows: [flow] })
    const run = await rig.begin('flow')
    await rig.crash()
    met = false
    const after = await openRig({ workflows: [flow], folder: cutAfter(rig, 'approval_requested') })
    expect(ending(after, run)).toBe('approved')
    await after.crash()
  })

  it('is never open to people: not while its workflow is not to be had either', async () => {
    const flow = workflow(alone)
    const rig = await openRig({ workflows: [flow] })
    const run = await rig.begin('flow')
    await rig.crash()
    const folder = cutAfter(rig, 'approval_requested')
    const without = await openRig({ workflows: [], folder })
    const asked = without.records.find((record) => record.type === 'approval_requested') as { approval_id: string }
    const said = await without.engine.decide({ approval_id: asked.approval_id, decision: 'approve' }, boss)
    expect([verdict(said), without.live.runs.get(run)?.status]).toEqual(['not-found', 'needs_review'])
    await without.crash()
    const mended = await openRig({ workflows: [flow], folder })
    await mended.engine.retry(run, boss)
    await mended.quiet()
    expect(ending(mended, run)).toMatchObject({ outcome: 'rejected', rule: 'embargo' })
    await mended.crash()
  })
})

describe('whoever is told of something', () => {
  const flow = workflow((wf) => wf.approval('ask', ask))
  const typesAfter = (rig: Rig, run: string) =>
    rig.records.filter((record) => 'run_id' in record && record.run_id === run).map(({ type }) => type)

  it('is told before it is over: a run that has ended has told its sender', async () => {
    const rig = await openRig({ workflows: [flow], delivers: true })
    const run = await rig.begin('flow')
    await rig.engine.decide({ approval_id: rig.open(run), decision: 'approve' }, boss)
    await rig.quiet()
    expect(typesAfter(rig, run).slice(-2)).toEqual(['delivery_queued', 'run_completed'])
    await rig.crash()
    const after = await openRig({ workflows: [flow], folder: cutAfter(rig, 'delivery_queued') })
    expect(ending(after, run)).toMatchObject({ outcome: 'approved' })
    await after.crash()
  })

  it('is told before anybody waits for them: of a question that sends it back', async () => {
    const rig = await openRig({ workflows: [flow], delivers: true })
    const run = await rig.begin('flow')
    await rig.engine.decide({ approval_id: rig.open(run), decision: 'send_back', comment: 'Which one?' }, boss)
    expect(typesAfter(rig, run).slice(-2)).toEqual(['delivery_queued', 'approval_sent_back'])
    await rig.crash()
  })
})
