import { expect, test } from 'vitest'
import { toSteps as stagesOf } from '../../../electron/core/projection/steps.ts'
import type { Actor } from '../../../shared/model/actor.ts'
import type { EventMap, JournalRecord, NewEvent } from '../../../shared/model/event.ts'
import type { RunStep } from '../../../shared/model/run.ts'
import { english } from '../../../shared/words/english.ts'
import { worded } from '../../../shared/words/said.ts'
import { chainRequested, ended, escalated, event, standing, version, voted } from './chain-events.ts'
import { ada, approvalRequested, runCompleted, runStarted, system } from './journal-files.ts'

/** The stages without the codes of their texts, which say the same. */
const toSteps = (...given: Parameters<typeof stagesOf>) =>
  stagesOf(...given).map(({ said, ...stage }) => {
    expect(said === undefined ? '' : worded(said, english)).toBe(stage.text)
    return stage
  })

const at = (seq: number): string => new Date(Date.UTC(2026, 0, 5, 9) + seq * 1000).toISOString()

const records = (...events: readonly NewEvent[]): readonly JournalRecord[] =>
  events.map((one, n) => ({ ...one, seq: n + 1, at: at(n + 1) }) as JournalRecord)

const erased = (...events: readonly NewEvent[]): readonly JournalRecord[] =>
  records(...events).map((record) => ({ ...record, content: null, erased: true }) as JournalRecord)

const steps = (...events: readonly NewEvent[]): readonly RunStep[] => toSteps(records(runStarted('run_1'), ...events))

const of = <T extends keyof EventMap>(
  type: T,
  data: EventMap[T]['data'],
  content: EventMap[T]['content'],
  actor: Actor = system,
): NewEvent => ({ type, run_id: 'run_1', actor, data, content }) as unknown as NewEvent

const completed = (step: string, result: unknown, attempt = 1): NewEvent => of('step_completed', { step, attempt }, { result })
const failed = (step: string, attempt: number, retry_at: string | null): NewEvent =>
  of('step_failed', { step, attempt, retry_at }, { error: `error ${attempt}` })

const stage = (change: Partial<RunStep>): RunStep => ({
  key: 'pay',
  kind: 'step',
  state: 'done',
  attempts: 1,
  started_at: at(1),
  ended_at: at(2),
  due_at: null,
  text: 'Done',
  error: null,
  approval_id: null,
  child_id: null,
  ...change,
})

test('steps come in the order in which they first appear, each with its result', () => {
  expect(
    steps(completed('quote', { amount: 7 }), failed('pay', 1, at(60)), completed('log', null), completed('pay', 'ok', 2)),
  ).toEqual([
    stage({ key: 'quote', result: { amount: 7 } }),
    stage({ key: 'pay', attempts: 2, started_at: at(2), ended_at: at(5), text: 'Done at the 2nd attempt', result: 'ok' }),
    stage({ key: 'log', started_at: at(3), ended_at: at(4), result: null }),
  ])
})

test('a failed step is retried, fails for good, and is tried again by a person', () => {
  const first = failed('pay', 1, at(60))
  expect(steps(first)).toEqual([
    stage({ state: 'retrying', ended_at: null, due_at: at(60), text: 'Failed once, tries again', error: 'error 1' }),
  ])
  const last = [first, failed('pay', 2, null), of('run_needs_review', { step: 'pay' }, { error: 'error 2' })]
  expect(steps(...last)).toEqual([stage({ state: 'failed', attempts: 2, ended_at: at(3), text: 'Failed twice', error: 'error 2' })])
  expect(steps(...last, of('run_retried', {}, null, ada))).toEqual([
    stage({ state: 'running', attempts: 2, ended_at: null, text: 'Tried again by Ada Lovelace' }),
  ])
})

test('a branch at work is shown while another waits', () => {
  expect(steps(of('run_resumed', { step: 'pay' }, null), of('run_resumed', { step: null }, null))).toEqual([
    stage({ state: 'running', attempts: 0, ended_at: null, text: 'At work' }),
  ])
})

test('a large result is left out', () => {
  const [small, large] = steps(completed('a', 'x'.repeat(4000)), completed('b', 'ü'.repeat(2100)))
  expect([small && 'result' in small, large && 'result' in large]).toEqual([true, false])
})

test('an approval says for whom it waits, level by level, and how it ended', () => {
  const asked = chainRequested('run_1', 'apr_1')
  const approval = (change: Partial<RunStep>): RunStep =>
    stage({
      kind: 'approval',
      key: 'approve',
      state: 'waiting',
      started_at: at(2),
      ended_at: null,
      approval_id: 'apr_1',
      ...change,
    })
  const due_at = '2026-01-07T09:00:00.000Z'
  const manager = 'Waits for ada@example.com, bob@example.com (manager, 1 of 3)'
  const sentBack = event('approval_sent_back', ada, { version: version(1), level: 0 }, { question: 'Why?' })
  expect(steps(asked)).toEqual([approval({ due_at, text: manager })])
  expect(steps(asked, sentBack)).toEqual([approval({ due_at, text: 'Waits for an answer to Ada Lovelace' })])
  const answered = event('approval_answered', ada, { version: version(1) }, { comment: 'So' })
  expect(steps(asked, sentBack, answered)).toEqual([approval({ due_at, text: manager })])
  const people = ['a@x.com', 'b@x.com', 'c@x.com', 'd@x.com', 'e@x.com']
  const next = voted(ada, { standing: standing({ level: 1, people, due_at: null }) })
  expect(steps(asked, next)).toEqual([approval({ text: 'Waits for a@x.com, b@x.com, c@x.com and 2 more (finance, 2 of 3)' })])
  expect(steps(asked, escalated(), ended(ada, { decision: 'rejected' }), ended(ada))).toEqual([
    approval({ state: 'done', ended_at: at(4), text: 'Rejected by Ada Lovelace' }),
  ])
  expect(steps(asked, ended(system, { decision: 'expired' }))).toEqual([
    approval({ state: 'skipped', ended_at: at(3), text: 'Expired: nobody answered in time' }),
  ])
  expect(steps(approvalRequested('run_1', 'apr_1', { approvers: [] }, null))).toEqual([
    approval({ text: 'Waits for anybody who may decide' }),
  ])
})

const awaited = (step: string): NewEvent => of('signal_awaited', { step, signal: 'go', due_at: at(90) }, null)
const came = (payload: unknown, awaited: boolean): NewEvent => of('signal_received', { signal: 'go', awaited }, { payload }, ada)

test('a message is shown with the wait that it ended', () => {
  const wait = { kind: 'signal', key: 'go', started_at: at(2) } as const
  expect(steps(awaited('go'))).toEqual([stage({ ...wait, state: 'waiting', ended_at: null, due_at: at(90), text: 'Waits for go' })])
  expect(steps(awaited('go'), came(1, true), awaited('go#2'), of('signal_lapsed', { step: 'go#2', signal: 'go' }, null))).toEqual([
    stage({ ...wait, ended_at: at(3), text: 'From Ada Lovelace', result: 1 }),
    stage({ ...wait, key: 'go#2', state: 'skipped', started_at: at(4), ended_at: at(5), text: 'Nothing came in time' }),
  ])
})

test('a message that came early stands where its wait would', () => {
  expect(
    steps(came(1, false), awaited('go#2'), came(2, true), came(3, false)).map(({ key, state, result }) => [key, state, result]),
  ).toEqual([
    ['go', 'done', 1],
    ['go#2', 'done', 2],
    ['go#3', 'done', 3],
  ])
})

test('sleeps and children are stages', () => {
  const nap = of('timer_set', { step: 'nap', due_at: at(90) }, null)
  const child = of('child_started', { step: 'ship', child_id: 'run_2', workflow: 'shipping' }, null)
  const wait = { state: 'waiting', ended_at: null } as const
  expect(steps(nap, child)).toEqual([
    stage({ kind: 'sleep', key: 'nap', ...wait, started_at: at(2), due_at: at(90), text: 'Sleeps' }),
    stage({ kind: 'child', key: 'ship', ...wait, started_at: at(3), text: 'Waits for shipping', child_id: 'run_2' }),
  ])
  const childEnded = of('child_ended', { step: 'ship', child_id: 'run_2', status: 'failed' }, { result: null, error: 'no stock' })
  expect(steps(nap, child, of('timer_fired', { step: 'nap' }, null), childEnded)).toEqual([
    stage({ kind: 'sleep', key: 'nap', started_at: at(2), ended_at: at(4), text: 'Slept' }),
    stage({
      kind: 'child',
      key: 'ship',
      state: 'failed',
      started_at: at(3),
      ended_at: at(5),
      text: 'Failed',
      error: 'no stock',
      result: null,
      child_id: 'run_2',
    }),
  ])
})

test('what was open ends with its run; approvals end by their own record', () => {
  const cancelling = of('run_cancelling', {}, { reason: null }, ada)
  const open = [awaited('go'), failed('pay', 1, at(60)), approvalRequested('run_1', 'apr_1'), cancelling]
  const states = (...events: readonly NewEvent[]) => steps(...events).map(({ key, state, error }) => [key, state, error])
  expect(states(...open)).toEqual([
    ['go', 'skipped', null],
    ['pay', 'failed', 'error 1'],
    ['approve', 'waiting', null],
  ])
  const end = of('run_cancelled', {}, { reason: null }, ada)
  expect(states(...open, ended(system, { decision: 'cancelled' }), completed('undo', null), end)).toEqual([
    ['go', 'skipped', null],
    ['pay', 'failed', 'error 1'],
    ['approve', 'skipped', null],
    ['undo', 'done', null],
  ])
  expect(states(awaited('go'), runCompleted('run_1'), completed('late', 1))).toEqual([['go', 'skipped', null]])
})

test('a retry starts only what failed', () => {
  const again = steps(completed('quote', 1), failed('pay', 1, null), of('run_retried', {}, null, ada))
  expect(again.map(({ key, state }) => [key, state])).toEqual([
    ['quote', 'done'],
    ['pay', 'running'],
  ])
})

test('what was erased is shown as erased', () => {
  const [pay, log] = toSteps(erased(runStarted('run_1'), failed('pay', 1, null), completed('log', 'secret')))
  expect([pay?.error, log?.result]).toEqual(['(erased)', '(erased)'])
  const asked = toSteps(erased(runStarted('run_1'), approvalRequested('run_1', 'apr_1'), ended(ada, {}, { comment: 'secret' })))
  expect(asked[0]?.text).toBe('Approved by Ada Lovelace: (erased)')
  expect(toSteps([])).toEqual([])
})
