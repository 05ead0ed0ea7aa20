import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { PastDecision } from '../../../electron/core/policy/port.ts'
import { toReplay } from '../../../electron/core/policy/replay.ts'
import { SettingsError } from '../../../electron/core/settings/port.ts'
import { failure } from '../../../shared/contract/errors.ts'
import type { PolicyProblem } from '../../../shared/contract/policy.ts'
import { fail, ok } from '../../../shared/model/result.ts'
import { FakeClock } from '../../support/fake-clock.ts'
import { ana, matter, openScene, type Scene } from './scene.ts'

let scene: Scene
afterEach(async () => {
  scene?.book.close()
  if (scene) await rm(scene.folder, { recursive: true, force: true })
})

async function problemsOf(text: string): Promise<readonly PolicyProblem[]> {
  const checked = await scene.book.check(text)
  if (!checked.ok) throw new Error(checked.failure.message)
  return checked.value
}

const one = 'rules: {refund: [{name: small, when: amount < 200.0, action: auto_approve}]}\n'
const other = 'self_approval: sole_operator\n'

describe('the policy of a new home', () => {
  it('is written with comments, and has rules in force', async () => {
    scene = await openScene()
    expect(readFileSync(scene.file, 'utf8')).toMatch(/^# Countersign: what needs a person/)
    const { rules, problems, text, version } = scene.book.view()
    expect([rules, problems, version === scene.book.version]).toEqual([
      [
        {
          type: 'expense',
          name: 'two-people-over-10000',
          when: 'amount > 10000.0',
          action: 'require_approval',
          line: text.split('\n').findIndex((line) => line.includes('two-people')) + 1,
        },
        { type: 'expense', name: 'threshold:default', when: 'amount > 0 && amount <= 1000', action: 'auto_approve', line: null },
      ],
      [],
      true,
    ])
  })

  it('takes its examples when their comment signs are removed', async () => {
    scene = await openScene()
    const examples = scene.book.view().text.replaceAll(/^( *)# ( *(?:- |[a-z_]+:).*)$/gm, '$1$2')
    expect(examples).toContain('\n  deployment:\n')
    expect(await problemsOf(examples)).toEqual([])
    const staging = { type: 'deployment', data: { environment: 'staging' } }
    expect(await scene.book.try(examples, staging)).toMatchObject({
      value: { action: 'auto_approve', rule: 'staging-by-itself' },
    })
    expect(await scene.book.try(examples, { type: 'training', amount: '99.50' })).toMatchObject({
      value: { action: 'auto_approve', rule: 'cheap-enough' },
    })
    expect(await scene.book.try(examples, { type: 'training', amount: -5000 })).toMatchObject({
      value: { action: 'require_approval', rule: null },
    })
  })
})

describe('a policy with problems', () => {
  const broken = `expense:
  treshold: 5
rules:
  refund:
    - name: a
      when: "amount > 3 && dept == 'x'"
      action: auto_approve
      chain: big
    - name: b
      when: |
        amount > 3 &&
        amount + 1 > 4
      action: approve
  "*":
    - {name: c, action: escalate}
    - {name: d, action: require_approval, approvers: [nobody]}
    - {name: e, when: 'title.matches("a")', action: reject}
`
  it('does not open, and every problem is listed with line and column', async () => {
    const error = await openScene(broken).then(
      () => null,
      (reason: unknown) => reason,
    )
    expect(error).toBeInstanceOf(SettingsError)
    expect((error as SettingsError).problems.map(({ pointer, message }) => `${pointer} ${message.slice(0, 60)}`)).toEqual([
      '/expense/treshold line 2, column 3: “treshold” is not known here; did you mean',
      '/rules/refund/0/when line 6, column 28: “dept” is not known here; there are reque',
      '/rules/refund/0/chain line 8, column 7: has no meaning where the action is auto_ap',
      '/rules/refund/1/when line 12, column 9: no such overload: double + int (write 1.0',
      '/rules/refund/1/action line 13, column 7: expected one of "auto_approve"|"require_a',
      '/rules/*/0/action line 15, column 17: needs a committee: the name of the group',
      '/rules/*/1/approvers/0 line 16, column 55: must be an e-mail address, group:name, o',
      '/rules/*/2/when line 17, column 24: matches() cannot be used; use contains, ',
    ])
  })

  it('is checked with numbers for line and column, and not saved', async () => {
    scene = await openScene(one)
    const problems = await problemsOf(broken)
    expect(problems).toHaveLength(8)
    expect(problems[1]).toMatchObject({ line: 6, column: 28, pointer: '/rules/refund/0/when' })
    expect(await scene.book.save(broken, undefined, ana)).toMatchObject({ ok: false, failure: { code: 'invalid-input' } })
    expect([readFileSync(scene.file, 'utf8'), scene.recorded]).toEqual([one, []])
  })

  it('names chains that are not there, and names that stand twice', async () => {
    scene = await openScene(one)
    const text = 'rules:\n  x:\n    - {name: a, action: require_approval, chain: no}\n    - {name: a, action: reject}\n'
    expect(await problemsOf(text)).toEqual([
      { line: 3, column: 43, pointer: '/rules/x/0/chain', message: 'there is no chain “no” under chains' },
      { line: 4, column: 8, pointer: '/rules/x/1/name', message: 'another rule of this type is called “a” too' },
    ])
    expect((await problemsOf('a: [1\nb: {'))[0]).toMatchObject({ line: expect.any(Number) })
    expect(await problemsOf('rules: {Foo Bar: []}')).toMatchObject([{ message: expect.stringMatching(/must be a request type/) }])
  })
})

describe('many texts at once', () => {
  it('are tried one after the other, and refused where more than eight wait', async () => {
    scene = await openScene(one)
    const sample = { type: 'refund', amount: 100 }
    const tried = await Promise.all(Array.from({ length: 12 }, () => scene.book.try(other, sample)))
    expect(tried.map((each) => (each.ok ? 'tried' : each.failure.code))).toEqual([
      ...Array.from({ length: 9 }, () => 'tried'),
      ...Array.from({ length: 3 }, () => 'rate-limited'),
    ])
    expect(await scene.book.try(other, sample)).toMatchObject({ ok: true })
    expect(await scene.book.check(other)).toEqual({ ok: true, value: [] })
  })

  it('do not keep each other from an answer where one of them breaks its thread', async () => {
    scene = await openScene(one)
    const bomb = `rules: {refund: [{name: a, when: "${'('.repeat(50_000)}", action: reject}]}`
    const [first, second] = await Promise.all([scene.book.check(bomb), scene.book.check(other)])
    expect([first.ok && first.value.length, second]).toEqual([1, { ok: true, value: [] }])
  })
})

describe('saving', () => {
  it('writes the file, records it and puts it in force', async () => {
    scene = await openScene(one)
    const { version } = scene.book.view()
    const saved = await scene.book.save(other, version, ana)
    expect(saved).toEqual({ ok: true, value: { version: scene.book.version } })
    expect([readFileSync(scene.file, 'utf8'), scene.book.selfApproval, scene.book.version === version]).toEqual([
      other,
      'sole_operator',
      false,
    ])
    expect(scene.recorded).toEqual([
      { paths: ['policy'], changes: { policy: { version: scene.book.version, text: other } }, by: ana.id },
    ])
  })

  it('does not overwrite what somebody else has changed meanwhile, in the application or by hand', async () => {
    scene = await openScene(one)
    const { version } = scene.book.view()
    await scene.book.save(other, version, ana)
    expect(await scene.book.save(one, version, ana)).toMatchObject({ ok: false, failure: { code: 'stale-version' } })
    writeFileSync(scene.file, 'grace_minutes: 5\n')
    expect(await scene.book.save(one, scene.book.version, ana)).toMatchObject({ ok: false, failure: { code: 'stale-version' } })
    expect(readFileSync(scene.file, 'utf8')).toBe('grace_minutes: 5\n')
  })

  it('leaves everything as it was when it cannot be recorded', async () => {
    const record = async () => fail(failure('disk-full', 'The disk is full.'))
    scene = await openScene(one, { record })
    expect(await scene.book.save(other, undefined, ana)).toMatchObject({ ok: false, failure: { code: 'disk-full' } })
    expect([readFileSync(scene.file, 'utf8'), scene.book.selfApproval]).toEqual([one, 'never'])
  })
})

describe('a file that is edited by hand', () => {
  it('is in force when it is read again; a broken one is only shown', async () => {
    scene = await openScene(one)
    const before = scene.book.version
    writeFileSync(scene.file, 'rules: {refund: [{name: x, when: amunt > 1, action: reject}]}')
    expect(await scene.book.reload()).toMatchObject([{ line: 1, column: 34, pointer: '/rules/refund/0/when' }])
    expect([scene.book.version, scene.book.rule(matter()).rule]).toEqual([before, 'small'])
    expect(scene.book.view()).toMatchObject({ text: expect.stringContaining('amunt'), problems: [{ line: 1 }] })
    writeFileSync(scene.file, 'grace_minutes: 5\n')
    expect(await scene.book.reload()).toEqual([])
    expect([scene.book.graceMs, scene.recorded.map(({ by }) => by)]).toEqual([300_000, ['policy.yaml']])
  })

  it('is not in force before that is recorded, and is once it can be', async () => {
    let full = true
    const record = async () => (full ? fail(failure('disk-full', 'The disk is full.')) : ok(null))
    scene = await openScene(one, { record })
    writeFileSync(scene.file, other)
    expect(await scene.book.reload()).toMatchObject([{ message: expect.stringContaining('could not be recorded') }])
    expect(scene.book.selfApproval).toBe('never')
    full = false
    expect(await scene.book.reload()).toEqual([])
    expect(scene.book.selfApproval).toBe('sole_operator')
  })

  it('is noticed within seconds, once it has been written whole', async () => {
    const clock = new FakeClock()
    scene = await openScene(one, { clock })
    scene.book.start()
    writeFileSync(scene.file, other)
    await vi.waitUntil(() => {
      clock.advance(2_000)
      return scene.book.selfApproval === 'sole_operator'
    })
    rmSync(scene.file)
    await vi.waitUntil(() => {
      clock.advance(2_000)
      return scene.book.view().problems.length > 0
    })
    expect([scene.book.view().problems[0]!.message, scene.book.selfApproval]).toEqual(['is not there any more', 'sole_operator'])
    scene.book.close()
    await vi.waitUntil(() => clock.timers === 0)
  })
})

describe('a policy that is tried', () => {
  const text = `chains: {two: [{name: manager}, {name: board, approvers: ["group:board"], votes: all}]}
rules:
  refund:
    - {name: cheap, when: data.cost < 100, action: auto_approve}
    - {name: dear, when: amount > 100.0, action: require_approval, chain: two}
`
  it('says what it makes of a sample, whom it asks, and what each rule said', async () => {
    scene = await openScene(one)
    const tried = await scene.book.try(text, { type: 'refund', amount: '120.00', approver_email: 'mia@example.com' })
    expect(tried).toMatchObject({
      ok: true,
      value: {
        action: 'require_approval',
        rule: 'dear',
        levels: [
          { name: 'manager', approvers: ['mia@example.com'], people: ['mia@example.com'], votes: 'any', timeout_hours: 24 },
          { name: 'board', people: ['ann@example.com', 'bob@example.com', 'cid@example.com'], votes: 'all' },
        ],
        trace: [
          { rule: 'cheap', matched: false, note: 'its data has no “cost”: asked a person' },
          { rule: 'dear', matched: true, note: null },
        ],
      },
    })
    expect(await scene.book.try(undefined, { type: 'refund', amount: 5 })).toMatchObject({ value: { rule: 'small' } })
    expect(await scene.book.try('rules: 5', { type: 'refund' })).toMatchObject({ ok: false, failure: { code: 'invalid-input' } })
  })

  it('is replayed over what people decided', async () => {
    scene = await openScene(one)
    const decided = (id: string, amount: number, decision: string): PastDecision => ({
      approval_id: id,
      title: id,
      decision,
      decided_at: '2026-03-01T00:00:00.000Z',
      matter: matter({ amount }),
    })
    const past = [
      decided('a', 5, 'approved'),
      decided('b', 10, 'rejected'),
      decided('c', 500, 'approved'),
      decided('d', 7000, 'approved'),
    ]
    const rulings = await scene.book.replay(
      'rules: {refund: [{name: small, when: amount < 200.0, action: auto_approve}, {name: huge, when: amount > 5000.0, action: reject}]}',
      past,
    )
    if (!rulings.ok) throw new Error(rulings.failure.message)
    expect(toReplay(past, rulings.value)).toEqual({
      summary: 'Would have approved 2, of which you rejected 1. Would have rejected 1, of which you approved 1.',
      looked_at: 4,
      auto_approved: 2,
      auto_approved_but_rejected: 1,
      auto_rejected: 1,
      auto_rejected_but_approved: 1,
      asked: 1,
      unmatched: 1,
      disagreements: [
        expect.objectContaining({ approval_id: 'b', decision: 'rejected', would: 'auto_approve', rule: 'small' }),
        expect.objectContaining({ approval_id: 'd', decision: 'approved', would: 'reject', rule: 'huge' }),
      ],
    })
    expect(toReplay([], []).summary).toMatch(/^Nobody has decided anything yet/)
  })

  it('is stopped when it takes too long', { timeout: 30_000 }, async () => {
    scene = await openScene(one)
    const heavy = Array(60).fill('n.contains(title)').join(' && ')
    const data = { list: Array(5000).fill('Refund order 7 '.repeat(40)) }
    const past = Array.from(
      { length: 500 },
      (): PastDecision => ({
        ...{ approval_id: 'a', title: 'a', decision: 'approved', decided_at: '' },
        matter: matter({ data }),
      }),
    )
    const stopped = await scene.book.replay(
      `rules: {refund: [{name: x, when: 'data.list.all(n, ${heavy})', action: reject}]}`,
      past,
    )
    expect(stopped).toMatchObject({ ok: false, failure: { message: expect.stringMatching(/takes longer than 2 seconds/) } })
  })
})
