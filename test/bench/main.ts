import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { version } from '../../electron/core/version.ts'
import { chosen, readOptions, refuse, wholeNumber } from '../support/command-line.ts'
import { measureBatch } from './batch.ts'
import { measureChains } from './chain.ts'
import { measureDecided } from './decided.ts'
import { withLimits } from './derived.ts'
import { measureHttp } from './http.ts'
import { measureInbox } from './inbox.ts'
import { measureLimits } from './limits.ts'
import { load, machine } from './machine.ts'
import { measureMemory } from './memory.ts'
import { measureParked } from './parked.ts'
import type { Part } from './part.ts'
import { measurePeers } from './peers.ts'
import { type Figure, reaches, timesLimit, toMarkdown, toTable } from './report.ts'
import { measureRestart } from './restart.ts'
import { measureRules } from './rules.ts'
import { measureRuns } from './runs.ts'
import { measureSearch } from './search.ts'

/**
 * `npm run bench`: every figure in one run, next to what the machine itself can do. Prints a table and writes test-results/bench.json.
 * `-- --only runs,http` measures some parts, `--repeats N` (3) and `--quick` (smaller counts) trade time for certainty, `--peers` measures
 * two other libraries beside ours, `--markdown` prints the table for docs/performance.md, and `--from FILE` that of an earlier run.
 */
const parts: readonly Part[] = [
  { name: 'limits', title: "the machine's limits", measure: ({ repeats, say }) => measureLimits(repeats, say) },
  { name: 'runs', title: 'runs in process', measure: ({ scale, repeats }) => measureRuns(20_000 * scale, repeats) },
  { name: 'chain', title: 'chains', measure: ({ scale, repeats }) => measureChains(10_000 * scale, repeats) },
  { name: 'peers', title: 'the same work by others', measure: measurePeers },
  { name: 'http', title: 'HTTP', measure: ({ scale, repeats }) => measureHttp({ count: 10_000 * scale, repeats }) },
  {
    name: 'inbox',
    title: 'the inbox in a browser',
    measure: ({ scale, repeats }) => measureInbox(10_000 * scale, 100_000 * scale, repeats),
  },
  { name: 'batch', title: 'batches', measure: ({ repeats }) => measureBatch(1000, repeats) },
  { name: 'rules', title: 'rules', measure: ({ repeats }) => measureRules(repeats) },
  { name: 'memory', title: 'memory', measure: ({ repeats }) => measureMemory(10_000, repeats) },
  { name: 'restart', title: 'restart and rebuild', measure: ({ scale, repeats }) => measureRestart(100_000 * scale, repeats) },
  { name: 'parked', title: 'many parked runs', measure: ({ scale, repeats }) => measureParked(100_000 * scale, repeats) },
  { name: 'decided', title: 'what decided requests leave behind', measure: ({ scale }) => measureDecided(10_000 * scale) },
  { name: 'search', title: 'lists and searches', measure: ({ scale, repeats }) => measureSearch(1_000_000 * scale, repeats) },
]

const values = readOptions({
  only: { type: 'string' },
  repeats: { type: 'string', default: '3' },
  quick: { type: 'boolean', default: false },
  peers: { type: 'boolean', default: false },
  markdown: { type: 'boolean', default: false },
  from: { type: 'string' },
})

type Report = {
  readonly machine: Readonly<Record<string, string | number>>
  readonly load: readonly number[]
  readonly failed: readonly string[]
  readonly figures: readonly Figure[]
}

const say = (text: string) => process.stderr.write(`${text}\n`)

function print({ figures, machine: of, load: during, failed }: Report): void {
  console.log(values.markdown ? toMarkdown(figures) : toTable(figures))
  console.log(
    `\n${Object.entries({ ...of, load: during.join(' to ') })
      .map((pair) => pair.join(' '))
      .join(', ')}`,
  )
  for (const part of failed) console.log(`FAILED: ${part}`)
}

if (values.from !== undefined) {
  if (!existsSync(values.from)) refuse(`There is no file ${values.from}.`)
  print(JSON.parse(readFileSync(values.from, 'utf8')) as Report)
  process.exit(0)
}

const names = parts.map(({ name }) => name)
const only = chosen(
  values.only,
  names,
  names.filter((name) => name !== 'peers' || values.peers),
)
const options = { repeats: wholeNumber('repeats', values.repeats, 1), scale: values.quick ? 0.2 : 1, say }
const measured: Figure[] = []
const failed: string[] = []
const loadBefore = load()
for (const part of parts) {
  if (!only.includes(part.name)) continue
  say(`Measuring ${part.title} …`)
  try {
    measured.push(...(await part.measure(options)))
  } catch (error) {
    // Hours of other figures are not thrown away for it.
    failed.push(part.name)
    say(`${part.name}: ${(error as Error).stack ?? error}`)
  }
}
const figures = withLimits(measured)
const report = {
  version,
  at: new Date().toISOString(),
  machine: { countersign: version, ...machine() },
  load: [loadBefore, load()],
  failed,
  figures: figures.map((figure) => ({ ...figure, reached: reaches(figure), times_limit: timesLimit(figure) })),
}
print(report)
mkdirSync('test-results', { recursive: true })
writeFileSync('test-results/bench.json', JSON.stringify(report, null, 2))
say('Written to test-results/bench.json')
process.exit(failed.length === 0 ? 0 : 1)
