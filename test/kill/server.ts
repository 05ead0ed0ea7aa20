import { startHeadless } from '../../electron/headless/host.ts'

/** The real headless application as a process of its own, to be killed. Prints its address once it takes requests. */
const [home, owner] = process.argv.slice(2)
const host = await startHeadless({ home: home!, owner: owner!, port: 0 })
console.log(host.url)
