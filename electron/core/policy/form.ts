import { isMap, isSeq, LineCounter, parseDocument, type YAMLSeq } from 'yaml'
import * as z from 'zod'
import type { PolicyForm, PolicyFormRule } from '../../../shared/contract/policy-form.ts'
import { voteRule } from '../../../shared/contract/schemas.ts'
import { policySchema } from './schema.ts'

/*
 * A policy's text as forms show it. Only its shape is read here: whether it can be used, and whether its conditions can be evaluated,
 * is for the check.
 */

/** What an empty file says: the defaults stand in the schema alone. */
const empty = policySchema.parse({})

const absent = <T extends z.ZodType>(schema: T) => schema.nullish()
const number = z.number()
const step = z
  .object({ to: z.array(z.string()), after_hours: absent(number), timeout_hours: absent(number) })
  .transform(({ to, after_hours = null, timeout_hours = null }) => ({ to, after_hours, timeout_hours }))
const waits = absent(z.object({ timeout_hours: absent(number) }))

const rule = z
  .object({
    name: z.union([z.string(), number.transform(String)]),
    when: absent(z.union([z.string(), z.boolean().transform(String)])),
    action: z.enum(['auto_approve', 'require_approval', 'escalate', 'reject']),
    reason: absent(z.string()),
    approvers: absent(z.array(z.string())),
    votes: absent(voteRule),
    committee: absent(z.string()),
    levels: absent(z.array(z.unknown())),
    chain: absent(z.string()),
    timeout_hours: absent(number),
    escalate: absent(z.array(step)),
    hard_limit: absent(z.boolean()),
  })
  .transform((written) => ({
    name: written.name,
    when: written.when ?? 'true',
    action: written.action,
    reason: written.reason ?? null,
    approvers: written.approvers ?? null,
    votes: written.votes ?? null,
    committee: written.committee ?? null,
    chain: written.chain ?? null,
    timeout_hours: written.timeout_hours ?? null,
    escalate: written.escalate ?? null,
    hard_limit: written.hard_limit ?? false,
    levels: written.levels?.length ?? 0,
  }))

const shape = z.object({
  expense: absent(
    z.object({
      threshold: absent(number),
      currency: absent(z.string()),
      departments: absent(z.record(z.string(), number)),
      timeout_hours: absent(number),
    }),
  ),
  deployment: waits,
  batch: waits,
  request: waits,
  self_approval: absent(z.enum(['never', 'sole_operator'])),
  grace_minutes: absent(number),
  escalation: absent(z.record(z.string(), z.array(step))),
  chains: absent(z.record(z.string(), z.unknown())),
  rules: absent(z.record(z.string(), z.array(rule).nullable())),
})

/** Null: the text has another shape, and is shown as text alone. */
export function readForm(text: string): PolicyForm | null {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, prettyErrors: false })
  if (document.errors.length > 0) return null
  let plain: unknown
  try {
    plain = document.toJS({ maxAliasCount: 20 }) ?? {}
  } catch {
    return null
  }
  const parsed = shape.safeParse(plain)
  if (!parsed.success) return null
  const { rules, escalation, chains } = parsed.data
  const lineOf = (type: string, index: number): number | null => {
    const node = document.getIn(['rules', type, index], true) as { range?: readonly number[] | null } | undefined
    return node?.range ? lines.linePos(node.range[0]!).line : null
  }
  return {
    usual: toUsual(parsed.data),
    departments: Object.keys(escalation ?? {}).filter((name) => name !== 'default'),
    chains: Object.keys(chains ?? {}),
    rules: Object.entries(rules ?? {}).flatMap(([type, list]) =>
      (list ?? []).map((one, index): PolicyFormRule => ({ ...one, type, index, line: lineOf(type, index) })),
    ),
  }
}

function toUsual(written: z.output<typeof shape>): PolicyForm['usual'] {
  const { expense, deployment, batch, request, escalation } = written
  return {
    threshold: expense?.threshold ?? empty.expense.threshold,
    currency: expense?.currency ?? empty.expense.currency,
    departments: Object.entries(expense?.departments ?? {}).map(([name, threshold]) => ({ name, threshold })),
    hours: {
      expense: expense?.timeout_hours ?? empty.expense.timeout_hours,
      deployment: deployment?.timeout_hours ?? empty.deployment.timeout_hours,
      batch: batch?.timeout_hours ?? empty.batch.timeout_hours,
      request: request?.timeout_hours ?? empty.request.timeout_hours,
    },
    self_approval: written.self_approval ?? empty.self_approval,
    grace_minutes: written.grace_minutes ?? empty.grace_minutes,
    escalation: escalation?.default ?? [],
  }
}

/** The rules of a type as they stand in a document; null where there is no such list. */
export function rulesIn(document: ReturnType<typeof parseDocument>, type: string): YAMLSeq | null {
  const rules = document.get('rules')
  const list = isMap(rules) ? rules.get(type, true) : null
  return isSeq(list) ? list : null
}
