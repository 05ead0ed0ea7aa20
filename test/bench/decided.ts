import { rm } from 'node:fs/promises'
import type { Page } from '@playwright/test'
import { openBrowser, openInbox } from './browser.ts'
import type { Figure } from './report.ts'
import { quietHome, sampleRequest } from './runs.ts'
import { type BenchServer, noLimits, openServer } from './server.ts'

/** So many are decided; memory is looked at after each thousand. */
const total = 10_000
const step = 1000
/** These wait all the time, so that the list has rows; and so many more are under way. */
const staying = 20
const inFlight = 8

type Reading = { readonly page: number; readonly nodes: number; readonly host: number }

/**
 * What ten thousand requests leave behind that come and are decided while somebody's inbox is open: JavaScript's heap in the page and
 * in the host, each after collection, and elements in the page. Flat is when the last thousands add nothing to the first ones.
 */
export async function measureDecided(count = total): Promise<Figure[]> {
  const home = quietHome(noLimits)
  const server = await openServer(home)
  const browser = await openBrowser()
  const readings: Reading[] = []
  let seconds = 0
  try {
    for (let n = 0; n < staying; n++) await submit(server, n)
    const page = await openInbox(browser, (await server.owner.system.link({})).url)
    // The first ones compile the code and fill what is kept on purpose.
    await comeAndGo(server, step)
    readings.push(await read(page))
    for (let done = 0; done < count; done += step) {
      const startedAt = performance.now()
      await comeAndGo(server, step)
      seconds += (performance.now() - startedAt) / 1000
      readings.push(await read(page))
    }
  } finally {
    await browser.close()
    await server.stop()
    await rm(home, { recursive: true, force: true })
  }
  const group = `${count.toLocaleString('en')} requests that come and are decided while the inbox is open`
  const [first, last] = [readings[0]!, readings.at(-1)!]
  return [
    {
      group,
      name: 'page: heap at the end beyond the beginning',
      unit: 'MB',
      readings: [last.page - first.page],
      aim: 3,
      better: 'less',
    },
    { group, name: 'page: heap after each thousand', unit: 'MB', readings: readings.map((each) => each.page) },
    {
      group,
      name: 'page: elements and texts at the end beyond the beginning',
      unit: '',
      readings: [last.nodes - first.nodes],
      aim: 500,
      better: 'less',
    },
    {
      group,
      name: 'host: heap at the end beyond the beginning',
      unit: 'MB',
      readings: [last.host - first.host],
      aim: 10,
      better: 'less',
    },
    { group, name: 'host: heap after each thousand', unit: 'MB', readings: readings.map((each) => each.host) },
    { group, name: 'decided with the page open', unit: '1/s', readings: [count / seconds] },
  ]
}

async function post<T>({ url }: BenchServer, path: string, token: string, body: unknown): Promise<T> {
  const answer = await fetch(`${url}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
  return (await answer.json()) as T
}

const submit = (server: BenchServer, n: number) =>
  post<{ task_id: string }>(server, '/requests', server.submitToken, sampleRequest(n))

async function comeAndGo(server: BenchServer, count: number): Promise<void> {
  let next = 0
  const one = async () => {
    while (next < count) {
      const { task_id } = await submit(server, next++)
      const { pending_approvals } = await server.owner.tasks.status({ task_id })
      const approval_id = pending_approvals[0]!.id
      await post(server, '/approvals/decide', server.decideToken, { approval_id, decision: 'approve' })
    }
  }
  await Promise.all(Array.from({ length: inFlight }, one))
}

/** Once what is under way has arrived in the page, and nothing that can be collected is left. */
async function read(page: Page): Promise<Reading> {
  await page.waitForTimeout(1500)
  const session = await page.context().newCDPSession(page)
  await session.send('HeapProfiler.enable')
  for (let n = 0; n < 3; n++) await session.send('HeapProfiler.collectGarbage')
  const { usedSize } = await session.send('Runtime.getHeapUsage')
  const { nodes } = await session.send('Memory.getDOMCounters')
  await session.detach()
  for (let n = 0; n < 3; n++) (globalThis as { gc?: () => void }).gc?.()
  const { heapUsed, external } = process.memoryUsage()
  return { page: usedSize / 1e6, nodes, host: (heapUsed + external) / 1e6 }
}
