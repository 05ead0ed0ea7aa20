import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileStorage } from '../../../electron/core/journal/file-storage.ts'
import type { AlertEvent, ChangeEvent } from '../../../shared/contract/events.ts'
import type { Caller } from '../../../shared/model/actor.ts'
import type { JournalRecord } from '../../../shared/model/event.ts'
import { type Client, clientFor, newHome, openTestApp, type TestApp } from '../../support/app.ts'
import { SlippingClock } from '../../support/slipping-clock.ts'
import { recordingStorage } from '../../support/storage-double.ts'
import { Effects, waitingWorkflows } from './items.ts'
import { Pending } from './pending.ts'

const longestWaitMs = 20_000
const receivers = 8
export const ana = 'ana@example.com'
export const ben = 'ben@example.com'

/** An outcome as it was taken at its address; `early` where the clock had never been there yet. */
type Taken = { readonly id: string; readonly status: number; readonly at: number }

/** What somebody was told, and how often the clock had been set back by then. */
type Heard = AlertEvent & { readonly set_back: number }

/** The real application over a home of its own, at clocks that a test moves, with somebody who is told outcomes and people who decide. */
export class Life {
  readonly clock: SlippingClock
  readonly home = newHome()
  readonly effects = new Effects()
  readonly taken: Taken[] = []
  readonly alerts: Heard[] = []
  /** What was wrong on the way. */
  readonly problems: string[] = []
  readonly pending = new Pending()
  readonly records: JournalRecord[] = []
  #refusals = 2
  #read = new Map<string, number>()
  #test!: TestApp
  #server!: Server
  readonly #sources: Caller[] = []
  #listening = new AbortController()

  private constructor(clock: SlippingClock) {
    this.clock = clock
  }

  static async open(options: { readonly at: string; readonly config?: string; readonly refusals?: number }): Promise<Life> {
    const life = new Life(new SlippingClock(options.at))
    life.#refusals = options.refusals ?? 2
    writeFileSync(join(life.home, 'config.yaml'), `model: { enabled: false }\n${options.config ?? ''}`)
    const url = await life.#listen()
    await life.start()
    for (let n = 0; n < receivers; n++) {
      const { item } = await life.owner.tokens.create({ name: `shop ${n}`, scope: 'submit', callback_url: `${url}/${n}` })
      const source = { id: item.id, name: item.name }
      life.#sources.push({ scopes: ['submit'], person: null, source, credential: item.id, via: 'http' })
    }
    return life
  }

  get owner(): Client {
    return this.#test.owner
  }

  get app(): TestApp['app'] {
    return this.#test.app
  }

  /** Each address is told of few runs: one that refuses ten times in a row is left alone for a while. */
  get source(): Client {
    this.#sources.push(this.#sources.shift()!)
    return clientFor(this.app, this.#sources[0]!)
  }

  person(email: string): Client {
    const caller = {
      ...this.app.ownerCaller('http'),
      person: { email, name: email },
      credential: email,
      scopes: ['read', 'decide'] as const,
    }
    return clientFor(this.app, caller)
  }

  async start(): Promise<void> {
    this.#test = await openTestApp({
      home: this.home,
      clock: this.clock,
      storage: recordingStorage(fileStorage, { skipSyncs: true }).storage,
      workflows: waitingWorkflows(this.effects),
    })
    this.#listening = new AbortController()
    void this.#follow(this.#listening.signal)
  }

  async stop(): Promise<void> {
    this.#listening.abort()
    await this.#test.stop()
    this.readOn()
    if (this.clock.timers > 0) this.problems.push(`${this.clock.timers} timers are set after the end`)
  }

  /** Starts something that waits, and resolves with its run. */
  async begin(workflow: string, input: object): Promise<string> {
    const { task_id } = await this.source.workflows.start({ name: workflow, input })
    return task_id
  }

  /** The machine wakes, which is told so many times. */
  resume(times = 1): void {
    for (let n = 0; n < times; n++) this.app.tick()
  }

  /** Waits until all that is due by now has happened, without that any time passes. */
  async settle(): Promise<void> {
    const until = performance.now() + longestWaitMs
    for (let turn = 0; ; turn++) {
      this.readOn()
      const late = this.pending.late(this.clock.now())
      if (late.length === 0) return
      if (performance.now() > until) {
        this.problems.push(
          `not done after a look at the clock at ${new Date(this.clock.now()).toISOString()}: ${late.slice(0, 2).join(', ')}`,
        )
        return
      }
      await new Promise((resolve) => (turn % 4 === 3 ? setTimeout(resolve, 1) : setImmediate(resolve)))
    }
  }

  /** Takes in what the journal holds that was not there before. */
  readOn(): void {
    const folder = join(this.home, 'journal')
    for (const name of readdirSync(folder)
      .filter((each) => each.endsWith('.jsonl'))
      .sort()) {
      const read = this.#read.get(name) ?? 0
      const bytes = readFileSync(join(folder, name))
      const end = bytes.lastIndexOf(10) + 1
      if (end <= read) continue
      this.#read.set(name, end)
      for (const line of bytes.toString('utf8', read, end).split('\n')) {
        if (line === '') continue
        const record = JSON.parse(line) as JournalRecord
        this.records.push(record)
        this.pending.apply(record)
      }
    }
  }

  async remove(): Promise<void> {
    this.#listening.abort()
    await this.#test.remove()
    this.#server.closeAllConnections()
    this.#server.close()
  }

  async #follow(signal: AbortSignal): Promise<void> {
    try {
      const changes = await clientFor(this.app, {
        ...this.app.ownerCaller('http'),
        person: { email: ana, name: 'Ana' },
      }).events.subscribe({}, { signal })
      for await (const change of changes as AsyncIterable<ChangeEvent>)
        if (change.kind === 'alert') this.alerts.push({ ...change, set_back: this.clock.setBack })
    } catch {
      // The stream ends with the application.
    }
  }

  /** Refuses each outcome a few times before it takes it. */
  async #listen(): Promise<string> {
    const seen = new Map<string, number>()
    this.#server = createServer((request, response) => {
      const id = String(request.headers['webhook-id'])
      const before = seen.get(id) ?? 0
      seen.set(id, before + 1)
      const status = before < this.#refusals ? 500 : 204
      this.taken.push({ id, status, at: this.clock.highest })
      request.resume().once('end', () => response.writeHead(status).end())
    })
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }
}
