import * as z from 'zod'
import { requires } from './base.ts'
import { amount, currency, email, priority, runStatus } from './schemas.ts'

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
  data: data.optional(),
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
}
