import { readFileSync } from 'node:fs'
import { platform } from 'node:os'
import { Worker } from 'node:worker_threads'
import { afterEach, expect, test } from 'vitest'
import { openScene, type Scene } from './scene.ts'

const crowd = 1500
/** How many connections the system lets wait for a program at most. */
const mostWaiting = platform() === 'linux' ? Number(readFileSync('/proc/sys/net/core/somaxconn', 'utf8')) : 0

/** From a thread of its own: connects all at once, and says how many the system has connected. */
const connecting = `
  const { connect } = require('node:net')
  const { workerData: { port, crowd, connected } } = require('node:worker_threads')
  for (let n = 0; n < crowd; n++) {
    connect(port, '127.0.0.1', () => {
      if (Atomics.add(connected, 0, 1) + 1 === crowd) Atomics.notify(connected, 1)
    }).on('error', () => {})
  }
`

let scene: Scene
afterEach(() => scene?.close())

// Those who were cut off come back in the same moment, and the host may be reading its journal.
test.skipIf(mostWaiting < crowd)('a crowd that comes while the host is busy waits in line, and nobody is turned away', async () => {
  scene = await openScene()
  const connected = new Int32Array(new SharedArrayBuffer(8))
  const worker = new Worker(connecting, { eval: true, workerData: { port: scene.port, crowd, connected } })
  await new Promise((resolve) => worker.once('online', resolve))
  // Busy: nobody is let in before this ends.
  Atomics.wait(connected, 1, 0, 10_000)
  expect(connected[0]).toBe(crowd)
  expect((await scene.send('GET', '/healthz')).status).toBe(200)
  await worker.terminate()
})
