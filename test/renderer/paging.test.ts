import { expect, test } from 'vitest'
import { createStore } from 'zustand/vanilla'
import type { Client } from '../../renderer/client.ts'
import { loadList } from '../../renderer/store/lists.ts'
import { type InboxState, initialState } from '../../renderer/store/state.ts'
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
