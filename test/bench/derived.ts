import { availableParallelism } from 'node:os'
import { type Figure, median } from './report.ts'

/*
 * What the same work would cost at the machine's own speed. Each term was measured in the same run, on the bytes and rows that the
 * application itself writes; docs/performance.md says in sentences what is counted. A figure without an entry here has no limit that
 * could be measured.
 */

/** Medians of this run by their keys. Throws where one was not measured, so that no limit is made of half of its terms. */
type Measured = (key: string) => number

class Missing extends Error {}

/** Work that one thread does: the microseconds of each of its terms. The disk is no thread: it takes time, but no core. */
type Lane = { readonly name: string; readonly terms: readonly string[]; readonly core: boolean }

const thread = (name: string, ...terms: string[]): Lane => ({ name, terms, core: true })
const disk = (...terms: string[]): Lane => ({ name: 'disk', terms, core: false })

type Limit = NonNullable<Figure['limit']>

const us = (value: number): string => `${value >= 100 ? Math.round(value) : value.toPrecision(2)} µs`

/**
 * Microseconds of one thing when many are under way, and nothing ever waits for anything it need not wait for: the busiest thread, the
 * disk, or all threads together on the cores there are, whichever takes longest.
 */
function slowest(lanes: readonly Lane[], measured: Measured): { readonly cost: number; readonly by: string } {
  const costs = lanes.map(({ name, terms, core }) => ({ name, core, cost: terms.reduce((sum, key) => sum + measured(key), 0) }))
  const cores = availableParallelism()
  const together = costs.filter(({ core }) => core).reduce((sum, { cost }) => sum + cost, 0)
  const all = [...costs, { name: `all on ${cores} cores`, core: false, cost: together / cores }]
  const worst = all.reduce((one, other) => (other.cost > one.cost ? other : one))
  const parts = costs.map(({ name, cost }) => `${name} ${us(cost)}`).join(', ')
  return { cost: worst.cost, by: `${worst.name}, ${us(worst.cost)} each (${parts})` }
}

type Derivation = (measured: Measured, figure: Figure) => Limit

const rate =
  (...lanes: readonly Lane[]): Derivation =>
  (measured) => {
    const { cost, by } = slowest(lanes, measured)
    return { value: 1e6 / cost, by }
  }

/** What all threads together take of the cores for one of them, on whatever machine, busy or not. */
const processor =
  (...lanes: readonly Lane[]): Derivation =>
  (measured) => {
    const costs = lanes.map(({ name, terms }) => ({ name, cost: terms.reduce((sum, key) => sum + measured(key), 0) }))
    const by = costs.map(({ name, cost }) => `${name} ${us(cost)}`).join(', ')
    return { value: costs.reduce((sum, { cost }) => sum + cost, 0), by }
  }

/** So many things one after the other, `each` microseconds, behind what is there before the first. In seconds. */
const seconds =
  (before: string | null, ...lanes: readonly Lane[]): Derivation =>
  (measured, figure) => {
    const { cost, by } = slowest(lanes, measured)
    return { value: (before === null ? 0 : measured(before) / 1000) + ((figure.size ?? 0) * cost) / 1e6, by }
  }

const same =
  (key: string, by: string): Derivation =>
  (measured) => ({ value: measured(key), by })

/** Per thing, of which the figure has `size`; in megabytes where `key` is in bytes. */
const perThing =
  (key: string, by: string): Derivation =>
  (measured, figure) => ({ value: (measured(key) * (figure.size ?? 0)) / 1e6, by })

/** What comes to records: written and chained on one thread, synced in groups, read and made rows of on another one. */
const journalled = (records: string, together: number, ...rows: string[]): Derivation =>
  rate(...threads(records, ...rows), disk(`${records}.disk.${together}`))

const threads = (records: string, ...rows: string[]): readonly Lane[] => [
  thread('writing', `${records}.stringify`, `${records}.sha`),
  thread('database', `${records}.parse`, ...rows),
]

const serving: readonly Lane[] = [
  thread('server', 'echo.server', 'body.parse', 'start.stringify', 'start.sha'),
  thread('database', 'start.parse', 'start.rows'),
]
const ingest: readonly Lane[] = [...serving, thread('sender', 'echo.client'), disk('start.disk.64')]

const derivations: Readonly<Record<string, Derivation>> = {
  'runs.parked.64': journalled('start', 64, 'start.rows'),
  'runs.parked.256': journalled('start', 256, 'start.rows'),
  'runs.finished.64': journalled('end', 64, 'end.rows'),
  'runs.finished.256': journalled('end', 256, 'end.rows'),
  'runs.parked.cpu': processor(...threads('start', 'start.rows')),
  'runs.finished.cpu': processor(...threads('end', 'end.rows')),
  'chain.64': journalled('chain', 64, 'start.rows', 'end.rows'),
  'chain.256': journalled('chain', 256, 'start.rows', 'end.rows'),
  'same.countersign.parked.64': journalled('steps.start', 64, 'start.rows'),
  'same.countersign.parked.256': journalled('steps.start', 256, 'start.rows'),
  'same.countersign.finished.64': journalled('steps.end', 64, 'end.rows'),
  'same.countersign.finished.256': journalled('steps.end', 256, 'end.rows'),
  'http.ingest': rate(...ingest),
  'http.ingest.cpu': processor(...serving),
  'http.ingest.p99': (measured) => ({
    value: ((64 * slowest(ingest, measured).cost) / 1000) * measured('echo.tail'),
    by: '64 requests at the limit above, times what the slowest hundredth of raw HTTP takes longer',
  }),
  'http.decide.p50': same('decision.p50', 'a server that only writes, syncs and answers'),
  'http.decide.p99': same('decision.p99', 'a server that only writes, syncs and answers'),
  'parked.decide.p50': same('decision.p50', 'a server that only writes, syncs and answers'),
  'parked.decide.p99': same('decision.p99', 'a server that only writes, syncs and answers'),
  'memory.heap': perThing('run.bytes', 'a table of ids, positions and deadlines'),
  'parked.heap': perThing('run.bytes', 'a table of ids, positions and deadlines'),
  'parked.ready': seconds('process.start', thread('reading', 'start.parse'), thread('checking', 'start.sha')),
  'restart.ready': seconds(null, thread('reading', 'start.parse', 'end.parse'), thread('checking', 'start.sha', 'end.sha')),
  'restart.rebuild': (measured) => {
    const { cost, by } = slowest([thread('reading', 'start.parse', 'end.parse'), thread('database', 'run.rows')], measured)
    return { value: (1e6 / cost) * eventsPerRun, by: `${by}, ${eventsPerRun} events a run` }
  },
  'rules.ruling': same('rules.plain', 'the same conditions as functions of JavaScript'),
  'batch.sent': same('batch.bare.sent', 'the same bytes to a server that only writes, syncs and answers'),
  'batch.done': same('batch.bare.done', 'the same posts by Node alone, and the same records'),
  'inbox.painted': same('page.painted', 'a page with one list of rows and no script'),
  'inbox.usable': same('page.usable', 'a page with one list of rows and no script'),
  'inbox.key': same('page.key', 'a page that only changes one heading'),
  'inbox.frames': same('page.frames', 'an empty page as tall'),
  'search.middle': same('search.bare', 'one match and fifty rows and records read with SQLite and Node alone'),
  'lists.worst': same('lists.bare', 'fifty rows and records read with SQLite and Node alone'),
}

/** Started, asked, decided, completed. */
const eventsPerRun = 4

/** The figures with the limits that can be derived from them. */
export function withLimits(figures: readonly Figure[]): Figure[] {
  const values = new Map(figures.flatMap(({ key, readings }) => (key === undefined ? [] : [[key, median(readings)] as const])))
  const measured: Measured = (key) => {
    const value = values.get(key)
    if (value === undefined) throw new Missing(key)
    return value
  }
  return figures.map((figure) => {
    const derive = figure.key === undefined ? undefined : derivations[figure.key]
    if (derive === undefined) return figure
    try {
      return { ...figure, limit: derive(measured, figure) }
    } catch (error) {
      if (!(error instanceof Missing)) throw error
      return figure
    }
  })
}
