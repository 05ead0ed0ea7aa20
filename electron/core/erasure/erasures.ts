import type { RetentionRules } from '../../../shared/contract/erasure.ts'
import { type Failure, failure } from '../../../shared/contract/errors.ts'
import type { Actor } from '../../../shared/model/actor.ts'
import type { JournalRecord, NewEvent } from '../../../shared/model/event.ts'
import { fail, ok, type Result } from '../../../shared/model/result.ts'
import type { Clock } from '../clock.ts'
import type { Commit, Follower } from '../commit.ts'
import type { LiveState } from '../engine/live.ts'
import { toFailure } from '../engine/outcome.ts'
import { type ErasableJournal, segmentOf } from '../journal/port.ts'
import { breather } from '../journal/segments.ts'
import type { SqliteProjection } from '../projection/open.ts'
import { Table, type UndoLog } from '../table.ts'
import { childrenOf, parentOf, segmentsOf } from './ended-runs.ts'
import { daysFor, isOnHold, isPast } from './rules.ts'

/*
 * Erasing has two halves. First a tombstone is committed: from then on what the run said reads as erased, wherever it is asked for. Then
 * the files follow: the journal's segments, the database, its index and its log. A crash in between leaves tombstones without an
 * `erasure_completed` behind them; the next start finishes what they stand for.
 */

export type ErasuresDeps = {
  readonly journal: () => ErasableJournal
  readonly commit: () => Commit
  readonly projection: () => Pick<SqliteProjection, 'caughtUp' | 'progress' | 'query' | 'run' | 'purge'>
  readonly live: LiveState
  readonly clock: Clock
  readonly undo: UndoLog
  readonly rules: () => RetentionRules
  readonly log: { info(details: object, message: string): void; warn(details: object, message: string): void }
}

type Erased = { readonly runs: readonly string[]; readonly done: boolean }

const erasureActor: Actor = { kind: 'system', id: 'erasure', name: 'Erasure', via: 'engine' }
const retentionActor: Actor = { kind: 'system', id: 'retention', name: 'Retention', via: 'engine' }

const tryAgainMs = 10 * 60_000
const breathEveryMs = 8
const mostLate = 500

/** Takes out what runs said, and remembers of which runs the files still have something. */
export class Erasures implements Follower {
  readonly #deps: ErasuresDeps
  /** By run: the number of its tombstone. */
  readonly #unfinished: Table<string, number>
  /** The latest record of runs that have ended, as far as the projection may not know it. */
  readonly #latest = new Map<string, number>()
  #mostLate = mostLate
  #started = false
  #working: Promise<void> | null = null
  #stopped = false
  #disarm: () => void = () => {}

  constructor(deps: ErasuresDeps) {
    this.#deps = deps
    this.#unfinished = new Table(deps.undo)
  }

  apply(record: JournalRecord): void {
    this.#noteLate(record)
    if (record.type === 'run_erased') this.#unfinished.set(record.run_id, record.seq)
    else if (record.type === 'erasure_completed') {
      for (const [id, seq] of [...this.#unfinished.entries()]) if (seq <= record.data.through) this.#unfinished.delete(id)
    }
  }

  /** Whether a run is erased and the files may still have what it said. */
  has(runId: string): boolean {
    return this.#unfinished.get(runId) !== undefined
  }

  get unfinished(): number {
    return this.#unfinished.size
  }

  /** Finishes what a crash, a stop or a full disk has left. */
  start(): void {
    this.#started = true
    if (this.#unfinished.size > 0) this.#finishSoon(0)
  }

  async stop(): Promise<void> {
    this.#stopped = true
    this.#disarm()
    await this.#working?.catch(() => {})
  }

  /** Erases a run and those that it started. Resolves once the files have nothing of it, or could not be changed for now. */
  async erase(runId: string, reason: string, actor: Actor): Promise<Result<Erased, Failure>> {
    const { journal, commit, projection } = this.#deps
    const known = await this.#caughtUp()
    const run = projection().run(runId)
    if (!run) return fail(failure('not-found', `There is no task ${runId}.`))
    const family = this.#familyOf(runId)
    const refused = this.#refusalOf(family)
    if (refused) return fail(refused)
    const runs = family.filter((id) => !projection().run(id)?.erased && !this.has(id))
    try {
      if (runs.length > 0) {
        this.#closeSegmentOf(runs, known)
        await commit()(...runs.map((run_id) => toTombstone(run_id, actor, { reason }))).durable
      } else {
        // Somebody else's tombstone may be on its way to the disk still.
        await journal().synced(journal().head.seq)
      }
    } catch (error) {
      return fail(toFailure(error))
    }
    return ok({ runs, done: await this.#finished(family) })
  }

  /** Erases what is past its time, and nothing that has become another matter since it was looked at. Answers how many that were. */
  async erasePast(past: readonly string[]): Promise<number> {
    const { clock, commit, live, projection, rules } = this.#deps
    const known = await this.#caughtUp()
    const runs = past.filter((id) => {
      const run = projection().run(id)
      if (!run?.completed_at || run.erased || this.has(id) || live.runs.get(id)) return false
      // The rules may be others since.
      if (isOnHold(rules(), run) || !isPast(rules(), run.type, run.completed_at, clock.now())) return false
      const parent = projection().query((source) => parentOf(source, id))
      return parent === null || live.runs.get(parent) === undefined
    })
    if (runs.length === 0 || this.#stopped) return 0
    this.#closeSegmentOf(runs, known)
    const events = runs.map((id) => {
      const days = daysFor(rules(), projection().run(id)!.type)!
      return toTombstone(id, retentionActor, { reason: `kept for ${days === 1 ? 'a day' : `${days} days`}`, retention_days: days })
    })
    await commit()(...events).durable
    return runs.length
  }

  /** Resolves once the files have nothing of these runs; false where they cannot be changed for now. */
  async #finished(runs: readonly string[]): Promise<boolean> {
    while (runs.some((id) => this.has(id))) {
      try {
        await this.finish()
      } catch {
        return false
      }
    }
    return true
  }

  /** Lets the files follow the tombstones there are. One at a time; rejects where the disk refuses, and is tried again later. */
  finish(): Promise<void> {
    this.#working ??= this.#carryOut()
      .catch((error: unknown) => {
        if (!this.#stopped) this.#deps.log.warn({ error }, 'what was erased is still in the files; it is tried again')
        this.#finishSoon(tryAgainMs)
        throw error
      })
      .finally(() => {
        this.#working = null
      })
    return this.#working
  }

  #finishSoon(ms: number): void {
    this.#disarm()
    if (this.#stopped) return
    this.#disarm = this.#deps.clock.after(ms, () => {
      this.finish().catch(() => {})
    })
  }

  async #carryOut(): Promise<void> {
    const { journal, commit, projection, log } = this.#deps
    const runs = new Map(this.#unfinished.entries())
    if (runs.size === 0) return
    const through = [...runs.values()].reduce((last, seq) => Math.max(last, seq))
    await journal().synced(through)
    await projection().caughtUp(through)
    const segments = await this.#segmentsOf(runs)
    const isGone = (record: JournalRecord): boolean => 'run_id' in record && record.seq < (runs.get(record.run_id) ?? 0)
    const records = await journal().blank(segments, isGone)
    if (this.#stopped) throw new Error('The application stops.')
    await projection().purge([...runs.keys()])
    await commit()({ type: 'erasure_completed', actor: erasureActor, data: { through, records }, content: null }).durable
    log.info({ runs: runs.size, records }, 'what was erased is gone from the files')
  }

  async #segmentsOf(runs: ReadonlyMap<string, number>): Promise<readonly number[]> {
    const { projection } = this.#deps
    const segments = new Set<number>()
    const breathe = breather(breathEveryMs)
    for (const [id, seq] of runs) {
      for (const one of projection().query((source) => segmentsOf(source, id, seq))) segments.add(one)
      await breathe()
    }
    return [...segments]
  }

  /** The run and all that it started, and what those started. */
  #familyOf(runId: string): readonly string[] {
    const { projection } = this.#deps
    const family = new Set([runId])
    for (const id of family) for (const child of projection().query((source) => childrenOf(source, id))) family.add(child)
    return [...family]
  }

  #refusalOf(family: readonly string[]): Failure | null {
    const { live, projection, rules } = this.#deps
    const [runId = ''] = family
    const parent = projection().query((source) => parentOf(source, runId))
    for (const id of parent === null ? family : [...family, parent]) {
      if (live.runs.get(id) === undefined) continue
      const what = id === runId ? 'It has not ended' : `It belongs together with ${id}, which has not ended`
      return failure('not-ended', `${what}. Cancel it first; then it can be erased.`)
    }
    for (const id of family) {
      const run = projection().run(id)
      if (!run || !isOnHold(rules(), run)) continue
      const held = rules().hold.types.includes(run.type) ? `Requests of type ${run.type} are` : `${id} is`
      return failure('on-hold', `${held} on legal hold and cannot be erased. Take the hold off first, under retention.`)
    }
    return null
  }

  /** Everything up to the record that is answered can be queried. */
  async #caughtUp(): Promise<number> {
    const { seq } = this.#deps.journal().durable
    await this.#deps.projection().caughtUp(seq)
    return seq
  }

  /** A delivery can go on after its run's end, and be on its way to the disk just as the run is erased. */
  #noteLate(record: JournalRecord): void {
    if (!this.#started || !('run_id' in record) || this.#deps.live.runs.get(record.run_id)) return
    this.#latest.set(record.run_id, record.seq)
    if (this.#latest.size < this.#mostLate) return
    // What is on disk may not be in the projection yet, which is what they are looked up in.
    const { applied } = this.#deps.projection().progress
    for (const [id, last] of this.#latest) if (last <= applied) this.#latest.delete(id)
    this.#mostLate = Math.max(mostLate, 2 * this.#latest.size)
  }

  /** Only a segment that nothing is written to any more can be replaced, so whatever these runs said must stand in one. */
  #closeSegmentOf(runs: readonly string[], known: number): void {
    const { projection, journal } = this.#deps
    const current = segmentOf(journal().durable.end)
    const isOpen = (id: string): boolean =>
      (this.#latest.get(id) ?? 0) > known ||
      projection()
        .query((source) => segmentsOf(source, id, Number.MAX_SAFE_INTEGER))
        .some((segment) => segment >= current)
    if (runs.some(isOpen)) journal().startSegment()
  }
}

const toTombstone = (run_id: string, actor: Actor, data: { reason: string; retention_days?: number }): NewEvent => ({
  type: 'run_erased',
  actor,
  run_id,
  data,
  content: null,
})
