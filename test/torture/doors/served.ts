import { startHeadless } from '../../../electron/headless/host.ts'

/**
 * The real headless application as a process of its own, which says how it is when it is asked. Faults are not caught here: a process
 * that ends by one is what is looked for.
 */
const [home, owner] = process.argv.slice(2)
let errors = 0
const log = { info: () => {}, warn: () => {}, error: () => void errors++ }
const host = await startHeadless({ home: home!, owner: owner!, port: 0, log })

export type Condition = { readonly heap: number; readonly rss: number; readonly handles: number; readonly errors: number }

process.on('message', (asked) => {
  if (asked === 'link') process.send!({ link: host.signInLink() })
  if (asked !== 'condition') return
  for (let round = 0; round < 3; round++) globalThis.gc?.()
  const { heapUsed: heap, rss } = process.memoryUsage()
  process.send!({ heap, rss, handles: process.getActiveResourcesInfo().length, errors } satisfies Condition)
})
process.send!({ url: host.url })
