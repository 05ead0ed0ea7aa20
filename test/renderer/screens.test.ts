import { describe, expect, test } from 'vitest'
import { absenceOf, phaseOf } from '../../renderer/absence.ts'
import { endsOfAbsence, fromLocal, toLocal } from '../../renderer/local-time.ts'
import { toFieldErrors } from '../../renderer/parts/form.tsx'
import { toHash, toRoute } from '../../renderer/route.ts'
import { allPicked } from '../../renderer/screens/people-pick.tsx'
import { missingRuns } from '../../renderer/store/runs.ts'
import { Table } from '../../renderer/store/table.ts'
import type { RunItem } from '../../shared/model/run.ts'

const run = (id: string, created_at: string, change: Partial<RunItem> = {}): RunItem => ({
  id,
  workflow: 'refund',
  type: 'refund',
  title: id,
  source: 'tok_1',
  source_name: 'shop',
  status: 'waiting',
  input: {},
  result: null,
  error: null,
  created_at,
  completed_at: null,
  progress: { done: 0, current: null, total: null },
  deliveries: [],
  revision: 1,
  ...change,
})

describe('addresses of the screens', () => {
  test('lead back to where they were made', () => {
    for (const route of [
      { view: 'runs', id: null, search: 'wire transfer', status: 'needs_review', sort: '' },
      { view: 'runs', id: 'run_1', search: '', status: '', sort: '' },
      { view: 'people', id: 'delegations', search: '', status: '', sort: '' },
      { view: 'policy', id: 'text', search: '', status: '', sort: '' },
      { view: 'workflows', id: null, search: '', status: '', sort: '' },
    ] as const) {
      expect(toRoute(toHash(route))).toEqual(route)
    }
  })

  test('know a run by its other name', () => {
    expect(toRoute('#/tasks/run_1')).toMatchObject({ view: 'runs', id: 'run_1' })
  })
})

describe('runs that belong into a list', () => {
  const runs = Table.of([
    run('a', '2026-03-01T10:00:00.000Z'),
    run('b', '2026-03-01T09:00:00.000Z'),
    run('c', '2026-03-01T08:00:00.000Z'),
    run('d', '2026-03-01T11:00:00.000Z', { status: 'failed', workflow: 'expense' }),
  ])
  const all = { status: '', workflow: '' }

  test('are those that are not in it', () => {
    expect(missingRuns(runs, all, { ids: ['b'], cursor: null }).toSorted()).toEqual(['a', 'c', 'd'])
  })

  test('are not those that come with a later page', () => {
    expect(missingRuns(runs, all, { ids: ['b'], cursor: 'more' }).toSorted()).toEqual(['a', 'd'])
  })

  test('are of the status and the workflow that are asked for', () => {
    expect(missingRuns(runs, { status: 'failed', workflow: '' }, { ids: [], cursor: null }).toSorted()).toEqual(['d'])
    expect(missingRuns(runs, { status: '', workflow: 'refund' }, { ids: [], cursor: null }).toSorted()).toEqual(['a', 'b', 'c'])
  })
})

describe('problems of an input', () => {
  const failure = (errors: readonly { pointer: string; message: string }[]) => ({
    code: 'invalid-input',
    status: 422,
    message: 'This cannot be saved.',
    data: { errors },
  })

  test('stand at their fields, with the place in a list', () => {
    const { errors, whole } = toFieldErrors(
      failure([
        { pointer: '/name', message: 'must not be empty' },
        { pointer: '/aliases/1', message: 'is taken' },
        { pointer: '/away/until', message: 'must be in the future' },
      ]),
      ['name', 'aliases', 'away'],
    )
    expect(Object.fromEntries(errors)).toEqual({
      name: 'must not be empty',
      aliases: 'no. 2 is taken',
      away: 'must be in the future',
    })
    expect(whole).toBeNull()
  })

  test('are said under the form when they belong to none of its fields', () => {
    const { errors, whole } = toFieldErrors(failure([{ pointer: '/groups', message: 'is not a list' }]), ['name'])
    expect(errors.size).toBe(0)
    expect(whole).toBe('/groups is not a list')
  })

  test('are one sentence when there is nothing else', () => {
    expect(toFieldErrors({ code: 'forbidden', status: 403, message: 'No.', data: {} }, ['name']).whole).toBe('No.')
    expect(toFieldErrors(null, ['name']).whole).toBeNull()
  })
})

describe('dates', () => {
  test('are the same instant before and after a field held them', () => {
    expect(fromLocal(toLocal('2026-03-01T10:20:00.000Z'))).toBe('2026-03-01T10:20:00.000Z')
    expect(toLocal(null)).toBe('')
    expect(fromLocal('')).toBeNull()
    expect(fromLocal('soon')).toBeNull()
  })

  test('of an absence end at midnight, on the next Monday at eight, and in a week', () => {
    const monday = new Date(2026, 2, 2, 15, 30)
    const saturday = new Date(2026, 2, 7, 15, 30)
    expect(endsOfAbsence(saturday.getTime())).toEqual({
      today: new Date(2026, 2, 8).toISOString(),
      monday: new Date(2026, 2, 9, 8).toISOString(),
      week: new Date(2026, 2, 14, 15, 30).toISOString(),
    })
    expect(endsOfAbsence(monday.getTime()).monday).toBe(new Date(2026, 2, 9, 8).toISOString())
    expect(endsOfAbsence(new Date(2026, 2, 8, 23).getTime()).monday).toBe(new Date(2026, 2, 9, 8).toISOString())
  })

  test('say whether a delegation is in force, coming or over', () => {
    const at = (ms: number) => new Date(ms).toISOString()
    const given = { starts_at: at(1000), ends_at: at(2000), active: false }
    expect([500, 1000, 1999, 2000].map((now) => phaseOf(given, now))).toEqual(['coming', 'active', 'active', 'ended'])
    // The host says that it has begun, and its clock is the one that counts.
    expect(phaseOf({ ...given, active: true }, 500)).toBe('active')
  })

  test('say whether somebody is away, will be, or was', () => {
    const at = (ms: number) => new Date(ms).toISOString()
    const person = { away: { from: at(1000), until: at(2000) }, is_away: false }
    expect([500, 1500, 2000].map((now) => absenceOf(person, now)?.begun ?? null)).toEqual([false, true, null])
    expect(absenceOf({ ...person, is_away: true }, 500)?.begun).toBe(true)
    expect(absenceOf({ away: null, is_away: false }, 500)).toBeNull()
  })
})

test('what is written and not added yet is picked with the rest, each name once', () => {
  expect(allPicked({ chosen: ['a', 'b'], written: ' c , b;d ' })).toEqual(['a', 'b', 'c', 'd'])
  expect(allPicked({ chosen: [], written: '  ' })).toEqual([])
})
