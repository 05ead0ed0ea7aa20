import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ApprovalItem } from '../../../shared/model/approval.ts'
import { newHome, openTestApp, type TestApp } from '../../support/app.ts'
import { FakeClock } from '../../support/fake-clock.ts'
import { type FakeOllama, startFakeOllama } from '../../support/fake-ollama/fake-ollama.ts'
import type { Trouble } from './troubles.ts'

export const decideWithinMs = 1000
export const settleWithinMs = 180_000
/** So long real sockets get to say what they have to before time goes on, in turns of a few milliseconds. */
const patienceTurns = 40

/** The real application with a model that behaves as it is told to, over real sockets, at a clock that moves when it is told to. */
export class Desk {
  readonly clock: FakeClock
  readonly ollama: FakeOllama
  readonly test: TestApp
  readonly problems: string[] = []
  readonly #sockets: number
  readonly #unhandled = (reason: unknown) => this.problems.push(`nobody handled ${(reason as Error)?.stack ?? reason}`)

  private constructor(clock: FakeClock, ollama: FakeOllama, test: TestApp, sockets: number) {
    this.clock = clock
    this.ollama = ollama
    this.test = test
    this.#sockets = sockets
    process.on('unhandledRejection', this.#unhandled)
  }

  static async open({ scenario, models, refused }: Omit<Trouble, 'name' | 'ends'>, config = ''): Promise<Desk> {
    const ollama = await startFakeOllama({ scenario, ...(models === undefined ? {} : { models }) })
    const sockets = openSockets()
    if (refused) await ollama.close()
    const home = newHome()
    const text = `model: { enabled: true, host: "${ollama.url}", name: llama3.2 }\nundo: { seconds: 0 }\nlimits: { pending: 100000 }\n${config}`
    writeFileSync(join(home, 'config.yaml'), text)
    const clock = new FakeClock()
    return new Desk(clock, ollama, await openTestApp({ home, clock }), sockets)
  }

  async ask(title: string, more: object = {}): Promise<string> {
    const asked = { type: 'expense-claim', title, description: 'Conference travel', amount: '1240.00', currency: 'EUR' }
    const { task_id } = await this.test.source.requests.submitRequest({ ...asked, ...more } as never)
    const { pending_approvals } = await this.test.owner.tasks.status({ task_id })
    return pending_approvals[0]!.id
  }

  item(approval_id: string): Promise<ApprovalItem> {
    return this.test.owner.approvals.get({ approval_id }) as Promise<ApprovalItem>
  }

  /** Waits until it no longer waits for the model. Answers how much time that took, which passes only where sockets have fallen silent. */
  async settled(approval_id: string, orDecided = false): Promise<number> {
    const began = this.clock.now()
    let heard = this.#heard()
    for (let silent = 0; ; silent++) {
      const { summary, status } = await this.item(approval_id)
      if (summary.state !== 'waiting' || (orDecided && status !== 'pending')) return this.clock.now() - began
      if (this.clock.now() - began > 2 * settleWithinMs) return Number.POSITIVE_INFINITY
      const now = this.#heard()
      if (now !== heard) silent = 0
      heard = now
      // What was recorded in time is read a moment later: real time, in which the clock stands.
      const late = this.clock.now() - began >= settleWithinMs
      if (silent > (late ? 10 * patienceTurns : patienceTurns)) this.clock.advance(1000)
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
  }

  /** As it stands; with a model that has only just come, as it stands with its words. */
  async upgraded(approval_id: string, comes: boolean): Promise<ApprovalItem> {
    for (let turn = 0; comes && turn < 1000 && (await this.item(approval_id)).summary.state !== 'ready'; turn++) {
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
    return this.item(approval_id)
  }

  /** Ends everything; what is left open or unhandled then is a problem. */
  async close(): Promise<void> {
    await this.test.remove()
    await until(() => this.ollama.sockets() === 0).catch(() => this.problems.push(`${this.ollama.sockets()} connections are open`))
    if (this.clock.timers > 0) this.problems.push(`${this.clock.timers} timers are left`)
    await this.ollama.close().catch(() => undefined)
    await until(() => openSockets() <= this.#sockets - 1).catch(() => this.problems.push(`${openSockets()} sockets are left`))
    process.off('unhandledRejection', this.#unhandled)
  }

  #heard(): number {
    return this.ollama.requests.length + this.ollama.chunksSent()
  }
}

/** What of TCP this process holds: servers, connections, and those under way. */
export const openSockets = (): number => process.getActiveResourcesInfo().filter((name) => /^TCP/.test(name)).length

async function until(holds: () => boolean): Promise<void> {
  for (let turn = 0; !holds(); turn++) {
    if (turn > 1000) throw new Error('it never came to hold')
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}
