import { Webhook } from 'standardwebhooks'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createOutbox, type DeliveryOutbox } from '../../../electron/core/channels/outbox.ts'
import { type Commit, joinFollowers } from '../../../electron/core/commit.ts'
import { UndoLog } from '../../../electron/core/table.ts'
import type { JournalRecord } from '../../../shared/model/event.ts'
import { FakeClock } from '../../support/fake-clock.ts'
import { MemoryJournal } from './memory-journal.ts'
import { Receiver, settle, until } from './receiver.ts'

const second = 1000
const hour = 3600 * second
const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const outcome = {
  type: 'expense',
  task_id: 'run_1',
  workflow: 'expense',
  status: 'completed',
  result: { status: 'processed', note: 'Größe ✓' },
  error: null,
  decision: { decision: 'approved' },
}

let clock: FakeClock
let journal: MemoryJournal
let receiver: Receiver
let outbox: DeliveryOutbox
let commit: Commit
let url: string
let secretOf: (id: string) => string | null

/** A process: an outbox that has read the journal from its start. */
function boot(): void {
  const undo = new UndoLog()
  outbox = createOutbox({
    commit: () => commit,
    journal,
    access: {
      source: (id) => (id === 'src' ? { id, name: 'ERP', callback_url: url } : null),
      callbackSecret: (id) => secretOf(id),
    },
    clock,
    undo,
    log: { warn: () => {} },
    random: () => 0.5,
  })
  for (const [index, record] of journal.records.entries()) outbox.apply(record, index + 1)
  commit = joinFollowers(journal, undo, [outbox])
  outbox.start()
}

const queue = (runId = 'run_1') => commit(outbox.queue('src', runId, outcome)!)
const attempts = () => journal.records.filter((record) => record.type === 'delivery_attempted')
const states = () => attempts().map((record) => record.data.state)
const dataOf = (record: JournalRecord | undefined) => record?.data as Record<string, unknown>

/** Moves time on in steps, letting each attempt finish. */
async function pass(ms: number, step: number): Promise<void> {
  for (let gone = 0; gone < ms; gone += step) {
    clock.advance(step)
    await settle(12)
  }
}

beforeEach(async () => {
  clock = new FakeClock()
  journal = new MemoryJournal(clock)
  receiver = await new Receiver().open()
  url = receiver.url
  secretOf = () => secret
  boot()
})

afterEach(async () => {
  const stopped = outbox.stop()
  await receiver.close()
  await stopped
})

test('delivers an outcome once, signed so that the Standard Webhooks library accepts it', async () => {
  queue()
  await until(() => states().length === 1)
  await pass(48 * hour, 6 * hour)
  expect(receiver.received).toHaveLength(1)
  const [{ headers, body }] = receiver.received as [(typeof receiver.received)[0]]
  expect(headers['webhook-id']).toMatch(/^dlv_[0-9a-f]{24}$/)
  expect(headers['content-type']).toBe('application/json')
  // The library's verify() reads the machine's clock, so its sign() is compared with.
  const sent = new Date(Number(headers['webhook-timestamp']) * second)
  expect(new Webhook(secret).sign(String(headers['webhook-id']), sent, body)).toBe(headers['webhook-signature'])
  expect(JSON.parse(body)).toEqual({ type: 'task.completed', timestamp: '2026-03-02T09:00:00.000Z', data: outcome })
  expect(dataOf(attempts()[0])).toEqual({
    delivery_id: headers['webhook-id'],
    state: 'delivered',
    attempt: 1,
    next_at: null,
    status: 204,
  })
})

test('queues nothing for a source without a callback address', () => {
  expect(outbox.queue('other', 'run_1', outcome)).toBeNull()
})

test('sends nothing before the queued record is on disk', async () => {
  journal.mode = 'holds'
  queue()
  await settle()
  expect(receiver.received).toHaveLength(0)
  journal.mode = 'works'
  journal.flush()
  await until(() => receiver.received.length === 1)
})

test('sends nothing for a record that was taken back', async () => {
  journal.mode = 'full'
  const { durable } = queue()
  await expect(durable).rejects.toThrow('The disk is full.')
  journal.mode = 'works'
  await pass(hour, 10 * 60 * second)
  expect(receiver.received).toHaveLength(0)
})

test('retries an answer of 500 with the same id and bytes and a new time', async () => {
  receiver.answer = () => (receiver.received.length === 1 ? { status: 500, body: 'out of\r\nmemory' } : { status: 200 })
  queue()
  await until(() => states().length === 1)
  expect(dataOf(attempts()[0])).toMatchObject({ state: 'retrying', status: 500, next_at: '2026-03-02T09:00:05.000Z' })
  expect(attempts()[0]?.content).toEqual({ error: 'The receiver answered 500. It said: out of memory' })
  clock.advance(5 * second)
  await until(() => states().length === 2)
  const [first, again] = receiver.received as [(typeof receiver.received)[0], (typeof receiver.received)[0]]
  expect(again.headers['webhook-id']).toBe(first.headers['webhook-id'])
  expect(again.body).toBe(first.body)
  expect(Number(again.headers['webhook-timestamp']) - Number(first.headers['webhook-timestamp'])).toBe(5)
  expect(states()).toEqual(['retrying', 'delivered'])
})

test('delivers everything after the receiver was down for a day, each id processed once', async () => {
  await receiver.close()
  for (let run = 0; run < 12; run++) queue(`run_${run}`)
  await until(() => states().length >= 10)
  await pass(24 * hour, 15 * 60 * second)
  await receiver.open()
  await pass(40 * hour, 15 * 60 * second)
  const ids = receiver.received.map((request) => request.headers['webhook-id'])
  expect(new Set(ids).size).toBe(12)
  expect(ids).toHaveLength(12)
  expect(states().filter((state) => state === 'delivered')).toHaveLength(12)
})

test('gives up at once on 410 and sends again when a person asks for it', async () => {
  receiver.answer = () => ({ status: 410 })
  queue()
  await until(() => states().length === 1)
  await pass(100 * hour, 10 * hour)
  expect(states()).toEqual(['dead'])
  receiver.answer = () => ({ status: 200 })
  const id = String(dataOf(attempts()[0]).delivery_id)
  const person = { kind: 'person', id: 'ada@example.com', via: 'browser' } as const
  expect(await outbox.requeue(id, person)).toEqual({ ok: true, value: null })
  await until(() => states().length === 2)
  expect(dataOf(attempts()[1])).toMatchObject({ delivery_id: id, state: 'delivered', attempt: 2 })
  expect(await outbox.requeue(id, person)).toMatchObject({ ok: false, failure: { code: 'not-found' } })
})

test('does not put a delivery back that is still being retried', async () => {
  receiver.answer = () => ({ status: 500 })
  queue()
  await until(() => states().length === 1)
  const id = String(dataOf(attempts()[0]).delivery_id)
  const person = { kind: 'person', id: 'ada@example.com', via: 'browser' } as const
  expect(await outbox.requeue(id, person)).toMatchObject({ ok: false, failure: { code: 'not-retryable' } })
})

test('is dead after ten attempts over about 75 hours', async () => {
  receiver.answer = () => ({ status: 503 })
  queue()
  const started = clock.now()
  await until(() => states().length === 1)
  for (let attempt = 2; attempt <= 10; attempt++) {
    const next = Date.parse(String(dataOf(attempts().at(-1)).next_at))
    clock.advance(next - clock.now())
    await until(() => states().length === attempt)
  }
  expect(states()).toEqual([...Array(9).fill('retrying'), 'dead'])
  expect((clock.now() - started) / hour).toBeGreaterThan(75)
  expect((clock.now() - started) / hour).toBeLessThan(76)
})

test('waits as long as Retry-After says', async () => {
  receiver.answer = () => ({ status: 429, headers: { 'retry-after': '120' } })
  queue()
  await until(() => states().length === 1)
  expect(dataOf(attempts()[0])).toMatchObject({ next_at: '2026-03-02T09:02:00.000Z' })
})

test('does not follow a redirect', async () => {
  receiver.answer = () => ({ status: 307, headers: { location: `${url}/elsewhere` } })
  queue()
  await until(() => states().length === 1)
  expect(receiver.received.map((request) => request.path)).toEqual(['/hook'])
  expect(dataOf(attempts()[0])).toMatchObject({ state: 'retrying', status: 307 })
})

test('gives up an attempt that gets no answer in time', async () => {
  receiver.answer = () => 'hang'
  queue()
  await until(() => receiver.received.length === 1)
  clock.advance(15 * second)
  await until(() => states().length === 1)
  expect(attempts()[0]?.content).toEqual({ error: 'No answer within 15 seconds.' })
})

test('goes on after a restart where it was', async () => {
  receiver.answer = () => ({ status: 500 })
  queue()
  await until(() => states().length === 1)
  await outbox.stop()
  receiver.answer = () => ({ status: 200 })
  boot()
  await settle()
  expect(receiver.received).toHaveLength(1)
  clock.advance(5 * second)
  await until(() => states().length === 2)
  expect(dataOf(attempts()[1])).toMatchObject({ state: 'delivered', attempt: 2 })
  expect(receiver.received[1]?.body).toBe(receiver.received[0]?.body)
  await outbox.stop()
  boot()
  await pass(48 * hour, 12 * hour)
  expect(receiver.received).toHaveLength(2)
})

test('does not send again while the journal refuses the result, and stores it when it can', async () => {
  queue()
  await until(() => journal.durable.seq === 1)
  journal.mode = 'full'
  await until(() => receiver.received.length === 1)
  await pass(10 * 60 * second, 5 * second)
  expect(receiver.received).toHaveLength(1)
  expect(states()).toEqual([])
  journal.mode = 'works'
  clock.advance(10 * second)
  await until(() => states().length === 1)
  await pass(hour, 10 * 60 * second)
  expect(receiver.received).toHaveLength(1)
  expect(states()).toEqual(['delivered'])
})

test('has at most four messages on their way to one receiver', async () => {
  receiver.answer = () => 'hang'
  for (let run = 0; run < 9; run++) queue(`run_${run}`)
  await until(() => receiver.received.length === 4)
  await settle()
  expect(receiver.received).toHaveLength(4)
})

test('leaves a receiver alone after ten failures in a row, then tries it with one message', async () => {
  receiver.answer = () => ({ status: 500 })
  for (let run = 0; run < 40; run++) queue(`run_${run}`)
  await until(() => states().length >= 10)
  await settle()
  const before = receiver.received.length
  expect(before).toBeLessThan(14)
  await pass(60 * second, 10 * second)
  expect(receiver.received).toHaveLength(before)
  clock.advance(5 * 60 * second)
  await until(() => receiver.received.length === before + 1)
  await settle()
  expect(receiver.received).toHaveLength(before + 1)
})

test('shows a delivery of a revoked source as dead', async () => {
  secretOf = () => null
  queue()
  await until(() => states().length === 1)
  expect(dataOf(attempts()[0])).toMatchObject({ state: 'dead', status: null })
  expect(receiver.received).toHaveLength(0)
})

test('stops within seconds though a receiver does not answer, and tries again at the next start', async () => {
  receiver.answer = () => 'hang'
  queue()
  await until(() => receiver.received.length === 1)
  const stopped = outbox.stop()
  clock.advance(5 * second)
  await stopped
  expect(states()).toEqual([])
  receiver.answer = () => ({ status: 200 })
  boot()
  await until(() => states().length === 1)
  expect(receiver.received[1]?.headers['webhook-id']).toBe(receiver.received[0]?.headers['webhook-id'])
})
