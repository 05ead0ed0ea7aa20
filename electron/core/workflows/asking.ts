import * as z from 'zod'
import { said, voteRule } from '../../../shared/contract/schemas.ts'
import type { ApprovalOptions } from '../engine/workflow.ts'

const names = z.array(z.string())
const ms = z.number().nonnegative()

const level = z.object({
  name: z.string(),
  approvers: names,
  votes: voteRule.optional(),
  one_rejection_ends: z.boolean().optional(),
  timeout: ms.optional(),
  remind_before: z.array(ms).optional(),
  escalate: z.array(z.object({ to: names, after: ms.optional(), timeout: ms.optional() })).optional(),
})

/**
 * How policy says that a request is approved, as it was when the request came: a run carries it, and policy may change meanwhile. What
 * is as usual is left out.
 */
export const asking = z.object({
  /** One without a name is a question without a chain. */
  levels: z.array(level).min(1),
  /** What a rule decided by itself; nothing where people are asked. */
  automatic: z
    .object({
      decision: z.enum(['approved', 'rejected']),
      rule: z.string(),
      comment: z.string(),
      said: z.array(said).readonly().optional(),
    })
    .nullish(),
  ruling: z.object({ rule: z.string().nullable(), policy_version: z.string() }),
  hard_limit: z.boolean().optional(),
})
export type Asking = z.infer<typeof asking>

type AskMembers = 'approvers' | 'votes' | 'timeout' | 'escalate' | 'levels' | 'automatic' | 'ruling' | 'hard_limit'

/** What is asked, without whom. */
export type Question = Omit<ApprovalOptions, AskMembers>

/**
 * A question with whom it asks. A run that was started before runs carried `asking` has asked already, and only waits for its answer:
 * what is asked is not looked at again.
 */
export function questionOf(asking: Asking | undefined, question: Question): ApprovalOptions {
  const { levels = [], automatic = null, ruling = null, hard_limit = false } = asking ?? {}
  const [only] = levels
  const whom = !only ? { approvers: [] } : levels.length > 1 || only.name !== '' ? { levels } : only
  return { ...question, automatic, ruling, hard_limit, ...whom } as ApprovalOptions
}
