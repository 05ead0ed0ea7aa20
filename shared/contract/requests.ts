import * as z from 'zod'
import { requires } from './base.ts'
import { enclosures } from './enclosures.ts'
import { amount, answerOption, currency, email, priority, runStatus } from './schemas.ts'

/** Free data of the sender's; kept as it came. */
const data = z.record(z.string(), z.unknown())

export const requestInput = z.strictObject({
  type: z
    .string()
    .min(1)
    .max(64)
    .regex(/^[a-z][a-z0-9_-]*$/, 'must be lower-case letters, digits, - and _, starting with a letter'),
  title: z.string().trim().min(1).max(300).optional(),
  description: z.string().max(10_000).optional(),
  requester: z.string().trim().min(1).max(254).optional(),
  approver_email: email.optional(),
  amount: amount.optional(),
  currency: currency.optional(),
  priority: priority.default('normal'),
  timeout_hours: z
    .number()
    .positive()
    .max(24 * 366)
    .optional(),
  /** At the deadline the default answer leaves, even when nobody could see it pass because the machine slept. */
  hard_limit: z.boolean().optional(),
  department: z.string().trim().min(1).max(100).optional(),
  /** Who gains by it: an e-mail or a name. Like the requester, they do not decide it. */
  beneficiary: z.string().trim().min(1).max(254).optional(),
  /** What an approver may change before approving: names in `data` or JSON pointers into it, and `amount`. */
  editable: z.array(z.string().min(1).max(500)).max(100).optional(),
  /** An approver may approve a smaller amount. */
  partial: z.boolean().optional(),
  /** Answers besides yes and no. */
  options: z
    .array(answerOption)
    .min(1)
    .max(20)
    .refine((options) => new Set(options.map(({ id }) => id)).size === options.length, 'must have ids that differ')
    .optional(),
  /** JSON Schema of what an approver fills in when approving. */
  form: z.record(z.string(), z.unknown()).optional(),
  data: data.optional(),
  ...enclosures,
})
export type RequestInput = z.infer<typeof requestInput>

export const expenseData = z.looseObject({
  id: z.union([z.string().min(1).max(200), z.int()]),
  amount: amount.refine((value) => Number(value) > 0, 'must be greater than zero'),
  currency: currency.optional(),
  description: z.string().max(10_000).optional(),
  submitter_email: email,
  department: z.string().max(100).optional(),
  receipt_urls: z.array(z.url().max(2000)).max(50).optional(),
})

const expenseInput = z.strictObject({ expense_data: expenseData, approver_email: email })
export type ExpenseInput = z.infer<typeof expenseInput>

export const deploymentInput = z.strictObject({
  service_name: z.string().trim().min(1).max(200),
  version: z.string().trim().min(1).max(200),
  environment: z.string().trim().min(1).max(100).default('production'),
  approver_email: email,
  description: z.string().max(10_000).optional(),
  requester: z.string().trim().min(1).max(254).optional(),
  data: data.optional(),
})
export type DeploymentInput = z.infer<typeof deploymentInput>

/** An expense as people know it from small tutorials: an employee, an amount, a category. */
const plainExpense = z.strictObject({
  employee: z.string().trim().min(1).max(254),
  amount: amount.refine((value) => Number(value) > 0, 'must be greater than zero'),
  currency: currency.optional(),
  category: z.string().trim().min(1).max(100).optional(),
  description: z.string().max(10_000).optional(),
  department: z.string().max(100).optional(),
  /** When it was handed in, as the sender has it; shown, never trusted. */
  submitted_at: z.string().max(100).optional(),
  approver_email: email.optional(),
})
export type PlainExpense = z.infer<typeof plainExpense>

const workflowId = z.string().min(1).max(100)

const batchInput = z.strictObject({
  items: z
    .array(
      z.strictObject({
        type: requestInput.shape.type,
        title: z.string().trim().min(1).max(300).optional(),
        data: z.record(z.string(), z.unknown()).default({}),
      }),
    )
    .min(1, 'must have at least one item')
    .max(10_000),
  approver_email: email,
  batch_threshold: z.int().min(1).max(10_000).default(10),
})
export type BatchInput = z.infer<typeof batchInput>

const submit = requires('submit')

export const requests = {
  submitRequest: submit
    .route({
      method: 'POST',
      path: '/requests',
      successStatus: 202,
      summary: 'Ask for an approval',
      description: 'Stores the request durably and starts its run before it answers.',
      tags: ['Requests'],
    })
    .input(requestInput)
    .output(z.object({ message: z.string(), task_id: z.string(), status: runStatus })),

  submitExpense: submit
    .route({
      method: 'POST',
      path: '/expenses/submit',
      summary: 'Submit an expense',
      description:
        "At or below the department's threshold it is approved automatically; above it the approver is asked, for 48 hours.",
      tags: ['Requests'],
    })
    .input(expenseInput)
    .output(
      z.object({
        message: z.string(),
        task_id: z.string(),
        expense_id: z.union([z.string(), z.number()]),
        amount: z.union([z.number(), z.string()]),
        approver: z.string(),
        auto_approved: z.boolean(),
      }),
    ),

  requestDeployment: submit
    .route({
      method: 'POST',
      path: '/deployments/request',
      summary: 'Request a deployment',
      description: 'The approver is asked, for 2 hours.',
      tags: ['Requests'],
    })
    .input(deploymentInput)
    .output(
      z.object({
        message: z.string(),
        task_id: z.string(),
        service: z.string(),
        version: z.string(),
        environment: z.string(),
        approver: z.string(),
      }),
    ),

  submitBatch: submit
    .route({
      method: 'POST',
      path: '/approvals/batch',
      summary: 'Ask for many approvals at once',
      description:
        'Below the threshold each item is a request of its own; else one approval stands for all, and approving it carries out every item without asking again.',
      tags: ['Requests'],
    })
    .input(batchInput)
    .output(z.object({ message: z.string(), task_id: z.string(), items_count: z.number(), batch_threshold: z.number() })),

  startExpense: submit
    .route({ method: 'POST', path: '/expenses', successStatus: 202, summary: 'Start an expense', tags: ['Requests'] })
    .input(plainExpense)
    .output(z.object({ workflow_id: z.string(), status: runStatus, message: z.string() })),

  expense: requires('submit', 'read')
    .route({ method: 'GET', path: '/expenses/{workflow_id}', summary: 'Where an expense is', tags: ['Requests'] })
    .input(z.strictObject({ workflow_id: workflowId }))
    .output(
      z.object({
        workflow_id: z.string(),
        status: runStatus,
        output: z.unknown(),
        error: z.string().nullable(),
        pending_approvals: z.array(z.string()).readonly(),
      }),
    ),

  approveExpense: requires('decide')
    .route({
      method: 'POST',
      path: '/expenses/{workflow_id}/approve',
      summary: 'Decide an expense by its workflow id',
      description: 'A decision of "rejected" rejects.',
      tags: ['Requests'],
    })
    .input(
      z.looseObject({
        workflow_id: workflowId,
        approver: z.string().max(254).optional(),
        decision: z.enum(['approve', 'reject', 'approved', 'rejected'], { error: 'must be approved or rejected' }),
        notes: z.string().max(10_000).optional(),
        reason: z.string().max(10_000).optional(),
      }),
    )
    .output(z.object({ workflow_id: z.string(), approval_id: z.string(), decision: z.string(), message: z.string() })),
}
