import type { Commit } from '../../../electron/core/commit.ts'
import { createSummaries } from '../../../electron/core/summary/summaries.ts'
import type { Asked } from '../../../shared/model/approval.ts'
import type { JournalRecord, NewEvent } from '../../../shared/model/event.ts'
import type { Language } from '../../../shared/model/language.ts'
import { FakeClock } from '../../support/fake-clock.ts'
import { type FakeOllama, startFakeOllama } from '../../support/fake-ollama/fake-ollama.ts'
import type { FakeModel } from '../../support/fake-ollama/models.ts'
import type { Scenario } from '../../support/fake-ollama/scenarios.ts'

export const asked: Asked = {
  type: 'expense',
  title: 'Expense EXP-1001',
  description: 'Conference travel',
  requester: 'ana@corp.example',
  approvers: ['bo@corp.example'],
  amount: '1240.00',
  currency: 'EUR',
  priority: 'normal',
  consequence: 'The expense is paid.',
  data: { id: 'EXP-1001', amount: '1240.00', department: 'engineering', submitter_email: 'ana@corp.example' },
}

type Recorded = NewEvent & { type: 'summary_recorded' }

/** A summary queue before a fake Ollama, with a fake clock and a journal that is a list. */
export class Bench {
  readonly clock = new FakeClock()
  readonly recorded: Recorded[] = []
  readonly logged: object[] = []
  language: Language = 'en'
  readonly model = { enabled: true, host: '', name: 'llama3.2' }
  ollama!: FakeOllama
  summaries!: ReturnType<typeof createSummaries>
  #told: (() => void)[] = []
  failCommits = false

  static async start(scenario: Scenario = { kind: 'ok' }, models?: readonly FakeModel[]): Promise<Bench> {
    const bench = new Bench()
    bench.ollama = await startFakeOllama({ scenario, ...(models === undefined ? {} : { models }) })
    bench.model.host = bench.ollama.url
    const log = { info: (details: object) => bench.logged.push(details), warn: (details: object) => bench.logged.push(details) }
    const { commit, clock } = bench
    bench.summaries = createSummaries({ config: () => bench.model, language: () => bench.language, commit, clock, log })
    return bench
  }

  readonly commit: Commit = (...events) => {
    if (this.failCommits) throw new Error('read-only')
    this.recorded.push(...(events as Recorded[]))
    for (const tell of this.#told) tell()
    return { records: events.map((event, seq) => ({ ...event, seq, at: '' }) as JournalRecord), durable: Promise.resolve() }
  }

  ask(id: string, change: Partial<Asked> = {}, more: object = {}): void {
    this.summaries.request({ id, run_id: `run-${id}`, asked: { ...asked, ...change }, ...more })
  }

  /** Resolves when so many summaries are recorded. */
  settled(count: number): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (this.recorded.length >= count) resolve()
      }
      this.#told.push(look)
      look()
    })
  }

  async stop(): Promise<void> {
    await this.summaries.stop()
    await this.ollama.close()
  }
}

/** Lets sockets and promises go on, without a clock, until it holds. */
export async function until(holds: () => boolean): Promise<void> {
  for (let turn = 0; !holds(); turn++) {
    if (turn > 200_000) throw new Error('it never came to hold')
    await new Promise((resolve) => setImmediate(resolve))
  }
}
