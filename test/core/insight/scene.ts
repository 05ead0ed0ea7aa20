import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach } from 'vitest'
import { type Client, clientFor, newHome, openTestApp, type TestApp } from '../../support/app.ts'
import { FakeClock } from '../../support/fake-clock.ts'

const open: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close()
})

export type Scene = TestApp & {
  readonly clock: FakeClock
  /** Somebody else who decides. */
  readonly bo: Client
  /** Asks as the source; resolves with the approval's id. */
  ask(body: Readonly<Record<string, unknown>>): Promise<string>
  /** Asks, and has it decided so much later. */
  decided(body: Readonly<Record<string, unknown>>, decision: 'approve' | 'reject', afterMs?: number, by?: Client): Promise<string>
}

export const minute = 60_000
export const hour = 60 * minute
export const day = 24 * hour

/** A real home under the real engine, whose time moves when told to. It begins on Monday, 2 March 2026, 9:00 UTC. */
export async function scene(config = 'model:\n  enabled: false\n', policy?: string): Promise<Scene> {
  const clock = new FakeClock()
  const home = newHome()
  writeFileSync(join(home, 'config.yaml'), config)
  if (policy) writeFileSync(join(home, 'policy.yaml'), policy)
  const app = await openTestApp({ home, clock })
  open.push(app.remove)
  const bo = clientFor(app.app, { ...app.app.ownerCaller('http'), person: { email: 'bo@example.com', name: 'Bo' } })
  const ask = async (body: Readonly<Record<string, unknown>>) => {
    const { task_id } = await app.source.requests.submitRequest(body as never)
    const { items } = await app.owner.approvals.list({ run_id: task_id })
    return items[0]!.id
  }
  return {
    ...app,
    clock,
    bo,
    ask,
    async decided(body, decision, afterMs = minute, by = app.owner) {
      const id = await ask(by === bo ? { approver_email: 'bo@example.com', ...body } : body)
      clock.advance(afterMs)
      await by.approvals.decide({ approval_id: id, decision, ...(decision === 'reject' ? { comment: 'No' } : {}) })
      return id
    },
  }
}
