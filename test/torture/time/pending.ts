import type { JournalRecord } from '../../../shared/model/event.ts'

/** Something that has to happen once: what, to whom, and when the clock is there. */
export type Due = { readonly what: 'approval' | 'timer' | 'signal' | 'step' | 'delivery'; readonly id: string; readonly at: number }

type Approval = { readonly run: string; due: number | null; wake: number | null; held: boolean }

/** What a journal says is still to come, worked out again from its records alone. */
export class Pending {
  readonly approvals = new Map<string, Approval>()
  readonly runs = new Set<string>()
  readonly #others = new Map<string, Due & { readonly run: string }>()
  /** Runs of which nothing says what they wait for: they are at work. */
  readonly #busy = new Set<string>()

  /** Everything to come, the earliest first. */
  all(): readonly Due[] {
    const found: Due[] = [...this.#others.values()]
    for (const [id, { wake }] of this.approvals) if (wake !== null) found.push({ what: 'approval', id, at: wake })
    return found.sort((a, b) => a.at - b.at)
  }

  /** What should have happened already. */
  late(now: number): readonly string[] {
    const late = this.all().filter(({ at }) => at <= now)
    return [
      ...late.map(({ what, id, at }) => `${what} ${id} was due ${new Date(at).toISOString()}`),
      ...[...this.#busy].map((id) => `${id} is at work`),
    ]
  }

  /** When this falls due next; null where nothing says so. */
  dueOf(record: JournalRecord): number | null {
    if ('approval_id' in record) return this.approvals.get(record.approval_id)?.wake ?? null
    return this.#others.get(keyOf(record))?.at ?? null
  }

  apply(record: JournalRecord): void {
    if ('approval_id' in record) this.#ofApproval(record)
    else if (record.type.startsWith('delivery_')) this.#ofDelivery(record)
    else if ('run_id' in record) this.#ofRun(record)
    if ('run_id' in record && this.runs.has(record.run_id)) this.#busy[this.#waits(record.run_id) ? 'delete' : 'add'](record.run_id)
  }

  #waits(run: string): boolean {
    for (const other of this.#others.values()) if (other.run === run && other.what !== 'delivery') return true
    for (const approval of this.approvals.values()) if (approval.run === run) return true
    return false
  }

  #ofApproval(record: JournalRecord): void {
    if (!('approval_id' in record)) return
    const { approval_id: id, run_id: run } = record
    const there = this.approvals.get(id)
    const instant = (text: string | null | undefined) => (text ? Date.parse(text) : null)
    if (record.type === 'approval_requested') {
      const due = instant(record.data.due_at)
      const wake = record.data.levels?.[0] ? firstOf(record, due) : due
      this.approvals.set(id, { run, due, wake, held: false })
    } else if (record.type === 'approval_decided') this.approvals.delete(id)
    else if (!there) return
    else if (record.type === 'approval_held') {
      there.wake = Date.parse(record.data.release_at)
      there.held = true
    } else if (record.type === 'approval_reminded') there.wake = instant(record.data.next_at)
    else if ('standing' in record.data) {
      there.due = instant(record.data.standing.due_at)
      there.wake = instant(record.data.standing.next_at)
      if (record.type === 'approval_unheld') there.held = false
    }
  }

  #ofDelivery(record: JournalRecord): void {
    const id = keyOf(record)
    if (record.type === 'delivery_queued') this.#put(record.run_id, 'delivery', id, Date.parse(record.at))
    if (record.type !== 'delivery_attempted') return
    this.#others.delete(id)
    if (record.data.next_at !== null) this.#put(record.run_id, 'delivery', id, Date.parse(record.data.next_at))
  }

  #ofRun(record: JournalRecord & { readonly run_id: string }): void {
    const { run_id: run } = record
    const id = keyOf(record)
    if (record.type === 'run_started') this.runs.add(run)
    else if (record.type === 'timer_set') this.#put(run, 'timer', id, Date.parse(record.data.due_at))
    else if (record.type === 'signal_awaited' && record.data.due_at) this.#put(run, 'signal', id, Date.parse(record.data.due_at))
    else if (record.type === 'timer_fired' || record.type === 'signal_lapsed' || record.type === 'step_completed')
      this.#others.delete(id)
    else if (record.type === 'step_failed') {
      this.#others.delete(id)
      if (record.data.retry_at) this.#put(run, 'step', id, Date.parse(record.data.retry_at))
    } else if (record.type === 'run_completed' || record.type === 'run_failed' || record.type === 'run_cancelled') {
      this.runs.delete(run)
      this.#busy.delete(run)
      for (const [key, other] of this.#others) if (other.run === run && other.what !== 'delivery') this.#others.delete(key)
    }
  }

  #put(run: string, what: Due['what'], id: string, at: number): void {
    this.#others.set(id, { what, id, at, run })
  }
}

function keyOf(record: JournalRecord): string {
  const { data } = record as { data: { delivery_id?: string; step?: string } }
  return data.delivery_id ?? `${(record as { run_id?: string }).run_id}/${data.step}`
}

/** The first of reminders, an escalation and the deadline. */
function firstOf(record: JournalRecord<'approval_requested'>, due: number | null): number | null {
  const level = record.data.levels![0]!
  const started = Date.parse(record.at)
  const early = level.escalate[0]?.after_ms
  const reminders = due === null ? [] : level.remind_before_ms.map((before) => due - before).filter((at) => at > started)
  const instants = [
    ...reminders,
    ...(early === null || early === undefined ? [] : [started + early]),
    ...(due === null ? [] : [due]),
  ]
  return instants.length === 0 ? null : Math.min(...instants)
}
