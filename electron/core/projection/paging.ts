import type Database from 'better-sqlite3'
import { type Cursor, fromCursor, type KeyType, toCursor } from './cursor.ts'

/** An order in which rows are listed. `index` begins with the status and continues with the key, so that a page is read and not sorted. */
export type Order = {
  readonly name: string
  /** The column that is compared first; the row's own `seq` breaks ties. */
  readonly key: string
  readonly keyType: KeyType
  readonly index: string
  readonly descending: boolean
}

export type Sql = { readonly sql: string; readonly values: readonly (string | number)[] }

/** A condition besides the status. `sql` tests one row. */
export type Condition = Sql & {
  /** An index that finds the rows that meet it. */
  readonly index?: string
  /** The column that it limits, where that is all it does: a walk in the order of that column is limited by it. */
  readonly key?: string
  /** Selects the `seq` of the rows of one status that meet it; it may find some of another status, too. */
  readonly seek?: (status: string) => Sql
}

/** Where rows are counted already, and what counts those of one status that are missing there: its last value is the status. */
export type Tally = { readonly scope: string; readonly rest: Sql | null }

export type Listing = {
  readonly table: string
  readonly statuses: readonly string[]
  /** The one that finds fewest rows first. */
  readonly conditions: readonly Condition[]
  /** How the rows that meet the conditions are counted faster than by looking at each. */
  readonly tally: Tally | null
  readonly order: Order
  readonly limit: number
  readonly cursor: string | undefined
}

type StatusCount = { readonly status: string; readonly n: number }

export type Listed = { readonly seqs: readonly number[]; readonly total: number; readonly next_cursor: string | null }

/** Up to this many rows that meet the conditions are found by them and sorted; more are met soon enough by walking in order. */
const sortedRows = 1000

/** Searches can be put together in many ways: their statements are made again when there are too many. */
const mostPrepared = 500

/** Prepared statements by their text: the shapes of queries are few. */
export type Statements = (sql: string) => Database.Statement<unknown[], unknown>

export function createStatements(db: Database.Database): Statements {
  const prepared = new Map<string, Database.Statement<unknown[], unknown>>()
  return (sql) => {
    let statement = prepared.get(sql)
    if (!statement) {
      if (prepared.size >= mostPrepared) prepared.clear()
      statement = db.prepare(sql)
      prepared.set(sql, statement)
    }
    return statement
  }
}

/**
 * One page by keyset. Each status is a run of rows in its index, read in order on its own; the runs are merged here. So any mix of
 * statuses costs a few short index walks, at any depth.
 */
export function listPage(statements: Statements, listing: Listing): Listed {
  const { order, limit } = listing
  const after = listing.cursor === undefined ? null : fromCursor(order.name, listing.cursor, order.keyType)
  const counts = countByStatus(statements, listing)
  let total = 0
  const rows: Cursor[] = []
  for (const { status, n } of counts) {
    total += n
    rows.push(...rowsOfStatus(statements, listing, status, n, after))
  }
  const sign = order.descending ? -1 : 1
  rows.sort((a, b) => sign * (a.key < b.key ? -1 : a.key > b.key ? 1 : a.seq - b.seq))
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  return {
    seqs: page.map((row) => row.seq),
    total,
    next_cursor: rows.length > limit && last ? toCursor(order.name, last) : null,
  }
}

function countByStatus(statements: Statements, listing: Listing): readonly StatusCount[] {
  const { table, statuses, conditions, tally } = listing
  if (tally !== null) {
    const counts = statements('SELECT status, n FROM tallies WHERE scope = ?').all(tally.scope) as StatusCount[]
    const { rest } = tally
    if (rest === null) return counts.filter(({ status }) => statuses.includes(status))
    return statuses.map((status) => {
      const { n } = statements(rest.sql).get(...rest.values, status) as { n: number }
      return { status, n: n + (counts.find((count) => count.status === status)?.n ?? 0) }
    })
  }
  // Several statuses are most of the table, which reads faster in its own order than through an index.
  const scans = statuses.length > 1 && conditions.every(({ index }) => index === undefined)
  return statements(
    `SELECT t.status, count(*) AS n FROM ${table} t ${scans ? 'NOT INDEXED' : indexedBy(conditions[0]?.index)}
     WHERE t.status IN (${statuses.map(() => '?').join(', ')})${and(conditions)} GROUP BY t.status`,
  ).all(...statuses, ...conditions.flatMap(({ values }) => values)) as StatusCount[]
}

function rowsOfStatus(statements: Statements, listing: Listing, status: string, count: number, after: Cursor | null): Cursor[] {
  const { table, conditions, order, limit } = listing
  const direction = order.descending ? 'DESC' : 'ASC'
  const behind = after ? ` AND (t.${order.key}, t.seq) ${order.descending ? '<' : '>'} (?, ?)` : ''
  const walks = conditions.length === 0 || count > sortedRows
  const [first, ...others] = conditions
  const tests: readonly Sql[] = !walks && first?.seek ? [among(first.seek(status)), ...others] : conditions
  // A plus sign hides a column from the planner, which would walk in order rather than sort.
  const hidden = walks ? '' : '+'
  return statements(
    `SELECT t.${order.key} AS key, t.seq AS seq FROM ${table} t ${indexedBy(walks ? order.index : first?.index)}
     WHERE t.status = ?${and(tests)}${behind}
     ORDER BY ${hidden}t.${order.key} ${direction}, ${hidden}t.seq ${direction} LIMIT ?`,
  ).all(status, ...tests.flatMap(({ values }) => values), ...(after ? [after.key, after.seq] : []), limit + 1) as Cursor[]
}

const among = ({ sql, values }: Sql): Sql => ({ sql: `t.seq IN (${sql})`, values })

const indexedBy = (index: string | undefined): string => (index === undefined ? '' : `INDEXED BY ${index}`)

const and = (conditions: readonly Sql[]): string => conditions.map(({ sql }) => ` AND ${sql}`).join('')
