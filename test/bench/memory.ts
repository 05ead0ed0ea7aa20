import { spawn } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { openTestApp } from '../support/app.ts'
import { pool } from './pool.ts'
import type { Figure } from './report.ts'
import { quietHome, sampleRequest } from './runs.ts'

/** A fresh process over a home. */
export type Fresh = {
  /** Resident set after collection, MB. */
  readonly rss: number
  /** Heap with buffers after collection, MB. */
  readonly heap: number
  /** From the start of the process until the first query was answered, seconds. */
  readonly ready: number
}

/** A home with this many parked runs: each a request that waits for one person's answer. */
export async function fillHome(count: number): Promise<string> {
  const app = await openTestApp({ home: quietHome() })
  await pool(count, 64, (n) => app.source.requests.submitRequest(sampleRequest(n)))
  await app.owner.approvals.list({ limit: 1 })
  await app.stop()
  return app.home
}

/** What it takes a process of its own to open a home. */
export async function measureFresh(home: string): Promise<Fresh> {
  const child = spawn(process.execPath, ['--expose-gc', fileURLToPath(import.meta.url), home], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let out = ''
  for await (const chunk of child.stdout) out += chunk
  return JSON.parse(out) as Fresh
}

/** So many parked runs in a fresh process, beyond an empty application. */
export async function measureMemory(count: number, repeats: number): Promise<Figure[]> {
  const rss: number[] = []
  const heap: number[] = []
  for (let round = 0; round < repeats; round++) {
    const [empty, full] = [await measureFilled(0), await measureFilled(count)]
    rss.push(full.rss - empty.rss)
    heap.push(full.heap - empty.heap)
  }
  const group = 'Memory of a fresh process'
  const parked = `${count.toLocaleString('en')} parked runs`
  return [
    {
      group,
      name: `${parked}, heap and buffers beyond an empty app`,
      key: 'memory.heap',
      size: count,
      unit: 'MB',
      readings: heap,
      aim: 20,
      better: 'less',
    },
    { group, name: `${parked}, resident beyond an empty app`, unit: 'MB', readings: rss, aim: 20, better: 'less' },
  ]
}

/** The same as `measureFresh` over a home with so many parked runs that is made and removed for it. */
export async function measureFilled(count: number): Promise<Fresh> {
  const home = await fillHome(count)
  const fresh = await measureFresh(home)
  await rm(home, { recursive: true, force: true })
  return fresh
}

/** Opens the home and says what that costs, once what reading it left behind is collected. */
async function run(home: string): Promise<void> {
  const app = await openTestApp({ home })
  await app.owner.approvals.list({ limit: 1 })
  const ready = performance.now() / 1000
  for (let n = 0; n < 10; n++) {
    ;(globalThis as unknown as { gc(): void }).gc()
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  const { rss, heapUsed, external } = process.memoryUsage()
  console.log(JSON.stringify({ rss: rss / 1e6, heap: (heapUsed + external) / 1e6, ready }))
  await app.stop()
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await run(process.argv[2]!)
