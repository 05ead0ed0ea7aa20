import { randomBytes } from 'node:crypto'
import { type Failure, failure } from '../../../shared/contract/errors.ts'
import type { Actor } from '../../../shared/model/actor.ts'
import type { JournalRecord, NewEvent } from '../../../shared/model/event.ts'
import { fail, ok, type Result } from '../../../shared/model/result.ts'
import type { Access } from '../access/port.ts'
import { type Clock, toInstant } from '../clock.ts'
import type { Commit } from '../commit.ts'
import { toFailure } from '../engine/outcome.ts'
import type { Journal, Position } from '../journal/port.ts'
import { Table, type UndoLog } from '../table.ts'
import { DueQueue } from './due-queue.ts'
import { Endpoints } from './endpoints.ts'
import type { Outbox, Outcome } from './port.ts'
import { createSendPost, type SendPost } from './post.ts'
import { nextVerdict, readable, type Verdict } from './retries.ts'
import { webhookHeaders } from './webhook.ts'

/**
 * Guards two promises. Nothing is sent before its record is on disk, and nothing is sent again while the result of an attempt could
 * not be written: the result is kept and written later. After a crash an attempt may be repeated, with the same `webhook-id`.
 */
export type OutboxDeps = {
  readonly commit: () => Commit
  readonly journal: Pick<Journal, 'read' | 'synced'>
  readonly access: Pick<Access, 'source' | 'callbackSecret'>
  readonly clock: Clock
  readonly undo: UndoLog
  readonly log: { warn(fields: object, message: string): void }
  /** `config.deliveries.timeout_seconds`, asked at each attempt. */
  readonly timeoutSeconds?: () => number
  readonly send?: SendPost
  /** From 0 to 1; spreads the retries of many deliveries. */
  readonly random?: () => number
}

/** What memory holds of a delivery; its body stays in the journal. `next_at` is null for a dead one, which can be sent again. */
type Row = {
  readonly id: string
  readonly run_id: string
  readonly source: string
  readonly url: string
  readonly attempt: number
  /** Attempts before the person's last resend: the schedule starts anew then. */
  readonly attempts_before: number
  readonly next_at: number | null
  readonly position: Position
  /** The record that must be durable before the next attempt. */
  readonly seq: number
  /** What its run said was erased: nothing of it is written down any more. */
  readonly erased?: true
}

const actor: Actor = { kind: 'system', id: 'outbox', name: 'Outbox', via: 'engine' }
const recordAgainMs = 10_000
const stopWithinMs = 5_000
/** Timers stop while the machine sleeps: so long after it woke at the latest, the clock is looked at. */
const longestNapMs = 30_000

/** An outbox that people can put dead deliveries back into. */
export interface DeliveryOutbox extends Outbox {
  requeue(deliveryId: string, by: Actor): Promise<Result<null, Failure>>
}

export function createOutbox(deps: OutboxDeps): DeliveryOutbox {
  return new DurableOutbox(deps)
}

class DurableOutbox implements DeliveryOutbox {
  readonly #deps: OutboxDeps
  readonly #send: SendPost
  readonly #rows: Table<string, Row>
  readonly #due = new DueQueue()
  readonly #endpoints = new Endpoints()
  /** Deliveries taken off the queue: waiting for their turn, on their way, or with a result still to be written. */
  readonly #busy = new Set<string>()
  /** Results the journal refused. */
  readonly #unwritten = new Map<string, { event: NewEvent; at: number }>()
  readonly #working = new Set<Promise<void>>()
  #stopping = new AbortController()
  #running = false
  #scheduled = false
  #disarm: () => void = () => {}

  constructor(deps: OutboxDeps) {
    this.#deps = deps
    this.#send = deps.send ?? createSendPost({ clock: deps.clock })
    this.#rows = new Table(deps.undo)
  }

  queue(sourceId: string, runId: string, outcome: Outcome): NewEvent | null {
    const source = this.#deps.access.source(sourceId)
    if (source === null || source.callback_url === null) return null
    const body = JSON.stringify({ type: `task.${outcome.status}`, timestamp: toInstant(this.#deps.clock.now()), data: outcome })
    return {
      type: 'delivery_queued',
      actor,
      run_id: runId,
      data: { delivery_id: `dlv_${randomBytes(12).toString('hex')}`, source: sourceId, url: source.callback_url },
      content: { body },
    }
  }

  async requeue(deliveryId: string, by: Actor): Promise<Result<null, Failure>> {
    const row = this.#rows.get(deliveryId)
    if (row === undefined) return fail(failure('not-found', `There is no delivery ${deliveryId} that could be sent again.`))
    if (row.next_at !== null)
      return fail(failure('not-retryable', 'This delivery is still being sent; only a dead one can be sent again.'))
    try {
      const event = {
        type: 'delivery_requeued',
        actor: by,
        run_id: row.run_id,
        data: { delivery_id: row.id },
        content: null,
      } as const
      await this.#deps.commit()(event).durable
      return ok(null)
    } catch (error) {
      return fail(toFailure(error))
    }
  }

  apply(record: JournalRecord, position: Position): void {
    switch (record.type) {
      case 'delivery_queued': {
        const { delivery_id: id, source, url } = record.data
        const next_at = Date.parse(record.at)
        this.#keep({ id, run_id: record.run_id, source, url, attempt: 0, attempts_before: 0, next_at, position, seq: record.seq })
        break
      }
      case 'delivery_attempted': {
        const row = this.#rows.get(record.data.delivery_id)
        if (row === undefined) break
        if (record.data.state === 'delivered') this.#rows.delete(row.id)
        else {
          const next_at = record.data.next_at === null ? null : Date.parse(record.data.next_at)
          this.#keep({ ...row, attempt: record.data.attempt, next_at, seq: record.seq })
        }
        break
      }
      case 'delivery_requeued': {
        const row = this.#rows.get(record.data.delivery_id)
        if (row === undefined) break
        this.#keep({ ...row, attempts_before: row.attempt, next_at: Date.parse(record.at), seq: record.seq })
        break
      }
      case 'run_erased':
        for (const row of [...this.#rows.values()])
          if (row.run_id === record.run_id) this.#rows.set(row.id, { ...row, erased: true })
        break
    }
  }

  takenBack(): void {
    this.#due.clear()
    for (const row of this.#rows.values()) if (row.next_at !== null && !this.#busy.has(row.id)) this.#due.push(row.next_at, row.id)
    this.#schedule()
  }

  start(): void {
    this.#running = true
    this.#stopping = new AbortController()
    this.#schedule()
  }

  tick(): void {
    this.#schedule()
  }

  /** Takes no new work, waits a little for what is on its way, then cuts it off: unrecorded attempts are made again at the next start. */
  async stop(): Promise<void> {
    this.#running = false
    this.#disarm()
    for (const [id, { event }] of this.#unwritten) this.#track(this.#write(id, event))
    const disarm = this.#deps.clock.after(stopWithinMs, () => this.#stopping.abort())
    await Promise.allSettled(this.#working)
    disarm()
  }

  #keep(row: Row): void {
    this.#rows.set(row.id, row)
    if (row.next_at === null || this.#busy.has(row.id)) return
    this.#due.push(row.next_at, row.id)
    this.#schedule()
  }

  /** Works after the present synchronous turn, so that the events of one commit are all applied first. */
  #schedule(): void {
    if (!this.#running || this.#scheduled) return
    this.#scheduled = true
    queueMicrotask(() => {
      this.#scheduled = false
      if (this.#running) this.#work()
    })
  }

  #work(): void {
    const now = this.#deps.clock.now()
    for (let entry = this.#due.take(now); entry !== null; entry = this.#due.take(now)) {
      const row = this.#rows.get(entry.id)
      if (row === undefined || row.next_at !== entry.at || this.#busy.has(row.id)) continue
      this.#busy.add(row.id)
      this.#endpoints.wait(row.url, row.id)
    }
    for (const { url, id } of this.#endpoints.take(now)) this.#track(this.#attempt(url, id))
    for (const [id, { event, at }] of this.#unwritten) {
      if (at <= now) this.#track(this.#write(id, event))
    }
    this.#arm(now)
  }

  #arm(now: number): void {
    this.#disarm()
    const instants = [this.#due.nextAt, this.#endpoints.nextAt(now), ...[...this.#unwritten.values()].map((entry) => entry.at)]
    const next = Math.min(...instants.filter((at) => at !== null))
    this.#disarm = Number.isFinite(next)
      ? this.#deps.clock.after(Math.min(Math.max(0, next - now), longestNapMs), () => this.#schedule())
      : () => {}
  }

  #track(work: Promise<void>): void {
    const tracked = work
      .catch((error: unknown) => this.#deps.log.warn({ error }, 'A delivery could not be worked on.'))
      .finally(() => {
        this.#working.delete(tracked)
        this.#schedule()
      })
    this.#working.add(tracked)
  }

  async #attempt(url: string, id: string): Promise<void> {
    const { clock, journal } = this.#deps
    const row = this.#rows.get(id)
    const durable =
      row !== undefined &&
      (await journal.synced(row.seq).then(
        () => true,
        () => false,
      ))
    if (!durable || !this.#running) {
      this.#endpoints.done(url, null, clock.now())
      return this.#release(id)
    }
    const verdict = await this.#judge(row)
    const works = verdict.state === 'delivered' ? true : verdict.state === 'dead' && verdict.status === null ? null : false
    this.#endpoints.done(url, works, clock.now())
    if (this.#stopping.signal.aborted && verdict.state !== 'delivered') return this.#release(id)
    await this.#write(id, toEvent(row, verdict))
  }

  async #judge(row: Row): Promise<Verdict> {
    const { clock, access, timeoutSeconds, random = Math.random } = this.#deps
    const secret = access.callbackSecret(row.source)
    if (secret === null) return undeliverable('The source has been revoked: there is no secret to sign with any more.')
    const body = this.#body(row)
    if (body === null) return undeliverable('The content of this delivery was erased.')
    const timestampSeconds = Math.floor(clock.now() / 1000)
    const tries = row.attempt - row.attempts_before + 1
    if (body === undefined)
      return nextVerdict({ kind: 'failed', error: 'The body could not be read.' }, tries, clock.now(), random())
    const headers = {
      'content-type': 'application/json',
      'user-agent': 'Countersign',
      ...webhookHeaders({ secret, id: row.id, timestampSeconds, body }),
    }
    const timeoutMs = 1000 * (timeoutSeconds?.() ?? 15)
    const result = await this.#send({ url: row.url, headers, body, timeoutMs, signal: this.#stopping.signal })
    return nextVerdict(result, tries, clock.now(), random())
  }

  /** Null when it was erased; undefined when it cannot be read now. */
  #body(row: Row): string | null | undefined {
    try {
      const record = this.#deps.journal.read(row.position)
      return record.type === 'delivery_queued' ? (record.content?.body ?? null) : null
    } catch (error) {
      this.#deps.log.warn({ error, delivery: row.id }, 'The body of a delivery could not be read from the journal.')
      return undefined
    }
  }

  /** Writes an attempt's result; refused, it is kept for later and the delivery is not sent again meanwhile. */
  async #write(id: string, event: NewEvent): Promise<void> {
    try {
      this.#unwritten.delete(id)
      await this.#deps.commit()(this.#rows.get(id)?.erased ? withoutWords(event) : event).durable
      this.#release(id)
    } catch (error) {
      const at = this.#deps.clock.now() + recordAgainMs
      this.#unwritten.set(id, { event, at })
      const reason = readable(String((error as Error).message), 300)
      this.#deps.log.warn({ delivery: id, reason }, 'The result of a delivery could not be stored; it is kept and stored later.')
    }
  }

  /** Lets a delivery be worked on again at its next instant. */
  #release(id: string): void {
    this.#busy.delete(id)
    const row = this.#rows.get(id)
    if (row !== undefined && row.next_at !== null) this.#due.push(row.next_at, id)
  }
}

/** A receiver's answer can quote what it was sent. */
const withoutWords = (event: NewEvent): NewEvent =>
  event.type === 'delivery_attempted' ? { ...event, content: { error: null } } : event

const undeliverable = (error: string): Verdict => ({ state: 'dead', next_at: null, status: null, error })

function toEvent(row: Row, { state, next_at, status, error }: Verdict): NewEvent {
  return {
    type: 'delivery_attempted',
    actor,
    run_id: row.run_id,
    data: {
      delivery_id: row.id,
      state,
      attempt: row.attempt + 1,
      next_at: next_at === null ? null : toInstant(next_at),
      status,
    },
    content: { error },
  }
}
