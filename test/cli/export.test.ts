import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { cli } from './run.ts'
import { type Served, serve } from './server.ts'

/** Each case starts processes; a busy machine takes its time. */
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

let folder: string
let home: string
let server: Served

const run = (...args: string[]) => cli(args, { home })

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-cli-'))
  home = join(folder, 'home')
  server = await serve(home)
  for (const [type, title] of [
    ['refund', '=1+1'],
    ['travel', 'A trip'],
  ] as const) {
    const { out } = await run('ask', '--type', type, '--title', title, '--amount', '12.50', '--currency', 'EUR', '--no-wait')
    await run('approve', out.trim())
  }
})

afterAll(async () => {
  await server.stop()
  rmSync(folder, { recursive: true })
})

test('decisions go to standard output as CSV, with nothing that a spreadsheet would run', async () => {
  const { code, out } = await run('export', '--format', 'csv')
  const lines = out.split('\r\n')
  expect([code, lines.length]).toEqual([0, 4])
  expect(lines[0]).toMatch(/^\ufeffapproval_id,task_id,type,title,requester,source,amount,currency,decision,/)
  expect(lines[1]).toContain(",refund,'=1+1,")
  expect(lines[1]).toContain(',12.50,EUR,approved,')
})

test('decisions of a type and a period go to a new file as JSON, without a server too', async () => {
  await server.stop()
  const out = join(folder, 'decisions.json')
  const wrote = await run('export', '--format', 'json', '--type', 'travel', '--from', '2020-01-01', '--out', out)
  expect([wrote.code, wrote.out, wrote.err]).toEqual([0, '', `1 decision(s) written to ${out}.\n`])
  expect(JSON.parse(readFileSync(out, 'utf8'))).toMatchObject([{ title: 'A trip', amount: '12.50', decision: 'approved' }])
  expect(JSON.parse((await run('export', '--json', '--to', '2020-01-01')).out)).toEqual([])
  expect(await run('export', '--out', out)).toMatchObject({ code: 2, err: expect.stringContaining('exists already') })
  expect(await run('export', '--format', 'xls')).toMatchObject({ code: 2, err: expect.stringContaining('use csv or json') })
})
