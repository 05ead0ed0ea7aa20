import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { systemClock } from '../../../electron/core/clock.ts'
import { openProjection, type SqliteProjection } from '../../../electron/core/projection/open.ts'
import type { EventMap, NewEvent } from '../../../shared/model/event.ts'
import {
  ada,
  approvalDecided,
  approvalRequested,
  type JournalFiles,
  journalFiles,
  modelSummary,
  refund,
  rulesSummary,
  runCompleted,
  runStarted,
  system,
} from './journal-files.ts'

let journal: JournalFiles
let projection: SqliteProjection

beforeEach(async () => {
  journal = journalFiles()
  projection = await openProjection({
    file: join(journal.home, 'inbox.db'),
    journalFolder: journal.folder,
    durable: journal.durable,
    clock: systemClock,
  })
})

afterEach(async () => {
  await projection.close()
  journal.remove()
})

async function happen(...events: readonly NewEvent[]): Promise<void> {
  for (const event of events) journal.write(event)
  await follow()
}

async function follow(): Promise<void> {
  projection.follow(journal.durable)
  await projection.caughtUp(journal.durable.seq)
}

const at = (seq: number): string => new Date(Date.UTC(2026, 0, 5, 9) + seq * 1000).toISOString()

test('a request becomes a run', async () => {
  await happen(runStarted('run_1'))
  expect(projection.run('run_1')).toEqual({
    id: 'run_1',
    workflow: 'approval',
    type: 'refund',
    title: 'Refund order 7',
    source: 'src_shop',
    source_name: 'shop',
    status: 'running',
    input: { order_id: 'o-7' },
    result: null,
    error: null,
    created_at: at(1),
    completed_at: null,
    progress: { done: 0, current: null, total: null },
    deliveries: [],
    revision: 1,
  })
})

test('a question to people becomes an approval with all of its members', async () => {
  await happen(runStarted('run_1'), approvalRequested('run_1', 'apr_1'))
  expect(projection.approval('apr_1')).toEqual({
    ...refund,
    id: 'apr_1',
    run_id: 'run_1',
    step: 'approve',
    source: 'src_shop',
    source_name: 'shop',
    status: 'pending',
    version: { number: 1, sha256: 'a'.repeat(64) },
    created_at: at(2),
    due_at: '2026-01-07T09:00:00.000Z',
    waits_for: ['ada@example.com'],
    excluded: ['Grace@Example.com'],
    levels: [],
    progress: { done: 0, current: null, total: 1 },
    needed: 1,
    votes: [],
    escalation: null,
    sent_back: null,
    lapsed_at: null,
    held: null,
    snoozes: [],
    watchers: [],
    changes: [],
    ruling: null,
    decided_at: null,
    decision: null,
    risk: 'medium',
    risk_floor: 'medium',
    risk_reasons: ['Money moves'],
    flags: [],
    summary: rulesSummary,
    data: { order_id: 'o-7' },
    data_bytes: 18,
    data_omitted: false,
    run: { status: 'waiting', result: null, error: null },
    deliveries: [],
    revision: 2,
  })
  expect(projection.run('run_1')?.progress).toEqual({ done: 0, current: 'approve', total: null })
})

test('a decision is kept whole, and the first one stands', async () => {
  await happen(
    runStarted('run_1'),
    approvalRequested('run_1', 'apr_1'),
    approvalDecided('run_1', 'apr_1', 'approved', 'fine by me'),
    approvalDecided('run_1', 'apr_1', 'rejected', 'too late'),
  )
  const approval = projection.approval('apr_1')
  expect([approval?.status, approval?.decided_at, approval?.revision]).toEqual(['approved', at(3), 4])
  expect(approval?.decision).toEqual({
    decision: 'approved',
    actor: ada,
    at: at(3),
    comment: 'fine by me',
    version: { number: 1, sha256: 'a'.repeat(64) },
    self_approved: false,
    rule: null,
    on_behalf_of: null,
    level: 0,
    option: null,
    answer: null,
    while_away: false,
  })
})

test('what happens after the decision is shown on the approval', async () => {
  await happen(
    runStarted('run_1'),
    approvalRequested('run_1', 'apr_1'),
    approvalDecided('run_1', 'apr_1'),
    {
      type: 'step_completed',
      run_id: 'run_1',
      actor: system,
      data: { step: 'pay', attempt: 1 },
      content: { result: { payment_id: 'p1' } },
    },
    runCompleted('run_1', { payment_id: 'p1' }),
    {
      type: 'delivery_queued',
      run_id: 'run_1',
      actor: system,
      data: { delivery_id: 'del_1', source: 'src_shop', url: 'http://127.0.0.1:9/hook' },
      content: { body: '{}' },
    },
    {
      type: 'delivery_attempted',
      run_id: 'run_1',
      actor: system,
      data: { delivery_id: 'del_1', state: 'dead', attempt: 3, next_at: null, status: 500 },
      content: { error: 'HTTP 500' },
    },
  )
  const dead = {
    id: 'del_1',
    run_id: 'run_1',
    source: 'src_shop',
    url: 'http://127.0.0.1:9/hook',
    state: 'dead',
    attempts: 3,
    next_at: null,
    last_status: 500,
    last_error: 'HTTP 500',
    delivered_at: null,
  }
  const approval = projection.approval('apr_1')
  expect(approval?.run).toEqual({ status: 'completed', result: { payment_id: 'p1' }, error: null })
  expect(approval?.deliveries).toEqual([dead])
  expect(approval?.revision).toBe(7)
  expect(projection.run('run_1')).toMatchObject({ completed_at: at(5), progress: { done: 2 }, deliveries: [dead], revision: 7 })
  expect(projection.deliveries(['dead', 'pending'], 10)).toEqual([dead])
  expect(projection.counts().dead_deliveries).toBe(1)

  await happen({ type: 'delivery_requeued', run_id: 'run_1', actor: ada, data: { delivery_id: 'del_1' }, content: null })
  expect(projection.deliveries(['pending'], 10)).toMatchObject([{ state: 'pending', attempts: 3 }])
  await happen({
    type: 'delivery_attempted',
    run_id: 'run_1',
    actor: system,
    data: { delivery_id: 'del_1', state: 'delivered', attempt: 4, next_at: null, status: 204 },
    content: { error: null },
  })
  expect(projection.deliveries(['delivered'], 10)).toMatchObject([{ delivered_at: at(9), last_error: null }])
})

test('a model summary raises the risk and replaces the text; one for an unknown approval is ignored', async () => {
  const recorded = (approval_id: string): NewEvent => ({
    type: 'summary_recorded',
    run_id: 'run_1',
    approval_id,
    actor: system,
    data: { state: 'ready', risk: 'high' },
    content: { summary: modelSummary },
  })
  await happen(runStarted('run_1'), approvalRequested('run_1', 'apr_1'), recorded('apr_1'), recorded('apr_unknown'))
  expect(projection.approval('apr_1')).toMatchObject({ risk: 'high', risk_floor: 'medium', summary: modelSummary })
  expect(projection.approval('apr_unknown')).toBeNull()
})

test('a model cannot lower the risk below its floor', async () => {
  await happen(runStarted('run_1'), approvalRequested('run_1', 'apr_1'), {
    type: 'summary_recorded',
    run_id: 'run_1',
    approval_id: 'apr_1',
    actor: system,
    data: { state: 'ready', risk: 'low' },
    content: { summary: { ...modelSummary, risk: 'low' } },
  })
  expect(projection.approval('apr_1')?.risk).toBe('medium')
})

test('a run that cannot go on needs review, and waits no more once it is retried', async () => {
  await happen(runStarted('run_1'), {
    type: 'run_needs_review',
    run_id: 'run_1',
    actor: system,
    data: { step: 'pay' },
    content: { error: 'connection refused' },
  })
  expect(projection.run('run_1')).toMatchObject({
    status: 'needs_review',
    error: 'connection refused',
    progress: { current: 'pay' },
  })
  expect(projection.counts().needs_review).toBe(1)
  await happen({ type: 'run_retried', run_id: 'run_1', actor: ada, data: {}, content: null })
  expect(projection.run('run_1')).toMatchObject({ status: 'running', error: null, progress: { current: null } })
  expect(projection.counts().needs_review).toBe(0)
})

test('timers and signals are counted as progress', async () => {
  await happen(
    runStarted('run_1'),
    { type: 'timer_set', run_id: 'run_1', actor: system, data: { step: 'nap', due_at: at(100) }, content: null },
    { type: 'timer_fired', run_id: 'run_1', actor: system, data: { step: 'nap' }, content: null },
    { type: 'signal_awaited', run_id: 'run_1', actor: system, data: { step: 'go', signal: 'go', due_at: null }, content: null },
    { type: 'signal_received', run_id: 'run_1', actor: ada, data: { signal: 'go', awaited: true }, content: { payload: 1 } },
    { type: 'signal_awaited', run_id: 'run_1', actor: system, data: { step: 'more', signal: 'more', due_at: null }, content: null },
  )
  expect(projection.run('run_1')).toMatchObject({ status: 'waiting', progress: { done: 2, current: 'more' } })
  await happen(
    { type: 'signal_lapsed', run_id: 'run_1', actor: system, data: { step: 'more', signal: 'more' }, content: null },
    { type: 'run_cancelled', run_id: 'run_1', actor: ada, data: {}, content: { reason: 'no longer needed' } },
  )
  expect(projection.run('run_1')).toMatchObject({ status: 'cancelled', error: 'no longer needed', completed_at: at(8) })
})

const ofRun = <T extends keyof EventMap>(type: T, data: EventMap[T]['data'], content: EventMap[T]['content']): NewEvent =>
  ({ type, run_id: 'run_1', actor: ada, data, content }) as unknown as NewEvent

test('what a run reports of its progress stands above what is counted', async () => {
  const step = ofRun('step_completed', { step: 'pay', attempt: 1 }, { result: null })
  await happen(runStarted('run_1'), step, ofRun('progress_reported', { done: null, total: 9 }, { text: null }))
  expect(projection.run('run_1')?.progress).toEqual({ done: 1, current: null, total: 9 })
  await happen(ofRun('progress_reported', { done: 4, total: 10 }, { text: 'nearly half' }), step)
  expect(projection.run('run_1')?.progress).toEqual({ done: 4, current: null, total: 10 })
  expect(projection.timeline('run_1').entries.map(({ text }) => text)).toContain('Progress 4 of 10: nearly half')
})

test('a run waits for its child and goes on when that has ended', async () => {
  await happen(runStarted('run_1'), ofRun('child_started', { step: 'ship', child_id: 'run_2', workflow: 'shipping' }, null))
  expect(projection.run('run_1')).toMatchObject({ status: 'waiting', progress: { done: 0, current: 'ship' } })
  await happen(ofRun('child_ended', { step: 'ship', child_id: 'run_2', status: 'failed' }, { result: null, error: 'no stock' }))
  expect(projection.run('run_1')).toMatchObject({ status: 'running', progress: { done: 1, current: null } })
  const { entries, steps } = projection.timeline('run_1')
  expect(entries.map(({ text }) => text).slice(1)).toEqual(['Started shipping and waits for it (run_2)', 'run_2 failed: no stock'])
  expect(steps).toMatchObject([{ key: 'ship', kind: 'child', state: 'failed', child_id: 'run_2', error: 'no stock' }])
})

test('a run that is cancelled cleans up first', async () => {
  await happen(
    runStarted('run_1'),
    ofRun('cleanup_registered', { step: 'undo' }, null),
    ofRun('run_needs_review', { step: 'pay' }, { error: 'refused' }),
    ofRun('run_cancelling', {}, { reason: 'no longer needed' }),
  )
  expect(projection.run('run_1')).toMatchObject({ status: 'running', error: null, progress: { current: null } })
  await happen(ofRun('run_resumed', { step: 'undo' }, null))
  expect(projection.run('run_1')).toMatchObject({ status: 'running', progress: { current: 'undo' } })
  expect(
    projection
      .timeline('run_1')
      .entries.map(({ text }) => text)
      .slice(3),
  ).toEqual(['Cancelled by Ada Lovelace: no longer needed; cleans up', 'Works at undo'])
})

test('the timeline tells what happened in sentences', async () => {
  await happen(
    runStarted('run_1'),
    approvalRequested('run_1', 'apr_1'),
    approvalDecided('run_1', 'apr_1', 'approved', 'fine by me'),
    {
      type: 'step_failed',
      run_id: 'run_1',
      actor: system,
      data: { step: 'pay', attempt: 2, retry_at: at(60) },
      content: { error: 'connection refused' },
    },
    { type: 'run_failed', run_id: 'run_1', actor: system, data: {}, content: { error: 'gave up' } },
  )
  expect(projection.timeline('run_1').entries.map(({ text }) => text)).toEqual([
    'Submitted by shop: Refund order 7',
    'Asked Ada+inbox@Example.com, until 2026-01-07T09:00:00.000Z',
    'Approved by Ada Lovelace: fine by me',
    `Step pay failed (attempt 2): connection refused; retries at ${at(60)}`,
    'Failed: gave up',
  ])
  expect(projection.timeline('run_1').entries[2]).toEqual({
    seq: 3,
    at: at(3),
    type: 'approval_decided',
    actor: { kind: 'person', id: 'ada@example.com', name: 'Ada Lovelace', via: 'browser' },
    said: [
      {
        code: 'timeline.approved',
        values: { who: 'Ada Lovelace', whom: null, rule: null, option: null, self: false, words: 'fine by me' },
      },
    ],
    text: 'Approved by Ada Lovelace: fine by me',
    approval_id: 'apr_1',
  })
  expect(projection.timeline('run_unknown')).toEqual({ steps: [], entries: [] })
})

test('what was erased is shown as erased', async () => {
  journal.write(runStarted('run_1'), { erased: true })
  journal.write(approvalRequested('run_1', 'apr_1'), { erased: true })
  journal.write(approvalDecided('run_1', 'apr_1', 'rejected', 'secret'), { erased: true })
  journal.write({ type: 'run_failed', run_id: 'run_1', actor: system, data: {}, content: { error: 'secret' } }, { erased: true })
  await follow()
  expect(projection.run('run_1')).toMatchObject({ title: '(erased)', input: null, error: '(erased)', status: 'failed' })
  expect(projection.approval('apr_1')).toMatchObject({
    title: '(erased)',
    type: 'refund',
    approvers: ['Ada+inbox@Example.com'],
    data: null,
    summary: { summary: '(erased)' },
    decision: { comment: '(erased)' },
  })
  expect(projection.timeline('run_1').entries.map(({ text }) => text)).toContain('Rejected by Ada Lovelace: (erased)')
})

test('large data is left out of lists and whole in the approval itself', async () => {
  const data = { text: 'ü'.repeat(10_000) }
  await happen(runStarted('run_1'), approvalRequested('run_1', 'apr_1', { data }))
  const listed = projection.approvals({ sort: 'newest', limit: 10 }).items[0]
  expect([listed?.data, listed?.data_omitted, listed?.data_bytes]).toEqual([null, true, 20_011])
  const whole = projection.approval('apr_1')
  expect([whole?.data, whole?.data_omitted, whole?.data_bytes]).toEqual([data, false, 20_011])
})

test('events of the whole home leave runs alone', async () => {
  await happen(
    { type: 'token_revoked', actor: ada, data: { token_id: 'tok_1' }, content: null },
    { type: 'settings_changed', actor: ada, data: { paths: ['model.name'] }, content: { changes: { 'model.name': 'tiny' } } },
    { type: 'recovered', actor: system, data: { segment: '00000001.jsonl', offset: 9, bytes: 3, copy: 'x' }, content: null },
  )
  expect(projection.progress).toEqual({ applied: 3, total: 3, rebuilding: false })
  expect(projection.runs({ limit: 10 })).toEqual({ items: [], total: 0, next_cursor: null })
})
