import * as z from 'zod'
import { requires } from './base.ts'
import { policyChange, policyForm } from './policy-form.ts'
import { said, voteRule } from './schemas.ts'

/** Something wrong with a policy, and where in its text. Lines and columns count from 1. */
const problem = z.object({
  line: z.int().nullable(),
  column: z.int().nullable(),
  pointer: z.string(),
  message: z.string(),
})
export type PolicyProblem = z.infer<typeof problem>

/** The whole of a policy file; the present one where it is left out. */
const text = z
  .string()
  .max(256 * 1024)
  .optional()

/** What a policy makes of a request. */
const ruling = z.object({
  action: z.enum(['auto_approve', 'require_approval', 'escalate', 'reject']),
  /** Null: none matched, so a person is asked. */
  rule: z.string().nullable(),
  policy_version: z.string(),
  /** Why, as a sentence: the condition that was true, or what could not be evaluated. */
  explanation: z.string(),
  said: z.array(said).readonly(),
  /** The levels that apply, in order, with the people that groups stand for. */
  levels: z
    .array(
      z.object({
        name: z.string(),
        approvers: z.array(z.string()).readonly(),
        people: z.array(z.string()).readonly(),
        votes: voteRule,
        timeout_hours: z.number().nullable(),
      }),
    )
    .readonly(),
  /** Each rule that was looked at, in order, and what it said. */
  trace: z.array(z.object({ rule: z.string(), matched: z.boolean(), note: z.string().nullable() })).readonly(),
})
export type RulingView = z.infer<typeof ruling>

/** A request to try a policy on: what a sender would have written. */
const sampleInput = z.looseObject({
  type: z.string().min(1).max(64),
  title: z.string().max(300).optional(),
  amount: z.union([z.number(), z.string()]).optional(),
  currency: z.string().max(3).optional(),
  requester: z.string().max(254).optional(),
  department: z.string().max(100).optional(),
  priority: z.string().max(20).optional(),
  source: z.string().max(100).optional(),
  approver_email: z.string().max(254).optional(),
  data: z.record(z.string(), z.unknown()).optional(),
})
export type SampleInput = z.infer<typeof sampleInput>

const replayed = z.object({
  approval_id: z.string(),
  type: z.string(),
  title: z.string(),
  decision: z.string(),
  decided_at: z.string(),
  would: z.enum(['auto_approve', 'require_approval', 'escalate', 'reject']),
  rule: z.string().nullable(),
})

export const policy = {
  get: requires('read')
    .route({ method: 'GET', path: '/policy', summary: 'The policy, as text and as rules', tags: ['Policy'] })
    .input(z.strictObject({}))
    .output(
      z.object({
        text: z.string(),
        version: z.string(),
        path: z.string(),
        /** Of the file as it is now; the policy in force is the last good one. */
        problems: z.array(problem).readonly(),
        self_approval: z.enum(['never', 'sole_operator']),
        rules: z
          .array(
            z.object({
              type: z.string(),
              name: z.string(),
              when: z.string(),
              action: z.enum(['auto_approve', 'require_approval', 'escalate', 'reject']),
              line: z.int().nullable(),
            }),
          )
          .readonly(),
      }),
    ),
  check: requires('read')
    .route({ method: 'POST', path: '/policy/check', summary: 'Every problem of a policy', tags: ['Policy'] })
    .input(z.strictObject({ text }))
    .output(z.object({ ok: z.boolean(), problems: z.array(problem).readonly() })),
  form: requires('read')
    .route({
      method: 'POST',
      path: '/policy/form',
      summary: 'A policy as forms show it, and its text with a change in it',
      description: 'Puts nothing in force: save the text that is answered. A rule that has problems is refused with them.',
      tags: ['Policy'],
    })
    .input(z.strictObject({ text, change: policyChange.optional() }))
    /** Null: the text has mistakes that have to be corrected in it. */
    .output(z.object({ text: z.string(), form: policyForm.nullable() })),
  save: requires('admin')
    .route({
      method: 'PUT',
      path: '/policy',
      summary: 'Put a policy in force',
      description:
        'Refused with every problem where it has one. `version` is the one that was edited: a newer one is not overwritten.',
      tags: ['Policy'],
    })
    .input(z.strictObject({ text: z.string().max(256 * 1024), version: z.string().max(64).optional() }))
    .output(z.object({ version: z.string() })),
  try: requires('read')
    .route({ method: 'POST', path: '/policy/try', summary: 'What a policy makes of a sample', tags: ['Policy'] })
    .input(z.strictObject({ text, sample: sampleInput }))
    .output(ruling),
  replay: requires('read')
    .route({
      method: 'POST',
      path: '/policy/replay',
      summary: 'What a policy would have made of past decisions',
      tags: ['Policy'],
    })
    .input(z.strictObject({ text, type: z.string().max(64).optional(), limit: z.int().min(1).max(10_000).default(1000) }))
    .output(
      z.object({
        /** "Would have approved 31, of which you rejected 2." */
        summary: z.string(),
        looked_at: z.number(),
        auto_approved: z.number(),
        auto_approved_but_rejected: z.number(),
        auto_rejected: z.number(),
        auto_rejected_but_approved: z.number(),
        asked: z.number(),
        unmatched: z.number(),
        /** Where the policy and the person differ, newest first, at most 200. */
        disagreements: z.array(replayed).readonly(),
      }),
    ),
}
