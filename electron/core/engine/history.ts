import type { JournalRecord } from '../../../shared/model/event.ts'
import type { Answer } from './workflow.ts'

type StepState =
  | { readonly state: 'completed'; readonly result: unknown }
  /** `retry_at` null: it has failed for the last time. */
  | { readonly state: 'failed'; readonly attempts: number; readonly error: string; readonly retry_at: number | null }

type SignalWait =
  | { readonly state: 'new'; readonly key: string }
  | { readonly state: 'awaited'; readonly key: string; readonly due_at: number | null }
  | { readonly state: 'received'; readonly payload: unknown }
  | { readonly state: 'lapsed' }

/**
 * What a run remembers, read from its own records: the ledger of one pass. It also watches names, because a name is a storage
 * key: used twice, two different things would get the same result.
 */
export class History {
  readonly #steps = new Map<string, StepState>()
  readonly #asked = new Map<string, { readonly id: string; readonly record: JournalRecord<'approval_requested'> }>()
  readonly #answers = new Map<string, Answer>()
  readonly #timers = new Map<string, { readonly fired: boolean; readonly due_at: number }>()
  readonly #awaited = new Map<string, number | null>()
  readonly #lapsed = new Set<string>()
  readonly #payloads = new Map<string, unknown[]>()
  readonly #used = new Set<string>()
  readonly #signalCalls = new Map<string, number>()
  #input: unknown = null
  /** Instant of the last record that this pass has come to, as ms since the epoch. */
  lastAt = 0
  lastSeq = 0
  lastAnswer: Answer | null = null

  constructor(records: readonly JournalRecord[]) {
    for (const record of records) this.add(record)
  }

  get input(): unknown {
    return this.#input
  }

  add(record: JournalRecord): void {
    this.lastAt = Date.parse(record.at)
    this.lastSeq = record.seq
    switch (record.type) {
      case 'run_started':
        this.#input = record.content?.input ?? null
        break
      case 'step_completed':
        this.#steps.set(record.data.step, { state: 'completed', result: record.content?.result ?? null })
        break
      case 'step_failed': {
        const { step, attempt, retry_at } = record.data
        const error = record.content?.error ?? '(erased)'
        this.#steps.set(step, {
          state: 'failed',
          attempts: attempt,
          error,
          retry_at: retry_at === null ? null : Date.parse(retry_at),
        })
        break
      }
      case 'run_retried':
        for (const [step, kept] of this.#steps) if (kept.state === 'failed') this.#steps.delete(step)
        break
      case 'approval_requested':
        this.#asked.set(record.data.step, { id: record.approval_id, record })
        break
      case 'approval_decided':
        this.lastAnswer = this.#toAnswer(record)
        this.#answers.set(record.approval_id, this.lastAnswer)
        break
      case 'timer_set':
        this.#timers.set(record.data.step, { fired: false, due_at: Date.parse(record.data.due_at) })
        break
      case 'timer_fired':
        this.#timers.set(record.data.step, { fired: true, due_at: 0 })
        break
      case 'signal_awaited':
        this.#awaited.set(record.data.step, record.data.due_at === null ? null : Date.parse(record.data.due_at))
        break
      case 'signal_lapsed':
        this.#lapsed.add(record.data.step)
        break
      case 'signal_received': {
        const kept = this.#payloads.get(record.data.signal) ?? []
        kept.push(record.content?.payload ?? null)
        this.#payloads.set(record.data.signal, kept)
        break
      }
    }
  }

  /** Takes a name for this pass. Throws when the workflow has used it already. */
  claim(name: string): void {
    if (this.#used.has(name)) {
      throw new Error(
        `The name "${name}" is used twice in one run. A name is the key under which a result is stored: give each its own.`,
      )
    }
    this.#used.add(name)
  }

  step(name: string): StepState | undefined {
    return this.#steps.get(name)
  }

  approval(name: string): { readonly id: string; readonly answer: Answer | undefined } | undefined {
    const asked = this.#asked.get(name)
    return asked && { id: asked.id, answer: this.#answers.get(asked.id) }
  }

  timer(name: string): { readonly fired: boolean; readonly due_at: number } | undefined {
    return this.#timers.get(name)
  }

  /** The n-th call for a signal gets the n-th message that no earlier call has taken. `key` names this wait in the journal. */
  signal(name: string): SignalWait {
    const call = (this.#signalCalls.get(name) ?? 0) + 1
    this.#signalCalls.set(name, call)
    const keyOf = (n: number) => (n === 1 ? name : `${name}#${n}`)
    const key = keyOf(call)
    if (this.#lapsed.has(key)) return { state: 'lapsed' }
    let taken = 0
    for (let n = 1; n < call; n++) if (!this.#lapsed.has(keyOf(n))) taken++
    const payloads = this.#payloads.get(name) ?? []
    if (payloads.length > taken) return { state: 'received', payload: payloads[taken] }
    const due_at = this.#awaited.get(key)
    return due_at === undefined ? { state: 'new', key } : { state: 'awaited', key, due_at }
  }

  #toAnswer(record: JournalRecord<'approval_decided'>): Answer {
    const asked = [...this.#asked.values()].find((entry) => entry.id === record.approval_id)
    const { decision, version } = record.data
    return {
      outcome: decision,
      reason: record.content?.comment ?? null,
      decided_by: record.actor.kind === 'system' ? null : record.actor.id,
      decided_at: record.at,
      approval_id: record.approval_id,
      version,
      value: asked?.record.content?.asked.data ?? null,
    }
  }
}
