import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { version } from '../../electron/core/version.ts'
import { startHeadless } from '../../electron/headless/host.ts'
import { clientFor, newHome, ownerEmail, silentLog } from '../support/app.ts'
import { measureInbox, measurePage } from './inbox.ts'
import { measureLimits } from './limits.ts'
import { measureLoad } from './load.ts'
import { measureMemory } from './memory.ts'
import { type Figure, machine, reaches, toTable } from './report.ts'
import { measureRestart } from './restart.ts'
import { measureDecisions, measureRuns, openApprovals, sampleRequest } from './runs.ts'

/**
 * `npm run bench`: every figure in one run, next to what the machine itself can do. Prints a table and writes JSON.
 * `-- --only runs,http` measures a part; `-- --repeats N` (3) and `-- --quick` (smaller counts) trade time for certainty.
 */
const { values } = parseArgs({
  options: { only: { type: 'string' }, repeats: { type: 'string', default: '3' }, quick: { type: 'boolean', default: false } },
})
const repeats = Number(values.repeats)
const scale = values.quick ? 0.2 : 1
const wanted = (part: string): boolean => !values.only || values.only.split(',').includes(part)
const figures: Figure[] = []
const say = (text: string) => process.stderr.write(`${text}\n`)

if (wanted('limits')) {
  say("Measuring the machine's limits …")
  const folder = mkdtempSync(join(tmpdir(), 'bench-'))
  figures.push(...(await measureLimits(folder, repeats)))
  await rm(folder, { recursive: true })
}
if (wanted('runs')) {
  say('Measuring runs in process …')
  for (const way of ['engine', 'router'] as const) {
    for (const inFlight of [64, 256]) figures.push(...(await measureRuns(way, 20_000 * scale, inFlight, repeats)))
  }
}
if (wanted('http')) {
  say('Measuring HTTP …')
  figures.push(...(await measureHttp()))
}
if (wanted('memory')) {
  say('Measuring memory …')
  const group = 'Memory of a fresh process'
  const readings: { rss: number[]; heap: number[] } = { rss: [], heap: [] }
  for (let round = 0; round < repeats; round++) {
    const [empty, full] = [await measureMemory(0), await measureMemory(10_000)]
    readings.rss.push(full.rss - empty.rss)
    readings.heap.push(full.heap - empty.heap)
  }
  figures.push({
    group,
    name: '10,000 parked runs, heap and buffers beyond an empty app',
    unit: 'MB',
    readings: readings.heap,
    aim: 20,
    better: 'less',
  })
  figures.push({
    group,
    name: '10,000 parked runs, resident beyond an empty app',
    unit: 'MB',
    readings: readings.rss,
    aim: 20,
    better: 'less',
  })
}
if (wanted('restart')) {
  say('Measuring restart and rebuild …')
  figures.push(...(await measureRestart(100_000 * scale, repeats)))
}

console.log(toTable(figures))
mkdirSync('test-results', { recursive: true })
const report = {
  version,
  at: new Date().toISOString(),
  machine: machine(),
  figures: figures.map((figure) => ({ ...figure, reached: reaches(figure) })),
}
writeFileSync('test-results/bench.json', JSON.stringify(report, null, 2))
console.log(`\n${JSON.stringify(machine())}\nWritten to test-results/bench.json`)
process.exit(0)

/** Intake, decisions and the inbox page over one real headless server. */
async function measureHttp(): Promise<Figure[]> {
  const found: Figure[] = []
  const fresh: number[] = []
  const ingest: number[] = []
  const p99: number[] = []
  const decisions: { p50: number; p99: number }[] = []
  for (let round = 0; round < repeats; round++) {
    const home = newHome()
    writeFileSync(
      join(home, 'config.yaml'),
      'limits:\n  requests_per_minute: 10000000\n  burst: 10000000\nmodel:\n  enabled: false\n',
    )
    const host = await startHeadless({ home, port: 0, owner: ownerEmail, log: silentLog })
    const owner = clientFor(host.app, host.app.ownerCaller('http'))
    const { token } = await owner.tokens.create({ name: 'bench', scope: 'submit' })
    const decider = await owner.tokens.create({ name: 'bench-decider', scope: 'decide' })
    const port = Number(new URL(host.url).port)
    const count = 10_000
    const load = {
      port,
      path: '/requests',
      token,
      connections: 64,
      body: JSON.stringify(sampleRequest(0)).replaceAll('88-0', '88-{n}'),
    }
    // A server that has just started compiles its code under the first requests: told apart from what it does all day.
    const first = await measureLoad({ ...load, count: count * scale })
    fresh.push(first.perSecond)
    const approvals = await openApprovals(owner, 1000)
    decisions.push(await measureDecisions({ url: host.url, token: decider.token, approvals: approvals.slice(0, 500) }))
    if (round === repeats - 1 && wanted('inbox')) {
      found.push(measurePage('dist/web'), ...(await measureInbox(async () => (await owner.system.link({})).url, repeats)))
    }
    const result = await measureLoad({ ...load, count: count * scale })
    if (first.failures + result.failures > 0) throw new Error(`${first.failures + result.failures} requests failed`)
    ingest.push(result.perSecond)
    p99.push(result.p99)
    await host.stop()
    await rm(home, { recursive: true, force: true })
  }
  const group = 'Over loopback HTTP, load from a second process on the same cores'
  return [
    {
      group,
      name: 'ingest, 64 connections, durable and parked before the 202',
      unit: 'req/s',
      readings: ingest,
      aim: 6000,
      better: 'more',
    },
    { group, name: 'ingest, slowest hundredth', unit: 'ms', readings: p99 },
    { group, name: 'ingest, the first 10,000 after a start', unit: 'req/s', readings: fresh },
    {
      group,
      name: 'decide → completed, about 10,000 parked, p50',
      unit: 'ms',
      readings: decisions.map((d) => d.p50),
      aim: 2,
      better: 'less',
    },
    {
      group,
      name: 'decide → completed, about 10,000 parked, p99',
      unit: 'ms',
      readings: decisions.map((d) => d.p99),
      aim: 10,
      better: 'less',
    },
    ...found,
  ]
}
