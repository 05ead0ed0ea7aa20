import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createSendPost } from '../../electron/core/channels/post.ts'
import { createOpsAlert, type OpsAlert } from '../../electron/core/ops-alert.ts'
import type { JournalRecord } from '../../shared/model/event.ts'
import type { RunStep } from '../../shared/model/run.ts'
import { newHome, openTestApp } from '../support/app.ts'
import { FakeClock } from '../support/fake-clock.ts'
import { Receiver, settle, until } from './channels/receiver.ts'

const step: RunStep = {
  key: 'pay',
  kind: 'step',
  state: 'failed',
  attempts: 5,
  started_at: '2026-03-02T09:00:00.000Z',
  ended_at: null,
  due_at: null,
  text: 'failed',
  result: { secret: 'of the payload' },
  error: 'the bank is closed',
  approval_id: null,
  child_id: null,
}
const record = {
  type: 'run_needs_review',
  seq: 7,
  at: '2026-03-02T09:00:00.000Z',
  actor: { kind: 'system', id: 'engine', via: 'engine' },
  run_id: 'run_1',
  data: { step: 'pay' },
  content: { error: 'Step "pay" failed: the bank is closed' },
} as unknown as JournalRecord

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

async function scene(options: { readonly silent?: boolean; readonly lost?: boolean } = {}) {
  const receiver = await new Receiver().open()
  const clock = new FakeClock()
  const logged: object[] = []
  const warned: object[] = []
  const alert: OpsAlert = createOpsAlert({
    clock,
    log: { error: (details) => void logged.push(details), warn: (details) => void warned.push(details) },
    webhook: () => (options.silent ? null : receiver.url),
    post: createSendPost({ clock }),
    synced: () => (options.lost ? Promise.reject(new Error('taken back')) : Promise.resolve()),
    stateOf: async () => ({ workflow: 'refund', title: 'Refund 1042', steps: [step] }),
  })
  closing.push(
    () => alert.stop(),
    () => receiver.close(),
  )
  return { receiver, clock, logged, warned, alert }
}

describe('a run that needs review', () => {
  it('is told to the log and, with its error and its steps, to the webhook; results stay here', async () => {
    const { receiver, logged, alert } = await scene()
    alert.start()
    alert.apply(record, 0)
    await until(() => receiver.received.length === 1)
    const { result: _, ...shown } = step
    expect(JSON.parse(receiver.received[0]!.body)).toEqual({
      type: 'run.needs_review',
      at: record.at,
      run_id: 'run_1',
      workflow: 'refund',
      title: 'Refund 1042',
      error: 'Step "pay" failed: the bank is closed',
      step: 'pay',
      steps: [shown],
    })
    expect(logged).toEqual([{ run_id: 'run_1', step: 'pay', problem: 'Step "pay" failed: the bank is closed' }])
  })

  it('is told again after a while when nobody took it', async () => {
    const { receiver, clock, warned, alert } = await scene()
    let broken = true
    receiver.answer = () => ({ status: broken ? 503 : 204 })
    alert.start()
    alert.apply(record, 0)
    await until(() => warned.length === 1 && clock.timers === 1)
    broken = false
    clock.advance(5000)
    await until(() => receiver.received.length === 2)
    await settle()
    expect(clock.timers).toBe(0)
  })

  it.each([
    ['nobody is configured', { silent: true }, 1],
    ['it was taken back', { lost: true }, 0],
  ])('is not sent where %s', async (_why, options, lines) => {
    const { receiver, logged, alert } = await scene(options)
    alert.start()
    alert.apply(record, 0)
    await settle()
    expect([receiver.received.length, logged.length]).toEqual([0, lines])
  })

  it('is history before the start', async () => {
    const { receiver, logged, alert } = await scene()
    alert.apply(record, 0)
    await settle()
    expect([receiver.received.length, logged.length]).toEqual([0, 0])
  })
})

describe('the application', () => {
  it('tells the configured webhook with the steps of the run', async () => {
    const receiver = await new Receiver().open()
    closing.push(() => receiver.close())
    const home = newHome()
    writeFileSync(join(home, 'config.yaml'), `model:\n  enabled: false\nalerts:\n  webhook: ${receiver.url}\n`)
    mkdirSync(join(home, 'workflows'))
    writeFileSync(
      join(home, 'workflows', 'fragile.ts'),
      `import { defineWorkflow } from 'countersign/workflow'
import * as z from 'zod'
export const fragile = defineWorkflow({
  name: 'fragile',
  input: z.object({}),
  run: (wf) => wf.step('pay', () => { throw new Error('the bank is closed') }),
})`,
    )
    const scene = await openTestApp({ home })
    closing.push(() => scene.remove())
    const { task_id } = await scene.source.workflows.start({ name: 'fragile', title: 'Pay' })
    await vi.waitUntil(() => receiver.received.length === 1, { timeout: 10_000 })
    expect(JSON.parse(receiver.received[0]!.body)).toMatchObject({
      run_id: task_id,
      workflow: 'fragile',
      title: 'Pay',
      error: 'Step "pay" failed: the bank is closed',
      step: 'pay',
      steps: [{ key: 'pay', state: 'failed', error: 'the bank is closed' }],
    })
  })
})
