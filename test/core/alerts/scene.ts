import { onTestFinished, vi } from 'vitest'
import type { Storage } from '../../../electron/core/journal/port.ts'
import type { AlertEvent, ChangeEvent } from '../../../shared/contract/events.ts'
import type { Caller } from '../../../shared/model/actor.ts'
import { type Client, clientFor, openTestApp, type TestApp } from '../../support/app.ts'
import { FakeClock } from '../../support/fake-clock.ts'

export const minute = 60_000
export const hour = 60 * minute

/** A real application whose alerts are written down as one person's programs get them. */
export async function openScene(options: { home?: string; clock?: FakeClock; storage?: Storage } = {}): Promise<Scene> {
  const clock = options.clock ?? new FakeClock()
  const { home, storage } = options
  const test = await openTestApp({ clock, ...(home ? { home } : {}), ...(storage ? { storage } : {}) })
  onTestFinished(() => test.stop())
  const as = (email: string): Caller => ({
    ...test.app.ownerCaller('http'),
    person: { email, name: email.replace(/@.*/, '').replace(/^./, (letter) => letter.toUpperCase()) },
    credential: email,
  })
  const listen = (email: string) => heard(test, as(email))
  const settle = async () => {
    for (let turn = 0; turn < 4; turn++) {
      await new Promise((resolve) => setTimeout(resolve, 15))
      // It answers once what is on disk can be read, however busy the machine is.
      await test.owner.alerts.next({})
      clock.advance(0)
    }
  }
  return {
    ...test,
    clock,
    as: (email: string) => clientFor(test.app, as(email)),
    listen,
    async ask(title: string, body: Readonly<Record<string, unknown>> = {}) {
      const { task_id } = await test.source.requests.submitRequest({ type: 'refund', title, ...body } as never)
      const { pending_approvals } = await test.owner.tasks.status({ task_id })
      return pending_approvals[0]!.id
    },
    /** Everything under way has come to rest, timers of this very instant included. */
    settle,
    /** Time passes as it does for a machine that is awake. */
    async pass(ms: number) {
      clock.advance(ms)
      await settle()
    },
  }
}

export type Scene = TestApp & {
  readonly clock: FakeClock
  as(email: string): Client
  listen(email: string): Heard
  ask(title: string, body?: Readonly<Record<string, unknown>>): Promise<string>
  settle(): Promise<void>
  pass(ms: number): Promise<void>
}

type Heard = ReturnType<typeof heard>

function heard(test: TestApp, caller: Caller) {
  const alerts: AlertEvent[] = []
  const stages: string[] = []
  const end = new AbortController()
  let ready = false
  const follow = async () => {
    const changes = await clientFor(test.app, caller).events.subscribe({}, { signal: end.signal })
    for await (const change of changes as AsyncIterable<ChangeEvent>) {
      ready = true
      if (change.kind === 'alert') alerts.push(change)
      if (change.kind === 'deadline') stages.push(change.stage)
    }
  }
  follow().catch(() => undefined)
  onTestFinished(() => end.abort())
  return {
    alerts,
    stages,
    /** What was said, in short. */
    get said() {
      return alerts.map(({ reason, title }) => `${reason}: ${title}`)
    },
    ready: () => vi.waitFor(() => ready || Promise.reject(new Error('not yet')), { interval: 2 }),
    end: () => end.abort(),
  }
}
