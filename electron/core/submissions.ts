import { type Failure, failure, type ProblemEntry } from '../../shared/contract/errors.ts'
import { toPath, valueAt } from '../../shared/contract/pointer.ts'
import type { DeploymentInput, ExpenseInput, PlainExpense, RequestInput } from '../../shared/contract/requests.ts'
import type { Person } from '../../shared/model/actor.ts'
import { fail, ok, type Result } from '../../shared/model/result.ts'
import type { Sentence } from '../../shared/model/said.ts'
import { say } from '../../shared/words/say.ts'
import { formProblem } from './answer-form.ts'
import { editablePointer } from './engine/answers.ts'
import type { StartSpec } from './engine/deps.ts'
import { type EscalateOptions, type LevelOptions, toMs } from './engine/workflow.ts'
import type { Matter, PolicyBook, PolicyRuling } from './policy/port.ts'
import { textIn, toAmount } from './policy/views.ts'
import type { ApprovalRun } from './workflows/approval.ts'
import type { Asking } from './workflows/asking.ts'
import { type DeploymentRun, deploymentData } from './workflows/deployment.ts'
import type { ExpenseRun } from './workflows/expense.ts'

/**
 * From what a sender wrote to the run that it starts. Policy is asked here, once: the run carries what was decided, so that a later
 * change of policy never changes a run that is under way.
 */

/** What submissions are held against. */
export type SubmissionDeps = {
  readonly policy: Pick<PolicyBook, 'rule'>
  readonly owner: Person | null
  /** Whether the configuration names something to do for a type, once it is approved. */
  readonly acts: (type: string) => boolean
}

/** A request with what rules saw of it and what they made of it. */
export type Submission = StartSpec & { readonly matter: Matter; readonly ruling: PolicyRuling }

/** What approving does where nothing is configured: the outcome is all there is. */
const onlyTold = say('consequence', 'only_told')

const consequenceOf = ({ text, said }: Sentence) => ({ consequence: text, consequence_said: said })

/** "wire-transfer" becomes "Wire transfer". */
const toWords = (type: string): string => {
  const words = type.replaceAll(/[-_]+/g, ' ').trim()
  return words.charAt(0).toUpperCase() + words.slice(1)
}

const toMoney = (amount: number | string, currency: string | undefined): string =>
  currency ? `${amount} ${currency}` : String(amount)

/** `source` is what whoever submits is called. */
export function fromRequest(input: RequestInput, deps: SubmissionDeps, source: string): Result<Submission, Failure> {
  const problems = [...problemsOfForm(input), ...problemsOfEditable(input)]
  if (problems.length > 0) {
    const said = problems.map(({ pointer, message }) => `${pointer} ${message}`).join('; ')
    return fail(failure('invalid-input', `The request has problems: ${said}.`, { errors: problems }))
  }
  const title =
    input.title ??
    (input.amount === undefined ? toWords(input.type) : `${toWords(input.type)}: ${toMoney(input.amount, input.currency)}`)
  const data = input.data ?? {}
  const matter: Matter = {
    type: input.type,
    title,
    amount: toAmount(input.amount),
    currency: input.currency ?? null,
    requester: input.requester ?? null,
    department: input.department ?? textIn(data, 'department'),
    priority: input.priority,
    source,
    environment: textIn(data, 'environment'),
    approver: input.approver_email ?? null,
    data,
    timeout_hours: input.timeout_hours ?? null,
    shown: { description: input.description, beneficiary: input.beneficiary, options: input.options, form: input.form },
  }
  const { ruling, asking } = ruleOn(matter, deps, input.hard_limit)
  const acts = deps.acts(input.type)
  const run: ApprovalRun = {
    request: input,
    title,
    ...consequenceOf(acts ? say('consequence', 'configured', { type: input.type }) : onlyTold),
    asking,
  }
  const { automatic } = asking
  const waits = asking.levels[0]!.approvers.length > 0 ? waitsFor(asking) : 'an approver'
  return ok({
    ...{ workflow: 'approval', type: input.type, title, input: run, matter, ruling },
    answer: (task_id) => ({
      message: automatic ? automaticMessage('request', automatic) : `The request waits for ${waits}.`,
      task_id,
      status: automatic ? (automatic.decision === 'approved' && acts ? 'running' : 'completed') : 'waiting',
    }),
  })
}

export function fromExpense(input: ExpenseInput, deps: SubmissionDeps, source: string, ownTitle?: string): Submission {
  const { expense_data: expense, approver_email } = input
  const title = ownTitle ?? `Expense ${expense.id} for ${expense.submitter_email}`
  const submission = expenseRun({ expense, requester: expense.submitter_email, approver: approver_email, title, source }, deps)
  const { automatic } = submission.asking
  return {
    ...submission.spec,
    answer: (task_id) => ({
      message: submission.message,
      task_id,
      expense_id: expense.id,
      amount: expense.amount,
      approver: automatic ? automatic.rule : approver_email,
      auto_approved: automatic?.decision === 'approved',
    }),
  }
}

/** An expense as small tutorials know it: decided by whom it names, else by the owner. */
export function fromPlainExpense(input: PlainExpense, deps: SubmissionDeps, source: string): Submission {
  const { employee, category } = input
  const title = category ? `Expense of ${employee} for ${category}` : `Expense of ${employee}`
  const approver = input.approver_email ?? deps.owner?.email ?? null
  const { approver_email: _, ...expense } = input
  const submission = expenseRun({ expense, requester: employee, approver, title, source }, deps)
  const { automatic } = submission.asking
  const atOnce = automatic?.decision === 'approved' && deps.acts('expense') ? 'running' : 'completed'
  return {
    ...submission.spec,
    answer: (workflow_id) => ({ workflow_id, status: automatic ? atOnce : 'waiting', message: submission.message }),
  }
}

type Expense = {
  readonly amount: number | string
  readonly currency?: string | undefined
  readonly department?: string | undefined
}

function expenseRun(
  of: {
    readonly expense: Expense
    readonly requester: string
    readonly approver: string | null
    readonly title: string
    readonly source: string
  },
  deps: SubmissionDeps,
) {
  const { expense, requester, title, source } = of
  const data = expense as unknown as Record<string, unknown>
  const matter: Matter = {
    type: 'expense',
    title,
    amount: toAmount(expense.amount),
    currency: expense.currency ?? null,
    requester,
    department: expense.department ?? null,
    priority: 'normal',
    source,
    environment: textIn(data, 'environment'),
    approver: of.approver,
    data,
  }
  const { ruling, asking } = ruleOn(matter, deps)
  const run: ExpenseRun = {
    expense: expense as ExpenseRun['expense'],
    requester,
    title,
    ...consequenceOf(deps.acts('expense') ? say('consequence', 'expense') : onlyTold),
    asking,
  }
  const { automatic } = asking
  return {
    asking,
    message: automatic ? automaticMessage('expense', automatic) : `The expense waits for ${waitsFor(asking)}, ${howLong(asking)}.`,
    spec: { workflow: 'expense', type: 'expense', title, input: run, matter, ruling },
  }
}

export function fromDeployment(input: DeploymentInput, deps: SubmissionDeps, source: string, ownTitle?: string): Submission {
  const { service_name, version, environment, approver_email } = input
  const title = ownTitle ?? `Deploy ${service_name} ${version} to ${environment}`
  const matter: Matter = {
    type: 'deployment',
    title,
    amount: null,
    currency: null,
    requester: input.requester ?? null,
    department: textIn(input.data ?? {}, 'department'),
    priority: environment === 'production' ? 'high' : 'normal',
    source,
    environment,
    approver: approver_email,
    data: deploymentData(input),
    shown: { description: input.description },
  }
  const { ruling, asking } = ruleOn(matter, deps)
  const { automatic } = asking
  const run: DeploymentRun = {
    deployment: input,
    title,
    ...consequenceOf(deps.acts('deployment') ? say('consequence', 'deployment') : onlyTold),
    asking,
  }
  return {
    ...{ workflow: 'deployment', type: 'deployment', title, input: run, matter, ruling },
    answer: (task_id) => ({
      message: automatic
        ? automaticMessage('deployment', automatic)
        : `The deployment waits for ${waitsFor(asking)}, ${howLong(asking)}.`,
      task_id,
      service: service_name,
      version,
      environment,
      approver: automatic ? automatic.rule : approver_email,
    }),
  }
}

/** Asks policy, and puts what it said into the form in which a run carries it. */
function ruleOn(
  matter: Matter,
  deps: Pick<SubmissionDeps, 'policy' | 'owner'>,
  hardLimit = false,
): { readonly ruling: PolicyRuling; readonly asking: Asking } {
  const ruling = deps.policy.rule(matter)
  return { ruling, asking: toAsking(ruling, matter.approver ?? deps.owner?.email ?? null, hardLimit) }
}

export function toAsking(ruling: PolicyRuling, approver: string | null, hardLimit: boolean): Asking {
  const { action, rule, policy_version, explanation, said } = ruling
  const decision = action === 'auto_approve' ? 'approved' : action === 'reject' ? 'rejected' : null
  const named = { name: '', approvers: approver === null ? [] : [approver] }
  return {
    levels: (ruling.levels.length > 0 ? ruling.levels : [named]).map(toLevel),
    ...(decision === null ? {} : { automatic: { decision, rule: rule ?? 'policy', comment: explanation, said: [...said] } }),
    ruling: { rule, policy_version },
    ...(hardLimit || ruling.hard_limit ? { hard_limit: true } : {}),
  }
}

function toLevel({ name, approvers, votes, one_rejection_ends, timeout, remind_before = [], escalate }: LevelOptions) {
  const level: Asking['levels'][number] = { name, approvers: [...approvers] }
  if (votes !== undefined && votes !== 'any') level.votes = votes
  if (one_rejection_ends === false) level.one_rejection_ends = false
  if (timeout !== undefined) level.timeout = toMs(timeout)
  if (remind_before.length > 0) level.remind_before = remind_before.map(toMs)
  const steps = [escalate ?? []].flat()
  if (steps.length > 0) level.escalate = steps.map(toStep)
  return level
}

const toStep = ({ to, after, timeout }: EscalateOptions) => ({
  to: [...to],
  ...(after === undefined ? {} : { after: toMs(after) }),
  ...(timeout === undefined ? {} : { timeout: toMs(timeout) }),
})

const automaticMessage = (what: string, { decision, comment }: NonNullable<Asking['automatic']>): string =>
  decision === 'approved' ? `The ${what} was approved automatically: ${comment}` : `The ${what} was rejected: ${comment}`

/** Whom a request asks first, in words. */
function waitsFor({ levels }: Asking): string {
  const { approvers, votes = 'any' } = levels[0]!
  const who = approvers.length > 0 ? approvers.join(', ') : 'anybody who may decide'
  return votes === 'any' || approvers.length === 1 ? who : `${votes === 'all' ? 'all' : votes} of ${who}`
}

function howLong({ levels }: Asking): string {
  const { timeout } = levels[0]!
  return timeout === undefined ? 'for as long as it takes' : `for ${timeout / 3_600_000} hours`
}

function problemsOfForm({ form }: RequestInput): ProblemEntry[] {
  const problem = form === undefined ? null : formProblem(form)
  return problem === null ? [] : [{ pointer: '/form', message: problem }]
}

/** What may be changed has to be there: a misspelt name would allow nothing, silently. */
function problemsOfEditable({ editable = [], data = {}, amount }: RequestInput): ProblemEntry[] {
  return editable.flatMap((name, index) => {
    const pointer = editablePointer(name)
    if ((pointer === '/amount' && amount !== undefined) || valueAt(data, toPath(pointer)) !== undefined) return []
    return [{ pointer: `/editable/${index}`, message: `names “${name}”, which is not in the data` }]
  })
}
