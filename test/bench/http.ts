import { rm } from 'node:fs/promises'
import { measureLoad } from './load.ts'
import type { Figure } from './report.ts'
import { measureDecisions, openApprovals, quietHome, sampleRequest } from './runs.ts'
import { noLimits, openServer } from './server.ts'

export type HttpOptions = {
  /** Requests of each of two loads. */
  readonly count: number
  readonly repeats: number
}

/** Intake and decisions over one real headless server. */
export async function measureHttp({ count, repeats }: HttpOptions): Promise<Figure[]> {
  const fresh: number[] = []
  const ingest: number[] = []
  const p99: number[] = []
  const cpu: number[] = []
  const decisions: { p50: number; p99: number }[] = []
  for (let round = 0; round < repeats; round++) {
    const home = quietHome(noLimits)
    const { url, port, owner, submitToken, decideToken, stop } = await openServer(home)
    const load = {
      port,
      path: '/requests',
      token: submitToken,
      connections: 64,
      count,
      body: JSON.stringify(sampleRequest(0)).replaceAll('88-0', '88-{n}'),
    }
    // A server that has just started compiles its code under the first requests: told apart from what it does all day.
    const first = await measureLoad(load)
    fresh.push(first.perSecond)
    const approvals = await openApprovals(owner, 1000)
    decisions.push(await measureDecisions({ url, token: decideToken, approvals: approvals.slice(0, 500) }))
    const before = process.cpuUsage()
    const result = await measureLoad(load)
    const { user, system } = process.cpuUsage(before)
    cpu.push((user + system) / count)
    if (first.failures + result.failures > 0) throw new Error(`${first.failures + result.failures} requests failed`)
    ingest.push(result.perSecond)
    p99.push(result.p99)
    await stop()
    await rm(home, { recursive: true, force: true })
  }
  const group = 'Over loopback HTTP, load from a second process on the same cores'
  const decided = (share: 'p50' | 'p99', aim: number): Figure => ({
    group,
    name: `decide → completed, about 10,000 parked, ${share}`,
    key: `http.decide.${share}`,
    unit: 'ms',
    readings: decisions.map((found) => found[share]),
    aim,
    better: 'less',
  })
  return [
    {
      group,
      name: 'ingest, 64 connections, durable and parked before the 202',
      key: 'http.ingest',
      unit: 'req/s',
      readings: ingest,
      aim: 10_000,
      better: 'more',
    },
    {
      group,
      name: 'ingest, processor time of all threads of ours',
      key: 'http.ingest.cpu',
      unit: 'µs',
      readings: cpu,
      better: 'less',
    },
    { group, name: 'ingest, slowest hundredth', key: 'http.ingest.p99', unit: 'ms', readings: p99, better: 'less' },
    { group, name: 'ingest, the first 10,000 after a start', unit: 'req/s', readings: fresh },
    decided('p50', 2),
    decided('p99', 10),
  ]
}
