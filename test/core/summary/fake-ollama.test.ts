import { request } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { type FakeOllama, startFakeOllama } from '../../support/fake-ollama/fake-ollama.ts'
import type { Scenario } from '../../support/fake-ollama/scenarios.ts'

let fake: FakeOllama
afterEach(() => fake.close())

const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(`${fake.url}${path}`, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body), headers })
const chat = { model: 'llama3.2', messages: [{ role: 'user', content: 'hi' }] }
const lines = async (response: Response) =>
  (await response.text())
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))

/** A request with a Host header of its own, which fetch does not allow. */
const statusFor = (headers: Record<string, string>) =>
  new Promise<number | undefined>((resolve) => {
    request(`${fake.url}/api/version`, { headers, agent: false }, (response) => resolve(response.resume().statusCode)).end()
  })

describe('the fake Ollama', () => {
  it('answers what a real one answers besides chats', async () => {
    fake = await startFakeOllama({ models: [{ name: 'llama3.2' }, { name: 'far:cloud', remote_host: 'https://hosted.example' }] })
    expect(await (await fetch(fake.url)).text()).toBe('Ollama is running')
    expect(await (await fetch(`${fake.url}/api/version`)).json()).toEqual({ version: '0.33.0' })
    const { models } = (await (await fetch(`${fake.url}/api/tags`)).json()) as { models: Record<string, unknown>[] }
    expect(models.map(({ name, remote_host, capabilities }) => [name, remote_host, capabilities])).toEqual([
      ['llama3.2:latest', undefined, ['completion', 'tools']],
      ['far:cloud', 'https://hosted.example', ['completion', 'tools']],
    ])
    expect(await (await post('/api/show', { name: 'LLAMA3.2' })).json()).toMatchObject({
      model_info: {},
      capabilities: ['completion', 'tools'],
    })
    const missing = await post('/api/show', { model: 'x' })
    expect([missing.status, await missing.json()]).toEqual([404, { error: "model 'x' not found" }])
    const unknown = await fetch(`${fake.url}/nowhere`)
    expect([unknown.status, unknown.headers.get('content-type'), await unknown.text()]).toEqual([
      404,
      'text/plain',
      '404 page not found',
    ])
    const wrong = await fetch(`${fake.url}/api/chat`)
    expect([wrong.status, await wrong.text()]).toEqual([405, '405 method not allowed'])
    expect((await post('/api/chat', '')).status).toBe(400)
  })

  it('keeps Host and Origin rules with an empty 403', async () => {
    fake = await startFakeOllama()
    expect(await statusFor({ host: 'evil.example' })).toBe(403)
    expect(await statusFor({ host: 'localhost:1' })).toBe(200)
    expect(await statusFor({ origin: 'https://evil.example' })).toBe(403)
    expect(await statusFor({ origin: 'http://localhost:5173' })).toBe(200)
  })

  it('loads and unloads, and lists what is loaded', async () => {
    fake = await startFakeOllama()
    const loaded = async () => ((await (await fetch(`${fake.url}/api/ps`)).json()) as { models: unknown[] }).models.length
    expect(await loaded()).toBe(0)
    expect(await (await post('/api/chat', { model: 'llama3.2' })).json()).toMatchObject({ done: true, done_reason: 'load' })
    expect(await loaded()).toBe(1)
    expect(await (await post('/api/chat', { model: 'llama3.2', messages: [], keep_alive: 0 })).json()).toMatchObject({
      done_reason: 'unload',
    })
    expect(await loaded()).toBe(0)
  })

  it('streams chunks with Go escapes, and answers in one piece when asked to', async () => {
    fake = await startFakeOllama({ scenario: { kind: 'ok', text: '<b>&' } })
    const response = await post('/api/chat', chat)
    expect([response.headers.get('content-type'), response.headers.get('transfer-encoding')]).toEqual([
      'application/x-ndjson',
      'chunked',
    ])
    const raw = await response.text()
    expect(raw).toContain('\\u003c')
    expect(raw).not.toContain('<')
    const parts = raw
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line))
    expect(parts.map((part) => part.message.content).join('')).toBe('<b>&')
    expect(parts.at(-1)).toMatchObject({ done: true, done_reason: 'stop', eval_count: 82 })
    expect(await (await post('/api/chat', { ...chat, stream: false })).json()).toMatchObject({
      message: { content: '<b>&' },
      done: true,
    })
    fake.setScenario({ kind: 'clean-no-done' })
    expect(await (await post('/api/chat', { ...chat, stream: false })).json()).toMatchObject({ done: false })
    expect((await lines(await post('/api/chat', chat))).every((part) => !part.done)).toBe(true)
  })

  it('ends as the scenario says', async () => {
    fake = await startFakeOllama()
    const last = async (scenario: Scenario) => {
      fake.setScenario(scenario)
      return (await lines(await post('/api/chat', chat))).at(-1)
    }
    expect(await last({ kind: 'error-mid', chunks: 2 })).toEqual({ error: expect.stringContaining('unexpected EOF') })
    expect(await last({ kind: 'length' })).toMatchObject({ done_reason: 'length' })
    expect(await last({ kind: 'cloud' })).toMatchObject({ remote_host: 'https://hosted.example:443' })
    expect(await last({ kind: 'split-utf8' })).toMatchObject({ done: true })
    fake.setScenario({ kind: 'reset-mid', chunks: 2 })
    await expect(lines(await post('/api/chat', chat))).rejects.toThrow()
    fake.setScenario({ kind: 'busy', times: 1 })
    expect([(await post('/api/chat', chat)).status, (await post('/api/chat', chat)).status]).toEqual([503, 200])
    fake.setScenario({ kind: 'old-version' })
    expect((await post('/api/chat', { ...chat, format: {} })).status).toBe(400)
    fake.setScenario({ kind: 'missing-model' }, 'llama3.2')
    expect((await post('/api/chat', chat)).status).toBe(404)
  })

  it('answers one chat at a time per model', async () => {
    fake = await startFakeOllama()
    await Promise.all(Array.from({ length: 5 }, async () => (await post('/api/chat', chat)).text()))
    expect(fake.mostAtOnce()).toBe(1)
    expect(fake.requests).toHaveLength(5)
  })

  it('pulls with progress a layer, and fails inside a 200', async () => {
    fake = await startFakeOllama({ scenario: { kind: 'pull-restart' } })
    const statuses = (await lines(await post('/api/pull', { name: 'llama3.2' }))).map(({ status, completed }) => [
      status,
      completed,
    ])
    expect(statuses).toContainEqual(['pulling dde5aa3fc5ff', 0])
    expect(statuses.at(-1)).toEqual(['success', undefined])
    fake.setScenario({ kind: 'pull-unknown' })
    const failed = await post('/api/pull', { model: 'nothing' })
    expect([failed.status, (await lines(failed)).at(-1)]).toEqual([200, { error: 'pull model manifest: file does not exist' }])
    expect((await post('/api/pull', { model: 'nothing', stream: false })).status).toBe(500)
  })
})
