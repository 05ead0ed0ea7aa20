import type { Failure } from '../../shared/contract/errors.ts'
import type { Counts, Health } from '../../shared/contract/events.ts'
import type { Actor, Caller, Via } from '../../shared/model/actor.ts'
import type { NewEvent } from '../../shared/model/event.ts'
import { fail, ok, type Result } from '../../shared/model/result.ts'
import { createAccess, type LocalAccess } from './access/access.ts'
import { nextAlertOf, openAlerts } from './alerts/open.ts'
import { Snoozes } from './alerts/snoozes.ts'
import { createAudit } from './audit/audit.ts'
import { createRunAction } from './channels/actions.ts'
import { createOutbox } from './channels/outbox.ts'
import { createSendPost } from './channels/post.ts'
import { type Clock, latestOf, systemClock } from './clock.ts'
import { notingSkew } from './clock-skew.ts'
import { type Commit, type Follower, joinFollowers } from './commit.ts'
import { toOwnerCaller } from './context.ts'
import { toActor } from './engine/decide.ts'
import { Engine } from './engine/engine.ts'
import { LiveState } from './engine/live.ts'
import { toFailure } from './engine/outcome.ts'
import type { Workflow } from './engine/workflow.ts'
import { openErasing } from './erasure/open.ts'
import { createFeed, type Feed } from './feed.ts'
import { type Home, type HomeMode, HomeUnusable, homePaths, openHome } from './home.ts'
import { createHooks, type Hooks } from './hooks/hooks.ts'
import { openCheckpoints } from './journal/checkpoints.ts'
import { fileStorage } from './journal/file-storage.ts'
import { openJournal } from './journal/journal.ts'
import type { ErasableJournal, Storage } from './journal/port.ts'
import { createReserve, type Reserve } from './journal/reserve.ts'
import { verifyJournal } from './journal/verify.ts'
import { createLog, type Log } from './log.ts'
import { createOpsAlert } from './ops-alert.ts'
import { openPeople } from './people/people.ts'
import { openPolicyBook } from './policy/book.ts'
import { rulingText } from './policy/changed.ts'
import { openProjection, type SqliteProjection } from './projection/open.ts'
import { publishChanges } from './publish.ts'
import type { Router } from './router/deps.ts'
import { createRouter } from './router.ts'
import { byHand, changesByHand } from './settings/by-hand.ts'
import { runDoctor } from './settings/doctor.ts'
import { journalled, refuseCommands, viewOutgoing } from './settings/outgoing.ts'
import type { Settings } from './settings/port.ts'
import { openSettings } from './settings/settings.ts'
import { viewSettings } from './settings/view.ts'
import { listSources } from './sources/sources.ts'
import { SourceUsage } from './sources/usage.ts'
import { fromRequest } from './submissions.ts'
import { assess } from './summary/assess.ts'
import { openModel } from './summary/model.ts'
import { createSummaries } from './summary/summaries.ts'
import { SummaryFollower } from './summary-follower.ts'
import { UndoLog } from './table.ts'
import { version } from './version.ts'
import { openCatalogue } from './workflows/catalogue.ts'
import { builtinWorkflows } from './workflows/registry.ts'

export type AppOptions = {
  readonly home: string
  readonly mode: HomeMode
  /** E-mail of the owner, where the home's configuration names none. */
  readonly owner?: string
  readonly clock?: Clock
  readonly storage?: Storage
  readonly log?: Log
  /** Workflows besides the built-in ones. */
  readonly workflows?: readonly Workflow[]
}

/** The whole application over one home folder, without doors: hosts put HTTP, windows and commands in front of its router. */
export interface App {
  readonly router: Router
  readonly engine: Engine
  readonly access: LocalAccess
  /** The addresses that take anybody's JSON. */
  readonly hooks: Hooks
  readonly settings: Settings
  readonly feed: Feed
  readonly home: Home
  readonly log: Log
  readonly clock: Clock
  health(): Health
  /** The owner, for a place that only the owner can reach. */
  ownerCaller(via: Via): Caller
  /** Where the HTTP listener is; links and examples name it. */
  setUrl(url: string | null): void
  /** Picks up interrupted runs and starts timers, deliveries and summaries. */
  start(): Promise<void>
  /** Handles at once what fell due: the machine woke up. */
  tick(): void
  /** Takes no new work, finishes what is being written and closes everything. */
  stop(): Promise<void>
}

/** How long the steps at work have to end when the application stops. */
const stopGraceMs = 5000

/**
 * Opens a home and puts the application together: lock first, then settings, the journal with everything that follows it, and the
 * projection. Throws `HomeUnusable`, `SettingsError` or `JournalDamaged`; nothing was changed then.
 */
export async function createApp(options: AppOptions): Promise<App> {
  const { clock = systemClock, log = createLog() } = options
  const reserve = createReserve({ file: homePaths(options.home).reserve, storage: options.storage ?? fileStorage, clock, log })
  const opened = await openHome(options.home, options.mode, { clock, storage: reserve.storage })
  if (!opened.ok) throw new HomeUnusable(opened.failure.code, opened.failure.message)
  const home = opened.value
  try {
    return await assemble(home, options, clock, reserve, log)
  } catch (error) {
    await home.release()
    throw error
  }
}

async function assemble(home: Home, options: AppOptions, clock: Clock, reserve: Reserve, log: Log): Promise<App> {
  const { storage } = reserve
  const { paths } = home
  const settings = await openSettings({
    configFile: paths.config,
    storage,
    ...(options.owner ? { owner: options.owner } : {}),
  })
  const undo = new UndoLog()
  let commit!: Commit
  let journal!: ErasableJournal
  let projection!: SqliteProjection
  let url: string | null = null
  let stopWatching = () => {}
  const lateCommit = () => commit
  const recordSettings = (paths: readonly string[], changes: Record<string, unknown>, actor: Actor) =>
    commitOne(commit, { type: 'settings_changed', actor, data: { paths }, content: { changes } })

  const people = openPeople({ settings, clock, record: recordSettings })
  const policy = await openPolicyBook({
    file: paths.policy,
    storage,
    clock,
    directory: people,
    owner: () => settings.config.owner,
    record: recordSettings,
    log,
  })
  const workflows = await openCatalogue({
    folder: paths.workflows,
    builtin: builtinWorkflows.values(),
    extra: options.workflows ?? [],
    storage,
    clock,
    log,
  })
  const live = new LiveState(undo, () => clock.now())
  const access = createAccess({ home: paths.root, undo, commit: lateCommit, owner: () => settings.config.owner, clock, storage })
  const outbox = createOutbox({
    commit: lateCommit,
    journal: { read: (position) => journal.read(position), synced: (seq) => journal.synced(seq) },
    access,
    clock,
    undo,
    log,
    timeoutSeconds: () => settings.config.deliveries.timeout_seconds,
  })
  const spoken = { config: () => settings.config.model, language: () => settings.config.language, clock, log }
  const summaries = createSummaries({ ...spoken, commit: (...events) => commit(...events) })
  const wanted = new SummaryFollower(summaries, live, (position) => journal.read(position))
  const usage = new SourceUsage(undo, () => clock.now())
  const model = openModel({ ...spoken, summaries })
  const feed = createFeed()
  const snoozes = new Snoozes(undo)
  const erasing = openErasing({
    journal: () => journal,
    commit: lateCommit,
    projection: () => projection,
    live,
    clock,
    undo,
    settings,
    recordSettings,
    log,
  })

  const checkpoints = await openCheckpoints({ file: paths.checkpoints, keyFile: paths.checkpointKey, storage, clock })
  let lastAt: string | null = null
  const before: Follower[] = [live, access, outbox, wanted, usage, snoozes, erasing.erasures]
  const openedJournal = await openJournal({
    folder: paths.journal,
    storage,
    clock,
    checkpoints,
    contentOf: new Set(before.flatMap(({ readsContentOf = [] }) => readsContentOf)),
    replay: (record, position) => {
      lastAt = record.at
      for (const follower of before) follower.apply(record, position)
    },
  })
  journal = openedJournal.journal
  live.forgetOldKeys()
  // The checkpoint of a stop is later than the last record; of a crash there is none.
  const ranUntil = latestOf(lastAt, checkpoints.known.at(-1)?.at)
  projection = await openProjection({
    file: paths.database,
    journalFolder: paths.journal,
    durable: journal.durable,
    clock,
    erased: erasing.erasures,
    makeRoom: reserve.release,
  })
  journal.onReplaced(() => projection.releaseFiles())
  journal.onSynced((durable) => projection.follow(durable))
  // What was synced while the projection opened.
  projection.follow(journal.durable)

  const runAction = createRunAction(clock)
  const engine = new Engine({
    journal,
    commit: lateCommit,
    live,
    clock,
    workflows,
    directory: people,
    rulingText: (asked, source, input) => rulingText(policy, asked, source, input),
    assess,
    firstSummary: (assessment) => summaries.first(assessment),
    action: (type) => {
      const action = settings.config.actions[type]
      return action ? (payload, { idempotency_key, signal }) => runAction(action, payload, idempotency_key, signal) : null
    },
    queueOutcome: (sourceId, runId, outcome) => outbox.queue(sourceId, runId, outcome),
    endedApproval: async (id) => {
      await journal.synced(journal.head.seq)
      await projection.caughtUp(journal.durable.seq)
      return projection.approval(id)
    },
    rules: () => ({
      selfApproval: policy.selfApproval,
      soleOperator: people.soleOperator(),
      pendingLimit: settings.config.limits.pending,
      graceMs: policy.graceMs,
      // A high risk is worth a second look.
      holdMs: (risk) => settings.config.undo.seconds * (risk === 'high' ? 2000 : 1000),
    }),
    log,
  })
  const opsAlert = createOpsAlert({
    clock,
    log,
    webhook: () => settings.config.alerts.webhook,
    post: createSendPost({ clock }),
    synced: (seq) => journal.synced(seq),
    async stateOf(runId) {
      await projection.caughtUp(journal.durable.seq)
      const run = projection.run(runId)
      return run && { workflow: run.workflow, title: run.title, steps: projection.timeline(runId).steps }
    },
  })
  const alerts = openAlerts({ clock, live, snoozes, settings, people, journal, projection, feed, log, ranUntil })
  // Engine and alerts come before the live state: they must still see what a record ends.
  const joined = reserve.admitting(joinFollowers(journal, undo, [engine, alerts, ...before, opsAlert]))
  commit = notingSkew(joined, { clock, journal, lastAt })

  const health = (): Health => {
    const { applied, total, rebuilding } = projection.progress
    if (journal.readOnly) return { status: 'read_only', detail: journal.readOnly, applied, total }
    if (projection.problem) return { status: 'rebuilding', detail: projection.problem, applied, total }
    return { status: rebuilding ? 'rebuilding' : 'ok', detail: null, applied, total }
  }
  const counts = (): Counts => projection.counts()
  publishChanges({ feed, projection, journal, health, counts, clock })
  const tellSettings = () => feed.publish({ kind: 'settings' })
  settings.onChange(tellSettings)
  settings.onProblems(tellSettings)

  const settingsView = () => viewSettings(settings, { home: paths.root, version, url })

  const audit = createAudit({
    folder: paths.journal,
    checkpoints: paths.checkpoints,
    journal,
    about({ run_id, approval_id }) {
      const found = (approval_id && projection.approval(approval_id)) || (run_id && projection.run(run_id))
      if (!found) return null
      const { amount = null, currency = null } = found as { amount?: string | number | null; currency?: string | null }
      return { title: found.title, amount, currency }
    },
  })

  const router = createRouter({
    engine,
    journal,
    projection,
    access,
    settings,
    people,
    policy,
    workflows,
    feed,
    clock,
    audit,
    erasing,
    model,
    listSources: (caller) => listSources({ access, settings, hooks, usage }, caller),
    health,
    counts,
    metBy: ({ person }) => person && alerts.met(people.canonical(person.email)),
    nextAlert: (caller) => nextAlertOf(alerts, caller, { clock, settings, people }),
    settingsView,
    async updateSettings(change, caller) {
      const refused = refuseCommands(change, settings.config, caller)
      if (refused !== null) return fail(refused)
      // In force only once it is recorded: what the journal refuses is put back.
      const changed = await settings.update(change, (paths) => recordSettings(paths, journalled(change), toActor(caller)))
      return changed.ok ? ok(settingsView()) : changed
    },
    outgoing: (caller) => viewOutgoing(settings, paths.config, caller),
    resend: (deliveryId, actor) => outbox.requeue(deliveryId, actor),
    doctor: () => runDoctor({ home: paths.root, settings, policy, summaries, journal, projection, log }),
    async verify() {
      await journal.synced(journal.head.seq)
      const checkpoints = { file: paths.checkpoints, keyFile: paths.checkpointKey }
      const found = await verifyJournal(paths.journal, { checkpoints, erasures: 'recorded' })
      return { ...found, problems: found.problems.map(({ file, offset, message }) => ({ segment: file, offset, message })) }
    },
    version,
    url: () => url,
  })

  const hooks = createHooks({
    config: () => settings.config.hooks,
    secrets: { get: (name) => access.callbackSecret(name) },
    clock,
    async submit(request, caller, idempotency) {
      const acts = (type: string): boolean => settings.config.actions[type] !== undefined
      const spec = fromRequest(request, { policy, owner: settings.config.owner, acts }, caller.source!.name)
      if (!spec.ok) return spec
      const started = await engine.submit(spec.value, caller.source!, toActor(caller), idempotency)
      return started.ok ? ok(started.value.answer) : started
    },
    log,
  })

  return {
    router,
    engine,
    access,
    hooks,
    settings,
    feed,
    home,
    log,
    clock,
    health,
    ownerCaller: (via) => toOwnerCaller(settings.config.owner, via, 'owner'),
    setUrl(next) {
      url = next
    },
    async start() {
      reserve.start()
      await access.start()
      alerts.start()
      opsAlert.start()
      summaries.start()
      outbox.start()
      await engine.start()
      alerts.opened()
      wanted.start()
      policy.start()
      erasing.start()
      stopWatching = settings.watch({ clock, record: (paths, after) => recordSettings(paths, changesByHand(paths, after), byHand) })
    },
    tick() {
      engine.tick()
      alerts.tick()
      outbox.tick()
      erasing.retention.tick()
    },
    async stop() {
      stopWatching()
      policy.close()
      workflows.stop()
      await engine.stop(stopGraceMs)
      alerts.stop()
      feed.close()
      await Promise.all([model.stop(), summaries.stop(), outbox.stop(), opsAlert.stop(), erasing.stop()])
      await journal.close()
      await projection.close()
      await reserve.stop()
      await home.release()
    },
  }
}

async function commitOne(commit: Commit, event: NewEvent): Promise<Result<null, Failure>> {
  try {
    await commit(event).durable
    return ok(null)
  } catch (error) {
    return fail(toFailure(error))
  }
}
