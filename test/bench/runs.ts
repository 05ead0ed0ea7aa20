import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fromRequest } from '../../electron/core/submissions.ts'
import { type Client, newHome, openTestApp, type TestApp } from '../support/app.ts'
import { openBook } from './book.ts'
import { pool } from './pool.ts'
import { type Figure, quantile } from './report.ts'

/** The request that every bench posts: about 500 bytes of JSON. */
export const sampleRequest = (n: number) => ({
  type: 'refund',
  title: `Refund for order 88-${n}`,
  description: 'The customer says that the parcel never arrived; the carrier confirms it.',
  requester: 'shop-backend',
  amount: 1240.5,
  currency: 'EUR',
  data: { order_id: `88-${n}`, customer: 'c_19284', items: [{ sku: 'A-1', count: 2 }], note: 'x'.repeat(180) },
})

/** A new home without a model: the machine of a bench has none. */
export function quietHome(more = ''): string {
  const home = newHome()
  writeFileSync(join(home, 'config.yaml'), `model:\n  enabled: false\n${more}`)
  return home
}

type Calls = {
  submit(n: number): Promise<unknown>
  decide(task: string, approval: string): Promise<unknown>
}

/** The two ways in, within a process: the engine itself, and the contract with its checks in front of it. */
const calls: Record<'engine' | 'router', (app: TestApp) => Promise<Calls>> = {
  engine: async ({ app, home }) => {
    const deps = { policy: await openBook(home), owner: app.settings.config.owner, acts: () => false }
    const caller = app.ownerCaller('http')
    const actor = { kind: 'source', id: 'src_test', via: 'http' } as const
    return {
      submit(n) {
        const spec = fromRequest({ priority: 'normal', ...sampleRequest(n) }, deps, 'src_test')
        if (!spec.ok) throw new Error(spec.failure.message)
        return app.engine.submit(spec.value, { id: 'src_test' }, actor)
      },
      async decide(task, approval_id) {
        const ended = app.engine.wait(task, 60_000)
        await app.engine.decide({ approval_id, decision: 'approve' }, caller)
        await ended
      },
    }
  },
  router: async ({ source, owner }) => ({
    submit: (n) => source.requests.submitRequest(sampleRequest(n)),
    async decide(task_id, approval_id) {
      const ended = owner.tasks.wait({ task_id, timeout_seconds: 60 })
      await owner.approvals.decide({ approval_id, decision: 'approve' })
      await ended
    },
  }),
}

/** Starts runs and decides them: every acknowledgement is durable, the projection follows behind. */
export async function measureRuns(count: number, repeats: number): Promise<Figure[]> {
  const figures: Figure[] = []
  for (const way of ['engine', 'router'] as const) {
    for (const inFlight of [64, 256]) figures.push(...(await measureWay(way, count, inFlight, repeats)))
  }
  return figures
}

async function measureWay(way: 'engine' | 'router', count: number, inFlight: number, repeats: number): Promise<Figure[]> {
  const parked: Timed[] = []
  const finished: Timed[] = []
  for (let round = 0; round < repeats; round++) {
    const app = await openTestApp({ home: quietHome() })
    const { submit, decide } = await calls[way](app)
    // The first calls compile the code; they are not what it does all day.
    await pool(2000, inFlight, submit)
    parked.push(await timed(count, inFlight, submit))
    const approvals = await openApprovals(app.owner, count)
    finished.push(await timed(count, inFlight, (n) => decide(...approvals[n]!)))
    await app.remove()
  }
  const group = `In process, everything durable, ${inFlight} in flight, ${way === 'engine' ? 'by the engine' : 'through the contract with its checks'}`
  const figures = (name: string, step: string, of: readonly Timed[], aim: number): Figure[] => [
    {
      group,
      name,
      key: `runs.${step}.${inFlight}`,
      unit: 'runs/s',
      readings: of.map(({ perSecond }) => perSecond),
      aim,
      better: 'more',
    },
    {
      group,
      name: `${name}, processor time of all threads`,
      key: `runs.${step}.cpu`,
      unit: 'µs',
      readings: of.map(({ cpu }) => cpu),
      better: 'less',
    },
  ]
  return [...figures('start → parked', 'parked', parked, 15_000), ...figures('decide → completed', 'finished', finished, 12_000)]
}

/** How fast, and how many microseconds of processor time each takes: that stays what it is on a busy machine. */
type Timed = { readonly perSecond: number; readonly cpu: number }

async function timed(count: number, inFlight: number, work: (n: number) => Promise<unknown>): Promise<Timed> {
  const before = process.cpuUsage()
  const startedAt = performance.now()
  await pool(count, inFlight, work)
  const seconds = (performance.now() - startedAt) / 1000
  const { user, system } = process.cpuUsage(before)
  return { perSecond: count / seconds, cpu: (user + system) / count }
}

/** Task and approval ids of everything that waits. */
export async function openApprovals(owner: Client, count: number): Promise<(readonly [string, string])[]> {
  const found: (readonly [string, string])[] = []
  let cursor: string | null = null
  do {
    const page: Awaited<ReturnType<Client['approvals']['list']>> = await owner.approvals.list({
      status: ['pending'],
      sort: 'oldest',
      limit: 1000,
      ...(cursor ? { cursor } : {}),
    })
    for (const item of page.items) found.push([item.run_id, item.id])
    cursor = page.next_cursor
  } while (cursor && found.length < count)
  return found
}

/** One decision after the other over HTTP, while many runs are parked. */
export async function measureDecisions(options: {
  readonly url: string
  readonly token: string
  readonly approvals: readonly (readonly [string, string])[]
}): Promise<{ p50: number; p99: number }> {
  const headers = { authorization: `Bearer ${options.token}`, 'content-type': 'application/json' }
  const times: number[] = []
  for (const [task, approval_id] of options.approvals) {
    const ended = fetch(`${options.url}/tasks/${task}/wait?timeout_seconds=30`, { headers })
    // The wait must be in place first: what is measured is from the decision to the waiting program's answer.
    await new Promise((resolve) => setTimeout(resolve, 3))
    const startedAt = performance.now()
    const decided = fetch(`${options.url}/approvals/decide`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ approval_id, decision: 'approve' }),
    })
    const answer = (await (await ended).json()) as { status: string }
    times.push(performance.now() - startedAt)
    if (!(await decided).ok || answer.status !== 'completed') throw new Error(`${task} ended as ${answer.status}`)
  }
  return { p50: quantile(times, 0.5), p99: quantile(times, 0.99) }
}
