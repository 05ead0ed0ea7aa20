import Database from 'better-sqlite3'
import { expect, it } from 'vitest'
import { Erasures } from '../../../electron/core/erasure/erasures.ts'
import { UndoLog } from '../../../electron/core/table.ts'
import { FakeClock } from '../../support/fake-clock.ts'

it('what a run still said while it was looked up is closed off too, however much else was said meanwhile', async () => {
  const db = new Database(':memory:')
  db.exec(
    'CREATE TABLE runs (seq INTEGER, id TEXT, position INTEGER); CREATE TABLE events (run_seq INTEGER, seq INTEGER, position INTEGER)',
  )
  const caughtUp = Promise.withResolvers<void>()
  let durable = 1
  let segments = 0
  const erasures = new Erasures({
    journal: () => ({
      get durable() {
        return { seq: durable, end: 0 }
      },
      startSegment: () => segments++,
    }),
    commit: () => () => ({ records: [], durable: Promise.resolve() }),
    projection: () => ({
      progress: { applied: 1 },
      caughtUp: () => caughtUp.promise,
      query: (ask: (source: unknown) => unknown) => ask({ db, records: {} }),
      run: (id: string) => ({ id, type: 'refund' }),
    }),
    live: { runs: new Map() },
    clock: new FakeClock(),
    undo: new UndoLog(),
    rules: () => ({ days: null, types: {}, hold: { runs: [], types: [] } }),
    log: {},
  } as never)
  erasures.start()
  const erased = erasures.erase('run_2', 'They asked for it', { kind: 'system', id: 'x', via: 'engine' })
  for (let seq = 2; seq < 700; seq++) {
    erasures.apply({ type: 'delivery_attempted', seq, run_id: `run_${seq}` } as never)
    durable = seq
  }
  caughtUp.resolve()
  expect(await erased).toMatchObject({ ok: true, value: { runs: ['run_2'] } })
  expect(segments).toBe(1)
})
