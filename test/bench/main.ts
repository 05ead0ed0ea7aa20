import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { version } from '../../electron/core/version.ts'
import { measureBatch } from './batch.ts'
import { measureChains } from './chain.ts'
import { measureDecided } from './decided.ts'
import { measureHttp } from './http.ts'
import { measureInbox } from './inbox.ts'
import { measureLimits } from './limits.ts'
import { measureMemory } from './memory.ts'
import { measureParked } from './parked.ts'
import { type Figure, machine, reaches, toTable } from './report.ts'
import { measureRestart } from './restart.ts'
import { measureRules } from './rules.ts'
import { measureRuns } from './runs.ts'
import { measureSearch } from './search.ts'

/**
 * `npm run bench`: every figure in one run, next to what the machine itself can do. Prints a table and writes JSON.
 * `-- --only runs,http` measures some parts; `-- --repeats N` (3) and `-- --quick` (smaller counts) trade time for certainty.
 */
const parts = ['limits', 'runs', 'chain', 'http', 'inbox', 'batch', 'rules', 'memory', 'restart', 'parked', 'decided', 'search']
const { values } = parseArgs({
  options: { only: { type: 'string' }, repeats: { type: 'string', default: '3' }, quick: { type: 'boolean', default: false } },
})
const repeats = Number(values.repeats)
const scale = values.quick ? 0.2 : 1
const only = values.only?.split(',') ?? parts
const unknown = only.filter((part) => !parts.includes(part))
if (unknown.length > 0) throw new Error(`There is no part ${unknown.join(', ')}. The parts are ${parts.join(', ')}.`)
const wanted = (part: string): boolean => only.includes(part)
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
if (wanted('chain')) {
  say('Measuring chains …')
  for (const inFlight of [64, 256]) figures.push(await measureChains(10_000 * scale, inFlight, repeats))
}
if (wanted('http')) {
  say('Measuring HTTP …')
  figures.push(...(await measureHttp({ count: 10_000 * scale, repeats })))
}
if (wanted('inbox')) {
  say('Measuring the inbox in a browser …')
  figures.push(...(await measureInbox(10_000 * scale, 100_000 * scale, repeats)))
}
if (wanted('batch')) {
  say('Measuring batches …')
  figures.push(...(await measureBatch(1000, repeats)))
}
if (wanted('rules')) {
  say('Measuring rules …')
  figures.push(...(await measureRules(repeats)))
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
if (wanted('parked')) {
  say('Measuring many parked runs …')
  figures.push(...(await measureParked(100_000 * scale, repeats)))
}
if (wanted('decided')) {
  say('Measuring what decided requests leave behind …')
  figures.push(...(await measureDecided(10_000 * scale)))
}
if (wanted('search')) {
  say('Measuring searches …')
  figures.push(...(await measureSearch(1_000_000 * scale, repeats)))
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
