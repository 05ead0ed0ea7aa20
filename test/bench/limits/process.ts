import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Figure } from '../report.ts'
import { readings } from './readings.ts'

const group = "The machine's limits: a process and its memory"
const count = 50_000

async function output(...words: string[]): Promise<{ readonly text: string; readonly ms: number }> {
  const startedAt = performance.now()
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] })
  let text = ''
  child.stdout.on('data', (chunk) => (text += chunk))
  await once(child, 'close')
  return { text, ms: performance.now() - startedAt }
}

/** What a process costs before it does anything, and the least that a run which waits needs in it. */
export async function measureProcess(repeats: number): Promise<Figure[]> {
  const empty = await readings(repeats, async () => (await output('--eval', '0')).ms)
  const table = await readings(repeats, async () => {
    const { text } = await output('--expose-gc', fileURLToPath(import.meta.url))
    return Number(text)
  })
  return [
    {
      group,
      name: 'an empty program, from its start to its end',
      key: 'process.start',
      unit: 'ms',
      readings: empty,
      better: 'less',
    },
    {
      group,
      name: 'a run in a table of ids, positions and deadlines',
      key: 'run.bytes',
      unit: 'bytes',
      readings: table,
      better: 'less',
    },
  ]
}

function heap(): number {
  for (let n = 0; n < 5; n++) (globalThis as unknown as { gc(): void }).gc()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

function fill(): void {
  const id = (kind: string, n: number) => Buffer.from(`${kind}_${n.toString(16).padStart(36, '0')}`).toString('latin1')
  const before = heap()
  const runs = new Map<string, { approval: string; started: number; asked: number; due: number }>()
  for (let n = 0; n < count; n++) {
    runs.set(id('run', n), {
      approval: id('apr', n),
      started: 2 ** 32 + n * 4000,
      asked: 2 ** 32 + n * 4000 + 1500,
      due: 1.9e12 + n,
    })
  }
  console.log((heap() - before) / runs.size)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) fill()
