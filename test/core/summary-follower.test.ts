import { expect, test } from 'vitest'
import { LiveState } from '../../electron/core/engine/live.ts'
import type { Position } from '../../electron/core/journal/port.ts'
import type { Summaries, WantedApproval } from '../../electron/core/summary/port.ts'
import { SummaryFollower } from '../../electron/core/summary-follower.ts'
import { UndoLog } from '../../electron/core/table.ts'
import type { JournalRecord, NewEvent } from '../../shared/model/event.ts'
import { asked } from './summary/bench.ts'

/** A follower behind a journal that is a list, and the ids that want a summary. */
function scene() {
  const wanted = new Map<string, WantedApproval>()
  const queue: Pick<Summaries, 'request' | 'forget'> = {
    request: (approval) => void wanted.set(approval.id, approval),
    forget: (id) => void wanted.delete(id),
  }
  const undo = new UndoLog()
  const live = new LiveState(undo, () => 0)
  const records: JournalRecord[] = []
  const follower = new SummaryFollower(queue as Summaries, live, (position) => records[position as unknown as number]!)
  follower.start()
  const append = (event: object) => {
    const seq = records.length
    const record = { ...event, seq, at: '2026-03-02T09:00:00.000Z' } as unknown as JournalRecord
    records.push(record)
    undo.begin(seq)
    for (const one of [live, follower]) one.apply(record, seq as unknown as Position)
    return seq
  }
  return {
    ids: () => [...wanted.keys()],
    append,
    takeBack(fromSeq: number) {
      undo.takeBack(fromSeq)
      records.length = fromSeq
      follower.takenBack(fromSeq)
    },
  }
}

const actor = { kind: 'system', id: 'engine', via: 'engine' } as const
const started = (run_id: string) => ({
  type: 'run_started',
  actor,
  run_id,
  data: { workflow: 'approval', workflow_version: 1, type: 'expense', source: 's' },
  content: { title: 't', input: {}, answer: null },
})
const requested = (run_id: string, approval_id: string) => ({
  type: 'approval_requested',
  actor,
  run_id,
  approval_id,
  data: { step: 'a', source: 's', due_at: null, version: { number: 1, sha256: 'x' }, approvers: [], requesters: [] },
  content: { asked, flags: [], summary: { state: 'waiting' } },
})
const decided = (run_id: string, approval_id: string) =>
  ({ type: 'approval_decided', actor, run_id, approval_id, data: { decision: 'approved' }, content: null }) as unknown as NewEvent

test('a decision that could not be stored leaves the approval wanting its summary', () => {
  const { append, takeBack, ids } = scene()
  append(started('run_1'))
  append(requested('run_1', 'apr_1'))
  const seq = append(decided('run_1', 'apr_1'))
  expect(ids()).toEqual([])
  takeBack(seq)
  expect(ids()).toEqual(['apr_1'])
})

test('an approval that could not be stored wants no summary', () => {
  const { append, takeBack, ids } = scene()
  append(started('run_1'))
  append(requested('run_1', 'apr_1'))
  append(started('run_2'))
  const seq = append(requested('run_2', 'apr_2'))
  expect(ids()).toEqual(['apr_1', 'apr_2'])
  takeBack(seq)
  expect(ids()).toEqual(['apr_1'])
})
