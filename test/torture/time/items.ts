import * as z from 'zod'
import { defineWorkflow, type Workflow } from '../../../electron/core/engine/workflow.ts'

/** What was done in the world, by the key that each attempt of a step hands on. Outlives the application. */
export class Effects {
  readonly begun = new Map<string, number>()
  readonly done = new Map<string, number>()

  /** Fails so many times, then does it. */
  attempt(key: string, fails: number): string {
    const begun = (this.begun.get(key) ?? 0) + 1
    this.begun.set(key, begun)
    if (begun <= fails) throw new Error(`It does not work yet (${begun}).`)
    this.done.set(key, (this.done.get(key) ?? 0) + 1)
    return `done at attempt ${begun}`
  }
}

const input = z.object({
  /** Milliseconds of whatever it waits for. */
  ms: z.number(),
  fails: z.number().default(0),
  approvers: z.array(z.string()).default([]),
})

/** Workflows that wait for time in each way there is, and have an effect after it. */
export function waitingWorkflows(effects: Effects): readonly Workflow[] {
  const act = (fails: number) => (context: { readonly idempotency_key: string }) => effects.attempt(context.idempotency_key, fails)
  return [
    defineWorkflow({
      name: 'sleeper',
      input,
      async run(wf, { ms, fails }) {
        await wf.sleep('nap', ms)
        return wf.step('act', act(fails), { retry: { attempts: fails + 1, backoff: 20_000, max_backoff: '3h' } })
      },
    }),
    defineWorkflow({
      name: 'listener',
      input,
      async run(wf, { ms }) {
        const said = await wf.signal('word', { timeout: ms })
        return wf.step('act', act(0)).then(() => said)
      },
    }),
    defineWorkflow({
      name: 'retrier',
      input,
      run: (wf, { ms, fails }) => wf.step('act', act(fails), { retry: { attempts: fails + 1, backoff: ms, max_backoff: '12h' } }),
    }),
    defineWorkflow({
      name: 'asker',
      input,
      async run(wf, { ms, approvers }) {
        const { outcome } = await wf.approval('question', {
          ...{ title: 'May I?', approvers, timeout: ms, remind_before: [Math.round(ms / 4), Math.round(ms / 10)] },
          escalate: [
            { to: ['cem@example.com'], after: Math.round(ms / 2) },
            { to: ['dan@example.com'], timeout: ms },
          ],
        })
        return wf.step('act', act(0)).then(() => outcome)
      },
    }),
    defineWorkflow({
      name: 'strict',
      input,
      async run(wf, { ms, approvers }) {
        const { outcome } = await wf.approval('question', { title: 'Now or never?', approvers, timeout: ms, hard_limit: true })
        return wf.step('act', act(0)).then(() => outcome)
      },
    }),
    defineWorkflow({
      name: 'patient',
      input,
      async run(wf, { ms, approvers }) {
        const { outcome } = await wf.approval('question', { title: 'When you can', approvers, timeout: ms })
        return wf.step('act', act(0)).then(() => outcome)
      },
    }),
  ]
}
