import type * as z from 'zod'
import { type Failure, failure, type ProblemEntry } from '../../shared/contract/errors.ts'
import { toPointer } from '../../shared/contract/pointer.ts'
import { type BatchInput, deploymentInput, expenseData, type RequestInput, requestInput } from '../../shared/contract/requests.ts'
import type { BatchItem } from '../../shared/model/approval.ts'
import { fail, ok, type Result } from '../../shared/model/result.ts'
import { say } from '../../shared/words/say.ts'
import type { StartSpec } from './engine/deps.ts'
import type { Matter, PolicyRuling } from './policy/port.ts'
import { unionOf } from './policy/union.ts'
import { toAmount } from './policy/views.ts'
import { fromDeployment, fromExpense, fromRequest, type Submission, type SubmissionDeps, toAsking } from './submissions.ts'
import type { BatchRun } from './workflows/batch.ts'
import { deploymentData } from './workflows/deployment.ts'

type Deps = SubmissionDeps & { readonly source: string }
type Given = BatchInput['items'][number]

/** An item as the request that it would be by itself. `submitter` is who gains by it. */
type Prepared = { readonly submission: Submission; readonly item: BatchItem; readonly submitter: string | null }

/**
 * Many items at once: fewer than the threshold are requests of their own, more are one question. That question asks everybody whom one
 * of its items would ask by itself.
 */
export function fromBatch(input: BatchInput, deps: SubmissionDeps, source: string): Result<StartSpec, Failure> {
  const found = input.items.map((given, index) => prepare(given, index, input.approver_email, { ...deps, source }))
  const problems = found.flatMap((one) => (one.ok ? [] : one.failure))
  if (problems.length > 0) {
    const said = problems.slice(0, 5).map(({ pointer, message }) => `${pointer} ${message}`)
    const more = problems.length > 5 ? `; and ${problems.length - 5} more` : ''
    return fail(failure('invalid-input', `The batch has problems: ${said.join('; ')}${more}.`, { errors: problems.slice(0, 100) }))
  }
  const prepared = found.flatMap((one) => (one.ok ? [one.value] : []))
  const count = input.items.length
  const title = `Batch approval: ${count} ${count === 1 ? 'item' : 'items'}`
  const apart = count < input.batch_threshold
  const run = apart ? toApart(prepared) : toTogether(prepared, { title, approver: input.approver_email }, { ...deps, source })
  return ok({
    workflow: 'batch',
    type: 'batch',
    title,
    input: run,
    ...(apart ? { asks: prepared.filter(({ submission }) => submission.ruling.levels.length > 0).length } : {}),
    answer: (task_id) => ({
      message: apart ? `Each of the ${count} items is a request of its own.` : `The batch of ${count} items ${stateOf(run)}.`,
      task_id,
      items_count: count,
      batch_threshold: input.batch_threshold,
    }),
  })
}

function stateOf(run: BatchRun): string {
  if (run.mode === 'apart' || run.items.length === 0) return 'was rejected: a rule rejects every item'
  const { automatic, levels } = run.asking
  if (automatic) return `was ${automatic.decision} automatically: ${automatic.comment}`
  return `waits for ${levels[0]!.approvers.join(', ') || 'anybody who may decide'}`
}

function prepare(given: Given, index: number, approver: string, deps: Deps): Result<Prepared, readonly ProblemEntry[]> {
  const path = ['items', index, 'data']
  const identity = { id: String(index + 1), type: given.type }
  if (given.type === 'expense') {
    const parsed = parse(expenseData, given.data, path)
    if (!parsed.ok) return parsed
    const expense = parsed.value
    const submission = fromExpense({ expense_data: expense, approver_email: approver }, deps, deps.source, given.title)
    const { amount, currency = null, submitter_email: submitter } = expense
    return ok({ submission, submitter, item: { ...identity, title: submission.title, amount, currency, data: expense } })
  }
  if (given.type === 'deployment') {
    const { service, service_name = service, version, environment, description, requester, ...data } = given.data
    const members = { service_name, version, environment, description, requester }
    const parsed = parse(deploymentInput, { ...members, approver_email: approver, data }, path)
    if (!parsed.ok) return parsed
    const submission = fromDeployment(parsed.value, deps, deps.source, given.title)
    const item = { ...identity, title: submission.title, amount: null, currency: null, data: deploymentData(parsed.value) }
    return ok({ submission, item, submitter: parsed.value.requester ?? null })
  }
  const request = requestOf(given, approver)
  const submission = fromRequest(request, deps, deps.source)
  if (!submission.ok) return fail([{ pointer: toPointer(path), message: submission.failure.message }])
  const { amount = null, currency = null, requester = null, beneficiary } = request
  const submitter = [requester, beneficiary].filter((one) => one !== null && one !== undefined).join('; ')
  const item = { ...identity, title: submission.value.title, amount, currency, data: given.data }
  return ok({ submission: submission.value, item, submitter: submitter === '' ? null : submitter })
}

/** Members of a request that an item has in its data, as far as they can be members of one. */
const known = ['description', 'requester', 'amount', 'currency', 'department', 'beneficiary'] as const

function requestOf({ type, title, data }: Given, approver_email: string): RequestInput {
  const members = known.flatMap((name) => {
    const parsed = requestInput.shape[name].safeParse(Object.hasOwn(data, name) ? data[name] : undefined)
    return parsed.success && parsed.data !== undefined ? [[name, parsed.data]] : []
  })
  return { type, ...(title ? { title } : {}), approver_email, priority: 'normal', ...Object.fromEntries(members), data }
}

function parse<T extends z.ZodType>(
  schema: T,
  value: unknown,
  path: readonly PropertyKey[],
): Result<z.output<T>, readonly ProblemEntry[]> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return ok(parsed.data)
  return fail(parsed.error.issues.map((issue) => ({ pointer: toPointer([...path, ...issue.path]), message: issue.message })))
}

function toApart(prepared: readonly Prepared[]): BatchRun {
  return {
    mode: 'apart',
    children: prepared.map(({ submission, item: { id, type, title } }) => ({
      ...{ id, type, title },
      workflow: submission.workflow,
      input: submission.input,
    })),
  }
}

function toTogether(
  prepared: readonly Prepared[],
  { title, approver }: { readonly title: string; readonly approver: string },
  deps: Deps,
): BatchRun {
  const isRefused = ({ submission }: Prepared): boolean => submission.ruling.action === 'reject'
  const asked = prepared.filter((one) => !isRefused(one))
  const items = asked.map(({ item }) => item)
  const submitters = [...new Set(asked.flatMap(({ submitter }) => submitter ?? []))].join('; ')
  const total = totalOf(items)
  const matter: Matter = {
    type: 'batch',
    title,
    amount: total?.amount ?? null,
    currency: total?.currency ?? null,
    requester: submitters === '' ? null : submitters,
    department: null,
    priority: 'normal',
    source: deps.source,
    environment: null,
    approver,
    data: { items_count: items.length, types: [...new Set(items.map(({ type }) => type))] },
    shown: items.map((item) => item.title),
  }
  const rulings = asked.map(({ submission }) => submission.ruling)
  const consequence = say('consequence', 'batch', { acts: items.some(({ type }) => deps.acts(type)) })
  return {
    mode: 'together',
    title,
    description: describe(items),
    consequence: consequence.text,
    consequence_said: consequence.said,
    items,
    refused: prepared.filter(isRefused).map(({ submission, item: { id, type, title } }) => ({
      ...{ id, type, title },
      reason: submission.ruling.explanation,
    })),
    submitters: submitters === '' ? null : submitters,
    total,
    asking: toAsking(hardest(deps.policy.rule(matter), rulings), approver, false),
  }
}

function describe(items: readonly BatchItem[]): string {
  const first = items.slice(0, 3).map((item) => item.title)
  return `${first.join(', ')}${items.length > 3 ? ` and ${items.length - 3} more` : ''}`
}

/**
 * What the batch is asked under: every level that it or one of its items has. That no rule is there for batches asks somebody only
 * where none of its items does.
 */
function hardest(batch: PolicyRuling, items: readonly PolicyRuling[]): PolicyRuling {
  const asking = items.filter(({ levels }) => levels.length > 0)
  if (batch.action === 'reject' || asking.length === 0) return batch
  const all = batch.rule === null ? asking : [batch, ...asking]
  const leading = all.find(({ rule, levels }) => rule !== null && levels.length > 0) ?? all[0]!
  const hard_limit = all.some((ruling) => ruling.hard_limit)
  return { ...leading, levels: unionOf(all), hard_limit }
}

/** What the items come to; null where one has no amount or they are in different currencies. */
function totalOf(items: readonly BatchItem[]): { readonly amount: number; readonly currency: string | null } | null {
  const currency = items[0]?.currency ?? null
  let sum = 0
  for (const item of items) {
    const amount = toAmount(item.amount)
    if (amount === null || item.currency !== currency) return null
    sum += amount
  }
  return items.length === 0 ? null : { amount: Number(sum.toFixed(8)), currency }
}
