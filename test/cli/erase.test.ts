import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { filesWith } from '../core/erasure/scene.ts'
import { cli } from './run.ts'
import { type Served, serve } from './server.ts'

/** Each case starts processes; a busy machine takes its time. */
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

let folder: string
let home: string
let server: Served

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-cli-'))
  home = join(folder, 'home')
  server = await serve(home)
})

afterAll(async () => {
  await server.stop()
  rmSync(folder, { recursive: true })
})

const run = (...args: string[]) => cli(args, { home })

test('a run is erased with a reason, once it has ended and it is said that it is meant', async () => {
  const word = 'quixoticzebra'
  const { out } = await run('ask', '--type', 'refund', '--title', `Refund ${word}`, '--no-wait')
  const id = out.trim()
  expect(await run('erase', id, '--yes')).toMatchObject({ code: 2, err: expect.stringContaining('--reason') })
  expect(await run('erase', id, '--reason', 'asked for')).toMatchObject({ code: 2, err: expect.stringContaining('--yes') })
  const early = await run('erase', id, '--reason', 'asked for', '--yes')
  expect([early.code, early.err]).toEqual([2, expect.stringContaining('Cancel it first')])
  expect((await run('run', 'cancel', id)).code).toBe(0)
  expect(filesWith(home, word)).not.toEqual([])
  expect(await run('erase', id, '--reason', 'asked for', '--yes')).toMatchObject({ code: 0, out: 'What it said is erased.\n' })
  expect(filesWith(home, word)).toEqual([])
  expect(await run('erase', id, '--reason', 'again', '--yes')).toMatchObject({ code: 0, out: 'It had been erased before.\n' })
  expect(await run('run', 'show', id, '--timeline')).toMatchObject({ out: expect.stringMatching(/Erased by .+: asked for/) })
  expect((await run('audit', 'verify')).code).toBe(0)
})
