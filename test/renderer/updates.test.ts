import { describe, expect, test } from 'vitest'
import { keyOf } from '../../renderer/lists.ts'
import { Rows } from '../../renderer/store/rows.ts'
import { type InboxState, initialState } from '../../renderer/store/state.ts'
import { Table } from '../../renderer/store/table.ts'
import { newerItem, tidied, withArrivals, withChange, withList } from '../../renderer/store/updates.ts'
import type { ApprovalItem } from '../../shared/model/approval.ts'
import { approvalItem } from '../support/item.ts'

const counts = { pending: 1, due_soon: 0, needs_review: 0, dead_deliveries: 0 }

const rowsOf = (items: readonly ApprovalItem[]) =>
  Rows.of(
    items.map(({ id }) => id),
    items.map((item) => keyOf('due', item)),
  )
const idsOf = ({ rows }: { rows: Rows }) => rows.slice(0, rows.length)

const showing = (...items: ApprovalItem[]): InboxState => {
  const state = {
    ...initialState({ seen: new Set(), singleKeys: true, advance: true, reasons: [] }),
    items: Table.of(items),
  }
  return { ...state, ...withList(state, 'inbox', { phase: 'ready', rows: rowsOf(items), total: items.length }) }
}
const apply = (state: InboxState, changed: ApprovalItem): InboxState => ({
  ...state,
  ...withChange(state, { kind: 'approval', item: changed, counts }),
})

describe('what a change makes of the inbox', () => {
  test('ignores an item older than the one held', () => {
    const state = showing(approvalItem('a', { revision: 5, title: 'new' }))
    expect(apply(state, approvalItem('a', { revision: 4, title: 'old' })).items.get('a')?.title).toBe('new')
  })

  test('is the same applied once or twice', () => {
    const once = apply(showing(approvalItem('a')), approvalItem('b', { revision: 2 }))
    expect(apply(once, approvalItem('b', { revision: 2 }))).toEqual(once)
  })

  test('keeps data that an event leaves out, but only of the same version', () => {
    const items = [{ id: 'i', type: 'invoice', title: 'One', amount: null, currency: null, data: { big: true } }]
    const held = approvalItem('a', { data: { big: true }, items })
    const lite = approvalItem('a', {
      revision: 2,
      data: null,
      items: items.map((each) => ({ ...each, data: null })),
      data_omitted: true,
    })
    expect(newerItem(held, lite)).toMatchObject({ data: { big: true }, items, data_omitted: false, revision: 2 })
    const other = { ...lite, version: { number: 2, sha256: 'b' } }
    expect(newerItem(held, other)).toEqual(other)
  })

  test('announces what is new and moves no row', () => {
    const state = apply(
      showing(approvalItem('b', { due_at: '2026-11-22T00:00:00.000Z' })),
      approvalItem('a', { due_at: '2026-11-21T00:00:00.000Z' }),
    )
    expect(idsOf(state.lists.inbox)).toEqual(['b'])
    expect(state.lists.inbox.arrivals).toEqual(['a'])
    const shown = withArrivals(state, 'inbox', state.lists.inbox.arrivals).lists.inbox
    expect(idsOf(shown)).toEqual(['a', 'b'])
    expect(shown).toMatchObject({ arrivals: [], total: 2 })
  })

  test('shows the first request of an empty inbox at once', () => {
    const { inbox } = apply(showing(), approvalItem('a')).lists
    expect(idsOf(inbox)).toEqual(['a'])
    expect(inbox.arrivals).toEqual([])
  })

  test('does not announce a change of one that is further down', () => {
    const state = showing(approvalItem('a'))
    const long: InboxState = {
      ...state,
      ...withList(state, 'inbox', { cursor: 'next', loadedAt: Date.parse('2026-11-21T09:00:00Z') }),
    }
    expect(apply(long, approvalItem('z')).lists.inbox.arrivals).toEqual([])
    expect(apply(long, approvalItem('n', { created_at: '2026-11-21T09:00:01.000Z' })).lists.inbox.arrivals).toEqual(['n'])
  })

  test('takes back the announcement of what somebody else has decided', () => {
    const state = apply(showing(approvalItem('a')), approvalItem('b'))
    expect(apply(state, approvalItem('b', { revision: 3, status: 'rejected' })).lists.inbox.arrivals).toEqual([])
  })

  test('keeps what was decided in its place until the list is tidied', () => {
    const state = apply(showing(approvalItem('a'), approvalItem('b')), approvalItem('a', { revision: 2, status: 'approved' }))
    expect(idsOf(state.lists.inbox)).toEqual(['a', 'b'])
    const { inbox } = tidied(state, 'inbox').lists
    expect(idsOf(inbox)).toEqual(['b'])
    expect(inbox.total).toBe(1)
  })
})
