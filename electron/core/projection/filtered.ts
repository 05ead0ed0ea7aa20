import { type Cursor, fromCursor, toCursor } from './cursor.ts'
import type { Condition, Order, Sql, Statements } from './paging.ts'

/*
 * Lists by anything: words, amounts, views, in any order. What is met often is found by walking in order, since a page of it is near;
 * what is met seldom is found by an index over words or rows and sorted. A sample of the walk says which it is. Either way the work is
 * bounded: a page can be shorter than asked for and say where to go on, and a total can be "at least".
 */

/** Words that have to be in the line of an approval, or must not be. */
export type WordTest = {
  /** Occurs in the line where the words do. */
  readonly text: string
  readonly negated: boolean
  /** The same for the index over words. */
  readonly match: string
}

export type Filter = {
  readonly statuses: readonly string[]
  readonly conditions: readonly Condition[]
  readonly words: readonly WordTest[]
  /** How many there are, where that is counted already. */
  readonly total: number | null
}

export type FilteredPage = {
  readonly seqs: readonly number[]
  readonly total: number
  readonly total_is_at_least: boolean
  readonly next_cursor: string | null
}

/** Rows that are looked at to learn how often the conditions are met. */
const sampled = 3000
/** Rows that are looked at for one page. */
const mostVisited = 12_000
/** So many that meet a condition are found by it and sorted. */
export const mostSorted = 10_000
/** A word in fewer lines than this is looked up in the index over words. */
const rareShare = 0.02

type Visited = Cursor & { readonly ok: boolean; readonly words: readonly boolean[] }

/** What was seen of an order. Behind the frontier nothing is known; null: everything was seen. */
type Walk = { readonly rows: readonly Visited[]; readonly frontier: Cursor | null; readonly sample: readonly Visited[] }

export function filteredPage(
  statements: Statements,
  filter: Filter,
  order: Order,
  page: { readonly limit: number; readonly cursor: string | undefined },
): FilteredPage {
  const after = page.cursor === undefined ? null : fromCursor(order.name, page.cursor, order.keyType)
  if (filter.total === 0) return { seqs: [], total: 0, total_is_at_least: false, next_cursor: null }
  if (after !== null && filter.total !== null && filter.total > mostSorted) {
    return { ...walkOn(statements, filter, order, after, page.limit), total: filter.total, total_is_at_least: false }
  }
  const found = find(statements, filter, order, filter.total === null ? sampled : Math.min(sampled, page.limit * 2), page.limit)
  const compare = comparing(order)
  if (found.exact) {
    const rest = after === null ? found.rows : found.rows.filter((row) => compare(row, after) > 0)
    return { ...cutPage(order, rest, null, page.limit), total: filter.total ?? found.rows.length, total_is_at_least: false }
  }
  const totals = { total: filter.total ?? found.seen, total_is_at_least: filter.total === null }
  const rows = after === null ? [...found.rows] : []
  const most = filter.total === null ? page.limit : Math.min(page.limit, filter.total - 1)
  let frontier: Cursor | null = after ?? found.frontier
  for (let visits = 0; frontier !== null && rows.length <= most && visits < mostVisited; visits += sampled) {
    const walk = walkFrom(statements, filter, order, frontier, sampled)
    rows.push(...walk.rows.filter(({ ok }) => ok))
    frontier = walk.frontier
  }
  // Those that were missing have been seen.
  if (after === null && rows.length === filter.total) frontier = null
  return { ...cutPage(order, rows, frontier, page.limit), ...totals, total: Math.max(totals.total, after ? 0 : rows.length) }
}

/** A later page where there are many: they are near, and as many as the page has are looked at before more are. */
function walkOn(statements: Statements, filter: Filter, order: Order, after: Cursor, limit: number) {
  const rows: Cursor[] = []
  let frontier: Cursor | null = after
  let visits = limit + 1
  for (let visited = 0; frontier !== null && rows.length <= limit && visited < mostVisited; visited += visits) {
    if (visited > 0) visits = sampled
    const walk = walkFrom(statements, filter, order, frontier, visits)
    rows.push(...walk.rows.filter(({ ok }) => ok))
    frontier = walk.frontier
  }
  return cutPage(order, rows, frontier, limit)
}

function cutPage(order: Order, rows: readonly Cursor[], frontier: Cursor | null, limit: number) {
  const page = rows.slice(0, limit)
  const last = rows.length > limit ? page.at(-1)! : frontier
  return { seqs: page.map(({ seq }) => seq), next_cursor: last && toCursor(order.name, last) }
}

/** Those that are met, from the start of the order: all of them, or those before the frontier. */
type Found =
  | { readonly exact: true; readonly rows: readonly Cursor[] }
  /** `seen` are those, and some behind the frontier. */
  | { readonly exact: false; readonly rows: readonly Cursor[]; readonly frontier: Cursor; readonly seen: number }

export function find(statements: Statements, filter: Filter, order: Order, visits: number, limit: number): Found {
  const { rows: seen, frontier, sample } = walkFrom(statements, filter, order, null, visits)
  const met = seen.filter(({ ok }) => ok)
  if (frontier === null) return { exact: true, rows: met }
  const some = { exact: false, rows: met, frontier, seen: sample.filter(({ ok }) => ok).length } as const
  if (filter.total !== null && met.length > limit) return some
  const few = seldom(statements, filter, sample)
  if (few === null) return some
  const rows = visitAll(statements, filter, order, few).filter(({ ok }) => ok)
  return { exact: true, rows: rows.sort(comparing(order)) }
}

/** The rows that one condition or some words alone leave, where these are few. */
function seldom(statements: Statements, filter: Filter, sample: readonly Visited[]): readonly number[] | null {
  const rare = filter.words.filter(
    ({ negated }, n) => !negated && sample.filter(({ words }) => words[n]).length < sample.length * rareShare,
  )
  if (rare.length > 0) {
    const match = rare.map((word) => word.match).join(' AND ')
    const sql = 'SELECT rowid FROM search_words WHERE search_words MATCH ? LIMIT ?'
    const seqs = statements(sql)
      .pluck()
      .all(match, mostSorted + 1) as number[]
    if (seqs.length <= mostSorted) return seqs
  }
  for (const condition of filter.conditions) {
    const seqs = soughtBy(statements, condition, filter.statuses)
    if (seqs) return seqs
  }
  return null
}

function soughtBy(statements: Statements, condition: Condition, statuses: readonly string[]): readonly number[] | null {
  if (!condition.seek && condition.index === undefined) return null
  const seqs: number[] = []
  for (const status of statuses) {
    const { sql, values } = condition.seek?.(status) ?? {
      sql: `SELECT t.seq FROM approvals t INDEXED BY ${condition.index} WHERE ${condition.sql} AND t.status = ?`,
      values: [...condition.values, status],
    }
    seqs.push(
      ...(statements(`${sql} LIMIT ?`)
        .pluck()
        .all(...values, mostSorted + 1) as number[]),
    )
    if (seqs.length > mostSorted) return null
  }
  return seqs
}

const comparing =
  ({ descending }: Order) =>
  (a: Cursor, b: Cursor): number =>
    (descending ? -1 : 1) * (a.key < b.key ? -1 : a.key > b.key ? 1 : a.seq - b.seq)

/** Looks at rows in order, those of each status on their own. What lies behind the first status to be cut off is not known yet. */
function walkFrom(statements: Statements, filter: Filter, order: Order, after: Cursor | null, visits: number): Walk {
  const compare = comparing(order)
  const each = Math.ceil(visits / Math.max(1, filter.statuses.length))
  const direction = order.descending ? 'DESC' : 'ASC'
  const behind = after ? ` AND (t.${order.key}, t.seq) ${order.descending ? '<' : '>'} (?, ?)` : ''
  const { columns, lines, values } = tested(filter, order)
  // What the order itself goes by says where the walk begins and ends.
  const ranges = filter.conditions.filter(({ key }) => key === order.key)
  const within = ranges.map(({ sql }) => ` AND ${sql}`).join('')
  const statement = statements(
    `SELECT ${columns} FROM approvals t INDEXED BY ${order.index}${lines} WHERE t.status = ?${within}${behind}
     ORDER BY t.${order.key} ${direction}, t.seq ${direction} LIMIT ?`,
  ).raw()
  const rest = [...ranges.flatMap((range) => range.values), ...(after ? [after.key, after.seq] : []), each]
  const sample: Visited[] = []
  let frontier: Cursor | null = null
  for (const status of filter.statuses) {
    const visited = (statement.all(...values, status, ...rest) as Cell[][]).map(toVisited(filter))
    const last = visited.at(-1)
    if (visited.length === each && last && (frontier === null || compare(last, frontier) < 0)) frontier = last
    sample.push(...visited)
  }
  const known = frontier === null ? sample : sample.filter((row) => compare(row, frontier!) <= 0)
  return { rows: filter.statuses.length > 1 ? known.toSorted(compare) : known, frontier, sample }
}

function visitAll(statements: Statements, filter: Filter, order: Order, seqs: readonly number[]): Visited[] {
  const { columns, lines, values } = tested(filter, order)
  const statuses = filter.statuses.map(() => '?').join(', ')
  const statement = statements(
    `SELECT ${columns} FROM json_each(?) n CROSS JOIN approvals t ON t.seq = n.value${lines} WHERE t.status IN (${statuses})`,
  ).raw()
  const rows = statement.all(...values, JSON.stringify([...new Set(seqs)]), ...filter.statuses) as Cell[][]
  return rows.map(toVisited(filter))
}

type Cell = string | number | null

const toVisited =
  (filter: Filter) =>
  ([seq, key, met, ...has]: Cell[]): Visited => ({
    seq: seq as number,
    key: key as string | number,
    // A line that is missing says neither yes nor no.
    ok: met === 1 && filter.words.every(({ negated }, n) => has[n] === (negated ? 0 : 1)),
    words: has.map((word) => word === 1),
  })

/** What is read of a row: its place, whether it meets the conditions, and which of the words it has. */
function tested({ conditions, words }: Filter, order: Order): { columns: string; lines: string; values: Sql['values'] } {
  const met = conditions.map(({ sql }) => `(${sql})`).join(' AND ') || '1'
  const has = words.map(() => 'instr(x.line, ?) > 0')
  return {
    columns: ['t.seq', `t.${order.key}`, met, ...has].join(', '),
    lines: words.length > 0 ? ' LEFT JOIN search_lines x ON x.seq = t.seq' : '',
    values: [...conditions.flatMap(({ values }) => values), ...words.map(({ text }) => text)],
  }
}
