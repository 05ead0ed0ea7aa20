import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Inbox } from './fixture.ts'

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
