import { expect, test } from 'vitest'
import { createFeed } from '../../electron/core/feed.ts'
import type { ChangeEvent } from '../../shared/contract/events.ts'

const deadline = (id: number): ChangeEvent => ({
  kind: 'deadline',
  approval_id: `apr_${id}`,
  title: 't',
  stage: 'half',
  due_at: '2026-03-02T09:00:00.000Z',
})

const counts = (pending: number): ChangeEvent => ({
  kind: 'counts',
  counts: { pending, due_soon: 0, needs_review: 0, dead_deliveries: 0 },
})

test('a slow watcher gets the latest of each thing', async () => {
  const feed = createFeed()
  const events = feed.subscribe([counts(0)])
  expect((await events.next()).value).toEqual(counts(0))
  for (let pending = 1; pending <= 100; pending++) feed.publish(counts(pending))
  feed.publish(deadline(1))
  expect((await events.next()).value).toEqual(counts(100))
  expect((await events.next()).value).toEqual(deadline(1))
  await events.return()
})

test('a watcher that stopped reading is cut off at once and kept nothing for', async () => {
  const feed = createFeed()
  const watched: boolean[] = []
  feed.onWatched((now) => watched.push(now))
  const events = feed.subscribe([counts(0)])
  await events.next()
  for (let id = 0; id < 20_000; id++) feed.publish(deadline(id))
  // Nobody watches any more: what changes is not even looked up.
  expect(watched).toEqual([true, false])
  expect(await events.next()).toEqual({ done: true, value: undefined })
  expect(watched).toEqual([true, false])
})

test('once it is closed nobody watches, not even who did not read to the end', async () => {
  const feed = createFeed()
  const watched: boolean[] = []
  feed.onWatched((now) => watched.push(now))
  const events = feed.subscribe([counts(0), counts(1)])
  await events.next()
  feed.close()
  expect(watched).toEqual([true, false])
  await events.return()
  expect(watched).toEqual([true, false])
})
