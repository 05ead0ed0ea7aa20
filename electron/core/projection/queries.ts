import type Database from 'better-sqlite3'
import { normalEmail } from '../../../shared/model/actor.ts'
import type { ApprovalItem, ApprovalStatus } from '../../../shared/model/approval.ts'
import type { RunItem, RunStatus } from '../../../shared/model/run.ts'
import { toInstant } from '../clock.ts'
import { askedOf, askedTally } from './asked-of.ts'
import { createItems, type Items } from './items.ts'
import { type Condition, createStatements, type Listing, listPage, type Order, type Statements, type Tally } from './paging.ts'
import type { ApprovalQuery, Page, Projection, RunQuery, Source } from './port.ts'
import type { Records } from './records.ts'
import { scopes } from './tallies.ts'

/** What can be asked of the database as it is right now. */
export type Queries = Pick<Projection, 'approval' | 'approvals' | 'versions' | 'run' | 'runs' | 'deliveries'> & {
  counts(now: number): ReturnType<Projection['counts']>
  readonly items: Items
  readonly source: Source
}

const approvalStatuses: readonly ApprovalStatus[] = ['pending', 'approved', 'rejected', 'expired', 'cancelled']
const runStatuses: readonly RunStatus[] = ['running', 'waiting', 'completed', 'failed', 'cancelled', 'needs_review']

const approvalOrders: Readonly<Record<ApprovalQuery['sort'], Order>> = {
  due: { name: 'due', key: 'due_key', keyType: 'string', index: 'approvals_by_due', descending: false },
  newest: { name: 'newest', key: 'seq', keyType: 'number', index: 'approvals_by_status', descending: true },
  oldest: { name: 'oldest', key: 'seq', keyType: 'number', index: 'approvals_by_status', descending: false },
  decided: { name: 'decided', key: 'decided_key', keyType: 'string', index: 'approvals_by_decided', descending: true },
}

const runOrder: Order = { name: 'runs', key: 'seq', keyType: 'number', index: 'runs_by_status', descending: true }

const dueSoonMs = 24 * 60 * 60 * 1000

const wanted = <S extends string>(given: readonly S[] | undefined, all: readonly S[]): readonly S[] =>
  given && given.length > 0 ? all.filter((status) => given.includes(status)) : all

export function createQueries(db: Database.Database, records: Records): Queries {
  const statements = createStatements(db)
  const items = createItems(db, records)
  // One transaction a page: its total, its rows and their items are of the same moment.
  const approvals = db.transaction((query: ApprovalQuery): Page<ApprovalItem> => {
    const { seqs, ...page } = listPage(statements, {
      table: 'approvals',
      statuses: wanted(query.status, approvalStatuses),
      ...conditionsOf(query, statements),
      order: approvalOrders[query.sort],
      limit: query.limit,
      cursor: query.cursor,
    })
    return { items: items.approvals(seqs, false), ...page }
  })
  const runs = db.transaction((query: RunQuery): Page<RunItem> => {
    const { seqs, ...page } = listPage(statements, {
      table: 'runs',
      statuses: wanted(query.status, runStatuses),
      ...(query.workflow === undefined
        ? { conditions: [], tally: { scope: scopes.runs, rest: null } }
        : ofWorkflow(query.workflow)),
      order: runOrder,
      limit: query.limit,
      cursor: query.cursor,
    })
    return { items: items.runs(seqs), ...page }
  })
  const count = db.prepare<[string], ReturnType<Projection['counts']>>(
    `SELECT ${tallied(scopes.approvals, 'pending')} AS pending,
       (SELECT count(*) FROM approvals WHERE status = 'pending' AND due_key <= ?) AS due_soon,
       ${tallied(scopes.runs, 'needs_review')} AS needs_review,
       ${tallied(scopes.deliveries, 'dead')} AS dead_deliveries`,
  )

  return {
    items,
    source: { db, records },
    approval(id) {
      const seq = items.approvalSeq(id)
      return seq === null ? null : (items.approvals([seq], true)[0] ?? null)
    },
    approvals,
    versions(id) {
      const seq = items.approvalSeq(id)
      return seq === null ? [] : items.versions(seq)
    },
    run: (id) => items.runs(items.runSeqs([id]))[0] ?? null,
    runs,
    deliveries: items.deliveries,
    counts: (now) => count.get(toInstant(now + dueSoonMs))!,
  }
}

const tallied = (scope: string, status: string): string =>
  `coalesce((SELECT n FROM tallies WHERE scope = '${scope}' AND status = '${status}'), 0)`

/** What a query asks for besides the status; what finds fewest rows comes first. */
function conditionsOf(query: ApprovalQuery, statements: Statements): Pick<Listing, 'conditions' | 'tally'> {
  const conditions: Condition[] = []
  const { run_id, requester, type, approver_emails, search = '' } = query
  if (run_id !== undefined) {
    conditions.push({ sql: 't.run_seq = (SELECT seq FROM runs WHERE id = ?)', values: [run_id], index: 'approvals_by_run' })
  }
  if (requester !== undefined) {
    conditions.push({ sql: 't.requester_key = ?', values: [normalEmail(requester)], index: 'approvals_by_requester' })
  }
  if (type !== undefined) conditions.push({ sql: 't.type = ?', values: [type], index: 'approvals_by_type' })
  if (approver_emails !== undefined) conditions.push(askedOf(approver_emails))
  for (const word of search.toLowerCase().split(/\s+/).filter(Boolean)) {
    conditions.push({ sql: "t.search LIKE ? ESCAPE '\\'", values: [`%${word.replace(/[\\%_]/g, '\\$&')}%`] })
  }
  return { conditions, tally: tallyOf(query, conditions.length, statements) }
}

/** What is asked for by one value alone is counted already, except for words and runs. */
function tallyOf(query: ApprovalQuery, conditions: number, statements: Statements): Tally | null {
  if (conditions === 0) return { scope: scopes.approvals, rest: null }
  if (conditions > 1) return null
  if (query.approver_emails !== undefined) return askedTally(query.approver_emails, statements)
  if (query.requester !== undefined) return { scope: scopes.requester(normalEmail(query.requester)), rest: null }
  return query.type === undefined ? null : { scope: scopes.type(query.type), rest: null }
}

const ofWorkflow = (workflow: string): Pick<Listing, 'conditions' | 'tally'> => ({
  conditions: [{ sql: 't.workflow = ?', values: [workflow], index: 'runs_by_workflow' }],
  tally: { scope: scopes.workflow(workflow), rest: null },
})
