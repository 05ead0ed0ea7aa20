import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pool } from '../pool.ts'
import { openAwaitly } from './awaitly.ts'
import type { Candidate, Open, Work } from './candidate.ts'
import { openCountersign } from './countersign.ts'
import { openOpenworkflow } from './openworkflow.ts'

/* One candidate in a process of its own: `node one.ts NAME SCRATCH COUNT IN_FLIGHT` prints what it did as JSON. */

/** Starts so many, waits until all are parked, decides them, and waits until all have ended. */
async function work(candidate: Candidate, from: number, count: number, inFlight: number): Promise<Work> {
  const perSecond = (startedAt: number) => count / ((performance.now() - startedAt) / 1000)
  const before = process.cpuUsage()
  let startedAt = performance.now()
  await pool(count, inFlight, (n) => candidate.start(from + n))
  const acked = perSecond(startedAt)
  await candidate.parked(count)
  const parked = perSecond(startedAt)
  startedAt = performance.now()
  await pool(count, inFlight, (n) => candidate.decide(from + n))
  await candidate.completed(from + count)
  const finished = perSecond(startedAt)
  const { user, system } = process.cpuUsage(before)
  return { acked, parked, finished, cpu: (user + system) / count }
}

const candidates: Readonly<Record<string, Open>> = {
  countersign: openCountersign,
  awaitly: openAwaitly,
  openworkflow: openOpenworkflow,
}

async function main(name: string, scratch: string, count: number, inFlight: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), `bench-${name}-`))
  const candidate = await candidates[name]!({ folder, scratch, inFlight })
  try {
    // The first thousands of calls compile the code, more than once; they are not what it does all day.
    await work(candidate, 0, count, inFlight)
    console.log(JSON.stringify({ ...(await work(candidate, count, count, inFlight)), durability: candidate.durability }))
  } finally {
    await candidate.close()
    await rm(folder, { recursive: true, force: true })
  }
  process.exit(0)
}

const [name, scratch, count, inFlight] = process.argv.slice(2)
await main(name!, scratch!, Number(count), Number(inFlight))
