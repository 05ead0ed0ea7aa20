import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { type ApprovalOptions, defineWorkflow } from '../../../electron/core/engine/workflow.ts'
import { plainDirectory } from '../../support/directory.ts'
import { openRig, type RigOptions, verdict } from './harness.ts'
import { mail, person } from './people.ts'

const [ana, ben, dia] = ['ana', 'ben', 'dia'].map((name) => person(name))

/** A question of `ana`, or of whom the options name; `say` approves it as somebody. */
async function ask(options: Partial<ApprovalOptions>, more: Omit<RigOptions, 'workflows'> = {}) {
  const asked = { title: 'May I?', data: { n: 1 }, approvers: mail('ana'), requester: 'ana@example.com', ...options }
  const workflow = defineWorkflow({ name: 'one', input: z.object({}), run: (wf) => wf.approval('a', asked as ApprovalOptions) })
  const rig = await openRig({ workflows: [workflow], ...more })
  const id = rig.open(await rig.begin('one'))
  const say = async (caller: typeof ana) => verdict(await rig.engine.decide({ approval_id: id, decision: 'approve' }, caller!))
  return { rig, id, say }
}

const alone = (soleOperator: string | null, selfApproval: 'never' | 'sole_operator' = 'sole_operator') => ({
  rules: () => ({ soleOperator, selfApproval }),
})

describe('one’s own request', () => {
  it('is approved by a sole operator where the policy says so, and one person is never two', async () => {
    expect(await (await ask({}, alone('ana@example.com'))).say(ana)).toBe('approved, approved')
    const two = await ask({ approvers: mail('ana', 'ben'), votes: 2 }, alone('ana@example.com'))
    expect(await two.say(ana)).toBe('self-approval')
  })

  it('is not approved by whoever is not alone, nor where the policy does not say so', async () => {
    expect(await (await ask({}, alone('boss@example.com'))).say(ana)).toBe('self-approval')
    expect(await (await ask({}, alone(null))).say(ana)).toBe('self-approval')
    expect(await (await ask({}, alone('ana@example.com', 'never'))).say(ana)).toBe('self-approval')
  })

  it.each(['ana', 'Ana', 'ANA+x@example.com', 'Ana <ana@example.com>', 'ben@example.com; ana'])(
    'is not approved however it names its requester: %s',
    async (requester) => {
      expect(await (await ask({ requester })).say(ana)).toBe('self-approval')
    },
  )

  it('is not approved in the place of somebody else', async () => {
    const directory = plainDirectory({ standins: { 'dia@example.com': mail('ben') } })
    const { say } = await ask({ approvers: mail('ben'), requester: 'dia@example.com' }, { directory })
    expect(await say(dia)).toBe('self-approval')
    expect(await say(ben)).toBe('approved, approved')
  })

  it('is neither handed on nor given more time by a requester who is asked too', async () => {
    const { rig, id } = await ask({ approvers: mail('ana', 'ben'), timeout: '1h' })
    const refused = { ok: false, failure: { code: 'self-approval' } }
    expect(await rig.engine.approvals.reassign(id, mail('cem'), null, ana!)).toMatchObject(refused)
    expect(await rig.engine.approvals.extend(id, 4, null, ana!)).toMatchObject(refused)
    expect(await rig.engine.approvals.extend(id, 4, null, ben!)).toMatchObject({ ok: true })
  })
})

it('whoever stands in for somebody who is not asked may not answer', async () => {
  const directory = plainDirectory({ standins: { 'dia@example.com': mail('ana') } })
  const { say } = await ask({ approvers: mail('ben'), requester: 'rita@example.com' }, { directory })
  expect(await say(dia)).toBe('not-approver')
})
