import { openTestApp } from '../support/app.ts'
import { pool } from './pool.ts'
import type { Figure } from './report.ts'
import { openApprovals, sampleRequest } from './runs.ts'

/** How long a start takes over a long journal, and how fast the database is computed from it. */
export async function measureRestart(events: number, repeats: number): Promise<Figure[]> {
  const first = await openTestApp()
  // Four events a finished run: started, asked, decided, completed.
  const runs = events / 4
  await pool(runs, 128, (n) => first.source.requests.submitRequest(sampleRequest(n)))
  const approvals = await openApprovals(first.owner, runs)
  await pool(runs, 128, (n) => first.owner.approvals.decide({ approval_id: approvals[n]![1], decision: 'approve' }))
  await first.owner.approvals.list({ limit: 1 })
  await first.stop()
  const ready: number[] = []
  const rebuilt: number[] = []
  for (let round = 0; round < repeats; round++) {
    let startedAt = performance.now()
    const app = await openTestApp({ home: first.home })
    await app.owner.approvals.list({ limit: 1 })
    ready.push((performance.now() - startedAt) / 1000)
    startedAt = performance.now()
    const { records } = await app.owner.system.rebuild({})
    rebuilt.push(records / ((performance.now() - startedAt) / 1000))
    await app.stop()
  }
  await first.remove()
  const group = `Start over a journal of ${events.toLocaleString('en')} events`
  return [
    {
      group,
      name: 'open home → first query answered',
      key: 'restart.ready',
      size: runs,
      unit: 's',
      readings: ready,
      aim: 2,
      better: 'less',
    },
    {
      group,
      name: 'rebuild of the database',
      key: 'restart.rebuild',
      unit: 'events/s',
      readings: rebuilt,
      aim: 80_000,
      better: 'more',
    },
  ]
}
