import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import Database from 'better-sqlite3'
import { type Input, inputOf, type Open, stepA, stepB } from './candidate.ts'

/* What is used of it. It is no dependency, so its own types are not there. */
type Step = <T>(name: string, work: () => Promise<unknown>, options: { readonly key: string }) => Promise<T>
type Story = (context: { readonly step: Step; readonly args: Input }) => Promise<unknown>
type ResumeState = { readonly steps: ReadonlyMap<string, unknown> }
type Outcome = { readonly status: string; readonly result?: { readonly ok: boolean } }
type Make = (options: { readonly resumeState?: ResumeState; readonly onEvent: unknown }) => unknown
type Orchestrator = {
  execute(name: string, make: Make, story: Story, input: Input, options: { readonly runId: string }): Promise<Outcome>
  grantApproval(key: string, value: unknown, options: { readonly approvedBy: string }): Promise<unknown>
  resume(runId: string, make: Make, story: Story): Promise<Outcome>
}
type Hitl = {
  createHITLOrchestrator(options: Readonly<Record<string, unknown>>): Orchestrator
  pendingApproval(key: string, options: { readonly reason: string }): unknown
}
type Workflows = { createWorkflow(name: string, deps: object, options: object): unknown }
type Saved = { readonly runId: string; readonly resumeState: ResumeState; readonly pendingApprovals: readonly string[] }
type Status = { readonly status: string; readonly expiresAt?: number }

/** Its stores on plain SQLite, for it ships none that survive: one transaction a call, each on disk before the call returns. */
function stores(db: Database.Database) {
  db.exec(`
    CREATE TABLE states (run TEXT PRIMARY KEY, state TEXT NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE waiting (key TEXT NOT NULL, run TEXT NOT NULL, PRIMARY KEY (key, run)) STRICT, WITHOUT ROWID;
    CREATE TABLE approvals (key TEXT PRIMARY KEY, status TEXT NOT NULL) STRICT, WITHOUT ROWID;
  `)
  const put = db.prepare('INSERT OR REPLACE INTO states VALUES (?, ?)')
  const get = db.prepare<[string], string>('SELECT state FROM states WHERE run = ?').pluck()
  const drop = db.prepare('DELETE FROM states WHERE run = ?')
  const await_ = db.prepare('INSERT OR REPLACE INTO waiting VALUES (?, ?)')
  const forget = db.prepare('DELETE FROM waiting WHERE key = ?')
  const runsOf = db.prepare<[string], string>('SELECT run FROM waiting WHERE key = ?').pluck()
  const putStatus = db.prepare('INSERT OR REPLACE INTO approvals VALUES (?, ?)')
  const getStatus = db.prepare<[string], string>('SELECT status FROM approvals WHERE key = ?').pluck()
  const save = db.transaction((state: Saved) => {
    put.run(state.runId, JSON.stringify({ ...state, resumeState: [...state.resumeState.steps] }))
    for (const key of state.pendingApprovals) await_.run(key, state.runId)
  })
  const load = (run: string): Saved | undefined => {
    const text = get.get(run)
    if (text === undefined) return undefined
    const state = JSON.parse(text) as Omit<Saved, 'resumeState'> & { readonly resumeState: readonly [string, unknown][] }
    return { ...state, resumeState: { steps: new Map(state.resumeState) } }
  }
  const remove = db.transaction((run: string) => {
    for (const key of load(run)?.pendingApprovals ?? []) forget.run(key)
    drop.run(run)
  })
  const say = (key: string, status: object) => void putStatus.run(key, JSON.stringify(status))
  return {
    workflowStateStore: {
      save: async (state: Saved) => save(state),
      load: async (run: string) => load(run),
      delete: async (run: string) => remove(run),
      list: async () => [],
      findByPendingApproval: async (key: string) => runsOf.all(key),
    },
    approvalStore: {
      async getApproval(key: string): Promise<Status> {
        const status = JSON.parse(getStatus.get(key) ?? '{"status":"pending"}') as Status
        const late = status.expiresAt !== undefined && Date.now() > status.expiresAt
        return late ? { status: 'expired' } : status
      },
      createApproval: async (key: string, options: object) => say(key, { status: 'pending', ...options }),
      grantApproval: async (key: string, value: unknown, options: object) =>
        say(key, { status: 'approved', value, ...options, approvedAt: Date.now() }),
      rejectApproval: async (key: string, reason: string) => say(key, { status: 'rejected', reason }),
      cancelApproval: async (key: string) => say(key, { status: 'rejected', reason: 'cancelled' }),
      listPending: async () => [],
    },
  }
}

const ok = (value: unknown) => ({ ok: true, value })

export const openAwaitly: Open = async ({ folder, scratch }) => {
  const module = (name: string) => import(pathToFileURL(join(scratch, 'node_modules/awaitly/dist', name)).href)
  const { createHITLOrchestrator, pendingApproval } = (await module('hitl.js')) as Hitl
  const { createWorkflow } = (await module('workflow.js')) as Workflows
  const db = new Database(join(folder, 'awaitly.db'))
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = FULL')
  const orchestrator = createHITLOrchestrator({ ...stores(db), defaultExpirationMs: 86_400_000 })
  const make: Make = (options) => createWorkflow('bench-steps', {}, options)
  const done = new Set<string>()
  const once = (input: Input) => {
    if (done.has(input.id)) throw new Error(`step A of ${input.id} ran again, and was not taken from what is stored`)
    done.add(input.id)
    return ok(stepA(input))
  }
  const story: Story = async ({ step, args }) => {
    const a = await step<ReturnType<typeof stepA>>('a', async () => once(args), { key: 'a' })
    const key = `approval:${args.id}`
    const approved = await step('decision', async () => pendingApproval(key, { reason: a.title }), { key })
    return await step('b', async () => ok(stepB(a, approved)), { key: 'b' })
  }
  return {
    durability: `SQLite, synchronous=${db.pragma('synchronous', { simple: true }) === 2 ? 'FULL' : 'other'}`,
    async start(n) {
      const input = inputOf(n)
      const { status } = await orchestrator.execute('bench-steps', make, story, input, { runId: input.id })
      if (status !== 'paused') throw new Error(`${input.id} is ${status}`)
    },
    // A start is acknowledged once its approval is stored.
    parked: async () => {},
    async decide(n) {
      const { id } = inputOf(n)
      await orchestrator.grantApproval(`approval:${id}`, { by: 'owner@example.com' }, { approvedBy: 'owner@example.com' })
      const { status, result } = await orchestrator.resume(id, make, story)
      if (status !== 'resumed' || result?.ok !== true) throw new Error(`${id} is ${status}: ${JSON.stringify(result)}`)
    },
    completed: async () => {},
    close: async () => db.close(),
  }
}
