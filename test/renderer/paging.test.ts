import { expect, test } from 'vitest'
import { createStore } from 'zustand/vanilla'
import type { Client } from '../../renderer/client.ts'
import { loadList } from '../../renderer/store/lists.ts'
import { type InboxState, initialState } from '../../renderer/store/state.ts'
import { withChange } from '../../renderer/store/updates.ts'
import { approvalItem } from '../support/item.ts'

type Asked = Parameters<Client['approvals']['list']>[0]

/** Pages as the host sends them, one after the other, and what was asked for. */
function paged(pages: readonly (readonly string[])[]) {
  const asked: Asked[] = []
  const list = async (input: Asked) => {
    asked.push(input)
    const at = input?.cursor === undefined ? 0 : Number(input.cursor)
    const next_cursor = at + 1 < pages.length ? String(at + 1) : null
    const items = pages[at]!.map((id) => approvalItem(id))
    return { items, total: 3, total_is_at_least: next_cursor !== null, next_cursor, problems: [], index_building: false }
  }
  const ids = async (input: Asked) => {
    const { items, ...page } = await list(input)
    return { ids: items.map(({ id }) => id), keys: items.map((item) => item.created_at), ...page }
  }
  const store = createStore<InboxState>(() => initialState({ seen: new Set(), singleKeys: true, advance: true, reasons: [] }))
  return { deps: { client: { approvals: { list, ids } } as unknown as Client, store }, store, asked }
}

test('a search that finds nothing at first goes on until it finds something', async () => {
  const { deps, store, asked } = paged([[], [], ['a'], ['b', 'c']])
  await loadList(deps, 'all', { search: 'rare', sort: 'newest' })
  const { rows, ...list } = store.getState().lists.all
  expect(list).toMatchObject({ phase: 'ready', cursor: null })
  expect(rows.slice(0, rows.length)).toEqual(['a', 'b', 'c'])
  expect(asked.map((each) => each?.cursor)).toEqual([undefined, '1', '2', '3'])
})

test('a search that finds nothing at all ends, and one that was replaced stops', async () => {
  const { deps, store } = paged([[], []])
  await loadList(deps, 'all', { search: 'none', sort: 'newest' })
  expect(store.getState().lists.all).toMatchObject({ phase: 'ready', rows: { length: 0 }, cursor: null })
  const first = loadList(deps, 'all', { search: 'old', sort: 'newest' })
  const second = loadList(deps, 'all', { search: 'new', sort: 'newest' })
  await Promise.all([first, second])
  expect(store.getState().lists.all.query.search).toBe('new')
})

test('what comes back to somebody while their list is on its way is in it', async () => {
  const { deps, store } = paged([['a']])
  const { list } = deps.client.approvals
  const asked = Promise.withResolvers<void>()
  const late = Promise.withResolvers<void>()
  const slow = async (input: Asked) => {
    const page = await list(input)
    asked.resolve()
    await late.promise
    return page
  }
  const client = { approvals: { ...deps.client.approvals, list: slow } } as unknown as Client
  const load = loadList({ ...deps, client }, 'inbox', { search: '', sort: 'due' })
  await asked.promise
  // Handed over to this person a moment ago, and created long before.
  const counts = { pending: 2, due_soon: 0, needs_review: 0, dead_deliveries: 0 }
  store.setState((state) => withChange(state, { kind: 'approval', item: approvalItem('b', { revision: 2 }), counts }))
  expect(store.getState().lists.inbox.rows.length).toBe(0)
  late.resolve()
  await load
  const { rows, arrivals, total } = store.getState().lists.inbox
  expect(rows.slice(0, rows.length)).toContain('b')
  expect({ arrivals, length: rows.length }).toEqual({ arrivals: [], length: 2 })
  expect(total).toBeGreaterThanOrEqual(2)
})
