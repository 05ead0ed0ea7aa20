import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { chosen, readOptions, wholeNumber } from '../support/command-line.ts'
import type { Part, Row } from './part.ts'

/**
 * `npm run torture`: each part tries to make the application break a promise. Prints a table, writes test-results/torture.json, and
 * ends with 1 where something broke; each failure comes with the one command that repeats it. `-- --only crash,faults` runs some parts,
 * `--seed N` repeats their random choices, `--case ID` repeats one case, and `--quick` does less of everything.
 */
const values = readOptions({
  only: { type: 'string' },
  seed: { type: 'string' },
  case: { type: 'string' },
  quick: { type: 'boolean', default: false },
})
const seed = values.seed === undefined ? Date.now() % 2 ** 31 : wholeNumber('seed', values.seed)
const say = (text: string) => process.stderr.write(`${text}\n`)

const isPart = (value: unknown): value is Part => {
  const { name, run } = (value ?? {}) as Partial<Part>
  return typeof name === 'string' && typeof run === 'function'
}

/** Every file beside this one that exports a part. */
async function partsHere(): Promise<readonly Part[]> {
  const files = readdirSync(import.meta.dirname).filter((file) => /^[\w-]+\.ts$/.test(file) && file !== 'main.ts')
  const modules = await Promise.all(files.sort().map((file) => import(join(import.meta.dirname, file))))
  return modules.flatMap((module: Record<string, unknown>) => [module, ...Object.values(module)].filter(isPart).slice(0, 1))
}

async function runPart(part: Part): Promise<readonly Row[]> {
  const began = performance.now()
  try {
    return await part.run({ seed, quick: values.quick, say, ...(values.case === undefined ? {} : { only: values.case }) })
  } catch (error) {
    const seconds = Math.round((performance.now() - began) / 10) / 100
    const note = `the part itself failed: ${(error as Error).stack ?? error}`
    return [{ part: part.name, what: 'all of it', cases: 1, failures: 1, seconds, seed, note }]
  }
}

function toTable(rows: readonly Row[]): string {
  const cells = rows.map(({ part, what, cases, failures, seconds, note = '' }) => [
    part,
    what,
    cases.toLocaleString('en'),
    String(failures),
    seconds.toFixed(1),
    note.split('\n')[0]!,
  ])
  const all = [['part', 'what', 'cases', 'failures', 'seconds', 'note'], ...cells]
  const widths = all[0]!.map((_, column) => Math.max(...all.map((row) => row[column]!.length)))
  const right = new Set([2, 3, 4])
  const pad = (cell: string, column: number) => (right.has(column) ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!))
  return all.map((row) => row.map(pad).join('  ').trimEnd()).join('\n')
}

const quickly = values.quick ? ' --quick' : ''
const parts = await partsHere()
const only = chosen(
  values.only,
  parts.map(({ name }) => name),
)

const rows: Row[] = []
for (const part of parts) {
  if (!only.includes(part.name)) continue
  say(`${part.name} …`)
  rows.push(...(await runPart(part)))
}
const failed = rows.filter(({ failures }) => failures > 0)
process.stdout.write(`${toTable(rows)}\n\nseed ${seed}; ${failed.length === 0 ? 'nothing broke' : 'something broke'}\n`)
for (const row of failed) {
  const again = `npm run torture -- --only ${row.part} --seed ${row.seed}${quickly}`
  if (row.note) process.stdout.write(`\n${row.part}, ${row.what}: ${row.note}\n  ${again}\n`)
  for (const { id, problem } of row.found ?? []) {
    process.stdout.write(`\n${row.part}, ${row.what}: ${problem}\n  ${again} --case '${id}'\n`)
  }
}
const results = join(import.meta.dirname, '../../test-results')
mkdirSync(results, { recursive: true })
const report = { at: new Date().toISOString(), seed, quick: values.quick, node: process.version, platform: process.platform, rows }
writeFileSync(join(results, 'torture.json'), `${JSON.stringify(report, null, 2)}\n`)
process.exit(failed.length === 0 ? 0 : 1)
