import { describe, expect, test } from 'vitest'
import { toRoute } from '../../renderer/route.ts'
import { heldBy, withForgotten } from '../../renderer/store/forgetting.ts'
import { type InboxState, initialState } from '../../renderer/store/state.ts'
import { Table } from '../../renderer/store/table.ts'
import { listed, withList } from '../../renderer/store/updates.ts'
import type { ApprovalItem } from '../../shared/model/approval.ts'
import type { RunItem } from '../../shared/model/run.ts'
import { approvalItem } from '../support/item.ts'

const run = (id: string, status: RunItem['status']): RunItem =>
  ({ id, status, created_at: `2026-11-21T08:00:00.${id.slice(1).padStart(3, '0')}Z`, revision: 1 }) as RunItem

function knowing(items: readonly ApprovalItem[], change: Partial<InboxState> = {}): InboxState {
  const kept = { seen: new Set<string>(), singleKeys: true, advance: true, reasons: [] }
  return { ...initialState(kept), items: Table.of(items), ...change }
}

const forget = (state: InboxState, hash = '#/inbox'): InboxState => ({ ...state, ...withForgotten(state, toRoute(hash)) })
const idsOf = (state: InboxState) => [...state.items.values()].map(({ id }) => id).sort()

describe('what a page forgets', () => {
  test('is each request that no list shows, with what was known of it', () => {
    const items = ['listed', 'arrived', 'gone'].map((id) => approvalItem(id, { status: 'approved' }))
    const { version } = items[0]!
    const state = knowing(items, {
      looked: { gone: version, listed: version },
      timelines: { run_gone: [], run_listed: [] },
      stale: { gone: [] },
    })
    const shown = { ...state, ...withList(state, 'inbox', { ...listed(['listed']), arrivals: ['arrived'] }) }
    const left = forget(shown)
    expect(idsOf(left)).toEqual(['arrived', 'listed'])
    expect([left.looked, left.timelines, left.stale]).toEqual([{ listed: version }, {}, {}])
    expect(heldBy(left)).toBe(2)
  })

  test('is not the open request, nor what is on its way, nor what waits and was looked at', () => {
    const items = ['open', 'held', 'deciding', 'told', 'looked', 'gone'].map((id) => approvalItem(id))
    const state = knowing(items, {
      held: [{ id: 'held', said: 'approved', until: 1, holdMs: 1 }],
      deciding: { deciding: 'approved' },
      toasts: [{ id: 1, tone: 'told', text: 'x', open: 'told' }],
      looked: { looked: items[0]!.version },
      timelines: { run_open: [], run_gone: [] },
    })
    const left = forget(state, '#/approvals/open')
    expect(idsOf(left)).toEqual(['deciding', 'held', 'looked', 'open', 'told'])
    expect(Object.keys(left.timelines)).toEqual(['run_open'])
  })

  test('are the older runs that have ended, unless runs are on the screen', () => {
    const ended = Array.from({ length: 300 }, (_, index) => run(`r${index}`, 'completed'))
    const runs = Object.fromEntries([...ended, run('w1', 'waiting')].map((each) => [each.id, each]))
    const left = forget(knowing([], { runs })).runs
    expect([Object.keys(left).length, left.r299?.id, left.r0, left.w1?.id]).toEqual([201, 'r299', undefined, 'w1'])
    expect(forget(knowing([], { runs }), '#/runs').runs).toBe(runs)
  })

  test('are the marks of what was read long ago', () => {
    const seen = new Set(Array.from({ length: 6000 }, (_, index) => `a${index}`))
    const left = forget(knowing([], { seen })).seen
    expect([left.size, left.has('a5999'), left.has('a0')]).toEqual([5000, true, false])
  })
})
