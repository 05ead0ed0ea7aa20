import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import * as z from 'zod'
import { systemClock } from '../../../electron/core/clock.ts'
import { defineWorkflow } from '../../../electron/core/engine/workflow.ts'
import { openProjection } from '../../../electron/core/projection/open.ts'
import { openRig } from '../engine/harness.ts'
import { mail, person } from '../engine/people.ts'

const [ana, ben, dia] = ['ana', 'ben', 'dia'].map((name) => person(name))
const nameOf = (email: string): string | undefined => email.split('@')[0]

const purchase = defineWorkflow({
  name: 'purchase',
  input: z.object({}),
  run: async (wf) => {
    await wf.progress(1, 3, 'quoted')
    const answer = await wf.approval('buy', {
      title: 'Buy it?',
      amount: '42.00',
      editable: ['amount'],
      levels: [
        { name: 'team', approvers: mail('ana', 'ben'), votes: 'all' },
        { name: 'finance', approvers: mail('cem'), timeout: '1h', escalate: { to: mail('dia') } },
      ],
    })
    return wf.step('order', () => answer.amount)
  },
})

test('what the engine journals is shown as it went: a chain with an edit and an escalation', async () => {
  const rig = await openRig({ workflows: [purchase] })
  const run = await rig.begin('purchase')
  const approval_id = rig.open(run)
  const durable = () => ({ seq: rig.journal.head.seq, end: rig.journal.durable.end })
  const file = join(rig.folder, 'inbox.db')
  const projection = await openProjection({ file, journalFolder: rig.folder, durable: durable(), clock: systemClock })
  const shown = async () => {
    await rig.quiet()
    projection.follow(durable())
    await projection.caughtUp(rig.journal.head.seq)
    const { title, status, waits_for, progress, votes } = projection.approval(approval_id)!
    return [status, title, waits_for.map(nameOf), progress.current, votes.map(({ actor, counts }) => [nameOf(actor.id), counts])]
  }
  const approve = (caller: typeof ana, more: object = {}) =>
    rig.engine.decide({ approval_id, decision: 'approve', ...more }, caller!)

  await approve(ana)
  expect(await shown()).toEqual(['pending', 'Buy it?', ['ben'], 'team', [['ana', true]]])
  await approve(ben, { changes: { '/amount': '40.00' } })
  const edited = [
    ['ana', false],
    ['ben', true],
  ]
  expect(await shown()).toEqual(['pending', 'Buy it?', ['ana'], 'team', edited])
  expect(projection.versions(approval_id).map(({ asked, change }) => [asked.amount, change?.differences])).toEqual([
    ['42.00', undefined],
    ['40.00', [{ pointer: '/amount', before: '42.00', after: '40.00' }]],
  ])
  await approve(ana)
  rig.clock.advance(3_600_000)
  expect(await shown()).toEqual(['pending', '[ESCALATED] Buy it?', ['dia'], 'finance', [...edited, ['ana', true]]])
  await approve(dia)
  expect(await shown()).toEqual(['approved', '[ESCALATED] Buy it?', ['dia'], null, [...edited, ['ana', true], ['dia', true]]])
  expect(projection.timeline(run).steps.map(({ key, state, text, result }) => [key, state, text, result])).toEqual([
    ['buy', 'done', 'Approved by dia', undefined],
    ['order', 'done', 'Done', '40.00'],
  ])
  expect(projection.run(run)).toMatchObject({ status: 'completed', progress: { done: 1, total: 3 } })
  await projection.close()
  await rig.crash()
  rmSync(rig.folder, { recursive: true, force: true })
})
