import { readdirSync } from 'node:fs'
import { createHistogram } from 'node:perf_hooks'
import { startHeadless } from '../../../electron/headless/host.ts'

/** The real headless application as a process of its own, which says how it is when it is asked. */
const [home, owner] = process.argv.slice(2)
let errors = 0
const log = { info: () => {}, warn: () => {}, error: () => void errors++ }
const host = await startHeadless({ home: home!, owner: owner!, port: 0, log })

/** One reading. Bytes after collection; delays in milliseconds between ticks that want to be 10 ms apart. */
export type Condition = {
  readonly heap: number
  readonly rss: number
  readonly handles: number
  readonly kinds: Readonly<Record<string, number>>
  /** Open files and sockets, where the system tells. */
  readonly fds: number | null
  readonly delay: Delay
  readonly overall: Delay
  readonly errors: number
}
export type Delay = { readonly p50: number; readonly p99: number; readonly max: number }

const window = createHistogram()
const overall = createHistogram()
let last = process.hrtime.bigint()
setInterval(() => {
  const now = process.hrtime.bigint()
  window.record(now - last)
  overall.record(now - last)
  last = now
}, 10).unref()

const inMs = (histogram: { percentile(of: number): number; max: number }): Delay => ({
  p50: histogram.percentile(50) / 1e6,
  p99: histogram.percentile(99) / 1e6,
  max: histogram.max / 1e6,
})

function countFds(): number | null {
  try {
    return readdirSync('/proc/self/fd').length
  } catch {
    return null
  }
}

/** Collecting what is garbage is our doing: the time that it takes is not counted as a delay. */
function read(): Condition {
  const delay = inMs(window)
  const resources = process.getActiveResourcesInfo()
  const fds = countFds()
  for (let round = 0; round < 3; round++) globalThis.gc?.()
  const { heapUsed, external, rss } = process.memoryUsage()
  window.reset()
  last = process.hrtime.bigint()
  const kinds: Record<string, number> = {}
  for (const kind of resources) kinds[kind] = (kinds[kind] ?? 0) + 1
  return { heap: heapUsed + external, rss, handles: resources.length, kinds, fds, delay, overall: inMs(overall), errors }
}

process.on('message', (asked) => {
  if (asked === 'condition') process.send!(read())
  if (asked === 'stop') void host.stop().then(() => process.exit(0))
})
process.on('disconnect', () => process.exit(1))
process.send!({ url: host.url })
