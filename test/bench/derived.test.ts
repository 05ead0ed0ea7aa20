import { availableParallelism } from 'node:os'
import { expect, it } from 'vitest'
import { withLimits } from './derived.ts'
import { type Figure, reaches, timesLimit, toMarkdown, toTable } from './report.ts'

const limit = (key: string, value: number): Figure => ({ group: 'Limits', name: key, key, unit: 'µs', readings: [value] })

const parked: Figure = {
  group: 'Runs',
  name: 'start | parked',
  key: 'runs.parked.64',
  unit: 'runs/s',
  readings: [9000, 10_000, 12_000],
  aim: 15_000,
  better: 'more',
}

const costs = (writing: number, database: number, disk: number): Figure[] => [
  limit('start.stringify', writing - 1),
  limit('start.sha', 1),
  limit('start.parse', database - 1),
  limit('start.rows', 1),
  limit('start.disk.64', disk),
]

const limited = (figures: readonly Figure[]): Figure => withLimits(figures).at(-1)!

it('the busiest thread, or the disk, says how fast it can go at most', () => {
  const byDatabase = limited([...costs(5, 50, 20), parked])
  expect(byDatabase.limit!.value).toBeCloseTo(20_000)
  expect(byDatabase.limit!.by).toBe('database, 50 µs each (writing 5.0 µs, database 50 µs, disk 20 µs)')
  expect(timesLimit(byDatabase)).toBeCloseTo(2)
  expect(limited([...costs(5, 50, 100), parked]).limit!.value).toBeCloseTo(10_000)
})

it('and so do all threads together, where there are more of them than cores', () => {
  const server = [limit('echo.server', 30), limit('body.parse', 1), limit('echo.client', 40 * availableParallelism())]
  const figure = limited([...costs(9, 40, 10), ...server, { ...parked, key: 'http.ingest' }])
  const all = (40 + 40 + 40 * availableParallelism()) / availableParallelism()
  expect(figure.limit!.value).toBeCloseTo(1e6 / Math.max(all, 40 * availableParallelism()))
})

it('no limit is made of half of its terms', () => {
  expect(limited([...costs(5, 50, 20).slice(1), parked])).toEqual(parked)
  expect(limited([parked])).toEqual(parked)
})

it('what takes time is as many times away as it takes longer', () => {
  const decide: Figure = {
    group: 'Runs',
    name: 'decide',
    key: 'http.decide.p50',
    unit: 'ms',
    readings: [3],
    aim: 2,
    better: 'less',
  }
  const figure = limited([limit('decision.p50', 2), decide])
  expect([timesLimit(figure), reaches(figure)]).toEqual([1.5, false])
})

it('the table says median, spread, aim and limit, for people and as Markdown', () => {
  const figures = withLimits([...costs(5, 50, 20), parked])
  expect(toTable(figures)).toContain(
    '10,000 runs/s  (9,000 – 12,000)   aim ≥ 15,000 MISSED   limit 20,000, 2.0× away: database, 50 µs',
  )
  expect(toMarkdown(figures).split('\n').slice(-4)).toEqual([
    '',
    '| figure | median | spread | aim | limit | away | held by |',
    '|---|---|---|---|---|---|---|',
    '| start \\| parked | 10,000 runs/s | 9,000 – 12,000 | ≥ 15,000 MISSED | 20,000 | 2.0× | database, 50 µs each (writing 5.0 µs, database 50 µs, disk 20 µs) |',
  ])
})
