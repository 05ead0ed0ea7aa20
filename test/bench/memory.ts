import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { openTestApp } from '../support/app.ts'
import { pool, sampleRequest } from './runs.ts'

/** Memory of a fresh process that holds this many parked runs, after collection: resident set and heap with buffers, in MB. */
export async function measureMemory(count: number): Promise<{ readonly rss: number; readonly heap: number }> {
  const child = spawn(process.execPath, ['--expose-gc', fileURLToPath(import.meta.url), String(count)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let out = ''
  for await (const chunk of child.stdout) out += chunk
  return JSON.parse(out) as { rss: number; heap: number }
}

/** Parks the runs, closes, and opens the home anew: what counts is what holding them costs, not what taking them in left behind. */
async function run(count: number): Promise<void> {
  const first = await openTestApp()
  await pool(count, 64, (n) => first.source.requests.submitRequest(sampleRequest(n)))
  await first.owner.approvals.list({ limit: 1 })
  await first.stop()
  const again = await openTestApp({ home: first.home })
  await again.owner.approvals.list({ limit: 1 })
  for (let n = 0; n < 5; n++) {
    ;(globalThis as unknown as { gc(): void }).gc()
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  const { rss, heapUsed, external } = process.memoryUsage()
  console.log(JSON.stringify({ rss: rss / 1e6, heap: (heapUsed + external) / 1e6 }))
  await again.remove()
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await run(Number(process.argv[2]))
