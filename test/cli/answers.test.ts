import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { cli } from './run.ts'
import { type Served, serve } from './server.ts'

/** Each case starts processes; a busy machine takes its time. */
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

let home: string
let server: Served

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'countersign-answers-'))
  const actions = 'actions:\n  payout:\n    command: [node, -e, "process.exit(1)"]\n'
  writeFileSync(join(home, 'config.yaml'), `model:\n  enabled: false\n${actions}`)
  server = await serve(home)
})

afterAll(async () => {
  await server.stop()
  rmSync(home, { recursive: true })
})

const run = (...args: string[]) => cli(args, { home })
const json = async (...args: string[]) => JSON.parse((await run(...args, '--json')).out)

/** Asks without waiting; the task's id. */
async function asked(...more: string[]): Promise<string> {
  const { code, out, err } = await run('ask', '--type', 'refund', '--no-wait', ...more)
  expect([code, err]).toEqual([0, ''])
  return out.trim()
}

test('edits and approves, keeping the types', async () => {
  const fields = ['--field', 'order.id=1042', '--field', 'order.paid:=true', '--field', 'count:=3']
  const task = await asked(
    '--title',
    'Edit',
    '--amount',
    '49.50',
    '--currency',
    'EUR',
    '--editable',
    'amount,count,order.paid',
    ...fields,
  )
  const sets = ['--set', 'amount=45.00', '--set', 'count=2', '--set', '/order/paid=false']
  expect(await run('approve', task, ...sets, '--comment', 'less')).toMatchObject({ code: 0 })
  expect(await json('show', task)).toMatchObject({
    status: 'approved',
    amount: '45.00',
    data: { order: { id: '1042', paid: false }, count: 2 },
    changes: [{ by: 'approver', version: { number: 2 } }],
  })
  const { out } = await run('show', task)
  expect(out).toContain('"49.50" → "45.00"')
})

test('refuses a change that the request does not allow, and a version that is not there any more', async () => {
  const task = await asked('--title', 'Fixed', '--field', 'n:=1')
  expect(await run('approve', task, '--set', 'n=2')).toMatchObject({ code: 2, err: expect.stringContaining('/n') })
  expect(await run('approve', task, '--version', 'latest')).toMatchObject({
    code: 2,
    err: expect.stringContaining('is not a version'),
  })
  expect(await run('approve', task, '--version', '7')).toMatchObject({ code: 1 })
  expect(await run('approve', task, '--version', '1')).toMatchObject({ code: 0 })
})

test('approves a part of the amount, and answers with an option and a form', async () => {
  const part = await asked('--title', 'Part', '--amount', '100', '--currency', 'EUR', '--partial')
  expect(await run('approve', part, '--amount', '60')).toMatchObject({ code: 0 })
  expect(await json('show', part)).toMatchObject({ amount: 60, status: 'approved' })

  const option = await asked('--title', 'Option', '--option', 'later=Next month:rejected')
  expect(await run('reject', option, '--option', 'later')).toMatchObject({ code: 0 })
  expect((await json('show', option)).decision).toMatchObject({ decision: 'rejected', option: 'later' })

  const schema = join(home, 'form.json')
  writeFileSync(schema, '{"type":"object","required":["account"],"properties":{"account":{"type":"integer"}}}')
  const form = await asked('--title', 'Form', '--form', schema)
  expect((await run('approve', form, '--answer', 'account=x')).code).toBe(2)
  expect(await run('approve', form, '--answer', 'account:=7')).toMatchObject({ code: 0 })
  expect((await json('show', form)).decision).toMatchObject({ answer: { account: 7 } })
})

test('sends back, revises, reassigns, extends and withdraws', async () => {
  const task = await asked('--title', 'Long', '--timeout', '2h', '--field', 'photo=none')
  const before = await json('show', task)
  expect(await run('send-back', task, '--question', 'Where is the photo?')).toMatchObject({ code: 0 })
  expect((await run('show', task)).out).toContain('Where is the photo?')
  expect(await run('revise', task, '--field', 'photo=cup.jpg', '--comment', 'Here')).toMatchObject({ code: 0 })
  expect(await json('show', task)).toMatchObject({ version: { number: 2 }, sent_back: null, data: { photo: 'cup.jpg' } })
  expect(await run('extend', task, '--hours', '3')).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^It can be decided until .* \(in 5 h\)\.\n/),
  })
  const { due_at } = await json('show', task)
  expect(Date.parse(due_at) - Date.parse(before.due_at)).toBeGreaterThan(2.9 * 3_600_000)
  expect(await run('reassign', task, '--to', 'bob@example.com')).toMatchObject({ code: 0 })
  expect((await json('show', task)).waits_for).toEqual(['bob@example.com'])
  expect(await run('withdraw', task, '--reason', 'Not needed')).toMatchObject({ code: 0 })
  expect(await json('show', task)).toMatchObject({ status: 'cancelled' })
})

test('takes a whole request from a file, and gives up waiting when told to', async () => {
  const ran = await cli(['ask', '--file', '-', '--title', 'From a file', '--wait', '1s', '--json'], {
    home,
    stdin: '{"type":"refund","amount":5,"data":{"n":1}}',
  })
  expect(ran.code).toBe(4)
  const { error } = JSON.parse(ran.err.slice(ran.err.indexOf('{')))
  expect(error).toMatchObject({ code: 'no-answer', details: { task_id: expect.stringMatching(/^run_/) } })
  expect(await json('show', error.details.task_id)).toMatchObject({ title: 'From a file', amount: 5, data: { n: 1 } })
  await run('withdraw', error.details.task_id)
})

test('is asked again under a key, and it is the same task', async () => {
  const once = await asked('--title', 'Once', '--key', 'k-1')
  expect(await asked('--title', 'Once', '--key', 'k-1')).toBe(once)
  await run('withdraw', once)
})

test('shows a run as a diagram, lists runs, and cancels one', async () => {
  const task = await asked('--title', 'A run')
  const { code, out } = await run('run', 'show', task)
  expect(code).toBe(0)
  expect(out).toMatch(/^A run\n/)
  expect(out).toMatch(/^● decision +approval +waiting +apr_/m)
  expect((await run('run', 'list', '--status', 'waiting')).out).toContain(task)
  expect(await run('run', 'cancel', task, '--reason', 'enough')).toMatchObject({ code: 0 })
  expect((await run('run', 'show', task, '--timeline')).out).toMatch(/└ ○ cancelled[\s\S]*What happened\n/)
  expect(await run('run', 'retry', task)).toMatchObject({ code: 1 })
  expect(await run('run', 'show', 'run_nope')).toMatchObject({ code: 2 })
})

test('shows a step that failed and is tried again', async () => {
  const { out } = await run('ask', '--type', 'payout', '--title', 'Pay out', '--no-wait')
  const task = out.trim()
  expect(await run('approve', task)).toMatchObject({ code: 0 })
  for (;;) if ((await json('run', 'show', task)).steps.some((step: { state: string }) => step.state !== 'done')) break
  expect((await run('run', 'show', task)).out).toMatch(
    /^✓ decision +approval +done[\s\S]*^[↻▶✗] act +step[\s\S]*! Command node ended with/m,
  )
  expect(await run('run', 'signal', task, 'go', '--payload', '{"a":1}')).toMatchObject({ code: 0 })
  expect(await run('run', 'cancel', task)).toMatchObject({ code: 0 })
})

test('shows, checks, tries and replays the policy', async () => {
  expect((await run('policy', 'show')).out).toContain('policy.yaml, version ')
  expect(await run('policy', 'check')).toMatchObject({ code: 0, out: expect.stringContaining('can be put in force') })
  const draft = join(home, 'draft.yaml')
  writeFileSync(draft, 'rules:\n  refund:\n    - name: small\n      when: amount <\n      action: auto_approve\n')
  const wrong = await run('policy', 'check', draft)
  expect([wrong.code, wrong.out]).toEqual([1, expect.stringMatching(/draft\.yaml:4:\d+: /)])
  writeFileSync(draft, 'rules:\n  refund:\n    - name: small\n      when: amount < 50\n      action: auto_approve\n')
  expect(await run('policy', 'check', draft)).toMatchObject({ code: 0 })
  const tried = await run('policy', 'try', '--file', draft, '--type', 'refund', '--field', 'amount:=20')
  expect([tried.code, tried.out]).toEqual([0, expect.stringMatching(/^Approved at once, by the rule small\.\n/)])
  const task = await asked('--title', 'To replay', '--amount', '20')
  expect(await run('reject', task)).toMatchObject({ code: 0 })
  const replayed = await run('policy', 'replay', '--file', draft, '--type', 'refund')
  expect(replayed.code).toBe(0)
  expect(replayed.out).toMatch(/of which people rejected +[1-9]/)
  expect(replayed.out).toContain('To replay')
})

test('hands decisions over, is away, and lists people', async () => {
  const made = await run('delegate', '--to', 'bob@example.com', '--until', '3d', '--types', 'refund', '--reason', 'holiday')
  expect(made).toMatchObject({ code: 0, out: expect.stringContaining('bob@example.com decides for ada@example.com until ') })
  const shown = await run('people')
  expect(shown.out).toMatch(/ada@example\.com +bob@example\.com +now +.* refund$/m)
  const [{ id }] = (await json('people')).delegations
  expect(await run('delegate', '--end', id)).toMatchObject({ code: 0 })
  expect(await run('away', '--until', '2d')).toMatchObject({ code: 0, out: expect.stringContaining('is away until') })
  expect((await run('people')).out).toMatch(/ada@example\.com .*away until/)
  expect(await run('away', '--back')).toMatchObject({ code: 0 })
  expect(await run('delegate', '--to', 'ada@example.com', '--until', '1d')).toMatchObject({ code: 2 })
})

test('goes through its lists without a server', async () => {
  await server.stop()
  for (const args of [['run', 'list'], ['policy', 'show'], ['people'], ['workflows']]) {
    expect(await run(...args)).toMatchObject({ code: 0, err: '' })
  }
  expect(await run('watch')).toMatchObject({ code: 4 })
  server = await serve(home)
})

test('lists workflows', async () => {
  const { code, out } = await run('workflows')
  expect(code).toBe(0)
  expect(out).toMatch(/^approval +\d+ +built-in/m)
})
