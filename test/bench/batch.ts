import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { carryOutBarely, sendBarely } from './limits/batch.ts'
import type { Figure } from './report.ts'
import { openApprovals, quietHome } from './runs.ts'
import { type BenchServer, noLimits, openServer } from './server.ts'

const group = 'A batch over loopback HTTP'

/** Batches of so many items: sent, approved once, and each item posted to a server that carries it out. */
export async function measureBatch(items: number, repeats: number): Promise<Figure[]> {
  const payee = await startPayee()
  const home = quietHome(`${noLimits}actions:\n  refund:\n    url: ${payee.url}\n`)
  const server = await openServer(home)
  const sent: number[] = []
  const done: number[] = []
  const whole: number[] = []
  const bare: { sent: number; done: number }[] = []
  try {
    // One round more than is counted: the first compiles the code.
    for (let round = 0; round <= repeats; round++) {
      const reading = await runBatch(server, items, round)
      const bareFile = join(home, 'bare.jsonl')
      const raw = {
        sent: await sendBarely(bareFile, bodyOf(items, round)),
        done: await carryOutBarely(payee.url, bareFile, items),
      }
      if (round === 0) continue
      bare.push(raw)
      sent.push(reading.sent)
      done.push(reading.done)
      whole.push(reading.sent + reading.done)
    }
  } finally {
    await server.stop()
    payee.process.kill()
    await rm(home, { recursive: true, force: true })
  }
  const count = items.toLocaleString('en')
  const [sentBarely, doneBarely] = [bare.map((each) => each.sent), bare.map((each) => each.done)]
  return [
    {
      group,
      name: 'the same bytes to a server that only writes, syncs and answers',
      key: 'batch.bare.sent',
      unit: 's',
      readings: sentBarely,
    },
    { group, name: 'the same posts by Node alone, a record of each', key: 'batch.bare.done', unit: 's', readings: doneBarely },
    { group, name: `POST of ${count} items → its answer, durable`, key: 'batch.sent', unit: 's', readings: sent, better: 'less' },
    {
      group,
      name: 'decide → every item posted to its action, run completed',
      key: 'batch.done',
      unit: 's',
      readings: done,
      better: 'less',
    },
    { group, name: `${count} items sent, decided and carried out`, unit: 's', readings: whole, aim: 3, better: 'less' },
  ]
}

const bodyOf = (items: number, round: number): string =>
  JSON.stringify({
    approver_email: 'owner@example.com',
    items: Array.from({ length: items }, (_, n) => ({
      type: 'refund',
      data: { order: `88-${round}-${n}, customer c_19284, 12.50 EUR, lost on its way` },
    })),
  })

async function runBatch(
  { url, owner, submitToken, decideToken }: BenchServer,
  items: number,
  round: number,
): Promise<{ readonly sent: number; readonly done: number }> {
  const body = bodyOf(items, round)
  const headers = (token: string) => ({ authorization: `Bearer ${token}`, 'content-type': 'application/json' })
  let startedAt = performance.now()
  const answer = await fetch(`${url}/approvals/batch`, { method: 'POST', headers: headers(submitToken), body })
  if (!answer.ok) throw new Error(`The batch was answered ${answer.status}: ${await answer.text()}`)
  const { task_id } = (await answer.json()) as { task_id: string }
  const sent = (performance.now() - startedAt) / 1000
  const [[, approval_id]] = (await openApprovals(owner, 1)) as [readonly [string, string]]
  startedAt = performance.now()
  const ended = fetch(`${url}/tasks/${task_id}/wait?timeout_seconds=60`, { headers: headers(decideToken) })
  const decided = await fetch(`${url}/approvals/decide`, {
    method: 'POST',
    headers: headers(decideToken),
    body: JSON.stringify({ approval_id, decision: 'approve' }),
  })
  if (!decided.ok) throw new Error(`The decision was answered ${decided.status}: ${await decided.text()}`)
  const { status } = (await (await ended).json()) as { status: string }
  const done = (performance.now() - startedAt) / 1000
  const run = await owner.tasks.get({ task_id })
  const processed = (run.result as { processed_items?: number } | null)?.processed_items
  if (status !== 'completed' || processed !== items) throw new Error(`${processed} of ${items} items were carried out; ${status}`)
  return { sent, done }
}

/** Whatever carries items out, in a process of its own. */
async function startPayee(): Promise<{ readonly url: string; readonly process: ChildProcess }> {
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url)], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [port] = (await once(child.stdout, 'data')) as [Buffer]
  return { url: `http://127.0.0.1:${String(port).trim()}/refunds`, process: child }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const server = createServer((request, response) => {
    request.resume().on('end', () => response.setHeader('content-type', 'application/json').end('{"paid":true}'))
  })
  server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port))
}
