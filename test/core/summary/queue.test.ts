import { afterEach, describe, expect, it } from 'vitest'
import { assess } from '../../../electron/core/summary/assess.ts'
import { WantedQueue } from '../../../electron/core/summary/wanted-queue.ts'
import { asked, Bench, until } from './bench.ts'

let bench: Bench
afterEach(() => bench?.stop())

const first = () => bench.summaries.first(assess(asked))
const ids = () => bench.recorded.map(({ approval_id, data }) => `${approval_id} ${data.state}`)
const looks = () => bench.ollama.requests.filter(({ path }) => path === '/api/tags').length

describe('the queue in front of the model', () => {
  it('promises a summary until it knows better, and none when it is switched off', async () => {
    bench = await Bench.start()
    expect(first()).toMatchObject({
      state: 'waiting',
      origin: 'rules',
      reason: null,
      summary: expect.stringContaining('EUR 1,240.00'),
    })
    bench.model.enabled = false
    expect(first()).toMatchObject({ state: 'off', reason: 'Summaries by a model are switched off.' })
    expect(await bench.summaries.status()).toEqual({ state: 'off' })
    bench.summaries.start()
    bench.ask('a')
    bench.ask('b', {}, { state: 'waiting' })
    await bench.settled(1)
    expect(ids()).toEqual(['b failed'])
    expect(bench.ollama.requests).toEqual([])
  })

  it('writes no record for approvals that were born without Ollama, and takes them up when it comes', async () => {
    bench = await Bench.start({ kind: 'ok' }, [])
    bench.summaries.start()
    expect(await bench.summaries.status()).toEqual({
      state: 'model_missing',
      detail: 'Model llama3.2 is not installed.',
      fix: 'Run: ollama pull llama3.2',
      said: ['model.missing', 'model.fix_pull'].map((code) => ({ code, values: { model: 'llama3.2' } })),
      installed: [],
    })
    expect(first()).toMatchObject({ state: 'failed', reason: 'Model llama3.2 is not installed. Run: ollama pull llama3.2' })
    for (let i = 0; i < 3; i++) bench.ask(`a${i}`)
    await until(() => bench.ollama.sockets() === 0)
    expect(ids()).toEqual([])
    bench.ollama.setModels([{ name: 'llama3.2' }])
    bench.clock.advance(30_000)
    await bench.settled(3)
    expect(ids()).toEqual(['a0 ready', 'a1 ready', 'a2 ready'])
  })

  it('tells those who wait once that Ollama is not running', async () => {
    bench = await Bench.start()
    await bench.ollama.close()
    expect(first().state).toBe('waiting')
    bench.ask('a')
    bench.summaries.start()
    await bench.settled(1)
    expect(bench.recorded[0]!.content.summary.reason).toBe(
      `Ollama is not running at ${bench.model.host}. Start Ollama, or look at the host in the settings.`,
    )
    expect(first().state).toBe('failed')
    bench.clock.advance(60_000)
    expect(await bench.summaries.status()).toMatchObject({ state: 'unreachable' })
    expect(ids()).toEqual(['a failed'])
    bench.ask('b')
    bench.ask('old', {}, { state: 'waiting' })
    await bench.settled(2)
    expect(ids()).toEqual(['a failed', 'old failed'])
  })

  it('notices within one request that Ollama went away, and takes it up again later', async () => {
    bench = await Bench.start({ kind: 'never' })
    bench.summaries.start()
    bench.ask('a')
    await bench.ollama.chats(2)
    const gone = bench.ollama
    await gone.close()
    await bench.settled(1)
    expect(ids()).toEqual(['a failed'])
  })

  it('takes urgent ones and near deadlines first, then the oldest', async () => {
    bench = await Bench.start({ kind: 'ok' })
    bench.ask('normal 1')
    bench.ask('normal 2')
    bench.ask('high', { priority: 'high' })
    bench.ask('near', {}, { due_at: new Date(bench.clock.now() + 60_000).toISOString() })
    bench.ask('urgent', { priority: 'urgent' })
    bench.summaries.start()
    await bench.settled(5)
    expect(bench.recorded.map((event) => event.approval_id)).toEqual(['near', 'urgent', 'high', 'normal 1', 'normal 2'])
    expect(bench.ollama.mostAtOnce()).toBe(1)
  })

  it('drops what was decided, in the queue and in flight', async () => {
    bench = await Bench.start({ kind: 'never' })
    bench.summaries.start()
    bench.ask('in flight')
    await bench.ollama.chats(2)
    bench.ask('queued')
    bench.ask('last')
    bench.summaries.forget('in flight')
    bench.summaries.forget('queued')
    bench.ollama.setScenario({ kind: 'ok' })
    await bench.settled(1)
    await until(() => bench.ollama.sockets() === 0)
    expect(ids()).toEqual(['last ready'])
    expect(bench.ollama.aborts).toHaveLength(1)
  })

  it('settles by rules within three minutes who waits for a model that is still being loaded, and hands its words in later', async () => {
    bench = await Bench.start({ kind: 'slow-load', ms: 1e8 })
    bench.summaries.start()
    bench.ask('a')
    await bench.ollama.chats(1)
    const pass = async (ms: number) => {
      for (let gone = 0; gone < ms; gone += 1000) {
        bench.clock.advance(1000)
        await until(() => bench.ollama.sockets() <= 1)
      }
    }
    await pass(60_000)
    bench.ask('b')
    await pass(119_000)
    expect(ids()).toEqual([])
    await pass(1000)
    expect(ids()).toEqual(['a failed'])
    expect(bench.recorded[0]!.content.summary.reason).toMatch(/llama3\.2 did not finish within 180 s/)
    await pass(60_000)
    expect(ids()).toEqual(['a failed', 'b failed'])
    bench.ollama.setScenario({ kind: 'ok' })
    bench.ollama.hurry()
    await bench.settled(3)
    await until(() => bench.ollama.sockets() === 0)
    bench.clock.advance(30_000)
    await bench.settled(4)
    expect(ids()).toEqual(['a failed', 'b failed', 'a ready', 'b ready'])
  })

  it('stops at once with a request in flight, and takes nothing afterwards', async () => {
    bench = await Bench.start({ kind: 'never' })
    bench.summaries.start()
    bench.ask('a')
    await bench.ollama.chats(2)
    await bench.summaries.stop()
    bench.ask('b')
    expect(bench.recorded).toEqual([])
    expect(bench.clock.timers).toBe(0)
    await until(() => bench.ollama.sockets() === 0)
  })

  it('goes on when a summary cannot be stored', async () => {
    bench = await Bench.start()
    bench.failCommits = true
    bench.summaries.start()
    bench.ask('a')
    await until(() => bench.logged.some((entry) => 'error' in entry))
    bench.failCommits = false
    bench.ask('b')
    await bench.settled(1)
    expect(ids()).toEqual(['b ready'])
  })

  it('looks anew at once when another model is chosen, and never asks a cloud model', async () => {
    bench = await Bench.start({ kind: 'ok' }, [
      { name: 'llama3.2' },
      { name: 'far', remote_host: 'https://hosted.example' },
      { name: 'farther', remote_model: 'gpt-oss:120b' },
      { name: 'farthest', shown_remote_host: 'https://hosted.example' },
      { name: 'bert', capabilities: ['embedding'] },
    ])
    bench.summaries.start()
    expect(await bench.summaries.status()).toMatchObject({ state: 'ready', model: 'llama3.2', version: '0.33.0' })
    for (const [name, detail] of [
      ['far', /hosted service/],
      ['farther', /hosted service/],
      ['farthest', /hosted service/],
      ['gpt-oss:120b-cloud', /hosted service/],
      ['bert', /cannot chat/],
      ['absent', /not installed/],
    ] as const) {
      bench.model.name = name
      expect(first().state).toBe('waiting')
      expect(await bench.summaries.status()).toMatchObject({ state: 'model_missing', detail: expect.stringMatching(detail) })
      expect(first().state).toBe('failed')
    }
    bench.model.name = 'llama3.2'
    bench.ask('a')
    await bench.settled(1)
    expect(ids()).toEqual(['a ready'])
  })

  it('shares one look among all who ask at the same time', async () => {
    bench = await Bench.start()
    await Promise.all(Array.from({ length: 20 }, () => bench.summaries.status()))
    expect(looks()).toBe(1)
  })

  it('leaves no socket open over 300 requests, the broken ones included', async () => {
    bench = await Bench.start()
    bench.summaries.start()
    for (let i = 0; i < 300; i++) bench.ask(`a${i}`)
    bench.ollama.setScenario({ kind: 'error-mid', chunks: 2 })
    await bench.settled(100)
    bench.ollama.setScenario({ kind: 'clean-no-done' })
    await bench.settled(200)
    bench.ollama.setScenario({ kind: 'ok' })
    await bench.settled(300)
    await until(() => bench.ollama.sockets() === 0)
    expect(bench.ollama.mostAtOnce()).toBe(1)
    expect(new Set(bench.recorded.map((event) => event.approval_id)).size).toBe(300)
  })
})

describe('who wants a summary', () => {
  const wanted = (id: string, more: object = {}) => ({ id, run_id: id, asked: { ...asked, ...more } })

  it('is bounded: the newest of those told there is no model are kept, and too many who wait are refused', () => {
    const queue = new WantedQueue()
    for (let i = 0; i < 700; i++) queue.add(wanted(`s${i}`), false)
    expect(queue.size).toBe(500)
    let taken = 0
    for (let i = 0; i < 700; i++) if (queue.add(wanted(`w${i}`), true)) taken++
    expect([taken, queue.size, queue.crowded]).toEqual([500, 1000, true])
    expect(queue.take(0)!.id).toBe('w0')
  })

  it('is bounded in bytes', () => {
    const queue = new WantedQueue()
    const large = { data: { text: 'x'.repeat(250_000) } }
    for (let i = 0; i < 300; i++) queue.add(wanted(`s${i}`, large), false)
    expect(queue.size).toBeLessThan(70)
  })

  it('lets the oldest have every fourth turn however many urgent ones come', () => {
    const queue = new WantedQueue()
    queue.add(wanted('patient'), true)
    const order: string[] = []
    for (let i = 0; i < 6; i++) {
      queue.add(wanted(`u${i}`, { priority: 'urgent' }), true)
      order.push(queue.take(0)!.id)
    }
    expect(order.indexOf('patient')).toBe(3)
  })
})
