import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { urgency } from '../../renderer/format.ts'
import { belongsIn, headingsOf, keyOf, type Line, lineAt, lineOf, placeIn } from '../../renderer/lists.ts'
import { views } from '../../shared/model/view.ts'
import { approvalItem } from '../support/item.ts'

const now = Date.parse('2026-11-21T09:00:00.000Z')
const hour = 3_600_000
const at = (hours: number | null) => (hours === null ? null : new Date(now + hours * hour).toISOString())

describe('a list by deadline', () => {
  test('has the headings that walking through all of it would give, and each line is one of them or a row', () => {
    const due = fc.option(fc.integer({ min: -100, max: 1000 }))
    fc.assert(
      fc.property(fc.array(due, { maxLength: 200 }), (hours) => {
        const items = hours
          .map((each, n) => approvalItem(`a${n}`, { due_at: at(each) }))
          .sort((a, b) => keyOf('due', a) - keyOf('due', b))
        const walked: Line[] = []
        let last: string | null = null
        for (const [row, item] of items.entries()) {
          const group = urgency(item.due_at, now)
          if (group !== last) walked.push({ kind: 'group', group })
          last = group
          walked.push({ kind: 'row', at: row })
        }
        const headings = headingsOf(items.length, (row) => keyOf('due', items[row]!), now)
        expect(walked.map((_, index) => lineAt(index, headings))).toEqual(walked)
        for (const [index, line] of walked.entries()) if (line.kind === 'row') expect(lineOf(line.at, headings)).toBe(index)
      }),
    )
  })

  test('finds where something new goes', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 20 })), fc.integer({ min: 0, max: 20 }), (values, value) => {
        const sorted = values.toSorted((a, b) => a - b)
        const place = placeIn(sorted.length, (index) => sorted[index]! > value)
        expect(sorted.toSpliced(place, 0, value)).toEqual([...values, value].sort((a, b) => a - b))
      }),
    )
  })
})

describe('a view', () => {
  const me = 'ana@example.com'
  const reader = { me, people: null, now }
  const of = (change: Parameters<typeof approvalItem>[1]) => {
    const item = approvalItem('a', { waits_for: [me], approvers: [me], ...change })
    return views.filter((view) => belongsIn(view, item, reader))
  }
  const actor = { kind: 'person', id: me, via: 'browser' } as const
  const held = { said: 'approved', actor, on_behalf_of: null, at: at(0)!, release_at: at(1)!, comment: null } as const

  test('has what waits for one, what waits for others, what was set aside, and what has ended', () => {
    expect(of({})).toEqual(['inbox', 'all'])
    expect(of({ due_at: at(3) })).toEqual(['inbox', 'due_soon', 'all'])
    expect(of({ waits_for: ['bo@example.com'], approvers: ['bo@example.com'] })).toEqual(['waiting', 'all'])
    expect(of({ held })).toEqual(['waiting', 'all'])
    expect(of({ snoozes: [{ person: me, until: null, on_change: true }], due_at: at(3) })).toEqual(['snoozed', 'all'])
    expect(of({ snoozes: [{ person: me, until: at(-1), on_change: false }] })).toEqual(['inbox', 'all'])
    expect(of({ snoozes: [{ person: 'bo@example.com', until: null, on_change: true }] })).toEqual(['inbox', 'all'])
    expect(of({ status: 'rejected' })).toEqual(['done', 'all'])
  })
})
