import type { JournalRecord } from '../../../shared/model/event.ts'
import type { Came } from './hand-out.ts'

type SignalWait =
  | { readonly state: 'new'; readonly key: string }
  | { readonly state: 'awaited'; readonly key: string; readonly due_at: number | null }
  | { readonly state: 'received'; readonly payload: unknown; readonly came: Came }
  | { readonly state: 'lapsed'; readonly came: Came }

const keyOf = (name: string, call: number) => (call === 1 ? name : `${name}#${call}`)

/** The messages of one run: what came, what it has waited for, and which call gets which. */
export class Messages {
  readonly #awaited = new Map<string, number | null>()
  readonly #lapsed = new Map<string, Came>()
  readonly #payloads = new Map<string, { readonly payload: unknown; readonly came: Came }[]>()
  readonly #calls = new Map<string, number>()
  readonly #keys = new Set<string>()

  add(record: JournalRecord<'signal_awaited' | 'signal_lapsed' | 'signal_received'>): void {
    switch (record.type) {
      case 'signal_awaited':
        this.#awaited.set(record.data.step, record.data.due_at === null ? null : Date.parse(record.data.due_at))
        break
      case 'signal_lapsed':
        this.#lapsed.set(record.data.step, record)
        break
      case 'signal_received': {
        const kept = this.#payloads.get(record.data.signal) ?? []
        kept.push({ payload: record.content?.payload ?? null, came: record })
        this.#payloads.set(record.data.signal, kept)
        break
      }
    }
  }

  /** Counts the calls for a signal in this pass. */
  nextCall(name: string): number {
    const call = (this.#calls.get(name) ?? 0) + 1
    this.#calls.set(name, call)
    this.#keys.add(keyOf(name, call))
    return call
  }

  /** The n-th call for a signal gets the n-th message that no earlier call has taken. `key` names this wait in the journal. */
  look(name: string, call: number): SignalWait {
    const key = keyOf(name, call)
    const lapsed = this.#lapsed.get(key)
    if (lapsed) return { state: 'lapsed', came: lapsed }
    let taken = 0
    for (let n = 1; n < call; n++) if (!this.#lapsed.has(keyOf(name, n))) taken++
    const message = this.#payloads.get(name)?.[taken]
    if (message) return { state: 'received', ...message }
    const due_at = this.#awaited.get(key)
    return due_at === undefined ? { state: 'new', key } : { state: 'awaited', key, due_at }
  }

  /** Waits in the journal that no call of this pass has come by. */
  *vanished(): Iterable<string> {
    for (const key of this.#awaited.keys()) if (!this.#keys.has(key)) yield key
  }
}
