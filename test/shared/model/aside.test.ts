import { describe, expect, it } from 'vitest'
import { broughtBackBy, heldAfter, nextSnoozes, nextWatchers } from '../../../shared/model/aside.ts'
import type { JournalRecord } from '../../../shared/model/event.ts'

const record = (type: JournalRecord['type'], data: object = {}): JournalRecord => ({ type, data, approval_id: 'apr_1' }) as never

const snoozed = (person: string, until: string | null, on_change: boolean) =>
  record('approval_snoozed', { person, until, on_change })
const evening = '2026-03-02T18:00:00.000Z'
const ana = { person: 'ana@example.com', until: evening, on_change: false }
const bo = { person: 'bo@example.com', until: null, on_change: true }

const happenings = [
  'approval_voted',
  'approval_changed',
  'approval_escalated',
  'approval_reassigned',
  'approval_extended',
  'approval_lapsed',
  'approval_sent_back',
  'approval_answered',
  'approval_commented',
] as const

describe('who has set a request aside', () => {
  it('is each person once, as they said last', () => {
    const all = [snoozed(ana.person, null, true), snoozed(bo.person, null, true), snoozed(ana.person, evening, false)]
    expect(all.reduce(nextSnoozes, [])).toEqual([bo, ana])
    expect(nextSnoozes([ana, bo], record('approval_unsnoozed', { person: ana.person }))).toEqual([bo])
  })

  it.each(happenings)('and waits for something to happen has it back with %s; who waits for a time has not', (type) => {
    expect([nextSnoozes([ana, bo], record(type)), broughtBackBy([ana, bo], record(type))]).toEqual([[ana], [bo.person]])
  })

  it('has it back when a deadline comes before their time, unless they said that it may', () => {
    const late = { ...ana, past_deadline: true as const }
    for (const type of ['approval_escalated', 'approval_voted', 'approval_extended'] as const) {
      const due = (due_at: string | null) => record(type, { standing: { due_at } })
      expect(nextSnoozes([ana], due('2026-03-02T17:59:00.000Z'))).toEqual([])
      expect(broughtBackBy([ana], due('2026-03-02T17:59:00.000Z'))).toEqual([ana.person])
      expect(nextSnoozes([late], due('2026-03-02T17:59:00.000Z'))).toEqual([late])
      expect([nextSnoozes([ana], due('2026-03-02T18:01:00.000Z')), nextSnoozes([ana], due(null))]).toEqual([[ana], [ana]])
    }
  })

  it('is nobody any more at the decision, and the same list where nothing changes', () => {
    const before = [ana, bo]
    expect(nextSnoozes(before, record('approval_decided'))).toEqual([])
    for (const type of ['approval_reminded', 'approval_held', 'approval_unheld', 'approval_watched'] as const) {
      expect(nextSnoozes(before, record(type, { person: bo.person, watching: true }))).toBe(before)
      expect(broughtBackBy(before, record(type))).toEqual([])
    }
  })
})

describe('who watches a request', () => {
  it('is each person until they stop, whatever happens to it', () => {
    const watches = (person: string, watching: boolean) => record('approval_watched', { person, watching })
    const both = [watches('a', true), watches('b', true), watches('a', true)].reduce(nextWatchers, [])
    expect(both).toEqual(['b', 'a'])
    expect(nextWatchers(both, watches('b', false))).toEqual(['a'])
    expect(nextWatchers(both, record('approval_decided'))).toBe(both)
  })
})

describe('an answer that is held', () => {
  it('stays with words and with what people do beside it, and with nothing else', () => {
    const same = ['approval_commented', 'approval_answered', 'approval_snoozed', 'approval_unsnoozed', 'approval_watched'] as const
    for (const type of same) expect(heldAfter(record(type))).toBe('same')
    for (const type of happenings.filter((each) => !same.includes(each as never))) expect(heldAfter(record(type))).toBe('none')
    expect([heldAfter(record('approval_held')), heldAfter(record('approval_unheld'))]).toEqual(['new', 'none'])
  })
})
