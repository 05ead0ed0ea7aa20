import { hash } from 'node:crypto'
import type { Figure } from '../report.ts'
import { sampleRequest } from '../runs.ts'
import { microseconds, readings } from './readings.ts'
import type { Lines, Sample } from './sample.ts'

const group = "The machine's limits: JSON and SHA-256 of what the journal holds"

/** A line as it is taken apart: what is written as JSON, and the two texts that are hashed. */
function partsOf(line: string) {
  const { actor, data, content = null } = JSON.parse(line) as { actor: unknown; data: unknown; content?: unknown }
  const [start, length] = /^\{"hash":"[0-9a-f]{64}","head":(\d+),/.exec(line)!
  const chained = line.slice(start.length, start.length + Number(length))
  const text = line.slice(start.length + Number(length) + ',"content":'.length, -1)
  return { written: content === null ? [actor, data] : [actor, data, content], chained, text }
}

/** What it takes to write a record as text, to chain it, and to read it again. */
async function costOf(name: string, key: string, lines: Lines, repeats: number): Promise<Figure[]> {
  const parts = lines.map(partsOf)
  const figure = async (what: string, of: string, work: () => void): Promise<Figure> => {
    const values = await readings(repeats, () => microseconds(work))
    return { group, name: `${what}, ${name}`, key: `${key}.${of}`, unit: 'µs', readings: values, better: 'less' }
  }
  return [
    await figure('JSON.stringify', 'stringify', () => {
      for (const { written } of parts) for (const value of written) JSON.stringify(value)
    }),
    await figure('SHA-256, content and chain', 'sha', () => {
      for (const { chained, text } of parts) {
        hash('sha256', chained, 'hex')
        if (text !== '') hash('sha256', text, 'hex')
      }
    }),
    await figure('JSON.parse', 'parse', () => {
      for (const line of lines) JSON.parse(line)
    }),
  ]
}

const kib = (lines: Lines): string => `${(lines.reduce((sum, line) => sum + line.length + 1, 0) / 1024).toFixed(1)} KiB`

export async function measureCpu({ start, end, chain, stepsStart, stepsEnd }: Sample, repeats: number): Promise<Figure[]> {
  const body = JSON.stringify(sampleRequest(1))
  const parsed = await readings(repeats, () => microseconds(() => JSON.parse(body)))
  const bytes = Buffer.alloc(2 ** 20, 0x61)
  const into = Buffer.alloc(2 ** 20)
  const copied = await readings(repeats, () => 1e6 / microseconds(() => bytes.copy(into)))
  return [
    ...(await costOf(`the ${start.length} records of a start (${kib(start)})`, 'start', start, repeats)),
    ...(await costOf(`the ${end.length} records of an end (${kib(end)})`, 'end', end, repeats)),
    ...(await costOf(
      `the ${stepsStart.length} records of a run with steps until it waits (${kib(stepsStart)})`,
      'steps.start',
      stepsStart,
      repeats,
    )),
    ...(await costOf(`the ${stepsEnd.length} records of its end (${kib(stepsEnd)})`, 'steps.end', stepsEnd, repeats)),
    ...(await costOf(`the ${chain.length} records of a chain (${kib(chain)})`, 'chain', chain, repeats)),
    { group, name: 'JSON.parse, the body of a request', key: 'body.parse', unit: 'µs', readings: parsed, better: 'less' },
    { group, name: 'memory copied', key: 'memory.copy', unit: 'MiB/s', readings: copied, better: 'more' },
  ]
}
