import * as z from 'zod'
import { said } from '../../../shared/contract/schemas.ts'
import type { BatchItem } from '../../../shared/model/approval.ts'
import { type Answer, type ChildResult, defineWorkflow, StepFailed, type Wf } from '../engine/workflow.ts'
import { asking, questionOf } from './asking.ts'
import { besides, toReason } from './people.ts'

const identity = { id: z.string(), type: z.string(), title: z.string() }
const money = z.union([z.number(), z.string()]).nullable()

const apart = z.object({
  mode: z.literal('apart'),
  /** What each item is by itself. */
  children: z.array(z.object({ ...identity, workflow: z.string(), input: z.unknown() })),
})

const together = z.object({
  mode: z.literal('together'),
  title: z.string(),
  description: z.string(),
  consequence: z.string(),
  consequence_said: said.optional(),
  items: z.array(z.object({ ...identity, amount: money, currency: z.string().nullable(), data: z.unknown() })),
  /** Items that a rule rejects: nobody is asked about them. */
  refused: z.array(z.object({ ...identity, reason: z.string() })),
  /** Whoever handed in one of the items, and decides none of them. */
  submitters: z.string().nullable(),
  /** What the items come to, where that can be added up. */
  total: z.object({ amount: z.number(), currency: z.string().nullable() }).nullable(),
  asking,
})

const batchRun = z.discriminatedUnion('mode', [apart, together])
export type BatchRun = z.infer<typeof batchRun>
type Together = z.infer<typeof together>

/** So many items are carried out at a time. */
const lanes = 32

/** Many items: each a run of its own, or all of them one question. One that fails holds up no other. */
export const batch = defineWorkflow({
  name: 'batch',
  input: batchRun,
  async run(wf, input) {
    return input.mode === 'apart' ? eachByItself(wf, input) : allTogether(wf, input)
  },
})

async function eachByItself(wf: Wf, { children }: z.infer<typeof apart>): Promise<object> {
  const ended = (await wf.all(
    children.map(
      ({ id, type, title, workflow, input }) =>
        () =>
          wf.child(`item-${id}`, workflow, input, { title, type }),
    ),
  )) as readonly ChildResult[]
  const results = children.map(({ id, type, title }, index) => {
    const { run_id, status, result, error } = ended[index]!
    return { id, type, title, task_id: run_id, status, result, error }
  })
  return {
    individual_processing: true,
    items_count: children.length,
    task_ids: results.map(({ task_id }) => task_id),
    results,
  }
}

async function allTogether(wf: Wf, input: Together): Promise<object> {
  const refused = input.refused.map(({ id, type, title, reason }) => ({ id, type, title, status: 'rejected', reason }))
  if (input.items.length === 0) {
    const reason = 'A rule rejects every item.'
    return { batch_rejected: true, outcome: 'rejected', reason, items_count: refused.length, results: refused }
  }
  const answer = await wf.approval(
    'batch',
    questionOf(input.asking, {
      title: input.title,
      description: input.description,
      beneficiary: input.submitters,
      consequence: input.consequence,
      consequence_said: input.consequence_said,
      data: { items_count: input.items.length, ...input.total },
      items: input.items,
      partial: true,
    }),
  )
  const said = { decided_by: answer.decided_by, ...besides(answer) }
  if (answer.outcome !== 'approved') {
    const reason = toReason(answer)
    const results = input.items.map(({ id, type, title }) => ({ id, type, title, status: answer.outcome, reason }))
    const items_count = input.items.length + refused.length
    return { batch_rejected: true, outcome: answer.outcome, reason, items_count, ...said, results: [...results, ...refused] }
  }
  const agreed = new Map((answer.items ?? input.items).map((item) => [item.id, item]))
  const results = await carryOut(wf, input.items, agreed, answer)
  const count = (status: string): number => results.filter((result) => result.status === status).length
  return {
    batch_approved: true,
    items_count: input.items.length + refused.length,
    processed_items: count('processed'),
    failed_items: count('failed'),
    left_out: count('left_out'),
    ...said,
    results: [...results, ...refused],
  }
}

type ItemResult = {
  readonly id: string
  readonly type: string
  readonly title: string
  readonly status: 'processed' | 'failed' | 'left_out'
  readonly result?: unknown
  readonly error?: string
}

/** Carries out what was agreed to, some at a time: an item that is tried again later keeps one lane waiting, not the others. */
async function carryOut(
  wf: Wf,
  items: readonly BatchItem[],
  agreed: ReadonlyMap<string, BatchItem>,
  answer: Answer,
): Promise<readonly ItemResult[]> {
  const results: ItemResult[] = []
  let next = 0
  const lane = async (): Promise<void> => {
    while (next < items.length) {
      const index = next++
      const { id, type, title } = items[index]!
      const item = agreed.get(id)
      results[index] = { id, type, title, ...(item ? await carryOutOne(wf, item, answer) : { status: 'left_out' }) }
    }
  }
  await wf.all(Array.from({ length: Math.min(lanes, items.length) }, () => lane))
  return results
}

async function carryOutOne(wf: Wf, item: BatchItem, answer: Answer): Promise<Pick<ItemResult, 'status' | 'result' | 'error'>> {
  try {
    const result = await wf.action(`item-${item.id}`, payloadOf(wf, item, answer), item.type)
    return { status: 'processed', ...(result === null ? {} : { result }) }
  } catch (error) {
    if (error instanceof StepFailed) return { status: 'failed', error: error.message }
    throw error
  }
}

/** What an action is given for an item: the same as for a request of its own, and which item of which batch it is. */
function payloadOf(wf: Wf, { id, type, title, data }: BatchItem, answer: Answer): object {
  const common = { task_id: wf.run.id, item_id: id }
  const by = { approved_by: answer.decided_by, comment: answer.reason }
  if (type === 'expense') return { ...common, expense: data, ...by }
  if (type === 'deployment') {
    const { service_name, version, environment, ...more } = data as Record<string, unknown>
    return { ...common, service_name, version, environment, data: more, ...by }
  }
  const decision = { decided_by: answer.decided_by, comment: answer.reason, decided_at: answer.decided_at }
  return { ...common, type, request: { type, title, data }, decision }
}
