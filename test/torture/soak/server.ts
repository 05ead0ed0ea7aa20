import { readdirSync, readlinkSync } from 'node:fs'
import { createHistogram } from 'node:perf_hooks'
import { startHeadless } from '../../../electron/headless/host.ts'
import { processorOf } from '../life/processor.ts'

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
  /** Open files and sockets, where the system tells; and of these the journal's own, of which a bounded number is kept open. */
  readonly fds: number
  readonly segments: number
  /** Milliseconds that the process worked, and that it could have worked while others had the processor, since it began. */
  readonly processor: { readonly worked: number; readonly waited: number }
  readonly delay: Delay
  readonly overall: Delay
  readonly own: Delay
  readonly errors: number
}
export type Delay = { readonly p50: number; readonly p99: number; readonly max: number }

const toNs = (ms: number): number => Math.max(1, Math.round(ms * 1e6))

/** Since the last reading, and since the beginning; and the same without the time in which others had the processor. */
const window = createHistogram()
const overall = createHistogram()
const own = createHistogram()
let last = { at: performance.now(), waited: processorOf('self').waited }
setInterval(() => {
  const now = { at: performance.now(), waited: processorOf('self').waited }
  const delay = now.at - last.at
  for (const histogram of [window, overall]) histogram.record(toNs(delay))
  own.record(toNs(delay - (now.waited - last.waited)))
  last = now
}, 10).unref()

const inMs = (histogram: { percentile(of: number): number; max: number }): Delay => ({
  p50: histogram.percentile(50) / 1e6,
  p99: histogram.percentile(99) / 1e6,
  max: histogram.max / 1e6,
})

function countFiles(): { fds: number; segments: number } {
  const folder = '/proc/self/fd'
  try {
    const files = readdirSync(folder).map((fd) => nameOf(`${folder}/${fd}`))
    return { fds: files.length, segments: files.filter((file) => /journal.\d+\.jsonl$/.test(file)).length }
  } catch {
    return { fds: 0, segments: 0 }
  }
}

/** It may be closed by now. */
function nameOf(link: string): string {
  try {
    return readlinkSync(link)
  } catch {
    return ''
  }
}

/** Collecting what is garbage is our doing: the time that it takes is not counted as a delay. */
function read(): Condition {
  const delay = inMs(window)
  const resources = process.getActiveResourcesInfo()
  const files = countFiles()
  for (let round = 0; round < 3; round++) globalThis.gc?.()
  const { heapUsed, external, rss } = process.memoryUsage()
  window.reset()
  last = { at: performance.now(), waited: processorOf('self').waited }
  const kinds: Record<string, number> = {}
  for (const kind of resources) kinds[kind] = (kinds[kind] ?? 0) + 1
  return {
    heap: heapUsed + external,
    rss,
    handles: resources.length,
    kinds,
    ...files,
    processor: processorOf('self'),
    delay,
    overall: inMs(overall),
    own: inMs(own),
    errors,
  }
}

process.on('message', (asked) => {
  if (asked === 'condition') process.send!(read())
  if (asked === 'stop') void host.stop().then(() => process.exit(0))
})
process.on('disconnect', () => process.exit(1))
process.send!({ url: host.url })
