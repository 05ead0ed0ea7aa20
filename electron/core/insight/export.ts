import { fromCursor, toCursor } from '../projection/cursor.ts'
import type { Projection } from '../projection/port.ts'
import type { Records } from '../projection/records.ts'
import { byteOrderMark, type Cell, toCsvLine } from './csv.ts'
import { type DecidedRow, insightQueries } from './queries.ts'
import { decisionAt, pause, requestAt } from './requests.ts'

type Question = {
  readonly format: 'csv' | 'json'
  readonly from?: string
  readonly to?: string
  readonly type?: string
  readonly limit: number
  readonly cursor?: string
}

type Page = { readonly text: string; readonly rows: number; readonly next_cursor: string | null }

/** Records that are read before others have their turn, and rows that are passed over in a page where one type is wanted. */
const slice = 20
const wideSlice = 200
const mostPassed = 20_000

/** A cursor's order says whether a row was written before it: then a comma stands before the next one. */
const orders = { some: 'export', none: 'export-none' }

/** Behind every instant. */
const forever = '~'

const toInstantKey = (instant: string | undefined, otherwise: string): string =>
  instant === undefined ? otherwise : new Date(instant).toISOString()

type Place = { readonly key: string; readonly seq: number }

/** Where a page begins, and whether rows come before it. */
function startOf({ cursor, from }: Question): { readonly place: Place; readonly written: boolean } {
  if (cursor === undefined) return { place: { key: toInstantKey(from, ''), seq: -1 }, written: false }
  const read = (order: string) => fromCursor(order, cursor, 'string') as Place
  try {
    return { place: read(orders.some), written: true }
  } catch {
    return { place: read(orders.none), written: false }
  }
}

/** Decisions in the order in which they were made. Throws RangeError for a cursor that is none of ours. */
export async function exportPage(question: Question, projection: Pick<Projection, 'query'>): Promise<Page> {
  const { format, limit, type = null } = question
  const start = startOf(question)
  const to = toInstantKey(question.to, forever)
  const entries: Entry[] = []
  let place: Place | null = start.place
  const wanted = type === null ? slice : wideSlice
  for (let passed = 0; place !== null && entries.length < limit && passed < mostPassed; passed += wanted) {
    if (passed > 0) await pause()
    const from: Place = place
    const left = limit - entries.length
    place = projection.query(({ db, records }) => {
      const { rows, next } = insightQueries(db).decidedFrom(from, to, type, type === null ? Math.min(wanted, left) : wanted)
      const taken = rows.slice(0, left)
      for (const row of taken) entries.push(toEntry(row, records))
      const last = taken.at(-1)
      return rows.length > left && last ? { key: last.decided_key, seq: last.seq } : next
    })
  }
  const isWhole = { first: question.cursor === undefined, last: place === null }
  const written = start.written || entries.length > 0
  return {
    text: format === 'csv' ? toCsv(entries, isWhole.first) : toJson(entries, start.written, isWhole),
    rows: entries.length,
    next_cursor: place && toCursor(written ? orders.some : orders.none, place as { key: string; seq: number }),
  }
}

const toCsv = (entries: readonly Entry[], isFirst: boolean): string => {
  const lines = entries.map((entry) => toCsvLine(columns.map((column) => entry[column])))
  return `${isFirst ? byteOrderMark + toCsvLine(columns) : ''}${lines.join('')}`
}

/** One array over all pages, a line each. */
function toJson(entries: readonly Entry[], written: boolean, { first, last }: { first: boolean; last: boolean }): string {
  const lines = entries.map((entry, index) => `${written || index > 0 ? ',' : ''}\n${JSON.stringify(entry)}`)
  return `${first ? '[' : ''}${lines.join('')}${last ? '\n]\n' : ''}`
}

type Entry = { readonly [C in (typeof columns)[number]]: Cell }

const columns = [
  'approval_id',
  'task_id',
  'type',
  'title',
  'requester',
  'source',
  'amount',
  'currency',
  'decision',
  'asked_at',
  'decided_at',
  'seconds_to_decide',
  'decided_by',
  'decided_by_kind',
  'on_behalf_of',
  'rule',
  'comment',
  'risk',
  'model_risk',
  'version',
  'self_approved',
] as const

function toEntry(row: DecidedRow, records: Records): Entry {
  const { asked, created_at, run_id, source_name } = requestAt(row, records)
  const { decision, at, actor, on_behalf_of, rule, comment, version, self_approved } = decisionAt(row, records)
  return {
    approval_id: row.id,
    task_id: run_id,
    type: row.type,
    title: asked.title,
    requester: asked.requester,
    source: source_name,
    amount: asked.amount,
    currency: asked.currency,
    decision,
    asked_at: created_at,
    decided_at: at,
    seconds_to_decide: Math.max(0, Math.round((Date.parse(at) - Date.parse(created_at)) / 1000)),
    decided_by: actor.id,
    decided_by_kind: actor.kind,
    on_behalf_of: on_behalf_of?.email ?? null,
    rule,
    comment,
    risk: row.risk,
    model_risk: row.judged,
    version: version.number,
    self_approved,
  }
}
