import { rm } from 'node:fs/promises'
import { fillHome, measureFilled, measureFresh } from './memory.ts'
import type { Figure } from './report.ts'
import { measureDecisions, openApprovals } from './runs.ts'
import { openServer } from './server.ts'

/** So many decisions compile the code before those that count. */
const warmUp = 200
const decided = 1000

/** Many parked runs: what they cost in memory, at a start, and whoever decides one of them. */
export async function measureParked(count: number, repeats: number): Promise<Figure[]> {
  const home = await fillHome(count)
  const heap: number[] = []
  const rss: number[] = []
  const ready: number[] = []
  for (let round = 0; round < repeats; round++) {
    const empty = await measureFilled(0)
    const full = await measureFresh(home)
    heap.push(full.heap - empty.heap)
    rss.push(full.rss - empty.rss)
    ready.push(full.ready)
  }
  const times: { p50: number; p99: number }[] = []
  for (let round = 0; round < repeats; round++) {
    const { url, owner, decideToken: token, stop } = await openServer(home)
    const approvals = (await openApprovals(owner, warmUp + decided)).slice(0, warmUp + decided)
    await measureDecisions({ url, token, approvals: approvals.slice(0, warmUp) })
    times.push(await measureDecisions({ url, token, approvals: approvals.slice(warmUp) }))
    await stop()
  }
  await rm(home, { recursive: true, force: true })
  const group = `${count.toLocaleString('en')} parked runs, each one plain request that waits for one person`
  return [
    {
      group,
      name: 'heap and buffers beyond an empty app, after collection',
      key: 'parked.heap',
      size: count,
      unit: 'MB',
      readings: heap,
      aim: 100,
      better: 'less',
    },
    { group, name: 'resident beyond an empty app, after collection', unit: 'MB', readings: rss, aim: 100, better: 'less' },
    {
      group,
      name: 'start of the process → first query answered',
      key: 'parked.ready',
      size: count,
      unit: 's',
      readings: ready,
      aim: 4,
      better: 'less',
    },
    {
      group,
      name: 'decide → completed over HTTP, p50',
      key: 'parked.decide.p50',
      unit: 'ms',
      readings: times.map(({ p50 }) => p50),
      better: 'less',
    },
    {
      group,
      name: 'decide → completed over HTTP, p99',
      key: 'parked.decide.p99',
      unit: 'ms',
      readings: times.map(({ p99 }) => p99),
      aim: 15,
      better: 'less',
    },
  ]
}
