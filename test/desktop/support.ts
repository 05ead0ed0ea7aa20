import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/message-port'
import type { ContractRouterClient } from '@orpc/contract'
import { implement } from '@orpc/server'
import { expect, onTestFinished, vi } from 'vitest'
import type { Clock } from '../../electron/core/clock.ts'
import type { RequestContext } from '../../electron/core/context.ts'
import type { CoreApp } from '../../electron/desktop/core-app.ts'
import { type Contract, contract } from '../../shared/contract/contract.ts'
import type { AlertEvent, ChangeEvent } from '../../shared/contract/events.ts'
import type { Caller, Via } from '../../shared/model/actor.ts'
import type { ApprovalItem } from '../../shared/model/approval.ts'
import type { Language } from '../../shared/model/language.ts'
import { approvalItem } from '../support/item.ts'

export type Page = {
  readonly client: ContractRouterClient<Contract>
  readonly port: MessagePort
  readonly opened: readonly string[]
}

/** A clock moved by hand. */
function handClock(): Clock & { advance(ms: number): void } {
  let now = Date.parse('2026-03-01T10:00:00.000Z')
  const timers = new Set<{ at: number; run: () => void }>()
  return {
    now: () => now,
    after(ms, run) {
      const timer = { at: now + ms, run }
      timers.add(timer)
      return () => timers.delete(timer)
    },
    advance(ms) {
      now += ms
      for (const timer of timers) if (timer.at <= now && timers.delete(timer)) timer.run()
    },
  }
}

/** An application small enough for the desktop's tests: it answers who asks, and sends what it is told to send. */
export function smallApp() {
  const watchers = new Set<{ queue: ChangeEvent[]; wake: () => void }>()
  const calls: string[] = []
  const items = new Map<string, ApprovalItem>()
  const os = implement(contract).$context<RequestContext>()
  const router = {
    system: {
      session: os.system.session.handler(({ context: { caller } }) => ({
        person: caller.person,
        scopes: [...caller.scopes],
        via: caller.via,
      })),
    },
    approvals: {
      get: os.approvals.get.handler(({ input }) => {
        const item = items.get(input.approval_id)
        if (!item) throw new Error('there is no such request')
        return item as never
      }),
      decide: os.approvals.decide.handler(({ input }) => {
        const { approval_id, decision, version, hold } = input
        if (version !== undefined && version !== items.get(approval_id)?.version.sha256) throw new Error('The request changed.')
        calls.push(hold ? `${decision} ${approval_id}, held` : `decide ${approval_id}`)
        return { message: 'Approved', approval_id: input.approval_id, decision: 'approved' as const, status: 'approved' as const }
      }),
    },
    events: {
      subscribe: os.events.subscribe.handler(async function* ({ signal }) {
        const watcher = { queue: [] as ChangeEvent[], wake: () => {} }
        watchers.add(watcher)
        signal?.addEventListener('abort', () => watcher.wake())
        try {
          while (!signal?.aborted) {
            const next = watcher.queue.shift()
            if (next) yield next
            else await new Promise<void>((wake) => (watcher.wake = wake))
          }
        } finally {
          watchers.delete(watcher)
        }
      }),
    },
  }
  const app = {
    router: router as unknown as CoreApp['router'],
    settings: {
      config: { language: 'en' as Language, undo: { seconds: 5 } },
    },
    ownerCaller: (via: Via): Caller => ({
      scopes: ['read', 'decide', 'admin'],
      person: { email: 'owner@example.test', name: 'Owner' },
      source: null,
      credential: 'desktop',
      via,
    }),
    start: async () => void calls.push('start'),
    stop: async () => void calls.push('stop'),
    tick: () => void calls.push('tick'),
  } satisfies CoreApp
  const publish = (change: ChangeEvent) => {
    for (const watcher of watchers) {
      watcher.queue.push(change)
      watcher.wake()
    }
  }
  return { app, calls, items, publish, watchers }
}

export const counts = (pending: number) => ({ pending, due_soon: 0, needs_review: 0, dead_deliveries: 0 })

/** A whole approval as events carry it. */
export function waiting(id: string, createdAt: string, change: Partial<ApprovalItem> = {}): ChangeEvent {
  const item = approvalItem(id, {
    title: `Refund ${id}`,
    description: 'card number 4111',
    amount: 12,
    currency: 'EUR',
    created_at: createdAt,
    ...change,
  })
  return { kind: 'approval', counts: counts(1), item }
}

/** An alert as the core sends it to the owner. */
export const alertOf = (id: string, change: Partial<AlertEvent> = {}): AlertEvent => ({
  kind: 'alert',
  to: 'owner@example.test',
  reason: 'new',
  approval_ids: [id],
  count: 1,
  parts: [],
  title: `Refund ${id}`,
  text: 'New, from Shop.',
  at: '2026-03-01T10:00:00.000Z',
  due_at: null,
  outcome: null,
  by: null,
  sound: false,
  next_at: null,
  ...change,
})

/** Lets everything that is under way in this process come to rest. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 30; turn++) await setImmediate()
}

type Double = typeof import('../support/electron-double/electron.ts')

/** A fresh `electron`, with a fresh desktop on it, and the page that the preload lets in. */
export async function freshElectron(prepare: (world: Double['world']) => void = () => {}) {
  vi.resetModules()
  const electron = (await import('electron')) as unknown as Double
  prepare(electron.world)
  return electron
}

export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'countersign-desktop-'))
}

function webRoot(): string {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Countersign</title>')
  writeFileSync(join(folder, 'app.js'), 'export {}')
  return folder
}

/** Starts the desktop of `start.ts` around a small application and waits until its window is there. */
export async function startSmall(
  options: {
    world?: (world: Double['world']) => void
    args?: readonly string[]
    env?: Record<string, string>
    platform?: NodeJS.Platform
    small?: ReturnType<typeof smallApp>
  } = {},
) {
  const electron = await freshElectron(options.world)
  const small = options.small ?? smallApp()
  const clock = handClock()
  const logged: string[] = []
  const { startDesktop } = await import('../../electron/desktop/start.ts')
  startDesktop(
    {
      createApp: async () => small.app,
      startCompanion: async () => null,
      clock,
      log: (message, details) => void logged.push(`${message}: ${details instanceof Error ? details.message : details}`),
      webRoot: webRoot(),
      preload: '/preload.cjs',
      stateFile: join(temporaryFolder(), 'window.json'),
      env: options.env ?? { XDG_CURRENT_DESKTOP: 'KDE' },
      platform: options.platform ?? 'linux',
    },
    { args: options.args ?? [], userData: null },
  )
  electron.app.becomeReady()
  const { world } = electron
  await vi.waitFor(() => expect(world.windows.some(({ shown }) => shown) || world.exitCode !== null).toBe(true), { interval: 2 })
  await settle()
  onTestFinished(() => {
    electron.app.quit()
    return settle()
  })
  return { electron, world: electron.world, clock, logged, ...small }
}

/** Runs the real preload in the window made last, as the page of `origin`, and says `countersign:ready` as the page does. */
export async function openPage(origin = 'app://countersign'): Promise<Page> {
  const target = new EventTarget()
  const location = { origin }
  const opened: string[] = []
  const page = Object.assign(target, {
    location,
    postMessage(data: unknown, _origin: string, ports: MessagePort[] = []) {
      target.dispatchEvent(Object.assign(new Event('message'), { data, ports, source: page }))
    },
  })
  vi.stubGlobal('window', page)
  target.addEventListener('message', (event) => {
    const { data } = event as MessageEvent
    if (data?.type === 'countersign:open') opened.push(data.approval_id)
  })
  const port = new Promise<MessagePort>((arrived) => {
    target.addEventListener('message', (event) => {
      const { data, ports } = event as MessageEvent
      if (data?.type === 'countersign:port') arrived(ports[0]!)
    })
  })
  await import('../../electron/desktop/preload/preload.ts')
  page.postMessage({ type: 'countersign:ready' }, '*')
  const received = await port
  vi.unstubAllGlobals()
  onTestFinished(() => received.close())
  // The window stays what the preload saw: its listeners hold on to it.
  vi.stubGlobal('window', page)
  received.start()
  return { client: createORPCClient(new RPCLink({ port: received })), port: received, opened }
}
