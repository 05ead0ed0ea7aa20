import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { RunItem, RunStatus, RunStep, TimelineEntry } from '../../shared/model/run.ts'
import { type CallFailure, toFailure } from '../failure.ts'
import { useInbox, useInboxHandle } from './context.ts'
import { renewing } from './renewing.ts'
import type { Table } from './table.ts'
import { withRuns } from './updates.ts'

const pageSize = 50
/** A run that works through a thousand items is looked at a few times a second, not at each. */
const pauseMs = 300

/** What the list of runs asks for; an empty word asks for all. */
export type RunQuery = { readonly status: string; readonly workflow: string }

type Page = {
  readonly phase: 'loading' | 'ready' | 'more' | 'error'
  readonly failure: CallFailure | null
  readonly ids: readonly string[]
  readonly total: number
  readonly cursor: string | null
}

const noPage: Page = { phase: 'loading', failure: null, ids: [], total: 0, cursor: null }

const matches = (run: RunItem, query: RunQuery) =>
  (query.status === '' || run.status === query.status) && (query.workflow === '' || run.workflow === query.workflow)

/** Newest first, as the server has them. */
const newestFirst = (a: RunItem, b: RunItem) =>
  a.created_at === b.created_at ? (a.id < b.id ? 1 : -1) : a.created_at < b.created_at ? 1 : -1

/** Known runs that belong into the list and are not in it. What sorts behind the last fetched one comes with its page. */
export function missingRuns(
  runs: Table<RunItem>,
  query: RunQuery,
  { ids, cursor }: Pick<Page, 'ids' | 'cursor'>,
): readonly string[] {
  const listed = new Set(ids)
  const last = cursor === null ? undefined : runs.get(ids.at(-1) ?? '')
  return [...runs.values()]
    .filter((run) => !listed.has(run.id) && matches(run, query) && (last === undefined || newestFirst(run, last) < 0))
    .map((run) => run.id)
}

/** The list of runs: its pages, what has come since, and ways on. Rows change where they stand; new ones wait to be shown. */
export function useRunList(query: RunQuery) {
  const { client, store } = useInboxHandle()
  const runs = useInbox((state) => state.runs)
  const offline = useInbox((state) => state.connection.state === 'offline')
  const [page, setPage] = useState<Page>(noPage)
  const { status, workflow } = query
  const asked = useRef(0)

  const fetchPage = useCallback(
    async (cursor: string | null) => {
      asked.current += 1
      const turn = asked.current
      setPage((held) => ({ ...held, phase: cursor === null ? 'loading' : 'more', failure: null }))
      try {
        const found = await client.tasks.list({
          limit: pageSize,
          ...(status ? { status: status as RunStatus } : {}),
          ...(workflow ? { workflow } : {}),
          ...(cursor === null ? {} : { cursor }),
        })
        if (turn !== asked.current) return
        store.setState((state) => withRuns(state, found.items as readonly RunItem[]))
        const fresh = found.items.map((run) => run.id)
        setPage((held) => ({
          phase: 'ready',
          failure: null,
          ids: cursor === null ? fresh : [...new Set([...held.ids, ...fresh])],
          total: found.total,
          cursor: found.next_cursor,
        }))
      } catch (error) {
        if (turn === asked.current) setPage((held) => ({ ...held, phase: 'error', failure: toFailure(error) }))
      }
    },
    [client, store, status, workflow],
  )
  useEffect(() => {
    if (offline) return
    void fetchPage(null)
  }, [fetchPage, offline])

  const rows = page.ids.flatMap((id) => runs.get(id) ?? [])
  const arrivals = page.phase === 'ready' ? missingRuns(runs, query, page) : []
  const show = useCallback(() => {
    setPage((held) => {
      const known = store.getState().runs
      const fresh = missingRuns(known, { status, workflow }, held)
      const ids = [...held.ids, ...fresh].sort((a, b) => newestFirst(known.get(a)!, known.get(b)!))
      return { ...held, ids, total: held.total + fresh.length }
    })
  }, [store, status, workflow])
  const isEmpty = page.phase === 'ready' && page.ids.length === 0
  useEffect(() => {
    if (isEmpty && arrivals.length > 0) show()
  }, [isEmpty, arrivals.length, show])
  return {
    ...page,
    rows,
    arrivals: arrivals.length,
    show,
    again: () => fetchPage(null),
    more: () => fetchPage(page.cursor),
  }
}

type Story = { readonly steps: readonly RunStep[]; readonly entries: readonly TimelineEntry[] }

/** One run and its story, fetched again whenever the run or one of its approvals changes. */
export function useRun(id: string) {
  const { client, store } = useInboxHandle()
  const run = useInbox((state) => state.runs.get(id))
  const offline = useInbox((state) => state.connection.state === 'offline')
  const [story, setStory] = useState<Story | null>(null)
  const [failure, setFailure] = useState<CallFailure | null>(null)
  const changes = useInbox((state) => {
    const approvals = story?.steps.map((step) => (step.approval_id ? state.items.get(step.approval_id)?.revision : '')) ?? []
    return `${state.runs.get(id)?.revision}:${approvals.join()}`
  })
  const { load } = useMemo(
    () =>
      renewing(async (runId) => {
        try {
          const [found, told] = await Promise.all([client.tasks.get({ task_id: runId }), client.tasks.timeline({ task_id: runId })])
          store.setState((state) => withRuns(state, [found as RunItem]))
          setStory({ steps: told.steps as readonly RunStep[], entries: told.entries as readonly TimelineEntry[] })
          setFailure(null)
        } catch (error) {
          setFailure(toFailure(error))
        }
      }, pauseMs),
    [client, store],
  )
  // biome-ignore lint/correctness/useExhaustiveDependencies: a change of the run is a change of its story
  useEffect(() => {
    if (!offline) void load(id)
  }, [load, id, offline, changes])
  return { run, story, failure, load: () => load(id) }
}
