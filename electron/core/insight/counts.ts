import type Database from 'better-sqlite3'
import type { JournalRecord } from '../../../shared/model/event.ts'
import { timeClass } from '../../../shared/model/insight.ts'
import type { Risk } from '../../../shared/model/summary.ts'

/*
 * What the page about decisions is made of, counted as the journal is read. What came and how it ended is counted per hour (UTC), so that
 * a reader's days can be put together in any time zone; by whom, per day. Times to decide are counted by class of length, per day and
 * again per block of days. So a year of a million decisions is read in some ten thousand rows.
 */

/** A type of its own in `insight_hours` for all types together. */
export const everyType = ''

export const insightTables = `
  CREATE TABLE insight_hours (
    type TEXT NOT NULL,
    hour INTEGER NOT NULL,
    kind TEXT NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (type, hour, kind)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE insight_times (
    days INTEGER NOT NULL,
    day INTEGER NOT NULL,
    type TEXT NOT NULL,
    class INTEGER NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (days, day, type, class)
  ) STRICT, WITHOUT ROWID;
`

const hourMs = 60 * 60 * 1000
const dayHours = 24

/** How many days a block has: it begins where their number is divided by it. */
export const blockDays = 28

/** What is counted per day stands at its noon, which is the same day nearly everywhere. */
const noonOf = (hour: number): number => Math.floor(hour / dayHours) * dayHours + dayHours / 2

/** An approval that ends: what is known of it from before. */
type Ending = { readonly type: string; readonly came: number; readonly judged: Risk | null }

/** Numbers that follow the records, summed up over a batch and written once. */
export type InsightCounts = {
  came(type: string, at: number): void
  ended(approval: Ending, record: JournalRecord<'approval_decided'>): void
  flush(): void
  forget(): void
}

export function createInsightCounts(db: Database.Database): InsightCounts {
  const addHour = db.prepare(
    'INSERT INTO insight_hours (type, hour, kind, n) VALUES (?, ?, ?, ?) ON CONFLICT (type, hour, kind) DO UPDATE SET n = n + excluded.n',
  )
  const addTime = db.prepare(
    'INSERT INTO insight_times (days, day, type, class, n) VALUES (?, ?, ?, ?, ?) ON CONFLICT (days, day, type, class) DO UPDATE SET n = n + excluded.n',
  )
  const hours = new Map<string, { type: string; hour: number; kind: string; n: number }>()
  const times = new Map<string, { days: number; day: number; type: string; length: number; n: number }>()

  function count(type: string, hour: number, kind: string): void {
    for (const each of type === everyType ? [everyType] : [everyType, type]) {
      const key = `${hour} ${kind}\n${each}`
      const known = hours.get(key)
      if (known) known.n++
      else hours.set(key, { type: each, hour, kind, n: 1 })
    }
  }

  function time(type: string, hour: number, ms: number): void {
    const length = timeClass(ms)
    for (const days of [1, blockDays]) {
      const day = Math.floor(hour / dayHours / days) * days
      const key = `${days} ${day} ${length}\n${type}`
      const known = times.get(key)
      if (known) known.n++
      else times.set(key, { days, day, type, length, n: 1 })
    }
  }

  const forget = (): void => {
    hours.clear()
    times.clear()
  }

  return {
    came: (type, at) => count(type, Math.floor(at / hourMs), 'came'),
    ended({ type, came, judged }, { actor, at, data }) {
      const ended = Date.parse(at)
      const hour = Math.floor(ended / hourMs)
      const { decision } = data
      count(type, hour, decision)
      if (decision !== 'approved' && decision !== 'rejected') return
      const noon = noonOf(hour)
      if (actor.kind === 'policy') count(type, noon, `auto ${decision}`)
      if (actor.kind !== 'person') return
      count(type, noon, `person ${decision} ${actor.id}`)
      if (judged === 'high' || judged === 'low') count(type, noon, `model ${judged} ${decision}`)
      time(type, hour, ended - came)
    },
    flush() {
      for (const { type, hour, kind, n } of hours.values()) addHour.run(type, hour, kind, n)
      for (const { days, day, type, length, n } of times.values()) addTime.run(days, day, type, length, n)
      forget()
    },
    forget,
  }
}
