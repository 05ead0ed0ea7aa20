import type { JournalRecord } from '../../../shared/model/event.ts'
import { endedStatuses, nextStatus, type RunStatus, type RunStep } from '../../../shared/model/run.ts'
import type { Line } from '../../../shared/model/said.ts'
import type { English } from '../../../shared/words/said.ts'
import { say, toLine } from '../../../shared/words/say.ts'
import { decided, orErased, shortened, who } from './describe.ts'

/** A result is shown with its stage up to so many bytes of JSON. */
const resultLimitBytes = 4 * 1024

/** Whom an approval asks right now. */
type Asking = {
  readonly key: string
  readonly levels: readonly string[]
  readonly level: number
  readonly people: readonly string[]
}

/** A run's stages so far, and what later records call them by. */
type Plan = {
  /** In order of first appearance. An approval and the step behind it can have one name. */
  readonly stages: Map<string, RunStep>
  readonly asking: Map<string, Asking>
  /** Names of waits for messages, by message: the n-th call for one has the n-th. */
  readonly waits: Map<string, readonly string[]>
  status: RunStatus
  /** When the run came to where it is. */
  at: string
}

/** One run's records, in order, as the stages of its diagram. */
export function toSteps(records: readonly JournalRecord[]): readonly RunStep[] {
  const plan: Plan = { stages: new Map(), asking: new Map(), waits: new Map(), status: 'running', at: records[0]?.at ?? '' }
  for (const record of records) {
    if (endedStatuses.includes(plan.status)) break
    plan.status = nextStatus(plan.status, record)
    stepRecord(plan, record)
    approvalRecord(plan, record)
    waitRecord(plan, record)
    // An approval's own record says how it ends, when its run is cancelled.
    if (record.type === 'run_cancelling') closeAll(plan, record.at, ({ kind }) => kind !== 'approval')
    if (endedStatuses.includes(plan.status)) closeAll(plan, record.at)
    plan.at = record.at
  }
  return [...plan.stages.values()]
}

/** Writes what is new about a stage; one that there was not yet begins. */
function put(plan: Plan, kind: RunStep['kind'], key: string, change: Partial<RunStep>): void {
  const id = `${kind} ${key}`
  plan.stages.set(id, { ...(plan.stages.get(id) ?? begun(kind, key, plan.at)), ...change })
}

const stageOf = (plan: Plan, kind: RunStep['kind'], key: string): RunStep | undefined => plan.stages.get(`${kind} ${key}`)

const begun = (kind: RunStep['kind'], key: string, started_at: string): RunStep => ({
  key,
  kind,
  state: 'running',
  attempts: 0,
  started_at,
  ended_at: null,
  due_at: null,
  text: '',
  error: null,
  approval_id: null,
  child_id: null,
})

type Stage = English['stage']

const line = <N extends keyof Stage & string>(name: N, ...values: Parameters<Stage[N]>): Line =>
  toLine(say('stage', name, ...(values as never)))

type Ending = { readonly state: 'done' | 'failed' | 'skipped'; readonly words: Line; readonly at: string }

const ended = ({ state, words, at }: Ending) => ({ state, ended_at: at, due_at: null, ...words, error: null })

/** Stages end with their run. */
function closeAll(plan: Plan, at: string, closes: (stage: RunStep) => boolean = () => true): void {
  for (const stage of [...plan.stages.values()].filter(closes)) {
    const { kind, key, state, error } = stage
    if (state === 'retrying') put(plan, kind, key, { ...ended({ state: 'failed', words: line('given_up'), at }), error })
    if (state === 'waiting' || state === 'running')
      put(plan, kind, key, ended({ state: 'skipped', words: line('ended_before'), at }))
  }
}

function stepRecord(plan: Plan, record: JournalRecord): void {
  switch (record.type) {
    case 'step_completed': {
      const attempts = (stageOf(plan, 'step', record.data.step)?.attempts ?? 0) + 1
      const result = resultOf(record, record.content?.result)
      put(plan, 'step', record.data.step, {
        attempts,
        ...ended({ state: 'done', words: line('done', { attempts }), at: record.at }),
        ...result,
      })
      return
    }
    case 'step_failed': {
      const { step, retry_at } = record.data
      const attempts = (stageOf(plan, 'step', step)?.attempts ?? 0) + 1
      const error = orErased(record, record.content?.error, null)
      const words = line('failed', { attempts, again: retry_at !== null })
      const state = retry_at === null ? 'failed' : 'retrying'
      const ended_at = retry_at === null ? record.at : null
      put(plan, 'step', step, { attempts, state, ended_at, due_at: retry_at, ...words, error })
      return
    }
    case 'run_resumed':
      if (record.data.step !== null) put(plan, 'step', record.data.step, { state: 'running', due_at: null, ...line('at_work') })
      return
    case 'run_retried': {
      const by = { who: who(record.actor) }
      for (const { kind, key, state } of plan.stages.values())
        if (kind === 'step' && state === 'failed')
          put(plan, kind, key, { state: 'running', ended_at: null, ...line('tried_again', by), error: null })
    }
  }
}

function approvalRecord(plan: Plan, record: JournalRecord): void {
  if (!('approval_id' in record)) return
  if (record.type === 'approval_requested') {
    const { step, due_at, approvers, levels = [] } = record.data
    const asking = { key: step, levels: levels.map(({ name }) => name), level: 0, people: approvers }
    plan.asking.set(record.approval_id, asking)
    const { approval_id, at } = record
    put(plan, 'approval', step, { state: 'waiting', attempts: 1, started_at: at, due_at, ...waitsFor(asking), approval_id })
    return
  }
  const asking = plan.asking.get(record.approval_id)
  // The first decision stands.
  if (!asking || stageOf(plan, 'approval', asking.key)?.ended_at !== null) return
  if (record.type === 'approval_decided') {
    const { decision } = record.data
    const state = decision === 'approved' || decision === 'rejected' ? 'done' : 'skipped'
    const { text, said } = decided(record)
    put(plan, 'approval', asking.key, ended({ state, words: { text: shortened(text), said }, at: record.at }))
    return
  }
  if ('standing' in record.data) {
    const { level, people, due_at } = record.data.standing
    const now = { ...asking, level, people }
    plan.asking.set(record.approval_id, now)
    put(plan, 'approval', asking.key, { due_at, ...waitsFor(now) })
  } else if (record.type === 'approval_sent_back') {
    put(plan, 'approval', asking.key, line('waits_for_answer', { who: who(record.actor) }))
  } else if (record.type === 'approval_answered') put(plan, 'approval', asking.key, waitsFor(asking))
}

const mostNamed = 3

function waitsFor({ people, levels, level }: Asking): Line {
  const more = Math.max(0, people.length - mostNamed)
  const where = { level: levels[level] || null, at: level + 1, of: levels.length }
  return line('waits_for_people', { people: people.slice(0, mostNamed), more, ...where })
}

function waitRecord(plan: Plan, record: JournalRecord): void {
  switch (record.type) {
    case 'timer_set': {
      const { step, due_at } = record.data
      put(plan, 'sleep', step, { state: 'waiting', attempts: 1, started_at: record.at, due_at, ...line('sleeps') })
      return
    }
    case 'timer_fired':
      put(plan, 'sleep', record.data.step, ended({ state: 'done', words: line('slept'), at: record.at }))
      return
    case 'signal_awaited': {
      const { step, signal, due_at } = record.data
      plan.waits.set(signal, [...(plan.waits.get(signal) ?? []), step])
      const waits = line('waits_for', { what: signal })
      put(plan, 'signal', step, { state: 'waiting', attempts: 1, started_at: record.at, due_at, ...waits })
      return
    }
    case 'signal_received':
      received(plan, record)
      return
    case 'signal_lapsed':
      put(plan, 'signal', record.data.step, ended({ state: 'skipped', words: line('nothing_came'), at: record.at }))
      return
    case 'child_started': {
      const { step, child_id, workflow } = record.data
      const waits = line('waits_for', { what: workflow })
      put(plan, 'child', step, { state: 'waiting', attempts: 1, started_at: record.at, ...waits, child_id })
      return
    }
    case 'child_ended': {
      const { step, child_id, status } = record.data
      const end = ended({ ...childEnds[status], at: record.at })
      const error = status === 'failed' ? orErased(record, record.content?.error ?? undefined, null) : null
      put(plan, 'child', step, { ...end, child_id, error, ...resultOf(record, record.content?.result) })
      return
    }
  }
}

const childEnds = {
  completed: { state: 'done', words: line('child_completed') },
  failed: { state: 'failed', words: line('child_failed') },
  cancelled: { state: 'skipped', words: line('child_cancelled') },
} as const

/** The message goes to the wait that is open, or is kept for the next call: that one will have the next name. */
function received(plan: Plan, record: JournalRecord<'signal_received'>): void {
  const { signal, awaited } = record.data
  const waits = plan.waits.get(signal) ?? []
  const open = awaited ? waits.find((key) => stageOf(plan, 'signal', key)?.state === 'waiting') : undefined
  const key = open ?? (waits.length === 0 ? signal : `${signal}#${waits.length + 1}`)
  if (open === undefined) {
    plan.waits.set(signal, [...waits, key])
    put(plan, 'signal', key, { attempts: 1, started_at: record.at })
  }
  const words = line('received', { who: who(record.actor), early: open === undefined })
  put(plan, 'signal', key, { ...ended({ state: 'done', words, at: record.at }), ...resultOf(record, record.content?.payload) })
}

/** The member `result`, or none. */
function resultOf(record: JournalRecord, value: unknown): { readonly result?: unknown } {
  const result = orErased(record, value, null)
  return Buffer.byteLength(JSON.stringify(result)) > resultLimitBytes ? {} : { result }
}
