import type { DeploymentInput, ExpenseInput, RequestInput } from '../../shared/contract/requests.ts'
import type { Person } from '../../shared/model/actor.ts'
import type { StartSpec } from './engine/deps.ts'
import type { Policy } from './settings/port.ts'
import { thresholdFor } from './settings/threshold.ts'
import type { ApprovalRun } from './workflows/approval.ts'
import type { DeploymentRun } from './workflows/deployment.ts'
import type { ExpenseRun } from './workflows/expense.ts'

/**
 * From what a sender wrote to the run that it starts. Policy is asked here, once: the run carries what was decided, so that a later
 * change of policy never changes a run that is under way.
 */

const hourMs = 3_600_000
/** What approving does where nothing is configured: the outcome is all there is. */
const onlyTold = 'The sender is told that it was approved.'

/** "wire-transfer" becomes "Wire transfer". */
const toWords = (type: string): string => {
  const words = type.replaceAll(/[-_]+/g, ' ').trim()
  return words.charAt(0).toUpperCase() + words.slice(1)
}

const toMoney = (amount: number | string, currency: string | undefined): string =>
  currency ? `${amount} ${currency}` : String(amount)

/** Whether the configuration names something to do for a type, once it is approved. */
type Acts = (type: string) => boolean

export function fromRequest(input: RequestInput, policy: Policy, owner: Person | null, acts: Acts): StartSpec {
  const title =
    input.title ??
    (input.amount === undefined ? toWords(input.type) : `${toWords(input.type)}: ${toMoney(input.amount, input.currency)}`)
  const approver = input.approver_email ?? owner?.email
  const run: ApprovalRun = {
    request: input,
    title,
    approvers: approver ? [approver] : [],
    timeout_ms: (input.timeout_hours ?? policy.request.timeout_hours) * hourMs,
    consequence: acts(input.type) ? `What is configured for ${input.type} is carried out, and the sender is told.` : onlyTold,
  }
  return {
    workflow: 'approval',
    type: input.type,
    title,
    input: run,
    answer: (task_id) => ({
      message: approver ? `The request waits for ${approver}.` : 'The request waits for an approver.',
      task_id,
      status: 'waiting',
    }),
  }
}

export function fromExpense(input: ExpenseInput, policy: Policy, acts: Acts): StartSpec {
  const { expense_data: expense, approver_email } = input
  const consequence = acts('expense') ? 'The expense is paid, and the sender is told.' : onlyTold
  const rule = thresholdFor(policy, expense.department, expense.currency)
  const automatic =
    rule && Number(expense.amount) <= rule.threshold
      ? { rule: rule.rule, comment: `${toMoney(expense.amount, expense.currency)} is not over the threshold of ${rule.threshold}.` }
      : null
  const title = `Expense ${expense.id} for ${expense.submitter_email}`
  const run: ExpenseRun = {
    expense,
    title,
    approver: approver_email,
    timeout_ms: policy.expense.timeout_hours * hourMs,
    consequence,
    automatic,
  }
  return {
    workflow: 'expense',
    type: 'expense',
    title,
    input: run,
    answer: (task_id) => ({
      message: automatic
        ? `The expense was approved automatically: ${automatic.comment}`
        : `The expense waits for ${approver_email}, for ${policy.expense.timeout_hours} hours.`,
      task_id,
      expense_id: expense.id,
      amount: expense.amount,
      approver: automatic ? automatic.rule : approver_email,
      auto_approved: automatic !== null,
    }),
  }
}

export function fromDeployment(input: DeploymentInput, policy: Policy, acts: Acts): StartSpec {
  const { service_name, version, environment, approver_email } = input
  const title = `Deploy ${service_name} ${version} to ${environment}`
  const consequence = acts('deployment') ? `${service_name} ${version} goes to ${environment}, and the sender is told.` : onlyTold
  const timeout_ms = policy.deployment.timeout_hours * hourMs
  const run: DeploymentRun = { deployment: input, title, approver: approver_email, timeout_ms, consequence }
  return {
    workflow: 'deployment',
    type: 'deployment',
    title,
    input: run,
    answer: (task_id) => ({
      message: `The deployment waits for ${approver_email}, for ${policy.deployment.timeout_hours} hours.`,
      task_id,
      service: service_name,
      version,
      environment,
      approver: approver_email,
    }),
  }
}
