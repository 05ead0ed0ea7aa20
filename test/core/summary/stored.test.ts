import { afterEach, expect, it } from 'vitest'
import type { Commit } from '../../../electron/core/commit.ts'
import { JournalError } from '../../../electron/core/journal/port.ts'
import { createSummaries } from '../../../electron/core/summary/summaries.ts'
import { asked, Bench, until } from './bench.ts'

let bench: Bench
afterEach(() => bench?.stop())

const full = new JournalError('disk-full', 'The disk is full.')

it('whoever was promised a summary gets it once there is room on the disk', async () => {
  bench = await Bench.start()
  let refused = 0
  const commit: Commit = (...events) => {
    if (refused > 0) return bench.commit(...events)
    refused++
    return { records: [], durable: Promise.reject(full) }
  }
  const { clock, language } = bench
  const log = { info: () => {}, warn: () => {} }
  const summaries = createSummaries({ config: () => bench.model, language: () => language, commit, clock, log })
  summaries.start()
  summaries.request({ id: 'a', run_id: 'run-a', asked })
  await until(() => refused === 1 && bench.ollama.sockets() === 0)
  for (let minute = 0; minute < 10; minute++) {
    clock.advance(60_000)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  expect(bench.recorded.map(({ approval_id }) => approval_id)).toEqual(['a'])
  await summaries.stop()
})

it('what has been decided meanwhile gets none', async () => {
  bench = await Bench.start()
  const { clock, language } = bench
  const stored: unknown[] = []
  const refusal = Promise.withResolvers<void>()
  const commit: Commit = (...events) => {
    stored.push(...events)
    return { records: [], durable: refusal.promise }
  }
  const log = { info: () => {}, warn: () => {} }
  const summaries = createSummaries({ config: () => bench.model, language: () => language, commit, clock, log })
  summaries.start()
  summaries.request({ id: 'a', run_id: 'run-a', asked })
  await until(() => stored.length === 1)
  summaries.forget('a')
  refusal.reject(full)
  await until(() => bench.ollama.sockets() === 0)
  clock.advance(600_000)
  expect(stored.length).toBe(1)
  await summaries.stop()
})
