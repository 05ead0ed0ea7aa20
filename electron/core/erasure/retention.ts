import type { RetentionPreview, RetentionRules } from '../../../shared/contract/erasure.ts'
import type { Clock } from '../clock.ts'
import type { Projection } from '../projection/port.ts'
import { endedRuns } from './ended-runs.ts'
import type { Erasures } from './erasures.ts'
import { isOnHold, isPast } from './rules.ts'

export type RetentionDeps = {
  readonly projection: Pick<Projection, 'query' | 'caughtUp'>
  readonly durable: () => number
  readonly erasures: Pick<Erasures, 'erasePast' | 'finish'>
  readonly rules: () => RetentionRules
  readonly clock: Clock
  readonly log: { error(details: object, message: string): void }
}

const dayMs = 86_400_000
/** A start has other things to do first. */
const afterStartMs = 60_000
/** Time to take back a change that would erase too much. */
const afterChangeMs = 3_600_000
/** Timers stop while the machine sleeps, so the clock is looked at this often. */
const lookMs = 15 * 60_000
/** After a longer gap the clock may be wrong, which is usually put right soon; what is erased does not come back. */
const longestGapMs = 3_600_000
const afterGapMs = 60_000
/** So many tombstones share a commit: the rest of the application comes in between. */
const atOnce = 50

/** Erases once a day what is past its time. */
export class Retention {
  readonly #deps: RetentionDeps
  #nextAt: number
  #lookedAt: number
  #disarm: () => void = () => {}
  #working: Promise<void> | null = null
  #running = false

  constructor(deps: RetentionDeps) {
    this.#deps = deps
    this.#lookedAt = deps.clock.now()
    this.#nextAt = this.#lookedAt + afterStartMs
  }

  get nextAt(): number {
    return this.#nextAt
  }

  start(): void {
    this.#running = true
    this.#lookedAt = this.#deps.clock.now()
    this.#nextAt = this.#lookedAt + afterStartMs
    this.#arm()
  }

  /** The rules are others now: whoever changed them gets time to think better of it. */
  changed(): void {
    this.#nextAt = this.#deps.clock.now() + afterChangeMs
    if (this.#running) this.#arm()
  }

  /** Looks whether a day has passed. Called by timers, and after the machine woke up. */
  tick(): void {
    if (!this.#running) return
    const now = this.#deps.clock.now()
    if (now - this.#lookedAt > longestGapMs) this.#nextAt = Math.max(this.#nextAt, now + afterGapMs)
    // Set back, the clock does not put it off until it is there again.
    this.#nextAt = Math.min(this.#nextAt, now + dayMs)
    this.#lookedAt = now
    if (now >= this.#nextAt && this.#working === null) {
      this.#nextAt = now + dayMs
      this.#working = this.#erasePast()
        .catch((error: unknown) => {
          this.#deps.log.error({ error }, 'what is past its time could not be erased; it is tried again tomorrow')
        })
        .finally(() => {
          this.#working = null
        })
    }
    this.#arm()
  }

  async stop(): Promise<void> {
    this.#running = false
    this.#disarm()
    await this.#working
  }

  /** What these rules would erase now. */
  async preview(rules: RetentionRules): Promise<RetentionPreview> {
    const { projection, clock, durable } = this.#deps
    await projection.caughtUp(durable())
    const now = clock.now()
    const types = new Map<string, { due: number; of: number }>()
    let held = 0
    for await (const runs of endedRuns(projection)) {
      for (const run of runs) {
        const counted = types.get(run.type) ?? { due: 0, of: 0 }
        const past = isPast(rules, run.type, run.completed_at, now)
        const kept = past && isOnHold(rules, run)
        if (kept) held++
        types.set(run.type, { due: counted.due + (past && !kept ? 1 : 0), of: counted.of + 1 })
      }
    }
    const counted = [...types].map(([type, numbers]) => ({ type, ...numbers })).sort((a, b) => a.type.localeCompare(b.type))
    const sum = (key: 'due' | 'of') => counted.reduce((total, one) => total + one[key], 0)
    return { due: sum('due'), held, of: sum('of'), types: counted }
  }

  #arm(): void {
    this.#disarm()
    const { clock } = this.#deps
    // While it works, what is due by then has to wait for its end.
    const wait = this.#working ? lookMs : Math.min(lookMs, Math.max(0, this.#nextAt - clock.now()))
    this.#disarm = clock.after(wait, () => this.tick())
  }

  async #erasePast(): Promise<void> {
    const { projection, clock, rules, durable, erasures } = this.#deps
    const { days, types } = rules()
    if (days === null && Object.values(types).every((own) => own === null)) return
    await projection.caughtUp(durable())
    const now = clock.now()
    let erased = 0
    for await (const runs of endedRuns(projection)) {
      const past = runs.filter((run) => isPast(rules(), run.type, run.completed_at, now) && !isOnHold(rules(), run))
      for (let from = 0; from < past.length && this.#running; from += atOnce) {
        const some = past.slice(from, from + atOnce)
        erased += await erasures.erasePast(some.map(({ id }) => id))
        await new Promise((resolve) => setImmediate(resolve))
      }
    }
    if (erased === 0) return
    // Where the disk refuses it is said, and tried again by itself.
    await erasures.finish().catch(() => {})
  }
}
