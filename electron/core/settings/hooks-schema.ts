import * as z from 'zod'
import { compileExpression } from '../hooks/expression.ts'
import { textOf } from '../hooks/text.ts'

/*
 * One address `POST /hooks/{name}`: how a delivery proves where it comes from, and how it becomes a request. Expressions are checked
 * here, when the file is read, so that a misspelling shows before the first delivery.
 */

const source = z.string().trim().min(1, 'must not be empty')

const checked = (wanted: 'any' | 'bool') =>
  source.superRefine((text, context) => {
    const compiled = compileExpression(text, wanted)
    if (!compiled.ok) context.addIssue({ code: 'custom', message: compiled.failure })
  })

const expression = checked('any')

/** A fixed value where it can be nothing else, such as a type, an address or a currency; otherwise an expression. */
const textOr = (field: Parameters<typeof textOf>[0]) =>
  source.superRefine((text, context) => {
    if (textOf(field, text) !== null) return
    const compiled = compileExpression(text)
    if (!compiled.ok) context.addIssue({ code: 'custom', message: compiled.failure })
  })

const optionally = <Name extends string>(...names: readonly Name[]) =>
  Object.fromEntries(names.map((name) => [name, expression.optional()])) as Record<Name, z.ZodOptional<typeof expression>>

/** One name, or several while a secret is being replaced. */
const names = (name: z.ZodString) =>
  z.union([name.transform((one) => [one]), z.array(name).min(1).max(5)], { error: 'must be a name, or a list of up to 5' })

const variable = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,127}$/, 'must be the name of an environment variable')
const path = z.string().min(1).max(4096)
const stored = z.string().trim().min(1).max(200)

export const hookSchema = z
  .strictObject({
    scheme: z.enum(['standard-webhooks', 'github', 'slack', 'stripe', 'bearer'], {
      error: 'must be standard-webhooks, github, slack, stripe or bearer',
    }),
    /** Where the secret is: environment variables, files, or names in the home's `secrets.json`. Exactly one of the three. */
    secret_env: names(variable).optional(),
    secret_file: names(path).optional(),
    secret: names(stored).optional(),
    /** How far the sender's clock may be away from ours, either way. */
    tolerance_seconds: z.int().min(1).max(3600).default(300),
    /** Deliveries for which this is not true are answered and left alone. */
    when: checked('bool').optional(),
    type: textOr('type'),
    title: expression.optional(),
    description: expression.optional(),
    amount: z.union([z.number(), expression]).optional(),
    currency: textOr('currency').optional(),
    requester: textOr('requester').optional(),
    approver_email: textOr('approver_email').optional(),
    beneficiary: textOr('beneficiary').optional(),
    department: textOr('department').optional(),
    priority: textOr('priority').optional(),
    timeout_hours: z.union([z.number().positive(), expression]).optional(),
    /** An expression, or one by member. The whole body by default. */
    data: z.union([expression, z.record(z.string().min(1).max(200), expression)]).optional(),
    /** An expression that gives the list, or one entry each whose members are expressions. */
    attachments: z
      .union([
        expression,
        z.array(z.strictObject({ name: expression, ...optionally('url', 'media_type', 'size_bytes', 'sha256') })),
      ])
      .optional(),
    evidence: z.union([expression, z.array(z.strictObject({ title: expression, ...optionally('text', 'url') }))]).optional(),
    rollback: expression.optional(),
    /** What makes two deliveries the same one. The scheme's delivery id by default, else the SHA-256 of the body. */
    idempotency_key: expression.optional(),
  })
  .superRefine((hook, context) => {
    const given = (['secret_env', 'secret_file', 'secret'] as const).filter((name) => hook[name] !== undefined)
    if (given.length === 1) return
    const message =
      given.length === 0
        ? 'needs a secret: say secret_env, secret_file or secret'
        : `says ${given.join(' and ')}; one place for the secret is enough`
    context.addIssue({ code: 'custom', message })
  })

/** How deliveries to one address are verified and what becomes of them. */
export type Hook = Readonly<z.output<typeof hookSchema>>
