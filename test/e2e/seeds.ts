import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, type Inbox } from './fixture.ts'
import type { Receiver } from './receiver.ts'

/** A parcel: a step, a question, a message from outside, and a run of its own. */
export const parcel = `import { defineWorkflow } from 'countersign/workflow'
import * as z from 'zod'

export const label = defineWorkflow({
  name: 'label',
  input: z.object({ order: z.string() }),
  run: (wf, { order }) => wf.step('print', () => 'label of ' + order),
})

export const parcel = defineWorkflow({
  name: 'parcel',
  input: z.object({ order: z.string().describe('As the shop writes it'), weight: z.number().optional() }),
  async run(wf, { order }) {
    const packed = await wf.step('pack', () => ({ order, boxes: 2 }))
    await wf.progress(1, 3, 'Packed')
    const answer = await wf.approval('may-ship', { title: 'Ship order ' + order + '?', approvers: [], timeout: '8h', data: packed })
    if (answer.outcome !== 'approved') return { status: answer.outcome }
    await wf.progress(2, 3, 'Waiting for the carrier')
    const carrier = await wf.signal('carrier', { timeout: '2d' })
    const printed = await wf.child('label', 'label', { order })
    return { status: 'shipped', carrier, label: printed.result }
  },
})
`

/** Puts a file into the home's workflows, and has it read. */
export async function putWorkflow(inbox: Inbox, name: string, text: string): Promise<void> {
  const folder = join(inbox.home, 'workflows')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, name), text)
  await inbox.owner.workflows.reload({})
}

/** Starts a workflow over HTTP, as the registered source; resolves with the run's id. */
export async function startWorkflow(inbox: Inbox, name: string, body: Readonly<Record<string, unknown>>): Promise<string> {
  const answer = await fetch(`${inbox.host.url}/workflows/${name}/start`, {
    method: 'POST',
    headers: { authorization: `Bearer ${inbox.token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!answer.ok) throw new Error(await answer.text())
  return ((await answer.json()) as { task_id: string }).task_id
}

/** A payment whose action fails until it is given up. */
export async function stuckPayment(inbox: Inbox, receiver: Receiver): Promise<string> {
  receiver.answers = { ...receiver.answers, action: { status: 500, body: { error: 'the bank is closed' } } }
  const stuck = await inbox.ask({ type: 'payment', title: 'Pay the plumber' })
  await inbox.owner.approvals.decide({ approval_id: stuck.id, decision: 'approve' })
  await expect
    .poll(async () => {
      inbox.clock.advance(20_000)
      return (await inbox.owner.tasks.status({ task_id: stuck.taskId })).status
    })
    .toBe('needs_review')
  return stuck.taskId
}

const person = { aliases: [], backup: null, assistants: [], away: null }

/** A small office. */
export async function office(inbox: Inbox): Promise<void> {
  await inbox.owner.people.savePerson({ ...person, email: 'bo@example.com', name: 'Bo Berg', aliases: ['bberg'] })
  await inbox.owner.people.savePerson({ ...person, email: 'cem@example.com', name: 'Cem Çelik' })
  await inbox.owner.people.saveGroup({ name: 'finance', label: 'Finance', members: ['bo@example.com'] })
}

export const rules = `rules:
  refund:
    - name: small
      when: amount <= 100.0
      action: auto_approve
    - name: from-strangers
      when: requester == "mallory@example.com"
      action: reject
`

/** These rules in force. */
export async function withRules(inbox: Inbox, text = rules): Promise<void> {
  const { version } = await inbox.owner.policy.get({})
  await inbox.owner.policy.save({ text, version })
}

/** Asks for money, and says what of it can be changed. */
export const editableRefund = {
  type: 'refund',
  title: 'Refund for order 88',
  amount: '1240.00',
  currency: 'EUR',
  timeout_hours: 1,
  editable: ['amount', 'express'],
  data: { order: '88', express: false },
}
