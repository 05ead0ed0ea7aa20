import type { JournalRecord } from '../../../shared/model/event.ts'
import { endedStatuses, nextStatus, type RunStatus, type RunStep } from '../../../shared/model/run.ts'
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

type Ending = { readonly state: 'done' | 'failed' | 'skipped'; readonly text: string; readonly at: string }

const ended = ({ state, text, at }: Ending) => ({ state, ended_at: at, due_at: null, text, error: null })

/** Stages end with their run. */
function closeAll(plan: Plan, at: string, closes: (stage: RunStep) => boolean = () => true): void {
  for (const stage of [...plan.stages.values()].filter(closes)) {
    const { kind, key, state, error } = stage
    if (state === 'retrying') put(plan, kind, key, { ...ended({ state: 'failed', text: 'Given up', at }), error })
    if (state === 'waiting' || state === 'running')
      put(plan, kind, key, ended({ state: 'skipped', text: 'The run ended before', at }))
  }
}

function stepRecord(plan: Plan, record: JournalRecord): void {
  switch (record.type) {
    case 'step_completed': {
      const attempts = (stageOf(plan, 'step', record.data.step)?.attempts ?? 0) + 1
      const text = attempts === 1 ? 'Done' : `Done at the ${ordinal(attempts)} attempt`
      const result = resultOf(record, record.content?.result)
      put(plan, 'step', record.data.step, { attempts, ...ended({ state: 'done', text, at: record.at }), ...result })
      return
    }
    case 'step_failed': {
      const { step, retry_at } = record.data
      const attempts = (stageOf(plan, 'step', step)?.attempts ?? 0) + 1
      const error = orErased(record, record.content?.error, null)
      const times = attempts === 1 ? 'once' : attempts === 2 ? 'twice' : `${attempts} times`
      const text = `Failed ${times}${retry_at === null ? '' : ', tries again'}`
      const state = retry_at === null ? 'failed' : 'retrying'
      const ended_at = retry_at === null ? record.at : null
      put(plan, 'step', step, { attempts, state, ended_at, due_at: retry_at, text, error })
      return
    }
    case 'run_resumed':
      if (record.data.step !== null) put(plan, 'step', record.data.step, { state: 'running', due_at: null, text: 'At work' })
      return
    case 'run_retried': {
      for (const { kind, key, state } of plan.stages.values())
        if (kind === 'step' && state === 'failed')
          put(plan, kind, key, { state: 'running', ended_at: null, text: `Tried again by ${who(record.actor)}`, error: null })
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
    const text = waitsFor(asking)
    put(plan, 'approval', step, { state: 'waiting', attempts: 1, started_at: at, due_at, text, approval_id })
    return
  }
  const asking = plan.asking.get(record.approval_id)
  // The first decision stands.
  if (!asking || stageOf(plan, 'approval', asking.key)?.ended_at !== null) return
  if (record.type === 'approval_decided') {
    const { decision } = record.data
    const state = decision === 'approved' || decision === 'rejected' ? 'done' : 'skipped'
    put(plan, 'approval', asking.key, ended({ state, text: shortened(decided(record)), at: record.at }))
    return
  }
  if ('standing' in record.data) {
    const { level, people, due_at } = record.data.standing
    const now = { ...asking, level, people }
    plan.asking.set(record.approval_id, now)
    put(plan, 'approval', asking.key, { due_at, text: waitsFor(now) })
  } else if (record.type === 'approval_sent_back') {
    put(plan, 'approval', asking.key, { text: `Waits for an answer to ${who(record.actor)}` })
  } else if (record.type === 'approval_answered') put(plan, 'approval', asking.key, { text: waitsFor(asking) })
}

const mostNamed = 3

function waitsFor({ people, levels, level }: Asking): string {
  const named = people.slice(0, mostNamed).join(', ')
  const others = people.length > mostNamed ? ` and ${people.length - mostNamed} more` : ''
  const where = levels.length > 1 ? ` (${levels[level] || 'level'}, ${level + 1} of ${levels.length})` : ''
  return `Waits for ${named || 'anybody who may decide'}${others}${where}`
}

function waitRecord(plan: Plan, record: JournalRecord): void {
  switch (record.type) {
    case 'timer_set': {
      const { step, due_at } = record.data
      put(plan, 'sleep', step, { state: 'waiting', attempts: 1, started_at: record.at, due_at, text: 'Sleeps' })
      return
    }
    case 'timer_fired':
      put(plan, 'sleep', record.data.step, ended({ state: 'done', text: 'Slept', at: record.at }))
      return
    case 'signal_awaited': {
      const { step, signal, due_at } = record.data
      plan.waits.set(signal, [...(plan.waits.get(signal) ?? []), step])
      put(plan, 'signal', step, { state: 'waiting', attempts: 1, started_at: record.at, due_at, text: `Waits for ${signal}` })
      return
    }
    case 'signal_received':
      received(plan, record)
      return
    case 'signal_lapsed':
      put(plan, 'signal', record.data.step, ended({ state: 'skipped', text: 'Nothing came in time', at: record.at }))
      return
    case 'child_started': {
      const { step, child_id, workflow } = record.data
      const text = `Waits for ${workflow}`
      put(plan, 'child', step, { state: 'waiting', attempts: 1, started_at: record.at, text, child_id })
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
  completed: { state: 'done', text: 'Completed' },
  failed: { state: 'failed', text: 'Failed' },
  cancelled: { state: 'skipped', text: 'Cancelled' },
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
  const text = `From ${who(record.actor)}${open === undefined ? ', before it was waited for' : ''}`
  put(plan, 'signal', key, { ...ended({ state: 'done', text, at: record.at }), ...resultOf(record, record.content?.payload) })
}

const ordinal = (n: number): string => `${n}${n === 2 ? 'nd' : n === 3 ? 'rd' : 'th'}`

/** The member `result`, or none. */
function resultOf(record: JournalRecord, value: unknown): { readonly result?: unknown } {
  const result = orErased(record, value, null)
  return Buffer.byteLength(JSON.stringify(result)) > resultLimitBytes ? {} : { result }
}
