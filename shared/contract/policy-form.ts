import * as z from 'zod'
import { voteRule } from './schemas.ts'

/*
 * A policy's text as forms show it, and what forms change in it. A change makes another text and nothing more: it is checked, tried,
 * replayed and put in force like one that somebody wrote.
 */

const hours = z.number().nullable()
const action = z.enum(['auto_approve', 'require_approval', 'escalate', 'reject'])
const place = z.int().min(0).max(1000)
const word = z.string().max(254)
const typeName = z.string().min(1).max(64)

/** Who else is asked: besides the others after so long, or instead of them at the deadline. */
const step = z.strictObject({ to: z.array(word).max(50), after_hours: hours, timeout_hours: hours })
export type PolicyStep = z.infer<typeof step>

/** A rule with every member of its own; null where it says nothing. `levels` is how many it has: they are written in the text. */
const ruleFields = z.strictObject({
  name: z.string().max(100),
  when: z.string().max(4000),
  action,
  reason: z.string().max(1000).nullable(),
  approvers: z.array(word).max(100).nullable(),
  votes: voteRule.nullable(),
  committee: word.nullable(),
  chain: z.string().max(100).nullable(),
  timeout_hours: hours,
  escalate: z.array(step).max(10).nullable(),
  hard_limit: z.boolean(),
})
export type PolicyRuleFields = z.infer<typeof ruleFields>

/** What counts where no rule says otherwise. */
const usual = z.strictObject({
  threshold: z.number(),
  currency: z.string().max(3).nullable(),
  departments: z.array(z.strictObject({ name: z.string().max(100), threshold: z.number() })).max(200),
  hours: z.strictObject({ expense: z.number(), deployment: z.number(), batch: z.number(), request: z.number() }),
  self_approval: z.enum(['never', 'sole_operator']),
  grace_minutes: z.number(),
  /** Of every department that has none of its own. */
  escalation: z.array(step).max(10),
})
export type PolicyUsual = z.infer<typeof usual>

const formRule = ruleFields.extend({ type: z.string(), index: place, levels: z.int(), line: z.int().nullable() })
export type PolicyFormRule = z.infer<typeof formRule>

export const policyForm = z.object({
  usual,
  /** Departments that have an escalation of their own. */
  departments: z.array(z.string()).readonly(),
  chains: z.array(z.string()).readonly(),
  rules: z.array(formRule).readonly(),
})
export type PolicyForm = z.infer<typeof policyForm>

export const policyChange = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('usual'), usual }),
  /** Without an index it comes after the others of its type. */
  z.strictObject({ kind: z.literal('put'), type: typeName, index: place.nullable(), rule: ruleFields }),
  z.strictObject({ kind: z.literal('remove'), type: typeName, index: place }),
  z.strictObject({ kind: z.literal('move'), type: typeName, index: place, to: place }),
])
export type PolicyChange = z.infer<typeof policyChange>
