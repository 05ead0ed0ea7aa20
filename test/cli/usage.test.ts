import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createProgram } from '../../electron/cli/commands.ts'
import { cli } from './run.ts'

/** Each case starts a process; a busy machine takes its time. */
vi.setConfig({ testTimeout: 60_000 })

let home: string

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'countersign-cli-'))
})

afterAll(() => rmSync(home, { recursive: true }))

test('helps with every command', async () => {
  const { code, out } = await cli(['--help'])
  expect(code).toBe(0)
  for (const name of [
    ...'start serve ask watch list show approve reject send-back revise withdraw reassign extend'.split(' '),
    ...'run workflows policy people delegate away url token audit rebuild doctor'.split(' '),
  ]) {
    expect(out).toMatch(new RegExp(`^  ${name}\\b`, 'm'))
  }
  expect(out).toContain('Exit codes: 0 done or approved, 1 rejected, 2 usage, 3 expired, 4 not reachable.')
})

test('offers --home and --json with each command', () => {
  const commands = createProgram().commands.flatMap((command) => (command.commands.length > 0 ? command.commands : [command]))
  const lacking = commands.filter(
    (command) => !['--home', '--json'].every((flag) => command.options.some(({ long }) => long === flag)),
  )
  expect(lacking.map((command) => command.name())).toEqual([])
  expect(commands).toHaveLength(37)
})

test.each([
  [['nonsense'], "unknown command 'nonsense'"],
  [['list', '--colour'], "unknown option '--colour'"],
  [['ask', '--title', 'x'], "required option '--type <type>' not specified"],
  [['show'], "missing required argument 'id'"],
  [['ask', '--type', 'x', '--data', '{oops'], '--data could not be read as JSON'],
  [['ask', '--type', 'x', '--data', '[1]'], '--data must be a JSON object.'],
  [['ask', '--type', 'x', '--data', '@/no/such/file'], '--data could not be read as JSON'],
  [['ask', '--type', 'x', '--timeout-hours', 'soon'], '"soon" is not a number.'],
  [['ask', '--type', 'x', '--timeout', 'soon'], '"soon" is not a length of time'],
  [['ask', '--type', 'x', '--wait', 'soon'], '"soon" is not a length of time'],
  [['ask', '--type', 'x', '--field', 'colour'], '--field colour: write name=text'],
  [['ask', '--file', '-', '--data', '-'], 'Standard input can be read only once'],
  [['ask', '--file', '/no/such/file'], '--file could not be read'],
  [['policy', 'check', '/no/such/file'], '/no/such/file could not be read'],
  [['policy', 'try', '--field', 'amount:=x'], '--field amount could not be read as JSON'],
  [['run', 'show'], "missing required argument 'id'"],
  [['run', 'signal', 'run_1', 'go', '--payload', '{'], '--payload could not be read as JSON'],
  [['send-back', 'apr_1'], "required option '--question <text>' not specified"],
  [['reassign', 'apr_1'], "required option '--to <who>' not specified"],
  [['extend', 'apr_1', '--hours', 'many'], '"many" is not a number.'],
  [['away'], 'Say until when, with --until TIME, or --back.'],
  [['people'], 'Is this the right --home?'],
  [['run', 'list', '--status', 'asleep'], 'There is no status "asleep"'],
  [['token', 'create', '--name', 'x', '--scope', 'everything'], 'There is no scope "everything": use submit, read, decide, admin.'],
  [['serve', '--port', '70000'], '"70000" is not a port: use 0 to 65535.'],
  [['audit', 'verify'], 'There is no journal in'],
  [['list'], 'Is this the right --home?'],
  [['approve', 'apr_1'], 'Is this the right --home?'],
  [['rebuild'], 'Is this the right --home?'],
])('answers %j with usage and exit code 2', async (args, message) => {
  const { code, out, err } = await cli(args, { home })
  expect([code, out]).toEqual([2, ''])
  expect(err).toContain(message)
})

test.each([[['ask', '--type', 'refund', '--title', 'x']], [['url']], [['watch']], [['run', 'start', 'refund']]])(
  'says that nothing runs, for %j, with exit code 4',
  async (args) => {
    const { code, out, err } = await cli([...args], { home })
    expect([code, out]).toEqual([4, ''])
    expect(err).toBe(`No Countersign is running for ${home}. Start it with "countersign start" or "countersign serve".\n`)
  },
)

test('makes a token in a home that nobody has used yet', async () => {
  const fresh = join(home, 'fresh')
  const { code, out } = await cli(['token', 'create', '--name', 'ci', '--scope', 'submit'], { home: fresh })
  expect([code, out]).toEqual([0, expect.stringMatching(/^\S+\n$/)])
  expect((await cli(['token', 'list'], { home: fresh })).out).toMatch(/ ci +submit /)
})

test('takes an address left behind by a crash for what it is', async () => {
  const server = { url: 'http://127.0.0.1:9', pid: 1, started_at: '2026-03-02T09:00:00.000Z', version: '0.1.0' }
  writeFileSync(join(home, 'server.json'), JSON.stringify(server))
  const { code, err } = await cli(['url', '--json'], { home })
  rmSync(join(home, 'server.json'))
  expect(code).toBe(4)
  expect(JSON.parse(err)).toMatchObject({ error: { code: 'unreachable' } })
})
