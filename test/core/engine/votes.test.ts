import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { type ApprovalOptions, defineWorkflow } from '../../../electron/core/engine/workflow.ts'
import { plainDirectory } from '../../support/directory.ts'
import { ending, openRig, type RigOptions, story, verdict } from './harness.ts'
import { mail, person } from './people.ts'

const [ana, ben, cem, dia] = ['ana', 'ben', 'cem', 'dia'].map((name) => person(name))
const base = { title: 'May I?', consequence: 'It happens.', data: { n: 1 } }

/** A run that asks one question; `say` answers it as somebody. */
async function ask(options: Partial<ApprovalOptions>, rig: Omit<RigOptions, 'workflows'> = {}) {
  const workflow = defineWorkflow({
    name: 'one',
    input: z.object({}),
    run: async (wf) => {
      const { outcome, reason, level, level_name, levels_completed } = await wf.approval('a', {
        ...base,
        ...options,
      } as ApprovalOptions)
      return { outcome, reason, level, level_name, levels_completed }
    },
  })
  const opened = await openRig({ workflows: [workflow], ...rig })
  const run = await opened.begin('one')
  const id = opened.open(run)
  const say = async (caller: typeof ana, decision: 'approve' | 'reject' = 'approve', more: object = {}) => {
    const result = await opened.engine.decide({ approval_id: id, decision, ...more }, caller!)
    await opened.quiet()
    return verdict(result)
  }
  return { rig: opened, run, id, say, ended: () => ending(opened, run) as Record<string, unknown> }
}

describe('a vote', () => {
  it('of any one of those asked decides where nothing else is said', async () => {
    const { say, ended } = await ask({ approvers: mail('ana', 'ben') })
    expect(await say(ben)).toBe('approved, approved')
    expect(ended()).toMatchObject({ outcome: 'approved' })
  })

  it('is needed of all of them, and one refusal ends it', async () => {
    const all = await ask({ approvers: mail('ana', 'ben', 'cem'), votes: 'all' })
    expect([await all.say(ana), await all.say(ben), await all.say(cem)]).toEqual([
      'approved, pending',
      'approved, pending',
      'approved, approved',
    ])
    const refused = await ask({ approvers: mail('ana', 'ben', 'cem'), votes: 'all' })
    expect([await refused.say(ana), await refused.say(ben, 'reject')]).toEqual(['approved, pending', 'rejected, rejected'])
    expect(refused.ended()).toMatchObject({ outcome: 'rejected' })
  })

  it('is needed of so many, and two means two people with two credentials', async () => {
    const { say } = await ask({ approvers: mail('ana', 'ben', 'cem'), votes: 2 })
    expect(await say(ana)).toBe('approved, pending')
    expect(await say(ana)).toBe('approved, pending')
    expect(await say(ana, 'reject')).toBe('already-voted')
    expect(await say(person('ben', 'tok_ana'))).toBe('same-credential')
    expect(await say(dia)).toBe('not-approver')
    expect(await say(cem)).toBe('approved, approved')
  })

  it('is needed of a share in percent, rounded up', async () => {
    const { say } = await ask({ approvers: mail('ana', 'ben', 'cem', 'dia'), votes: '60%' })
    expect([await say(ana), await say(ben), await say(dia)]).toEqual([
      'approved, pending',
      'approved, pending',
      'approved, approved',
    ])
  })

  it('against it is one of several where policy says so: it ends once the rest cannot make up the number', async () => {
    const two = { approvers: mail('ana', 'ben', 'cem'), votes: 2, one_rejection_ends: false } as const
    const passed = await ask(two)
    expect([await passed.say(ana, 'reject'), await passed.say(ben), await passed.say(cem)]).toEqual([
      'rejected, pending',
      'approved, pending',
      'approved, approved',
    ])
    const failed = await ask(two)
    expect([await failed.say(ana, 'reject'), await failed.say(ben, 'reject')]).toEqual(['rejected, pending', 'rejected, rejected'])
  })

  it('is not the requester’s nor the beneficiary’s, however they are spelt', async () => {
    const options = { approvers: mail('ana', 'ben', 'cem'), votes: 'all' } as const
    const { say, rig, id } = await ask({ ...options, requester: 'Ana <ANA+x@example.com>', beneficiary: 'ben@example.com' })
    expect(rig.live.approvals.get(id)?.needed).toBe(1)
    expect([await say(ana), await say(ben), await say(cem)]).toEqual(['self-approval', 'self-approval', 'approved, approved'])
  })

  it('of somebody who stands in counts for whom it is given, and one person is one vote', async () => {
    const directory = plainDirectory({ standins: { 'dia@example.com': mail('ana', 'ben') } })
    const { say, rig, run } = await ask({ approvers: mail('ana', 'ben'), votes: 2 }, { directory })
    expect(await say(dia)).toBe('not-approver')
    expect(await say(dia, 'approve', { on_behalf_of: 'ana@example.com' })).toBe('approved, pending')
    expect(await say(dia, 'approve', { on_behalf_of: 'ben@example.com' })).toBe('already-voted')
    expect(await say(ana)).toBe('already-voted')
    expect(await say(ben)).toBe('approved, approved')
    const voted = rig.records.find((record) => record.type === 'approval_voted')
    expect(voted?.data).toMatchObject({ on_behalf_of: { email: 'ana@example.com' } })
    expect(voted?.actor.id).toBe('dia@example.com')
    expect(story(rig, run)).toContain('approval_voted')
  })

  it('is not given in the name of whoever requested it', async () => {
    const directory = plainDirectory({ standins: { 'dia@example.com': mail('ana') } })
    const { say } = await ask({ approvers: mail('ana', 'ben'), requester: 'ana@example.com' }, { directory })
    expect(await say(dia)).toBe('self-approval')
  })

  it('survives a crash, and counts once', async () => {
    const options = { approvers: mail('ana', 'ben'), votes: 'all' } as const
    const first = await ask(options)
    await first.say(ana)
    await first.rig.crash()
    const workflow = defineWorkflow({ name: 'one', input: z.object({}), run: (wf) => wf.approval('a', { ...base, ...options }) })
    const rig = await openRig({ workflows: [workflow], folder: first.rig.folder })
    expect(verdict(await rig.engine.decide({ approval_id: first.id, decision: 'approve' }, ana!))).toBe('approved, pending')
    expect(verdict(await rig.engine.decide({ approval_id: first.id, decision: 'approve' }, ben!))).toBe('approved, approved')
  })

  it('is never asked of nobody: a group that is unknown or empty sends the run to review', async () => {
    for (const groups of [{}, { managers: [] }]) {
      const workflow = defineWorkflow({
        name: 'one',
        input: z.object({}),
        run: (wf) => wf.approval('a', { ...base, approvers: ['group:managers'] }),
      })
      const rig = await openRig({ workflows: [workflow], directory: plainDirectory({ groups }) })
      const run = await rig.begin('one')
      expect(ending(rig, run)).toMatchObject({ type: 'run_needs_review', error: expect.stringContaining('group:managers') })
    }
  })
})

describe('a chain', () => {
  const chain = (amount: number) => ({
    levels: [
      { name: 'manager', approvers: mail('ana') },
      { name: 'finance', approvers: mail('ben'), when: amount > 1000 },
      { name: 'ceo', approvers: mail('cem'), when: amount > 10_000 },
    ],
  })

  it('asks level after level, and only those that apply', async () => {
    const { say, ended } = await ask(chain(20_000))
    expect(await say(ben)).toBe('not-approver')
    expect([await say(ana), await say(ben), await say(cem)]).toEqual([
      'approved, pending',
      'approved, pending',
      'approved, approved',
    ])
    expect(ended()).toMatchObject({ outcome: 'approved', level: 2, level_name: 'ceo', levels_completed: 3 })
    const small = await ask(chain(50))
    expect(await small.say(ana)).toBe('approved, approved')
    expect(small.ended()).toMatchObject({ levels_completed: 1 })
  })

  it('stops at the first refusal, and says at which level', async () => {
    const { say, ended } = await ask(chain(20_000))
    await say(ana)
    expect(await say(ben, 'reject', { comment: 'Not in the budget.' })).toBe('rejected, rejected')
    expect(ended()).toEqual({
      outcome: 'rejected',
      reason: 'Not in the budget.',
      level: 1,
      level_name: 'finance',
      levels_completed: 1,
    })
  })

  it('gives each level its own time, counted from when its turn comes', async () => {
    const { rig, id, say, ended } = await ask({
      levels: [
        { name: 'manager', approvers: mail('ana'), timeout: '24h' },
        { name: 'ceo', approvers: mail('cem'), timeout: '72h' },
      ],
    })
    rig.clock.advance(20 * 3_600_000)
    await say(ana)
    expect(rig.live.approvals.get(id)?.due_at).toBe(rig.clock.now() + 72 * 3_600_000)
    rig.clock.advance(72 * 3_600_000)
    await rig.quiet()
    expect(ended()).toMatchObject({ outcome: 'expired', level: 1, level_name: 'ceo' })
  })
})

describe('one person', () => {
  it('is one vote, by whatever address their credentials were made', async () => {
    const plain = plainDirectory()
    const canonical = (email: string) => (email === 'a.meyer@example.org' ? 'ana@example.com' : plain.canonical(email))
    const directory = { ...plain, canonical }
    const alias = { ...ana!, person: { email: 'a.meyer@example.org', name: 'Ana' }, credential: 'tok_alias' }
    const { say } = await ask({ approvers: mail('ana', 'ben'), votes: 2 }, { directory })
    expect(await say(alias)).toBe('approved, pending')
    expect(await say(ana, 'reject')).toBe('already-voted')
    expect(await say(ana)).toBe('approved, pending')
    expect(await say(ben)).toBe('approved, approved')
  })
})
