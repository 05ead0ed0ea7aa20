import { beforeEach, describe, expect, test, vi } from 'vitest'
import { createStore } from 'zustand/vanilla'
import type { Client } from '../../renderer/client.ts'
import { gathering } from '../../renderer/store/gather.ts'
import { Rows } from '../../renderer/store/rows.ts'
import { rowActions } from '../../renderer/store/seen-rows.ts'
import { type InboxState, initialState } from '../../renderer/store/state.ts'
import { Table } from '../../renderer/store/table.ts'
import { trimmed } from '../../renderer/store/trim.ts'
import { withList } from '../../renderer/store/updates.ts'
import type { RunItem } from '../../shared/model/run.ts'
import { approvalItem } from '../support/item.ts'

const ids = Array.from({ length: 10_000 }, (_, n) => `a${String(n).padStart(5, '0')}`)
const empty = initialState({ seen: new Set(), singleKeys: true, advance: true, reasons: [] })
const version = { number: 1, sha256: 'a' }

/** Somebody has scrolled through ten thousand. */
function scrolled(change: Partial<InboxState> = {}): InboxState {
  const state = { ...empty, items: Table.of(ids.map((id) => approvalItem(id))), inView: ids.slice(5000, 5030), ...change }
  const rows = Rows.of(
    ids,
    ids.map(() => 0),
  )
  return { ...state, ...withList(state, 'inbox', { rows, phase: 'ready', arrivals: [ids[9000]!] }) }
}

describe('a page that stays open', () => {
  test('lets go of requests that nobody looks at, and keeps what is near, open, picked, new or being answered', () => {
    const state = scrolled({
      deciding: { [ids[1]!]: 'approved' },
      selection: { ids: [ids[2]!], anchor: null },
      looked: { [ids[3]!]: version },
      held: [{ id: ids[5]!, said: 'approved', until: 1, holdMs: 1 }],
      toasts: [{ id: 1, tone: 'told', text: 'x', open: ids[6]! }],
    })
    const { items } = { ...state, ...trimmed(state, { view: 'inbox', id: ids[4]! }) }
    const kept = [...ids.slice(1, 7), ids[9000]!, ids[4900]!, ids[5015]!, ids[5129]!]
    expect(kept.filter((id) => !items.has(id))).toEqual([])
    expect([items.has(ids[4899]!), items.has(ids[5130]!)]).toEqual([false, false])
    expect(items.size).toBe(230 + 7)
  })

  test('keeps everything while it is little', () => {
    const state = { ...empty, items: Table.of(ids.slice(0, 2500).map((id) => approvalItem(id))) }
    expect(trimmed(state, { view: 'inbox', id: null })).toEqual({})
  })

  test('remembers the versions of the last few hundred that were looked at, and the stories of these alone', () => {
    const looked = Object.fromEntries(ids.slice(0, 500).map((id) => [id, version]))
    const items = Table.of([approvalItem(ids[0]!, { run_id: 'run_old' }), approvalItem(ids[499]!, { run_id: 'run_new' })])
    const timelines = { run_old: [], run_new: [] }
    const seen = new Set(ids.slice(0, 6000))
    const state: InboxState = { ...empty, items, looked, timelines, seen, stale: { [ids[0]!]: [] } }
    const next = { ...state, ...trimmed(state, { view: 'inbox', id: null }) }
    expect([Object.keys(next.looked).length, Object.keys(next.looked).at(-1)]).toEqual([100, ids[499]])
    expect([Object.keys(next.timelines), next.stale]).toEqual([['run_new'], {}])
    expect([next.seen.size, next.seen.has(ids[5999]!), next.seen.has(ids[0]!)]).toEqual([5000, true, false])
  })
})

test('rows that are seen again without being fetched are what is near from then on', async () => {
  const store = createStore<InboxState>(() => scrolled())
  const byIds = () => Promise.reject(new Error('nothing is missing'))
  const { showRows } = rowActions({ client: { approvals: { byIds } } as unknown as Client, store })
  await showRows(ids.slice(0, 30))
  const { items } = { ...store.getState(), ...trimmed(store.getState(), { view: 'inbox', id: null }) }
  expect([items.has(ids[0]!), items.has(ids[129]!), items.has(ids[5015]!)]).toEqual([true, true, false])
})

describe('runs', () => {
  const run = (n: number, status: RunItem['status']) => ({ id: ids[n]!, status, revision: 1 }) as RunItem
  const runs = Table.of([...Array.from({ length: 3000 }, (_, n) => run(n, 'completed')), run(3000, 'needs_review')])

  test('are let go, but for those that somebody has to look at, and not while runs are on the screen', () => {
    const left = trimmed({ ...empty, runs }, { view: 'inbox', id: null }).runs
    expect([left?.size, left?.has(ids[3000]!)]).toEqual([1, true])
    expect(trimmed({ ...empty, runs }, { view: 'runs', id: null })).toEqual({})
  })
})

describe('what comes close together', () => {
  beforeEach(() => void vi.useFakeTimers())

  test('is worked off together, and the first after a pause at once', () => {
    const seen: (readonly number[])[] = []
    const take = gathering<number>(50, (gathered) => void seen.push(gathered))
    take(1)
    take(2)
    take(3)
    expect(seen).toEqual([[1]])
    vi.advanceTimersByTime(50)
    expect(seen).toEqual([[1], [2, 3]])
    vi.advanceTimersByTime(120)
    take(4)
    expect(seen).toEqual([[1], [2, 3], [4]])
    vi.useRealTimers()
  })
})
