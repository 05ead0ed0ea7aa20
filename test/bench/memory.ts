import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { openTestApp } from '../support/app.ts'
import { pool, sampleRequest } from './runs.ts'

/** Memory of a fresh process that opens a home with this many parked runs, after collection: resident set, and heap with buffers, in MB. */
export async function measureMemory(count: number): Promise<{ readonly rss: number; readonly heap: number }> {
  const first = await openTestApp()
  await pool(count, 64, (n) => first.source.requests.submitRequest(sampleRequest(n)))
  await first.owner.approvals.list({ limit: 1 })
  await first.stop()
  const child = spawn(process.execPath, ['--expose-gc', fileURLToPath(import.meta.url), first.home], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let out = ''
  for await (const chunk of child.stdout) out += chunk
  await first.remove()
  return JSON.parse(out) as { rss: number; heap: number }
}

/** Opens the home and says what that costs, once what reading it left behind is collected. */
async function run(home: string): Promise<void> {
  const app = await openTestApp({ home })
  await app.owner.approvals.list({ limit: 1 })
  for (let n = 0; n < 10; n++) {
    ;(globalThis as unknown as { gc(): void }).gc()
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  const { rss, heapUsed, external } = process.memoryUsage()
  console.log(JSON.stringify({ rss: rss / 1e6, heap: (heapUsed + external) / 1e6 }))
  await app.stop()
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await run(process.argv[2]!)
