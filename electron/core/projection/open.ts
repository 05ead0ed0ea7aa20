import type Database from 'better-sqlite3'
import type { ViewCounts } from '../../../shared/model/view.ts'
import type { Clock } from '../clock.ts'
import { type ChangeFeed, createChangeFeed } from './changes.ts'
import { toEntry } from './describe.ts'
import { hashAt } from './follower.ts'
import { createMoment } from './moment.ts'
import { isDiskFull, type Projection, type ProjectionProgress, ProjectionUnavailable } from './port.ts'
import { createQueries, type Queries } from './queries.ts'
import { openRecords, type Records } from './records.ts'
import { createDatabase, hasDatabase, openReader, readMark, schemaVersion } from './schema.ts'
import { toSteps } from './steps.ts'
import { type Durable, startThread, type Thread } from './thread.ts'
import { createWaiters } from './waiters.ts'

export type ProjectionOptions = {
  /** `<home>/inbox.db`. */
  readonly file: string
  readonly journalFolder: string
  /** How far the journal is durable now; later by `follow`. */
  readonly durable: Durable
  readonly clock: Clock
  /** Runs whose content counts as gone although the journal's files may still have it. */
  readonly erased?: { has(runId: string): boolean }
  /** Makes room on a full disk, once; false where there is none to be had. */
  readonly makeRoom?: () => Promise<boolean>
}

/** The projection as a file. `problem` says why it does not follow the journal right now; null while it does. */
export type SqliteProjection = Projection & {
  readonly problem: string | null
  /** Takes what these runs said out of the file, once it is gone from the journal's. Rejects where that cannot be done now. */
  purge(runIds: readonly string[]): Promise<void>
  /** Closes the journal's files, which are opened anew at the next read: one of them is another one now. */
  releaseFiles(): void
}

/** How long until writing is tried again after it failed for a reason that can pass. */
const retryMs = 1000

/** While nobody reads, what is new gathers for this long: many small transactions cost several times one large one. */
const napMs = 100

/** Counts are asked for with every change that is sent out; their instant may be this old. */
const countsMs = 1000

/** Opens the database, or makes it anew where it does not belong to this journal; resolves as soon as it can be queried. */
export async function openProjection(options: ProjectionOptions): Promise<SqliteProjection> {
  const projection = new FileProjection(options)
  try {
    await projection.open()
  } catch (error) {
    await projection.close()
    throw error
  }
  return projection
}

/** What SQLite needs room for as soon as it opens a file, and does not get: the file is whole. */
const lacksRoom = (error: unknown): boolean =>
  /^SQLITE_(FULL|IOERR|CANTOPEN)/.test(String((error as { code?: unknown }).code ?? ''))

/** No trying again cures it. */
const isBroken = (error: unknown): boolean => /^SQLITE_(CORRUPT|NOTADB)/.test(String((error as { code?: unknown }).code ?? ''))

/**
 * Whether the file holds a beginning of this journal, computed by this version. Reads a few pages and one line. Throws where that
 * cannot be found out without room on the disk.
 */
function belongsToJournal(file: string, journalFolder: string, durable: Durable): boolean {
  if (!hasDatabase(file)) return false
  let db: Database.Database | null = null
  try {
    db = openReader(file)
    if (db.pragma('user_version', { simple: true }) !== schemaVersion) return false
    const mark = readMark(db)
    if (mark.seq > durable.seq || mark.position > durable.end) return false
    return mark.seq === 0 || hashAt(journalFolder, mark.last_position) === mark.last_hash
  } catch (error) {
    if (lacksRoom(error)) throw error
    return false
  } finally {
    db?.close()
  }
}

class FileProjection implements SqliteProjection {
  problem: string | null = null
  readonly #options: ProjectionOptions
  readonly #records: Records
  readonly #waiters = createWaiters()
  readonly #feed: ChangeFeed
  readonly #progressListeners = new Set<(progress: ProjectionProgress) => void>()
  #reader: Database.Database | null = null
  #queries: Queries | null = null
  #thread: Thread | null = null
  #durable: Durable
  #applied = 0
  /** The record at which a rebuild is done; null while none runs. */
  #rebuildTo: number | null = null
  /** Rebuilds after a death that have not caught up yet. */
  #deaths = 0
  #restarting: Promise<void> | null = null
  /** The disk was full at the last try. */
  #wasFull = false
  #closed = false
  #cancelNap: (() => void) | null = null
  #cancelRetry = () => {}
  readonly #counts = createMoment<ReturnType<Projection['counts']>>(countsMs)
  readonly #viewCounts = createMoment<ViewCounts>(countsMs)

  constructor(options: ProjectionOptions) {
    this.#options = options
    this.#records = openRecords(options.journalFolder, options.erased)
    this.#durable = options.durable
    this.#feed = createChangeFeed(
      () => this.#queries?.items ?? null,
      (error) => this.#onUnread(error),
    )
  }

  async open(): Promise<void> {
    if (await this.#withRoom(() => this.#isUsable()).catch(() => false)) {
      const thread = this.#startThread()
      const found = await thread.checked
      if ('seq' in found) {
        this.#applied = found.seq
        this.#openReader()
        thread.follow(this.#durable)
        return
      }
    }
    await this.#restart()
  }

  #isUsable(): boolean {
    return belongsToJournal(this.#options.file, this.#options.journalFolder, this.#durable)
  }

  /** Once more with the room that is made for it, where there is none: on a full disk, a file that is whole is not thrown away. */
  async #withRoom<T>(work: () => T): Promise<T> {
    try {
      return work()
    } catch (error) {
      if (!lacksRoom(error) || !(await this.#isRoomNow())) throw error
      return work()
    }
  }

  get progress(): ProjectionProgress {
    return { applied: this.#applied, total: this.#durable.seq, rebuilding: this.#rebuildTo !== null }
  }

  follow(durable: Durable): void {
    if (durable.seq <= this.#durable.seq) return
    this.#durable = durable
    if (this.#waiters.waiting || this.#feed.listening || this.#rebuildTo !== null) this.#hurry()
    else this.#cancelNap ??= this.#options.clock.after(napMs, () => this.#hurry())
  }

  #hurry(): void {
    this.#cancelNap?.()
    this.#cancelNap = null
    this.#thread?.follow(this.#durable)
  }

  caughtUp(seq: number): Promise<void> {
    if (this.#applied >= seq) return Promise.resolve()
    if (this.problem !== null) return Promise.reject(new ProjectionUnavailable(this.problem))
    if (this.#closed) return Promise.reject(new Error('The projection is closed.'))
    this.#hurry()
    return this.#waiters.wait(seq)
  }

  onChange(listener: Parameters<Projection['onChange']>[0]): () => void {
    return this.#feed.listen(listener)
  }

  onProgress(listener: (progress: ProjectionProgress) => void): () => void {
    this.#progressListeners.add(listener)
    return () => {
      this.#progressListeners.delete(listener)
    }
  }

  approval: Projection['approval'] = (id) => this.#read((queries) => queries.approval(id))
  approvals: Projection['approvals'] = (query) => this.#read((queries) => queries.approvals(query, this.#options.clock.now()))
  approvalIds: Projection['approvalIds'] = (query) => this.#read((queries) => queries.approvalIds(query, this.#options.clock.now()))
  approvalsById: Projection['approvalsById'] = (ids) => this.#read((queries) => queries.approvalsById(ids))
  facets: Projection['facets'] = (query) => this.#read((queries) => queries.facets(query, this.#options.clock.now()))
  viewCounts: Projection['viewCounts'] = (who) => {
    const now = this.#options.clock.now()
    return this.#viewCounts.get(who.asks.join('\n'), now, () => this.#read((queries) => queries.viewCounts(who, now)))
  }
  versions: Projection['versions'] = (approvalId) => this.#read((queries) => queries.versions(approvalId))
  run: Projection['run'] = (id) => this.#read((queries) => queries.run(id))
  runs: Projection['runs'] = (query) => this.#read((queries) => queries.runs(query))
  timeline: Projection['timeline'] = (runId) => {
    const positions = this.#read((queries) => queries.items.positions(runId))
    const records = positions.map((position) => this.#records.at(position))
    return { steps: toSteps(records), entries: records.map(toEntry) }
  }
  deliveries: Projection['deliveries'] = (states, limit) => this.#read((queries) => queries.deliveries(states, limit))

  query: Projection['query'] = (ask) => this.#read((queries) => ask(queries.source))

  counts(): ReturnType<Projection['counts']> {
    const now = this.#options.clock.now()
    return this.#counts.get('', now, () => this.#read((queries) => queries.counts(now)))
  }

  async rebuild(): Promise<void> {
    this.#deaths = 0
    const goal = this.#durable.seq
    await this.#restart()
    await this.caughtUp(goal)
  }

  async purge(runIds: readonly string[]): Promise<void> {
    await this.#restarting?.catch(() => {})
    if (!this.#thread || this.#closed) throw new Error(this.problem ?? 'The projection is closed.')
    await this.#thread.purge(runIds)
  }

  releaseFiles(): void {
    this.#records.close()
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#cancelNap?.()
    this.#cancelRetry()
    this.#feed.close()
    this.#progressListeners.clear()
    this.#waiters.reject(new Error('The projection was closed.'))
    await this.#restarting?.catch(() => {})
    // The reader first: the last connection to close folds the log into the file, and only one that may write can.
    this.#closeReader()
    await this.#thread?.stop()
  }

  #forgetCounts(): void {
    this.#counts.clear()
    this.#viewCounts.clear()
  }

  #read<T>(query: (queries: Queries) => T): T {
    if (!this.#queries) throw new ProjectionUnavailable(this.problem ?? 'The projection is closed.')
    try {
      return query(this.#queries)
    } catch (error) {
      if (isBroken(error)) this.#recover(error as Error)
      throw error
    }
  }

  /** Changes that could not be handed over: too many files are open for a moment, or the file is another matter. */
  #onUnread(error: Error): void {
    if (this.#closed) return
    if (isBroken(error)) this.#recover(error)
    else this.#options.clock.after(retryMs, () => this.#feed.again())
  }

  #openReader(): void {
    this.#reader = openReader(this.#options.file)
    this.#queries = createQueries(this.#reader, this.#records)
    this.#forgetCounts()
  }

  #closeReader(): void {
    this.#reader?.close()
    this.#records.close()
    this.#reader = null
    this.#queries = null
  }

  #startThread(): Thread {
    const { file, journalFolder } = this.#options
    const thread: Thread = startThread(
      { file, journalFolder },
      {
        onApplied: (seq, runIds) => this.#onApplied(seq, runIds),
        onStalled: (message) => void this.#onStalled(message),
        onDied: (error) => {
          if (this.#thread === thread) this.#recover(error)
        },
      },
    )
    this.#thread = thread
    return thread
  }

  /** Stops the thread, makes the file anew in one turn (queries find an empty database rather than none) and follows from the start. */
  #restart(): Promise<void> {
    this.#restarting ??= this.#startOver()
      .catch((error: Error) => {
        this.#giveUp(error.message)
        throw error
      })
      .finally(() => {
        this.#restarting = null
      })
    return this.#restarting
  }

  async #startOver(): Promise<void> {
    const before = this.#thread
    this.#thread = null
    await before?.stop()
    if (this.#closed) return
    this.#closeReader()
    createDatabase(this.#options.file)
    this.#openReader()
    this.#applied = 0
    this.problem = null
    this.#rebuildTo = this.#durable.seq > 0 ? this.#durable.seq : null
    const thread = this.#startThread()
    this.#tellProgress()
    const found = await thread.checked
    if ('damaged' in found) throw new Error(`The database could not be made: ${found.damaged}`)
    thread.follow(this.#durable)
  }

  #onApplied(seq: number, runIds: readonly string[]): void {
    this.#applied = seq
    this.#forgetCounts()
    const rebuilding = this.#rebuildTo !== null
    if (this.#rebuildTo !== null && seq >= this.#rebuildTo) this.#rebuildTo = null
    if (this.#rebuildTo === null && seq >= this.#durable.seq) this.#deaths = 0
    const recovered = this.problem !== null
    this.problem = null
    this.#wasFull = false
    this.#waiters.resolve(seq)
    if (!rebuilding) this.#feed.changed(runIds)
    if (rebuilding || recovered) this.#tellProgress()
  }

  async #onStalled(message: string): Promise<void> {
    if (isDiskFull(message) && (await this.#isRoomNow())) return this.#thread?.follow(this.#durable)
    this.#giveUp(`The inbox database cannot be written for now: ${message}`)
    this.#cancelRetry()
    if (!this.#closed) this.#cancelRetry = this.#options.clock.after(retryMs, () => this.#thread?.follow(this.#durable))
  }

  /** Somebody else may have made room since this found none, and so there is none left to be made: it is worth a second try. */
  async #isRoomNow(): Promise<boolean> {
    const first = !this.#wasFull
    this.#wasFull = true
    return (await this.#options.makeRoom?.()) || first
  }

  /** A thread that died is replaced once, with a new file. Dying again on the same records is a bug that no rebuild cures. */
  #recover(error: Error): void {
    if (this.#closed || this.#restarting) return
    if (++this.#deaths > 1) this.#giveUp(`The inbox database cannot be computed: ${error.message}`)
    else this.#restart().catch(() => {})
  }

  #giveUp(problem: string): void {
    this.problem = problem
    this.#waiters.reject(new ProjectionUnavailable(problem))
    this.#tellProgress()
  }

  #tellProgress(): void {
    const { progress } = this
    for (const listener of [...this.#progressListeners]) listener(progress)
  }
}
