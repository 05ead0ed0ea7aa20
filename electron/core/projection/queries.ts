import type Database from 'better-sqlite3'
import type { RunItem, RunStatus } from '../../../shared/model/run.ts'
import type { ViewCounts } from '../../../shared/model/view.ts'
import { dueIn } from './asked-of.ts'
import { createItems, type Items } from './items.ts'
import { facetsOf, keysOf, listApprovals } from './lists.ts'
import { createStatements, type Listing, listPage, type Order } from './paging.ts'
import type { ApprovalIds, ApprovalPage, ApprovalQuery, FacetQuery, Facets, Page, Projection, RunQuery, Source } from './port.ts'
import type { Records } from './records.ts'
import { dueMinute, scopes } from './tallies.ts'
import { dueSoonBefore, viewCounts, type Who } from './views.ts'

/** What can be asked of the database as it is right now. */
export type Queries = Pick<Projection, 'approval' | 'approvalsById' | 'versions' | 'run' | 'runs' | 'deliveries'> & {
  approvals(query: ApprovalQuery, now: number): ApprovalPage
  approvalIds(query: ApprovalQuery, now: number): ApprovalIds
  facets(query: FacetQuery, now: number): Facets
  viewCounts(who: Who, now: number): ViewCounts
  counts(now: number): ReturnType<Projection['counts']>
  readonly items: Items
  readonly source: Source
}

const runStatuses: readonly RunStatus[] = ['running', 'waiting', 'completed', 'failed', 'cancelled', 'needs_review']

const runOrder: Order = { name: 'runs', key: 'seq', keyType: 'number', index: 'runs_by_status', descending: true }

const wanted = <S extends string>(given: readonly S[] | undefined, all: readonly S[]): readonly S[] =>
  given && given.length > 0 ? all.filter((status) => given.includes(status)) : all

export function createQueries(db: Database.Database, records: Records): Queries {
  const statements = createStatements(db)
  const items = createItems(db, records)
  // One transaction a page: its total, its rows and their items are of the same moment.
  const approvals = db.transaction((query: ApprovalQuery, now: number): ApprovalPage => {
    const { seqs, ...page } = listApprovals(statements, query, now)
    return { items: items.approvals(seqs, false), ...page }
  })
  const approvalIds = db.transaction((query: ApprovalQuery, now: number): ApprovalIds => {
    const { seqs, ...page } = listApprovals(statements, query, now)
    return { ...keysOf(statements, query.sort, seqs), ...page }
  })
  const facets = db.transaction((query: FacetQuery, now: number) => facetsOf(statements, query, now))
  const countViews = db.transaction((who: Who, now: number) => viewCounts(statements, who, now))
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
  const count = db.prepare<[], Omit<ReturnType<Projection['counts']>, 'due_soon'>>(
    `SELECT ${tallied(scopes.approvals, 'pending')} AS pending,
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
    approvalIds,
    approvalsById: (ids) => items.approvals(items.approvalSeqs(ids), false),
    versions(id) {
      const seq = items.approvalSeq(id)
      return seq === null ? [] : items.versions(seq)
    },
    run: (id) => items.runs(items.runSeqs([id]))[0] ?? null,
    runs,
    deliveries: items.deliveries,
    facets,
    viewCounts: countViews,
    counts: (now) => ({ ...count.get()!, due_soon: dueIn(scopes.everythingDue, dueMinute(dueSoonBefore(now)), statements) }),
  }
}

const tallied = (scope: string, status: string): string =>
  `coalesce((SELECT n FROM tallies WHERE scope = '${scope}' AND status = '${status}'), 0)`

const ofWorkflow = (workflow: string): Pick<Listing, 'conditions' | 'tally'> => ({
  conditions: [{ sql: 't.workflow = ?', values: [workflow], index: 'runs_by_workflow' }],
  tally: { scope: scopes.workflow(workflow), rest: null },
})
