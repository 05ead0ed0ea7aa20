import { expect, test } from 'vitest'
import { createChangeFeed } from '../../../electron/core/projection/changes.ts'
import type { Items } from '../../../electron/core/projection/items.ts'
import type { Change } from '../../../electron/core/projection/port.ts'
import { publishChanges } from '../../../electron/core/publish.ts'
import { FakeClock } from '../../support/fake-clock.ts'

const turn = () => new Promise((resolve) => setImmediate(resolve))

test('changes that cannot be read for a moment are handed over a moment later', async () => {
  let failing = true
  const items = {
    runSeqs(ids: readonly string[]) {
      if (failing) throw Object.assign(new Error('too many open files'), { code: 'EMFILE' })
      return ids
    },
    runs: (seqs: readonly string[]) => seqs.map((id) => ({ id })),
    approvalsOfRuns: () => [],
    approvals: () => [],
  } as unknown as Items
  const unread: string[] = []
  const handed: string[] = []
  const feed = createChangeFeed(
    () => items,
    (error) => unread.push(error.message),
  )
  feed.listen((changes: readonly Change[]) => handed.push(...changes.map(({ item }) => item.id)))
  feed.changed(['run_1', 'run_2'])
  await turn()
  expect([unread, handed]).toEqual([['too many open files'], []])
  failing = false
  feed.again()
  await turn()
  expect([unread.length, handed]).toEqual([1, ['run_1', 'run_2']])
})

test('counts that cannot be read for a moment are told the next time', () => {
  const clock = new FakeClock()
  const told: string[] = []
  let failing = true
  let watch = (_: boolean) => {}
  publishChanges({
    clock,
    feed: {
      onWatched(listener: typeof watch) {
        watch = listener
      },
      publish: ({ kind }: { kind: string }) => told.push(kind),
    },
    projection: { onChange: () => () => {}, onProgress: () => {}, progress: { rebuilding: false }, problem: null },
    journal: { onTakenBack: () => {} },
    health: () => ({ status: 'ok' }),
    counts() {
      if (failing) throw new Error('too many open files')
      return {}
    },
  } as never)
  watch(true)
  clock.advance(15_000)
  expect(told).toEqual([])
  failing = false
  clock.advance(15_000)
  expect(told).toEqual(['counts'])
})
