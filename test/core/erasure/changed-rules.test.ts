import Database from 'better-sqlite3'
import { expect, it } from 'vitest'
import { Erasures } from '../../../electron/core/erasure/erasures.ts'
import { Retention } from '../../../electron/core/erasure/retention.ts'
import { UndoLog } from '../../../electron/core/table.ts'
import type { RetentionRules } from '../../../shared/contract/erasure.ts'
import type { NewEvent } from '../../../shared/model/event.ts'
import { FakeClock } from '../../support/fake-clock.ts'

const day = 86_400_000
const silent = { info: () => {}, warn: () => {}, error: () => {} }

/** Runs that have ended just now, and rules that become others with the first tombstones. */
function scene(count: number, after: RetentionRules) {
  const clock = new FakeClock()
  const completed_at = new Date(clock.now()).toISOString()
  const db = new Database(':memory:')
  db.exec('CREATE TABLE runs (seq INTEGER, id TEXT, type TEXT, completed_at TEXT, erased_position, status TEXT, position INTEGER)')
  db.exec('CREATE TABLE events (run_seq INTEGER, seq INTEGER, position INTEGER)')
  const insert = db.prepare(`INSERT INTO runs VALUES (?, ?, 'refund', ?, NULL, 'completed', 0)`)
  for (let n = 1; n <= count; n++) insert.run(n, `run_${n}`, completed_at)
  let rules: RetentionRules = { days: 1, types: {}, hold: { runs: [], types: [] } }
  const erased: NewEvent[] = []
  const projection = {
    caughtUp: async () => {},
    query: (ask: (source: unknown) => unknown) => ask({ db, records: { at: () => ({ data: {} }) } }),
    run: (id: string) => ({ id, type: 'refund', completed_at, erased: null }),
  }
  const commit = (...events: readonly NewEvent[]) => {
    erased.push(...events)
    rules = after
    return { records: [], durable: Promise.resolve() }
  }
  const erasures = new Erasures({
    journal: () => ({ durable: { seq: 1, end: 0 }, startSegment: () => {} }),
    commit: () => commit,
    projection: () => projection,
    live: { runs: new Map() },
    clock,
    undo: new UndoLog(),
    rules: () => rules,
    log: silent,
  } as never)
  const retention = new Retention({ projection, durable: () => 1, erasures, rules: () => rules, clock, log: silent } as never)
  return { clock, retention, erased }
}

it.each<[string, RetentionRules]>([
  ['for ever', { days: null, types: {}, hold: { runs: [], types: [] } }],
  ['for longer', { days: 365, types: {}, hold: { runs: [], types: [] } }],
  ['as evidence', { days: 1, types: {}, hold: { runs: [], types: ['refund'] } }],
])('erases nothing more of what is to be kept %s since the daily look has begun', async (_, after) => {
  const { clock, retention, erased } = scene(60, after)
  retention.start()
  clock.sleepSilently(2 * day)
  retention.tick()
  clock.sleepSilently(60_000)
  retention.tick()
  for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve))
  await retention.stop()
  expect(erased.length).toBe(50)
})
