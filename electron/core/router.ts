import { implement, ORPCError, type Router as OrpcRouter } from '@orpc/server'
import { type Contract, contract } from '../../shared/contract/contract.ts'
import { catalogue, type Failure, failure } from '../../shared/contract/errors.ts'
import type { ChangeEvent, Counts, Health } from '../../shared/contract/events.ts'
import type { SettingsInput, SettingsView } from '../../shared/contract/settings.ts'
import type { Actor, Caller, Scope } from '../../shared/model/actor.ts'
import type { Result } from '../../shared/model/result.ts'
import { endedStatuses, type RunItem, type TaskStatus } from '../../shared/model/run.ts'
import type { Access } from './access/port.ts'
import type { RequestContext } from './context.ts'
import { toActor } from './engine/decide.ts'
import type { StartSpec } from './engine/deps.ts'
import type { Engine } from './engine/engine.ts'
import type { Feed } from './feed.ts'
import { toFailure as toExpected } from './intake/problem.ts'
import type { Journal } from './journal/port.ts'
import type { Projection } from './projection/port.ts'
import type { Settings } from './settings/port.ts'
import { fromDeployment, fromExpense, fromRequest } from './submissions.ts'

type Check = { name: string; state: 'ok' | 'warning' | 'problem'; detail: string; fix: string | null }

export type RouterDeps = {
  readonly engine: Engine
  readonly journal: Journal
  readonly projection: Projection
  readonly access: Access
  readonly settings: Settings
  readonly feed: Feed
  /** Puts a delivery that was given up back into the outbox. */
  readonly resend: (deliveryId: string, by: Actor) => Promise<Result<null, Failure>>
  readonly health: () => Health
  readonly counts: () => Counts
  readonly settingsView: () => SettingsView
  readonly updateSettings: (change: SettingsInput, caller: Caller) => Promise<Result<SettingsView, Failure>>
  readonly doctor: () => Promise<readonly Check[]>
  readonly verify: () => Promise<{
    ok: boolean
    records: number
    segments: number
    erased: number
    checkpoints: number
    torn: { readonly file: string; readonly offset: number; readonly bytes: number } | null
    head: { seq: number; hash: string }
    problems: readonly { segment: string; offset: number; message: string }[]
  }>
  readonly version: string
  /** Base URL of the inbox in a browser; null when there is none. */
  readonly url: () => string | null
}

export type Router = OrpcRouter<Contract, RequestContext>

/** An expected failure, as oRPC carries it to every kind of caller. */
const toError = ({ code, message, data }: Failure): ORPCError<string, unknown> =>
  new ORPCError(code, { status: catalogue[code][0], message, data, defined: true })

/** A validation failure with every problem in it; null for any other error. */
function toInvalidInput(error: unknown): ORPCError<string, unknown> | null {
  if (!(error instanceof ORPCError) || error.code !== 'BAD_REQUEST') return null
  const found = toExpected(error)
  return found && toError(found)
}

function take<T>(result: Result<T, Failure>): T {
  if (!result.ok) throw toError(result.failure)
  return result.value
}

const notFound = (what: string, id: string) => toError(failure('not-found', `There is no ${what} ${id}.`))

/** Whether the caller holds one of the scopes that a procedure asks for. Reading is part of deciding and of administering. */
function allows(caller: Caller, scope: Scope, also: readonly Scope[]): boolean {
  const wanted = [scope, ...also]
  if (wanted.some((one) => caller.scopes.includes(one))) return true
  return wanted.includes('read') && (caller.scopes.includes('decide') || caller.scopes.includes('admin'))
}

/** Implements every procedure of the contract by calling the modules beside it. Decides nothing itself but who may call. */
export function createRouter(deps: RouterDeps): Router {
  const { engine, projection, access, feed } = deps

  const os = implement(contract)
    .$context<RequestContext>()
    // Validation comes after the check of scopes: who may not call learns nothing about what a call would take.
    .$config({ initialInputValidationIndex: Number.POSITIVE_INFINITY, initialOutputValidationIndex: Number.NaN })
    .use(async ({ context, procedure, next }) => {
      const { scope, also = [] } = procedure['~orpc'].meta
      if (scope !== null && !allows(context.caller, scope, also)) {
        const wanted = [scope, ...also].join(' or ')
        throw toError(
          failure(
            'forbidden',
            `This needs the scope ${wanted}; this credential has ${context.caller.scopes.join(', ') || 'none'}.`,
          ),
        )
      }
      try {
        return await next()
      } catch (error) {
        throw toInvalidInput(error) ?? error
      }
    })

  /** Everything that was journalled when the question came can be seen in the answer. */
  const fresh = () => projection.caughtUp(deps.journal.durable.seq)

  const paged = <T>(read: () => T): T => {
    try {
      return read()
    } catch (error) {
      if (error instanceof RangeError)
        throw toError(
          failure('invalid-input', 'The cursor is not one of ours.', {
            errors: [{ pointer: '/cursor', message: 'is not a cursor' }],
          }),
        )
      throw error
    }
  }

  /** A source sees and touches its own runs only; for it, others do not exist. */
  const mayTouch = (caller: Caller, run: { readonly source: string }): boolean =>
    caller.scopes.some((scope) => scope !== 'submit') || caller.source?.id === run.source

  /** Whoever asked takes it back; whoever is asked, and whoever administers, can end it too. */
  const mayCancel = ({ scopes, person, source }: Caller, run: RunItem): boolean =>
    scopes.includes('admin') || source?.id === run.source || (person !== null && engine.asks(run.id, person.email))

  const runOf = async (id: string, caller: Caller): Promise<RunItem> => {
    await fresh()
    const run = projection.run(id)
    if (!run || !mayTouch(caller, run)) throw notFound('task', id)
    return run
  }

  const toTask = (run: RunItem): TaskStatus => ({
    task_id: run.id,
    status: run.status,
    result: run.result,
    error: run.error,
    created_at: run.created_at,
    completed_at: run.completed_at,
    progress: run.progress,
    pending_approvals: endedStatuses.includes(run.status)
      ? []
      : projection.approvals({ status: ['pending'], run_id: run.id, sort: 'oldest', limit: 100 }).items,
  })

  const acts = (type: string): boolean => deps.settings.config.actions[type] !== undefined

  const submit = async (spec: StartSpec, context: RequestContext): Promise<unknown> => {
    const { source } = context.caller
    if (!source) throw toError(failure('forbidden', 'Only a source can submit. Use a token with the scope submit.'))
    const started = take(await engine.submit(spec, source, toActor(context.caller), context.idempotency))
    return started.answer
  }

  return os.router({
    requests: {
      submitRequest: os.requests.submitRequest.handler(
        async ({ input, context }) =>
          (await submit(fromRequest(input, deps.settings.policy, deps.settings.config.owner, acts), context)) as never,
      ),
      submitExpense: os.requests.submitExpense.handler(
        async ({ input, context }) => (await submit(fromExpense(input, deps.settings.policy, acts), context)) as never,
      ),
      requestDeployment: os.requests.requestDeployment.handler(
        async ({ input, context }) => (await submit(fromDeployment(input, deps.settings.policy, acts), context)) as never,
      ),
    },

    approvals: {
      pending: os.approvals.pending.handler(async ({ input }) => {
        await fresh()
        const { approver_email, limit, cursor } = input
        const page = paged(() =>
          projection.approvals({
            status: ['pending'],
            sort: 'due',
            limit,
            ...(approver_email ? { approver_email } : {}),
            ...(cursor ? { cursor } : {}),
          }),
        )
        return {
          pending_approvals: page.items,
          count: page.total,
          approver_email: approver_email ?? null,
          next_cursor: page.next_cursor,
        }
      }),
      list: os.approvals.list.handler(async ({ input }) => {
        await fresh()
        return paged(() => projection.approvals(defined(input)))
      }),
      get: os.approvals.get.handler(async ({ input }) => {
        await fresh()
        const item = projection.approval(input.approval_id)
        if (!item) throw notFound('approval', input.approval_id)
        return item
      }),
      decide: os.approvals.decide.handler(async ({ input, context }) => {
        const decision = take(await engine.decide(input, context.caller))
        return { message: `The approval was ${decision}.`, approval_id: input.approval_id, decision }
      }),
    },

    tasks: {
      status: os.tasks.status.handler(async ({ input, context }) => toTask(await runOf(input.task_id, context.caller))),
      wait: os.tasks.wait.handler(async ({ input, context, signal }) => {
        const live = engine.find(input.task_id)
        if (live && mayTouch(context.caller, live)) {
          const signals = [signal, context.signal].filter((one) => one !== undefined)
          const ended = await engine.wait(
            input.task_id,
            input.timeout_seconds * 1000,
            signals.length > 0 ? AbortSignal.any(signals) : undefined,
          )
          if (ended) return ended
        } else {
          // It may have ended just now, with its end still on the way to the disk.
          await deps.journal.synced(deps.journal.head.seq).catch(() => {})
        }
        return toTask(await runOf(input.task_id, context.caller))
      }),
      cancel: os.tasks.cancel.handler(async ({ input, context }) => {
        const run = await runOf(input.task_id, context.caller)
        if (!mayCancel(context.caller, run)) {
          throw toError(failure('forbidden', 'Only who asked, who is asked, or an administrator can cancel this task.'))
        }
        take(await engine.cancel(input.task_id, input.reason ?? null, context.caller))
        return { message: 'The task was cancelled.', task_id: input.task_id, status: 'cancelled' as const }
      }),
      retry: os.tasks.retry.handler(async ({ input, context }) => {
        await runOf(input.task_id, context.caller)
        take(await engine.retry(input.task_id, context.caller))
        return { message: 'The task goes on from where it failed.', task_id: input.task_id, status: 'running' as const }
      }),
      signal: os.tasks.signal.handler(async ({ input, context }) => {
        await runOf(input.task_id, context.caller)
        take(await engine.signal(input.task_id, input.name, input.payload, context.caller))
        return { message: 'The message is kept for the task.', task_id: input.task_id, name: input.name }
      }),
      list: os.tasks.list.handler(async ({ input }) => {
        await fresh()
        return paged(() => projection.runs(defined(input)))
      }),
      timeline: os.tasks.timeline.handler(async ({ input, context }) => {
        await runOf(input.task_id, context.caller)
        return { task_id: input.task_id, entries: projection.timeline(input.task_id) }
      }),
      resend: os.tasks.resend.handler(async ({ input, context }) => {
        take(await deps.resend(input.delivery_id, toActor(context.caller)))
        return { message: 'The delivery is tried again.', delivery_id: input.delivery_id }
      }),
      deadDeliveries: os.tasks.deadDeliveries.handler(async ({ input }) => {
        await fresh()
        return { items: projection.deliveries(input.state, input.limit) }
      }),
    },

    events: {
      subscribe: os.events.subscribe.handler(async function* ({ context, signal }): AsyncGenerator<ChangeEvent> {
        // Not after the projection: while it is rebuilt, how far it has come is what there is to tell.
        const gone = [signal, context.signal].filter((one) => one !== undefined)
        yield* feed.subscribe(
          [{ kind: 'hello', counts: deps.counts(), health: deps.health() }],
          gone.length > 0 ? AbortSignal.any(gone) : undefined,
        )
      }),
    },

    settings: {
      get: os.settings.get.handler(() => deps.settingsView()),
      update: os.settings.update.handler(async ({ input, context }) => take(await deps.updateSettings(input, context.caller))),
    },

    tokens: {
      list: os.tokens.list.handler(() => ({ items: access.list() })),
      create: os.tokens.create.handler(async ({ input, context }) => take(await access.create(input, toActor(context.caller)))),
      revoke: os.tokens.revoke.handler(async ({ input, context }) => {
        const item = take(await access.revoke(input.token_id, toActor(context.caller)))
        return { message: `The credential "${item.name}" works no more.`, token_id: item.id }
      }),
    },

    system: {
      health: os.system.health.handler(() => ({ status: deps.health().status, version: deps.version })),
      session: os.system.session.handler(({ context }) => ({
        person: context.caller.person,
        scopes: context.caller.scopes as Scope[],
        via: context.caller.via,
      })),
      link: os.system.link.handler(() => {
        const url = deps.url()
        if (!url) throw toError(failure('not-found', 'There is no browser inbox here: this application shows its own window.'))
        const { key, expires_at } = access.createLink()
        return { url: `${url}/#key=${key}`, expires_at }
      }),
      doctor: os.system.doctor.handler(async () => ({ checks: [...(await deps.doctor())] })),
      verify: os.system.verify.handler(() => deps.verify()),
      rebuild: os.system.rebuild.handler(async () => {
        await projection.rebuild()
        return { message: 'The database was computed anew from the journal.', records: deps.journal.durable.seq }
      }),
    },
  })
}

/** Leaves out what is undefined: a query has a member or it has not. */
function defined<T extends object>(input: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined)) as never
}
