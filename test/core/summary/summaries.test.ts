import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { assess } from '../../../electron/core/summary/assess.ts'
import { english } from '../../../shared/words/english.ts'
import { worded } from '../../../shared/words/said.ts'
import {
  driftedTexts,
  errorRows,
  injectedAnswer,
  invalidTexts,
  okAnswer,
  type Scenario,
} from '../../support/fake-ollama/scenarios.ts'
import { asked, Bench, until } from './bench.ts'

let bench: Bench
const unhandled: unknown[] = []
const onUnhandled = (reason: unknown) => unhandled.push(reason)
const printed: unknown[][] = []

beforeEach(() => {
  process.on('unhandledRejection', onUnhandled)
  for (const method of ['log', 'warn', 'error'] as const)
    vi.spyOn(console, method).mockImplementation((...words) => void printed.push(words))
})
afterEach(async () => {
  await bench.stop()
  process.off('unhandledRejection', onUnhandled)
  vi.restoreAllMocks()
  expect(unhandled.splice(0)).toEqual([])
  expect(printed.splice(0)).toEqual([])
  expect(bench.clock.timers).toBe(0)
})

async function summaryIn(scenario: Scenario, drive?: (bench: Bench) => Promise<void>) {
  bench = await Bench.start(scenario)
  bench.summaries.start()
  bench.ask('a')
  await drive?.(bench)
  await bench.settled(1)
  await until(() => bench.ollama.sockets() === 0)
  expect(bench.recorded).toHaveLength(1)
  return bench.recorded[0]!.content.summary
}

describe('in German', () => {
  it('is asked for in German, and its nouns are no names that were made up', async () => {
    const summary = 'Ana bittet um eine Erstattung von 1.240,00 EUR, dazu 99 EUR für Frau Mallory.'
    const answer = JSON.stringify({ summary, impact: 'Der Betrag wird ausgezahlt.', risk: 'low', flags: [] })
    bench = await Bench.start({ kind: 'ok', text: answer })
    bench.language = 'de'
    bench.summaries.start()
    bench.ask('a')
    await bench.settled(1)
    await until(() => bench.ollama.sockets() === 0)
    expect(JSON.stringify(chats()[0]!.json)).toContain('in German (Deutsch)')
    expect(bench.recorded[0]!.content.summary).toMatchObject({ state: 'ready', summary, unsupported: ['99', 'Mallory'] })
  })
})

const chats = () =>
  bench.ollama.requests.filter(({ path, json }) => path === '/api/chat' && (json.messages as unknown[]).length > 0)
const inChat = (count: number) => () => until(() => chats().length >= count)

async function advanceUntilRecorded(ms: number): Promise<void> {
  while (bench.recorded.length === 0) {
    bench.clock.advance(ms)
    await new Promise((resolve) => setImmediate(resolve))
  }
}

describe('a summary by the model', () => {
  it('is recorded as the engine with what the model said, checked and labelled', async () => {
    const summary = await summaryIn({ kind: 'ok' })
    expect(bench.recorded[0]).toEqual({
      type: 'summary_recorded',
      actor: { kind: 'system', id: 'summary', via: 'engine' },
      run_id: 'run-a',
      approval_id: 'a',
      data: { state: 'ready', risk: 'medium' },
      content: { summary },
    })
    const bytes = Buffer.byteLength(JSON.stringify(asked))
    const { summary: text, impact } = okAnswer
    const facts = { state: 'ready', origin: 'model', model: 'llama3.2', risk: 'medium', unsupported: [], reason: null }
    expect(summary).toEqual({ ...facts, summary: text, impact, covered_bytes: bytes, total_bytes: bytes })
  })

  it('asks with constant options, without tools, Origin or history, and with the payload between markers alone', async () => {
    bench = await Bench.start()
    bench.summaries.start()
    bench.ask('a', { title: 'UNMISTAKABLE one' })
    bench.ask('b', { title: 'UNMISTAKABLE two' })
    await bench.settled(2)
    const loads = bench.ollama.requests.filter(
      ({ path, json }) => path === '/api/chat' && (json.messages as unknown[]).length === 0,
    )
    expect(loads).toHaveLength(1)
    const same = ({ json: { options, keep_alive, truncate, shift } }: (typeof loads)[0]) => ({
      options,
      keep_alive,
      truncate,
      shift,
    })
    const markers = new Set<string>()
    for (const chat of chats()) {
      expect(same(chat)).toEqual(same(loads[0]!))
      expect(chat.headers.origin).toBeUndefined()
      expect(chat.json.tools).toBeUndefined()
      expect(chat.json.think).toBeUndefined()
      expect(chat.json.stream).toBe(true)
      const [system, user] = chat.json.messages as { role: string; content: string }[]
      expect([system!.role, user!.role, (chat.json.messages as unknown[]).length]).toEqual(['system', 'user', 2])
      expect(system!.content).not.toContain('UNMISTAKABLE')
      const [, marker] = /^([0-9a-f]{32})\n[^\n]*UNMISTAKABLE\^(?:one|two)[^\n]*\n\1$/.exec(user!.content) ?? []
      expect(system!.content).toContain(marker)
      markers.add(marker!)
    }
    expect(markers.size).toBe(2)
    expect((same(loads[0]!).options as { num_ctx: number }).num_ctx).toBe(8192)
    expect(bench.ollama.mostAtOnce()).toBe(1)
  })

  it('sends think:false to thinking models, and leaves it out when the answer is not in form', async () => {
    bench = await Bench.start({ kind: 'invalid-once' }, [{ name: 'LLAMA3.2:latest', capabilities: ['completion', 'thinking'] }])
    bench.summaries.start()
    bench.ask('a')
    await bench.settled(1)
    expect(bench.recorded[0]!.data.state).toBe('ready')
    expect(chats().map(({ json }) => json.think)).toEqual([false, undefined])
  })

  it('takes answers that differ in form alone', async () => {
    for (const text of driftedTexts) {
      const summary = await summaryIn({ kind: 'ok', text })
      expect([summary.state, summary.summary, summary.risk]).toEqual(['ready', 'a', 'low'])
      await bench.stop()
    }
  })

  it.each<Scenario>([
    { kind: 'split-utf8' },
    { kind: 'thinking' },
    { kind: 'slow-load', ms: 20 },
    { kind: 'slow-token', ms: 1 },
    { kind: 'ps-expired' },
  ])('is ready when the answer comes as $kind', async (scenario) => {
    expect((await summaryIn(scenario)).summary).toBe(okAnswer.summary)
  })

  it('marks what the model made up, and says when it may not have read all', async () => {
    const answer = { summary: 'Bob asks for 9,999 for evil.example with Mallory.', impact: 'Paid on 2026-09-09.', risk: 'low' }
    expect((await summaryIn({ kind: 'ok', answer })).unsupported).toEqual(['9,999', 'evil.example', 'Mallory', '2026-09-09'])
    await bench.stop()
    const cut = await summaryIn({ kind: 'truncated-silently' })
    expect([cut.state, cut.reason]).toEqual(['ready', 'The model may not have read the whole request.'])
    await bench.stop()
    expect((await summaryIn({ kind: 'ok', metrics: {} })).reason).toBeNull()
  })

  it('is plain text when the model obeyed its payload', async () => {
    const summary = await summaryIn({ kind: 'ok', answer: injectedAnswer })
    expect(summary.state).toBe('ready')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: none of them may be left
    expect(summary.summary + summary.impact).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\ud800-\udfff]/)
    expect(summary.summary).toContain('red')
  })

  it('tries again when the server is full', async () => {
    const drive = async () => {
      await inChat(1)()
      await advanceUntilRecorded(500)
    }
    expect((await summaryIn({ kind: 'busy', times: 2 }, drive)).state).toBe('ready')
  })
})

describe('a summary that does not come', () => {
  const reasons: readonly (readonly [Scenario, RegExp])[] = [
    [{ kind: 'clean-no-done' }, /ended in the middle/],
    [{ kind: 'reset-mid', chunks: 4 }, /broke off/],
    [{ kind: 'error-mid', chunks: 4 }, /could not run llama3\.2/],
    [{ kind: 'length' }, /did not come to the end/],
    [{ kind: 'thinking-only' }, /in the form/],
    [{ kind: 'huge-line' }, /far more/],
    [{ kind: 'endless' }, /far more/],
    [{ kind: 'ok', answer: { ...okAnswer, summary: 'x'.repeat(1024 * 1024) } }, /far more/],
    [{ kind: 'bad-line' }, /no JSON/],
    [{ kind: 'forbidden' }, /does not take requests.*OLLAMA_ORIGINS/],
    [{ kind: 'html-proxy' }, /502.*web page/],
    [{ kind: 'redirect' }, /302/],
    [{ kind: 'cloud' }, /hosted service/],
    [{ kind: 'missing-model' }, /not installed\. Run: ollama pull llama3\.2/],
    [{ kind: 'old-version' }, /too old/],
  ]
  it.each(reasons)('is failed with its reason: %o', async (scenario, reason) => {
    const summary = await summaryIn(scenario)
    expect(summary).toEqual({
      ...{ state: 'failed', origin: 'rules', risk: null, model: null, unsupported: [], covered_bytes: 0 },
      ...{ summary: assess(asked).summary, impact: assess(asked).impact, total_bytes: assess(asked).total_bytes },
      reason: expect.stringMatching(reason),
      said: { ...assess(asked).said, reason: expect.any(Array) },
    })
    expect(worded(summary.said!.reason!, english)).toBe(summary.reason)
    expect(bench.recorded[0]!.data).toEqual({ state: 'failed', risk: null })
  })

  it('is failed for each error the server knows', async () => {
    for (const [status, error] of errorRows) {
      const drive = async () => {
        await inChat(1)()
        await advanceUntilRecorded(500)
      }
      const busy = status === 503 || status === 429
      const summary = await summaryIn({ kind: 'error-before', status, error }, busy ? drive : undefined)
      expect(summary.state).toBe('failed')
      expect(summary.reason).toMatch(/^[A-Zl].{15,}[^ ]$/)
      await bench.stop()
    }
  })

  it('is failed for each answer that is not what was asked for, after one more try', async () => {
    for (const text of invalidTexts) {
      expect((await summaryIn({ kind: 'ok', text })).reason).toMatch(/did not answer in the form/)
      expect(chats()).toHaveLength(2)
      await bench.stop()
    }
  })

  it('is failed when nothing comes at all', async () => {
    const summary = await summaryIn({ kind: 'never' }, async (current) => {
      await inChat(1)()
      current.clock.advance(120_000)
    })
    expect(summary.reason).toMatch(/did not begin to answer within 120 s/)
    await until(() => bench.ollama.aborts.length === 1)
  })

  it('is failed when it falls silent, and the connection is closed', async () => {
    const summary = await summaryIn({ kind: 'stall' }, async (current) => {
      await until(() => current.ollama.chunksSent() === 3)
      await advanceUntilRecorded(1_000)
    })
    expect(summary.reason).toMatch(/stopped in the middle of its answer for 20 s/)
    await until(() => bench.ollama.aborts.length === 1)
    expect(bench.ollama.aborts).toEqual([{ chunks: 3 }])
  })

  it('is failed when the answer drips for longer than a summary is worth', async () => {
    const summary = await summaryIn({ kind: 'slow-token', ms: 2 }, async (current) => {
      await inChat(1)()
      for (let seen = 0; current.recorded.length === 0; seen++) {
        await until(() => current.ollama.chunksSent() > seen || current.recorded.length > 0)
        current.clock.advance(9_000)
      }
    })
    expect(summary.reason).toMatch(/did not finish within 180 s/)
  })
})
