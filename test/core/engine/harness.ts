import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Outcome } from '../../../electron/core/channels/port.ts'
import { type Commit, joinFollowers } from '../../../electron/core/commit.ts'
import { engineActor } from '../../../electron/core/engine/attempts.ts'
import type { EngineDeps } from '../../../electron/core/engine/deps.ts'
import { Engine } from '../../../electron/core/engine/engine.ts'
import type { WorkflowSource } from '../../../electron/core/engine/installed.ts'
import { LiveState } from '../../../electron/core/engine/live.ts'
import type { StepContext, Workflow } from '../../../electron/core/engine/workflow.ts'
import { fileStorage } from '../../../electron/core/journal/file-storage.ts'
import { openJournal } from '../../../electron/core/journal/journal.ts'
import type { Journal, Storage } from '../../../electron/core/journal/port.ts'
import type { Directory } from '../../../electron/core/people/port.ts'
import { UndoLog } from '../../../electron/core/table.ts'
import type { Caller } from '../../../shared/model/actor.ts'
import type { ApprovalItem, Change, DecisionRecord, Vote } from '../../../shared/model/approval.ts'
import type { JournalRecord } from '../../../shared/model/event.ts'
import { plainDirectory } from '../../support/directory.ts'
import { FakeClock } from '../../support/fake-clock.ts'

export const boss: Caller = {
  scopes: ['read', 'decide'],
  person: { email: 'boss@example.com', name: 'Ada Boss' },
  source: null,
  credential: 'tok_boss',
  via: 'http',
}
export const source: Caller = {
  scopes: ['submit'],
  person: null,
  source: { id: 'src_shop', name: 'Shop' },
  credential: 'src_shop',
  via: 'http',
}

export type Rig = {
  readonly engine: Engine
  readonly live: LiveState
  readonly journal: Journal
  readonly clock: FakeClock
  readonly commit: Commit
  readonly folder: string
  readonly records: JournalRecord[]
  /** Starts a run of a workflow by its name and resolves with its id. */
  begin(workflow: string, input?: unknown, key?: { key: string; sha256: string }): Promise<string>
  /** The id of the approval that a run has open. */
  open(runId: string): string
  /** Resolves once nothing is at work: every pass has rested and everything is on disk. */
  quiet(): Promise<void>
  /** Ends the process as a crash would: nothing is said to anybody. */
  crash(): Promise<void>
}

export type RigOptions = {
  readonly workflows: readonly Workflow[]
  /** Where workflows come from instead. */
  readonly installed?: WorkflowSource
  /** Takes every outcome that a sender would be told. */
  readonly told?: Outcome[]
  /** The source wants to be told: outcomes are queued, and go nowhere. */
  readonly delivers?: boolean
  readonly folder?: string
  readonly clock?: FakeClock
  readonly storage?: Storage
  readonly actions?: Record<string, (payload: unknown, context: StepContext) => Promise<unknown>>
  readonly selfApproval?: 'never' | 'sole_operator'
  readonly directory?: Directory
  readonly rules?: () => Partial<ReturnType<EngineDeps['rules']>>
  /** How long a lapsed question can still be answered, ms. Default: none. */
  readonly graceMs?: number
  /** How long answers are held that are to be; 5 s unless said otherwise. */
  readonly holdMs?: number
}

const turn = () => new Promise((resolve) => setImmediate(resolve))

/** A journal on a real disk, the live state and the engine, without projection and doors. */
export async function openRig(options: RigOptions): Promise<Rig> {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'engine-'))
  const clock = options.clock ?? new FakeClock()
  const undo = new UndoLog()
  const live = new LiveState(undo, () => clock.now())
  const records: JournalRecord[] = []
  const { journal } = await openJournal({
    folder,
    storage: options.storage ?? fileStorage,
    clock,
    replay: (record, position) => {
      records.push(record)
      live.apply(record, position)
    },
  })
  let commit!: Commit
  const engine = new Engine({
    journal,
    commit: () => commit,
    live,
    clock,
    workflows: options.installed ?? new Map(options.workflows.map((workflow) => [workflow.name, workflow])),
    directory: options.directory ?? plainDirectory(),
    rulingText: () => '',
    assess: (asked) => ({
      risk_floor: 'low',
      risk_reasons: [],
      risk_said: [],
      said: { summary: null, impact: null },
      flags: [],
      summary: asked.title,
      impact: '',
      total_bytes: 0,
    }),
    firstSummary: (assessment) => ({
      state: 'off',
      origin: 'rules',
      summary: assessment.summary,
      impact: '',
      risk: null,
      model: null,
      unsupported: [],
      reason: null,
      covered_bytes: 0,
      total_bytes: 0,
    }),
    action: (type) => options.actions?.[type] ?? null,
    queueOutcome: (_source, _run, outcome) => {
      options.told?.push(outcome)
      const data = { delivery_id: `dlv_${outcome.task_id}`, source: 'src_shop', url: 'http://127.0.0.1:1/' }
      return options.delivers
        ? { type: 'delivery_queued', actor: engineActor, run_id: outcome.task_id, data, content: { body: '{}' } }
        : null
    },
    endedApproval: async (id) => endedApproval(records, id),
    rules: () => ({
      selfApproval: options.selfApproval ?? 'never',
      soleOperator: 'boss@example.com',
      pendingLimit: 1_000_000,
      graceMs: options.graceMs ?? 0,
      holdMs: () => options.holdMs ?? 5000,
      ...options.rules?.(),
    }),
    log: { error: () => {} },
  })
  commit = joinFollowers(journal, undo, [
    engine,
    live,
    {
      apply: (record) => void records.push(record),
      takenBack: (fromSeq) => void records.splice(0, records.length, ...records.filter((record) => record.seq < fromSeq)),
    },
  ])
  const quiet = async () => {
    for (let calm = 0; calm < 3; calm++) {
      const { seq } = journal.head
      await turn()
      await journal.synced(journal.head.seq).catch(() => {})
      await turn()
      if (journal.head.seq !== seq) calm = -1
    }
  }
  await engine.start()
  await quiet()
  return {
    engine,
    live,
    journal,
    clock,
    commit: (...events) => commit(...events),
    folder,
    records,
    async begin(workflow, input = {}, key) {
      const started = await engine.submit(
        { workflow, type: workflow, title: workflow, input, answer: (task_id) => ({ task_id }) },
        { id: 'src_shop' },
        { kind: 'source', id: 'src_shop', via: 'http' },
        key,
      )
      if (!started.ok) throw new Error(started.failure.message)
      await quiet()
      return started.value.run_id
    },
    open(runId) {
      const [id] = live.runs.get(runId)?.open ?? []
      if (!id) throw new Error('the run asks nobody')
      return id
    },
    quiet,
    async crash() {
      await engine.stop(0)
      await journal.close()
    },
  }
}

function endedApproval(records: readonly JournalRecord[], id: string): ApprovalItem | null {
  const decided = records.find((record) => record.type === 'approval_decided' && record.approval_id === id)
  if (decided?.type !== 'approval_decided') return null
  const decision: DecisionRecord = {
    decision: decided.data.decision,
    actor: decided.actor,
    at: decided.at,
    comment: decided.content?.comment ?? null,
    version: decided.data.version,
    self_approved: decided.data.self_approved,
    rule: decided.data.rule,
    on_behalf_of: decided.data.on_behalf_of ?? null,
    level: decided.data.level ?? 0,
    option: decided.data.option ?? null,
    answer: decided.content?.answer ?? null,
    while_away: decided.data.while_away ?? false,
  }
  const votes: Vote[] = records.flatMap((record): Vote[] => {
    if (record.type !== 'approval_voted' || record.approval_id !== id) return []
    const { actor, at, data, content } = record
    const counts = data.version.number === decision.version.number
    return [{ ...data, actor, at, comment: content?.comment ?? null, counts }]
  })
  const changes = records.flatMap((record): Change[] => {
    if (record.type !== 'approval_changed' || record.approval_id !== id) return []
    const { actor, at, data, content } = record
    return [{ ...data, actor, at, comment: content?.comment ?? null, differences: [] }]
  })
  return { decision, votes, changes } as unknown as ApprovalItem
}

/** The types of a run's records, in order. */
export const story = (rig: Rig, runId: string): string[] =>
  rig.records.filter((record) => 'run_id' in record && record.run_id === runId).map((record) => record.type)

/** What a decision, whether it was taken, came to: the status it left, or the code of what refused it. */
export const verdict = (result: Awaited<ReturnType<Engine['decide']>>): string =>
  result.ok ? `${result.value.said}, ${result.value.status}` : result.failure.code

/** What a run ended with. */
export function ending(rig: Rig, runId: string): unknown {
  const last = rig.records.findLast((record) => 'run_id' in record && record.run_id === runId)
  if (last?.type === 'run_completed') return last.content?.result
  return last && { type: last.type, ...(last.content as object) }
}
