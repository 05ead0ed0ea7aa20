import { failure } from '../../../shared/contract/errors.ts'
import type { ChangeEvent } from '../../../shared/contract/events.ts'
import type { Caller, Scope } from '../../../shared/model/actor.ts'
import type { ApprovalItem } from '../../../shared/model/approval.ts'
import { toActor } from '../engine/decide.ts'
import { shownTo } from './common.ts'
import type { RouterDeps } from './deps.ts'
import { anySignal, os, take, toError } from './os.ts'
import { inboxOf } from './whose.ts'

/** What is about this home and not about requests: changes as they happen, settings, credentials, the system. */
export function homeHandlers(deps: RouterDeps) {
  const { access, feed, projection, people } = deps
  /** With the numbers of whoever reads it. They are counted when it is sent, so that a slow reader costs less and not more. */
  const countedFor = ({ person }: Caller, change: ChangeEvent): ChangeEvent => {
    if (!('counts' in change) || person === null) return change
    const views = projection.viewCounts({ person: people.canonical(person.email), asks: inboxOf(people, person.email) })
    return { ...change, counts: { ...change.counts, views } }
  }
  const isFor = ({ person }: Caller, to: string): boolean => person !== null && people.canonical(person.email) === to
  return {
    alerts: {
      next: os.alerts.next.handler(async ({ context }) => {
        await projection.caughtUp(deps.journal.durable.seq)
        return deps.nextAlert(context.caller)
      }),
    },

    events: {
      subscribe: os.events.subscribe.handler(async function* ({ context, signal }): AsyncGenerator<ChangeEvent> {
        // Not after the projection: while it is rebuilt, how far it has come is what there is to tell.
        const first = { kind: 'hello', counts: deps.counts(), health: deps.health() } as const
        let told = ''
        deps.metBy(context.caller)
        for await (const published of feed.subscribe([first], anySignal(signal, context.signal))) {
          if (published.kind === 'alert' && !isFor(context.caller, published.to)) continue
          const change = countedFor(context.caller, shownChange(context.caller, published))
          const counts = 'counts' in change ? JSON.stringify(change.counts) : told
          // Numbers alone are sent only where they are others.
          if (change.kind === 'counts' && counts === told) continue
          told = counts
          yield change
        }
      }),
    },

    settings: {
      get: os.settings.get.handler(() => deps.settingsView()),
      update: os.settings.update.handler(async ({ input, context }) => take(await deps.updateSettings(input, context.caller))),
      outgoing: os.settings.outgoing.handler(({ context }) => deps.outgoing(context.caller)),
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
  }
}

const shownChange = (caller: Caller, change: ChangeEvent): ChangeEvent =>
  change.kind === 'approval' ? { ...change, item: shownTo(caller, change.item as ApprovalItem) } : change
