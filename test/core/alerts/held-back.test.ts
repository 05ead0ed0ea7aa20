import { expect, it } from 'vitest'
import { Desk } from '../../../electron/core/alerts/desk.ts'
import { hostWords } from '../../../shared/words/host.ts'
import { FakeClock } from '../../support/fake-clock.ts'

it('what a quiet time held back and cannot be read as it ends is told a little later', () => {
  const clock = new FakeClock()
  const item = {
    ...{
      id: 'apr_1',
      type: 'refund',
      title: 'Refund',
      status: 'pending',
      risk: 'low',
      priority: 'normal',
      held: null,
      due_at: null,
    },
    ...{
      snoozes: [],
      progress: { done: 0 },
      levels: [],
      emails: [],
      approvers: [],
      created_at: new Date(clock.now()).toISOString(),
    },
  }
  const problems: string[] = []
  const published: unknown[] = []
  let failing = true
  let reads = 0
  const desk = new Desk({
    clock,
    live: { approvals: new Map([['apr_1', { course: null, created_at: clock.now() }]]) },
    rules: () => ({
      ...{ new_requests: true, deadlines: true, sound: false, renag_minutes: 0, digest_minutes: 0, rules: [] },
      quiet: { from: '00:00', until: '23:00', days: [], let_through: 'none' },
    }),
    audience: () => ({}),
    words: () => hostWords('en'),
    publish: (event: unknown) => published.push(event),
    item() {
      reads++
      // The first reading is the one that finds it to be held back.
      if (reads > 1 && failing) throw new Error('too many open files')
      return item
    },
    log: { error: (_: object, message: string) => problems.push(message) },
  } as never)
  desk.start()
  desk.happened('apr_1', { reason: 'back', at: clock.now() }, ['ana@example.com'])
  clock.advance(48 * 3_600_000)
  expect([problems.length > 0, published.length]).toEqual([true, 0])
  failing = false
  clock.advance(60_000)
  expect(published.length).toBeGreaterThan(0)
})
