import { createStore, type StoreApi } from 'zustand/vanilla'
import type { ChangeEvent } from '../../shared/contract/events.ts'
import type { ApprovalItem } from '../../shared/model/approval.ts'
import type { RunItem } from '../../shared/model/run.ts'
import { type View, views } from '../../shared/model/view.ts'
import type { Client } from '../client.ts'
import { type CallFailure, toFailure } from '../failure.ts'
import { when } from '../format.ts'
import { nameOf } from '../names.ts'
import { currentRoute } from '../route.ts'
import { t } from '../strings.ts'
import { td } from '../strings-decide.ts'
import { visible } from '../visible-text.ts'
import { type Choice, decide, lookAt } from './decide.ts'
import { follow } from './feed.ts'
import { gathering } from './gather.ts'
import {
  readAdvance,
  readReasons,
  readSeen,
  readSingleKeys,
  writeAdvance,
  writeReasons,
  writeSeen,
  writeSingleKeys,
} from './kept.ts'
import { catchUp, loadList, loadMore } from './lists.ts'
import { renewing } from './renewing.ts'
import { rowActions } from './seen-rows.ts'
import { settingsActions } from './settings.ts'
import { type InboxState, initialState, type ListQuery, type Toast } from './state.ts'
import { triageActions } from './triage.ts'
import { mostArrivals, trimmed } from './trim.ts'
import { tidied, withArrivals, withChanges, withItems, withRuns } from './updates.ts'

export type Deps = { readonly client: Client; readonly store: StoreApi<InboxState> }

/** Everything the screens can ask for. Each catches its own failures and says them in the state or in a toast. */
export type InboxActions = ReturnType<typeof createActions>

/** The page's one store, what can be done with it, and the client for screens that keep nothing (settings, doctor). */
export type Inbox = {
  readonly client: Client
  readonly store: StoreApi<InboxState>
  readonly actions: InboxActions
  readonly desktop: boolean
  /** Starts following changes; the result ends it. */
  readonly start: () => () => void
}

export type InboxOptions = {
  readonly client: Client
  readonly desktop: boolean
  readonly renew: () => Promise<void>
  /** Told of each change after it was applied: notifications. */
  readonly onChange?: (change: ChangeEvent) => void
}

export function createInbox(options: InboxOptions): Inbox {
  const { client } = options
  const store = createStore<InboxState>(() =>
    initialState({ seen: readSeen(), singleKeys: readSingleKeys(), advance: readAdvance(), reasons: readReasons() }),
  )
  const deps: Deps = { client, store }
  const actions = createActions(deps)

  // Two hundred requests a second are drawn ten times a second.
  const apply = gathering<ChangeEvent>(gatherMs, (changes) => {
    const before = store.getState()
    store.setState((state) => {
      const next = withChanges(state, changes)
      return { ...next, ...trimmed(next, currentRoute()) }
    })
    const isBack = before.connection.state === 'offline' && changes.some(({ kind }) => kind === 'hello')
    const isFirst = before.connection.state === 'connecting' && changes.some(({ kind }) => kind === 'hello')
    if (isFirst) void actions.catchUp()
    if (isBack) void actions.refresh()
    else if (changes.some(({ kind }) => kind === 'settings')) void actions.loadWho()
    actions.renewTimelines(changes)
    for (const change of changes) options.onChange?.(change)
  })

  const lost = (failure: CallFailure) =>
    store.setState((state) => {
      if (failure.status === 401) return { connection: { state: 'signed_out', reason: 'none' } }
      return state.connection.state === 'offline' ? {} : { connection: { state: 'offline', since: Date.now() } }
    })

  const start = () => {
    const end = new AbortController()
    void follow(client, { onChange: apply, onLost: lost, beforeRetry: options.renew }, end.signal)
    return () => end.abort()
  }
  return { client, store, actions, desktop: options.desktop, start }
}

/** What comes within so long is drawn together. */
const gatherMs = 100

/** How long people and the policy's word are taken as they were. */
const peopleKeptMs = 30_000

function createActions(deps: Deps) {
  const { client, store } = deps
  let lastToast = 0
  let peopleAskedAt = 0

  const toast = (tone: Toast['tone'], text: string, open: string | null = null, undo?: () => void) => {
    lastToast += 1
    const next: Toast = { id: lastToast, tone, text, open, ...(undo ? { undo } : {}) }
    store.setState((state) => ({ toasts: [...state.toasts.filter((held) => held.text !== text), next].slice(-3) }))
  }

  const loadItem = async (id: string) => {
    try {
      const item = (await client.approvals.get({ approval_id: id })) as ApprovalItem
      store.setState((state) => {
        const { [id]: _, ...itemFailures } = state.itemFailures
        return { ...withItems(state, [item]), itemFailures }
      })
    } catch (error) {
      const failure = toFailure(error)
      store.setState((state) => ({ itemFailures: { ...state.itemFailures, [id]: failure } }))
    }
  }

  const timelines = renewing(async (runId) => {
    try {
      const { entries } = await client.tasks.timeline({ task_id: runId })
      store.setState((state) => ({ timelines: { ...state.timelines, [runId]: entries as InboxState['timelines'][string] } }))
    } catch {
      // The card stays useful without its history; the next change or visit asks again.
    }
  })

  const renewTimelines = (changes: readonly ChangeEvent[]) => {
    const runIds = changes.flatMap((change) =>
      change.kind === 'approval' ? [change.item.run_id] : change.kind === 'run' ? [change.item.id] : [],
    )
    for (const runId of new Set(runIds)) {
      if (store.getState().timelines[runId] || timelines.isLoading(runId)) void timelines.load(runId)
    }
  }

  const { loadWho, saveSettings } = settingsActions(deps)
  const { showRows, fetchAll } = rowActions(deps)

  /** Who stands in for whom, and what the policy says about own requests: hints, so a failure leaves the last ones. */
  const loadPeople = async () => {
    peopleAskedAt = Date.now()
    const [people, policy] = await Promise.allSettled([client.people.get({}), client.policy.get({})])
    store.setState({
      ...(people.status === 'fulfilled' ? { people: people.value } : {}),
      ...(policy.status === 'fulfilled' ? { selfApproval: policy.value.self_approval } : {}),
    })
  }

  /** Does something to one request, shows how it is afterwards, and says so. */
  const attempt = async (id: string, work: () => Promise<string>): Promise<CallFailure | null> => {
    try {
      const said = await work()
      await loadItem(id)
      toast('good', said, id)
      return null
    } catch (error) {
      const failure = toFailure(error)
      toast('bad', t.failed(failure.message), id)
      return failure
    }
  }

  const perform = async (work: () => Promise<unknown>, done: string) => {
    try {
      await work()
      toast('good', done)
    } catch (error) {
      toast('bad', t.failed(toFailure(error).message))
    }
  }

  const loadRuns = async (): Promise<CallFailure | null> => {
    try {
      const { items } = await client.tasks.list({ status: 'needs_review', limit: 200 })
      store.setState((state) => withRuns(state, items as readonly RunItem[]))
      return null
    } catch (error) {
      return toFailure(error)
    }
  }

  const load = (name: View, query: ListQuery) => loadList(deps, name, query)

  return {
    toast,
    loadItem,
    loadTimeline: timelines.load,
    renewTimelines,
    loadWho,
    saveSettings,
    loadRuns,
    load,
    loadMore: (name: View) => loadMore(deps, name),
    /** After a lost connection everything shown is fetched again: nothing is replayed. */
    refresh: async () => {
      const { lists } = store.getState()
      await Promise.all([loadWho(), ...views.map((view) => (lists[view].phase === 'idle' ? null : load(view, lists[view].query)))])
    },
    catchUp: () => catchUp(deps),
    showArrivals: (view: View) => {
      const { arrivals, query, phase } = store.getState().lists[view]
      // They are in the list as soon as it is there.
      if (phase === 'loading') return
      if (arrivals.length > mostArrivals) void load(view, query)
      else store.setState((state) => withArrivals(state, view, arrivals))
    },
    tidy: (view: View) => store.setState((state) => tidied(state, view)),
    decide: (id: string, choice: Choice) => decide(deps, { loadItem, toast }, id, choice),
    /** Hands an open request to others. Null when it was stored. */
    reassign: (id: string, to: readonly string[], comment: string) =>
      attempt(id, async () => {
        const words = comment.trim()
        const done = await client.approvals.reassign({ approval_id: id, to: [...to], ...(words ? { comment: words } : {}) })
        return td.done.reassigned(done.waits_for.map((each) => visible(nameOf(store.getState().people, each))))
      }),
    /** Gives an open request more time. Null when it was stored. */
    extend: (id: string, hours: number) =>
      attempt(id, async () => {
        const { due_at } = await client.approvals.extend({ approval_id: id, hours })
        return td.done.extended(when(due_at, Date.now()))
      }),
    /** What is shown for the first time is what is answered. */
    look: (id: string) => {
      const { [id]: version, ...others } = store.getState().looked
      if (version === undefined) lookAt(deps, store.getState().items.get(id))
      else store.setState({ looked: { ...others, [id]: version } })
    },
    /** The person has seen what is different: from now on they answer about the present version. */
    lookAgain: (id: string) => lookAt(deps, store.getState().items.get(id)),
    loadPeople,
    /** The same for whoever opens a request, at most twice a minute. */
    renewPeople: () => (Date.now() - peopleAskedAt > peopleKeptMs ? loadPeople() : undefined),
    retry: (runId: string) => perform(() => client.tasks.retry({ task_id: runId }), t.review.retried),
    resend: (deliveryId: string) => perform(() => client.tasks.resend({ delivery_id: deliveryId }), t.delivery.resent),
    markSeen: (id: string) => {
      const { seen } = store.getState()
      if (seen.has(id)) return
      const next = new Set(seen).add(id)
      store.setState({ seen: next })
      writeSeen(next)
    },
    setSingleKeys: (on: boolean) => {
      store.setState({ singleKeys: on })
      writeSingleKeys(on)
    },
    setAdvance: (on: boolean) => {
      store.setState({ advance: on })
      writeAdvance(on)
    },
    setReasons: (reasons: readonly string[]) => {
      store.setState({ reasons })
      writeReasons(reasons)
    },
    showRows,
    ...triageActions(deps, { attempt, loadItem, toast, fetchAll }),
    dismiss: (id: number) => store.setState((state) => ({ toasts: state.toasts.filter((held) => held.id !== id) })),
    signedOut: (reason: 'none' | 'used') => store.setState({ connection: { state: 'signed_out', reason } }),
  }
}
