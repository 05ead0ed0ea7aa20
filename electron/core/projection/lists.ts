import { normalEmail } from '../../../shared/model/actor.ts'
import type { ApprovalStatus } from '../../../shared/model/approval.ts'
import { toInstant } from '../clock.ts'
import { askedOf, askedTally } from './asked-of.ts'
import { type Filter, filteredPage, find, mostSorted } from './filtered.ts'
import { type Condition, listPage, type Order, type Statements, type Tally } from './paging.ts'
import type { ApprovalPage, ApprovalQuery, ApprovalSort, FacetQuery, Facets } from './port.ts'
import { noDeadline } from './schema.ts'
import { searchFilter } from './search-filter.ts'
import { scopes } from './tallies.ts'
import { viewCounts, viewFilter, type Who } from './views.ts'

/* Lists of approvals. What asks for plain values is counted already and paged by index; views and searches are filtered. */

const approvalStatuses: readonly ApprovalStatus[] = ['pending', 'approved', 'rejected', 'expired', 'cancelled']

const orders: Readonly<Record<ApprovalSort, Order>> = {
  due: { name: 'due', key: 'due_key', keyType: 'string', index: 'approvals_by_due', descending: false },
  newest: { name: 'newest', key: 'came', keyType: 'number', index: 'approvals_by_came', descending: true },
  oldest: { name: 'oldest', key: 'came', keyType: 'number', index: 'approvals_by_came', descending: false },
  decided: { name: 'decided', key: 'decided_key', keyType: 'string', index: 'approvals_by_decided', descending: true },
  amount: { name: 'amount', key: 'amount_key', keyType: 'real', index: 'approvals_by_amount', descending: true },
  risk: { name: 'risk', key: 'risk_rank', keyType: 'number', index: 'approvals_by_risk', descending: true },
}

/** Which approvals, and where they are on the page. */
type ListedApprovals = Omit<ApprovalPage, 'items'> & { readonly seqs: readonly number[] }

export function listApprovals(statements: Statements, query: ApprovalQuery, now: number): ListedApprovals {
  const order = orders[query.sort]
  const { limit, cursor } = query
  if (query.view === undefined && !query.search?.trim()) {
    const statuses = wanted(query.status)
    const page = listPage(statements, { table: 'approvals', statuses, ...conditionsOf(query, statements), order, limit, cursor })
    return { ...page, total_is_at_least: false, problems: [], index_building: false }
  }
  const { filter, problems } = filterOf(statements, query, now)
  const page = filteredPage(statements, filter, order, { limit, cursor })
  return { ...page, problems, index_building: isBuilding(statements, filter) }
}

type Key = string | number | null

/** What a caller is told that a list goes by. */
const tellable: Readonly<Record<ApprovalSort, { readonly column: string; readonly toKey: (key: string | number) => Key }>> = {
  due: { column: 'due_key', toKey: (key) => (key === noDeadline ? null : key) },
  newest: { column: 'came', toKey: (key) => toInstant(Number(key)) },
  oldest: { column: 'came', toKey: (key) => toInstant(Number(key)) },
  decided: { column: 'decided_key', toKey: (key) => key || null },
  amount: { column: 'amount_key', toKey: (key) => (Number(key) < 0 ? null : key) },
  risk: { column: 'risk', toKey: (key) => key },
}

/** These approvals' ids, and what they are ordered by. */
export function keysOf(
  statements: Statements,
  sort: ApprovalSort,
  seqs: readonly number[],
): { readonly ids: readonly string[]; readonly keys: readonly Key[] } {
  const { column, toKey } = tellable[sort]
  const rows = statements(`SELECT t.id, t.${column} FROM json_each(?) n CROSS JOIN approvals t ON t.seq = n.value ORDER BY n.key`)
    .raw()
    .all(JSON.stringify(seqs)) as [string, string | number][]
  return { ids: rows.map(([id]) => id), keys: rows.map(([, key]) => toKey(key)) }
}

const wanted = (given: readonly ApprovalStatus[] | undefined): readonly ApprovalStatus[] =>
  given && given.length > 0 ? approvalStatuses.filter((status) => given.includes(status)) : approvalStatuses

function filterOf(statements: Statements, query: FacetQuery, now: number) {
  const { view, who = nobody, search = '' } = query
  const searched = searchFilter(search, query.who ?? null, now)
  const viewed = view === undefined ? null : viewFilter(view, who, now)
  const plain = conditionsOf(query, statements).conditions
  const statuses = wanted(query.status).filter(
    (status) => (searched.statuses?.includes(status) ?? true) && (viewed?.statuses.includes(status) ?? true),
  )
  const conditions = [...plain, ...searched.conditions, ...(viewed?.conditions ?? [])]
  const onlyView = viewed && plain.length === 0 && searched.conditions.length === 0 && searched.words.length === 0
  const whole = onlyView && viewed.statuses.length === statuses.length
  const total = whole && view ? viewCounts(statements, who, now)[view] : null
  const filter: Filter = { statuses, conditions, words: searched.words, total }
  return { filter, problems: searched.problems }
}

const nobody: Who = { person: '', asks: [] }

/** Whether there are approvals whose words are not indexed yet. */
const isBuilding = (statements: Statements, { words }: Filter): boolean =>
  words.length > 0 &&
  statements(
    `SELECT EXISTS (SELECT 1 FROM search_missing) OR EXISTS (
       SELECT 1 FROM approvals WHERE seq < (SELECT coalesce(bottom, 9e15) FROM search_state))`,
  )
    .pluck()
    .get() === 1

const mostFacets = 12

/** The most frequent values among the newest that such a list shows. */
export function facetsOf(statements: Statements, query: FacetQuery, now: number): Facets {
  const { filter, problems } = filterOf(statements, query, now)
  const found = find(statements, { ...filter, total: null }, orders.newest, mostSorted, mostSorted)
  const seqs = found.rows.slice(0, mostSorted).map(({ seq }) => seq)
  const json = JSON.stringify(seqs)
  const most = (column: string) =>
    statements(
      `SELECT t.${column} AS value, count(*) AS count FROM json_each(?) n CROSS JOIN approvals t ON t.seq = n.value
       WHERE t.${column} <> '' GROUP BY t.${column} ORDER BY 2 DESC, 1 LIMIT ${mostFacets}`,
    ).all(json) as { value: string; count: number }[]
  const index_building = isBuilding(statements, filter)
  const is_sample = !found.exact || found.rows.length > seqs.length
  return {
    types: most('type'),
    requesters: most('requester_key'),
    sources: most('source_name'),
    of: seqs.length,
    is_sample,
    problems,
    index_building,
  }
}

/** What a query asks for besides the status; what finds fewest rows comes first. */
function conditionsOf(
  query: FacetQuery,
  statements: Statements,
): { readonly conditions: readonly Condition[]; readonly tally: Tally | null } {
  const conditions: Condition[] = []
  const { run_id, requester, type, approver_emails } = query
  if (run_id !== undefined) {
    conditions.push({ sql: 't.run_seq = (SELECT seq FROM runs WHERE id = ?)', values: [run_id], index: 'approvals_by_run' })
  }
  if (requester !== undefined) {
    conditions.push({ sql: 't.requester_key = ?', values: [normalEmail(requester)], index: 'approvals_by_requester' })
  }
  if (type !== undefined) conditions.push({ sql: 't.type = ?', values: [type], index: 'approvals_by_type' })
  if (approver_emails !== undefined) conditions.push(askedOf(approver_emails))
  return { conditions, tally: tallyOf(query, conditions.length, statements) }
}

/** What is asked for by one value alone is counted already, except for runs. */
function tallyOf(query: FacetQuery, conditions: number, statements: Statements): Tally | null {
  if (conditions === 0) return { scope: scopes.approvals, rest: null }
  if (conditions > 1) return null
  if (query.approver_emails !== undefined) return askedTally(query.approver_emails, statements)
  if (query.requester !== undefined) return { scope: scopes.requester(normalEmail(query.requester)), rest: null }
  return query.type === undefined ? null : { scope: scopes.type(query.type), rest: null }
}
