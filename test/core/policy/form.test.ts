import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PolicyChange, PolicyRuleFields } from '../../../shared/contract/policy-form.ts'
import { openTestApp, type TestApp } from '../../support/app.ts'

const text = `# ours
expense:
  threshold: 500 # small change
chains:
  purchase: [{name: manager}]
rules:
  refund:
    # cheap ones
    - name: small
      when: amount <= 100.0 # euros
      action: auto_approve
    - name: dear
      when: amount > 1000.0
      action: require_approval
      approvers: [sender, "group:directors"] # two of them
      votes: 2
      escalate:
        # the chair at last
        - to: [group:chair]
          after_hours: 8
  purchase:
    - name: all-of-them
      action: require_approval
      levels:
        - name: first
        - name: second
`

const nothing: PolicyRuleFields = {
  ...{ name: 'new', when: '', action: 'require_approval', reason: null, approvers: null, votes: null },
  ...{ committee: null, chain: null, timeout_hours: null, escalate: null, hard_limit: false },
}

let scene: TestApp
beforeAll(async () => {
  scene = await openTestApp()
})
afterAll(() => scene.remove())

const read = async (written = text) => {
  const { form } = await scene.owner.policy.form({ text: written })
  if (form === null) throw new Error('no form')
  return form
}
const change = async (changed: PolicyChange, written = text) =>
  (await scene.owner.policy.form({ text: written, change: changed })).text
const ruleOf = async (name: string) => {
  const { type, index, levels: _, line: __, ...rule } = (await read()).rules.find((each) => each.name === name)!
  return { type, index, rule }
}
const refusal = (changed: PolicyChange) =>
  change(changed).then(
    () => [],
    (error: { data?: { errors?: readonly { pointer: string; message: string }[] } }) => error.data?.errors ?? [],
  )

describe('a policy as a form shows it', () => {
  it('has every member of a rule, its line, and the defaults that nobody wrote', async () => {
    const { usual, rules, chains } = await read()
    expect(usual).toEqual({
      threshold: 500,
      currency: null,
      departments: [],
      hours: { expense: 48, deployment: 2, batch: 24, request: 24 },
      self_approval: 'never',
      grace_minutes: 10,
      escalation: [],
    })
    expect(chains).toEqual(['purchase'])
    expect(rules).toEqual([
      { ...nothing, name: 'small', when: 'amount <= 100.0', action: 'auto_approve', type: 'refund', index: 0, levels: 0, line: 9 },
      {
        ...nothing,
        name: 'dear',
        when: 'amount > 1000.0',
        approvers: ['sender', 'group:directors'],
        votes: 2,
        escalate: [{ to: ['group:chair'], after_hours: 8, timeout_hours: null }],
        type: 'refund',
        index: 1,
        levels: 0,
        line: 12,
      },
      { ...nothing, name: 'all-of-them', when: 'true', type: 'purchase', index: 0, levels: 2, line: 22 },
    ])
  })

  it('is none where the text has mistakes of shape', async () => {
    expect((await scene.owner.policy.form({ text: 'rules: [1, 2' })).form).toBeNull()
    expect((await scene.owner.policy.form({ text: 'rules:\n  refund: small\n' })).form).toBeNull()
    await expect(change({ kind: 'remove', type: 'refund', index: 0 }, 'rules: [')).rejects.toMatchObject({ code: 'invalid-input' })
  })
})

describe('a change by form', () => {
  it('that changes nothing leaves every character', async () => {
    for (const name of ['small', 'dear', 'all-of-them']) expect(await change({ kind: 'put', ...(await ruleOf(name)) })).toBe(text)
    expect(await change({ kind: 'usual', usual: (await read()).usual })).toBe(text)
  })

  it('writes the members that are other, with every comment and the levels kept', async () => {
    const { type, index, rule } = await ruleOf('dear')
    const step = { to: ['di@example.com'], after_hours: null, timeout_hours: 24 }
    const next = await change({
      kind: 'put',
      type,
      index,
      rule: { ...rule, when: 'amount > 2000.0', votes: 'all', timeout_hours: 4, escalate: [...rule.escalate!, step] },
    })
    expect(next).toBe(
      text
        .replace('amount > 1000.0', 'amount > 2000.0')
        .replace('votes: 2\n', 'votes: all\n')
        .replace(
          'after_hours: 8\n',
          'after_hours: 8\n        - to: [di@example.com]\n          timeout_hours: 24\n      timeout_hours: 4\n',
        ),
    )
    const purchase = await ruleOf('all-of-them')
    const longer = await change({ kind: 'put', ...purchase, rule: { ...purchase.rule, timeout_hours: 9 } })
    expect(longer).toContain('        - name: second\n      timeout_hours: 9\n')
  })

  it('adds a rule after the others, of a type that had none too, and into a file of comments alone', async () => {
    const rule: PolicyRuleFields = { ...nothing, action: 'reject', reason: 'Not here' }
    expect(await change({ kind: 'put', type: 'refund', index: null, rule })).toContain(
      '          after_hours: 8\n    - name: new\n      action: reject\n      reason: Not here\n  purchase:',
    )
    expect(await change({ kind: 'put', type: 'loan', index: null, rule }, '# nothing yet\n')).toBe(
      '# nothing yet\n\nrules:\n  loan:\n    - name: new\n      action: reject\n      reason: Not here\n',
    )
  })

  it('moves and removes rules; the last one takes its type along', async () => {
    const moved = await read(await change({ kind: 'move', type: 'refund', index: 1, to: 0 }))
    expect(moved.rules.map(({ name }) => name)).toEqual(['dear', 'small', 'all-of-them'])
    const left = await change({ kind: 'remove', type: 'purchase', index: 0 })
    expect(left).not.toContain('all-of-them')
    expect((await read(left)).rules.map(({ type }) => type)).toEqual(['refund', 'refund'])
    await expect(change({ kind: 'remove', type: 'refund', index: 7 })).rejects.toMatchObject({ code: 'stale-version' })
  })

  it('writes thresholds, times and who else is asked', async () => {
    const { usual } = await read()
    const next = await change({
      kind: 'usual',
      usual: {
        ...usual,
        threshold: 750,
        currency: 'EUR',
        departments: [{ name: 'marketing', threshold: 200 }],
        hours: { ...usual.hours, request: 12 },
        self_approval: 'sole_operator',
        escalation: [{ to: ['group:directors'], after_hours: 8, timeout_hours: null }],
      },
    })
    expect(next).toContain('  threshold: 750 # small change\n  currency: EUR\n  departments:\n    marketing: 200\n')
    expect(next).toContain('request:\n  timeout_hours: 12\n')
    expect(next).toContain('self_approval: sole_operator\n')
    expect(next).toContain('escalation:\n  default:\n    - to: [group:directors]\n      after_hours: 8\n')
    expect((await scene.owner.policy.check({ text: next })).problems).toEqual([])
    expect(
      await change({ kind: 'usual', usual: { ...(await read(next)).usual, departments: [], escalation: [] } }, next),
    ).not.toMatch(/marketing|directors\]\n {6}after/)
  })

  it('is refused member by member where the policy would not take it', async () => {
    const rule: PolicyRuleFields = { ...nothing, name: 'small', when: 'amont > 1', action: 'escalate', approvers: ['nobody'] }
    const problems = await refusal({ kind: 'put', type: 'refund', index: null, rule })
    expect(problems.map(({ pointer }) => pointer)).toEqual(expect.arrayContaining(['/when']))
    const second = await refusal({ kind: 'put', type: 'refund', index: null, rule: { ...rule, when: '', approvers: null } })
    expect(second).toEqual(expect.arrayContaining([expect.objectContaining({ pointer: '/action' })]))
    expect(await refusal({ kind: 'put', type: 'refund', index: null, rule: { ...nothing, name: 'small' } })).toEqual([
      { pointer: '/name', message: 'another rule of this type is called “small” too' },
    ])
  })

  it('is not held up by a mistake elsewhere in the text', async () => {
    const broken = text.replace('amount <= 100.0', 'amont <= 100.0')
    expect(await change({ kind: 'put', type: 'loan', index: null, rule: nothing }, broken)).toContain('loan:')
  })

  it('puts nothing in force', async () => {
    const { version } = await scene.owner.policy.get({})
    await change({ kind: 'remove', type: 'refund', index: 0 })
    expect((await scene.owner.policy.get({})).version).toBe(version)
  })
})
