import { createServer } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { systemClock } from '../../../electron/core/clock.ts'
import { openModel } from '../../../electron/core/summary/model.ts'
import type { ModelStatus } from '../../../electron/core/summary/port.ts'
import type { PullView } from '../../../shared/contract/settings.ts'
import { type FakeOllama, startFakeOllama } from '../../support/fake-ollama/fake-ollama.ts'
import type { Scenario } from '../../support/fake-ollama/scenarios.ts'

async function until(reached: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 5000; !(await reached()); ) {
    if (Date.now() > end) throw new Error('It did not come about within 5 s')
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

let fake: FakeOllama
const opened: { stop(): Promise<void> }[] = []

afterEach(async () => {
  for (const each of opened.splice(0)) await each.stop()
  await fake.close()
})

async function scene(scenario: Scenario, options: { host?: string; installed?: readonly string[] } = {}) {
  const { installed = [] } = options
  fake = await startFakeOllama({ models: installed.map((name) => ({ name })), scenario })
  let asked = 0
  const model = openModel({
    language: () => 'en',
    config: () => ({ enabled: true, host: options.host ?? fake.url, name: 'llama3.2' }),
    summaries: {
      status: async (): Promise<ModelStatus> => {
        asked++
        return { state: 'model_missing', detail: 'Model llama3.2 is not installed.', fix: 'Get it.', said: [], installed }
      },
    },
    clock: systemClock,
    log: { info: () => {} },
  })
  opened.push(model)
  const pull = async () => (await model.status()).pull
  const settled = async (): Promise<PullView> => {
    await until(async () => (await pull())?.state !== 'running')
    return (await pull())!
  }
  return { model, pull, settled, asked: () => asked }
}

it('fetches a model, says how far it is, and knows when it is there', async () => {
  const { model, pull, settled } = await scene({ kind: 'pull-slow', ms: 15, lines: 20 })
  expect(model.pull('llama3.2')).toMatchObject({ ok: true, value: { state: 'running', phase: 'starting' } })
  const seen: PullView[] = []
  while (seen.at(-1)?.state !== 'done') {
    seen.push((await pull())!)
    await new Promise((resolve) => setTimeout(resolve, 10))
    expect(seen.length).toBeLessThan(400)
  }
  const running = seen.filter((each) => each.state === 'running')
  const far = running.map(({ completed }) => completed)
  expect(far).toEqual(far.toSorted((a, b) => a - b))
  expect(running.some(({ total, completed }) => total === 2019377376 && completed > 0 && completed < total)).toBe(true)
  expect(running.some(({ bytes_per_second }) => (bytes_per_second ?? 0) > 1e8)).toBe(true)
  expect(await settled()).toEqual({ state: 'done', name: 'llama3.2' })
  expect((await model.status()).installed).toEqual([{ name: 'llama3.2:latest', bytes: 2019393189 }])
})

it('fetches one at a time: the same again joins it, another one waits', async () => {
  const { model, settled } = await scene({ kind: 'pull-slow', ms: 20, lines: 10 })
  model.pull('llama3.2')
  expect(model.pull('llama3.2')).toMatchObject({ ok: true, value: { state: 'running' } })
  expect(model.pull('gemma3')).toMatchObject({ ok: false, failure: { code: 'invalid-input' } })
  await settled()
  expect(fake.requests.filter(({ path }) => path === '/api/pull')).toHaveLength(1)
  expect(model.pull('gemma3')).toMatchObject({ ok: true })
})

it('stops when it is told to, and goes on from there', async () => {
  const { model, pull, settled } = await scene({ kind: 'pull-slow', ms: 15, lines: 20 })
  model.pull('llama3.2')
  await until(async () => ((await pull()) as { completed: number }).completed > 400_000_000)
  expect(model.cancel()).toBe(true)
  const stopped = (await pull()) as PullView & { state: 'cancelled' }
  expect(stopped).toMatchObject({ state: 'cancelled', name: 'llama3.2', total: 2019377376 })
  await until(() => fake.sockets() === 0)
  expect(model.cancel()).toBe(false)
  expect(model.pull('llama3.2')).toMatchObject({ ok: true, value: { completed: stopped.completed } })
  await until(async () => ((await pull()) as { phase: string }).phase === 'downloading')
  expect(((await pull()) as { completed: number }).completed).toBeGreaterThanOrEqual(stopped.completed)
  expect(await settled()).toMatchObject({ state: 'done' })
})

it('a stopped one that is begun anew at once is not disturbed by its end', async () => {
  const { model, settled } = await scene({ kind: 'pull-slow', ms: 10, lines: 10 })
  model.pull('llama3.2')
  model.cancel()
  model.pull('llama3.2')
  expect(await settled()).toMatchObject({ state: 'done' })
})

for (const [what, scenario, wanted] of [
  [
    'a name that there is none of',
    { kind: 'pull-unknown' },
    { reason: 'There is no model called llama3.2.', fix: 'Look at how its name is written.', resumes: false },
  ],
  [
    'a full disk',
    { kind: 'pull-error', error: 'write /models/blobs/sha256-dde5-partial: no space left on device' },
    { reason: 'The disk is full.', resumes: true, completed: 241970 },
  ],
  [
    'a network that is gone',
    {
      kind: 'pull-error',
      error: 'max retries exceeded: Get "https://models.example/v2": dial tcp: lookup models.example: no such host',
    },
    { reason: 'Ollama could not reach where models come from.', resumes: true },
  ],
  [
    'an Ollama that is too old for it',
    { kind: 'pull-error', error: 'The model you are attempting to pull requires a newer version of Ollama.' },
    { reason: 'llama3.2 needs a newer Ollama.', resumes: false },
  ],
  ['a connection that breaks', { kind: 'pull-reset' }, { reason: 'The connection to Ollama broke off.', resumes: true }],
  ['an end without success', { kind: 'pull-no-success' }, { reason: 'Ollama ended in the middle of it.', resumes: true }],
  [
    'a model of a hosted service',
    { kind: 'pull-cloud' },
    { reason: 'llama3.2 runs on a hosted service, and requests stay on this machine.', resumes: false },
  ],
] as const) {
  it(`says in plain words what went wrong: ${what}`, async () => {
    const { model, settled } = await scene(scenario)
    model.pull('llama3.2')
    expect(await settled()).toMatchObject({ state: 'failed', name: 'llama3.2', ...wanted })
    await until(() => fake.sockets() === 0)
  })
}

it('a download that begins anew is no failure', async () => {
  const { model, settled } = await scene({ kind: 'pull-restart' })
  model.pull('llama3.2')
  expect(await settled()).toEqual({ state: 'done', name: 'llama3.2' })
})

it('says so when nothing listens, and when what listens is no Ollama', async () => {
  const port = await new Promise<number>((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })
  const { model, settled } = await scene({ kind: 'ok' }, { host: `http://127.0.0.1:${port}` })
  model.pull('llama3.2')
  expect(await settled()).toMatchObject({
    state: 'failed',
    reason: `Ollama is not running at http://127.0.0.1:${port}.`,
    fix: 'Start Ollama, then go on.',
    resumes: true,
  })
})

it('refuses names that leave the machine before anything is asked', async () => {
  const { model } = await scene({ kind: 'ok' })
  for (const name of ['gpt-oss:120b-cloud', 'kimi:cloud'])
    expect(model.pull(name)).toMatchObject({
      ok: false,
      failure: { code: 'invalid-input', data: { errors: [{ pointer: '/name' }] } },
    })
  expect(fake.requests).toEqual([])
})

it('a trial says what the model wrote and how long it took, or why there is nothing', async () => {
  const { model } = await scene({ kind: 'ok' }, { installed: ['llama3.2'] })
  expect(await model.test()).toMatchObject({
    model: 'llama3.2',
    summary: expect.stringMatching(/\w/),
    reason: null,
    ms: expect.any(Number),
  })
  fake.setModels([])
  expect(await model.test()).toMatchObject({ summary: null, reason: 'Model llama3.2 is not installed.' })
})
