import * as z from 'zod'
import { groupName } from '../../../shared/contract/people.ts'
import { currency, email, voteRule } from '../../../shared/contract/schemas.ts'
import { compileCondition } from './cel.ts'

/* `policy.yaml` as a schema: every member has its default here, and nowhere else. */

const hours = z
  .number()
  .positive()
  .max(24 * 366)
const threshold = z.number().min(0)
const name = z.string().trim().min(1).max(100)

/** The approver that the sender of a request named; the owner where none was. */
export const senderWord = 'sender'

const group = z.string().refine((text) => text.startsWith('group:') && groupName.safeParse(text.slice(6)).success)
const person = z.union([group, email], { error: 'must be an e-mail address or group:name' })
const approver = z.union([z.literal(senderWord), group, email], {
  error: `must be an e-mail address, group:name, or the word ${senderWord}`,
})

const condition = z
  .union([z.boolean().transform(String), z.string()], { error: 'must be a condition such as amount > 1000.0' })
  .superRefine((source, context) => {
    const compiled = compileCondition(source)
    if (compiled.ok) return
    const { message, offset } = compiled.failure
    context.addIssue({ code: 'custom', message, params: { offset } })
  })

const escalation = z.strictObject({
  to: z.array(person).min(1).max(50),
  after_hours: hours.optional(),
  timeout_hours: hours.optional(),
})
const escalations = z.array(escalation).max(10)

const level = z.strictObject({
  name,
  approvers: z.array(approver).min(1).max(100).default([senderWord]),
  votes: voteRule.default('any'),
  one_rejection_ends: z.boolean().default(true),
  when: condition.default('true'),
  timeout_hours: hours.optional(),
  remind_before_hours: z.array(hours).max(10).default([]),
  escalate: escalations.optional(),
})
const levels = z.array(level).min(1).max(20)

const rule = z
  .strictObject({
    name: name.refine((text) => !text.startsWith('threshold:'), 'must not start with threshold:, which built-in rules do'),
    when: condition.default('true'),
    action: z.enum(['auto_approve', 'require_approval', 'escalate', 'reject']),
    reason: z.string().trim().min(1).max(1_000).optional(),
    approvers: z.array(approver).min(1).max(100).optional(),
    votes: voteRule.optional(),
    committee: groupName.optional(),
    levels: levels.optional(),
    chain: name.optional(),
    timeout_hours: hours.optional(),
    escalate: escalations.optional(),
    hard_limit: z.boolean().optional(),
  })
  .superRefine((rule, context) => {
    const refuse = (member: keyof typeof rule, message: string) => {
      if (rule[member] !== undefined) context.addIssue({ code: 'custom', path: [member], message })
    }
    const asks = rule.action === 'require_approval' || rule.action === 'escalate'
    if (!asks) {
      for (const member of asking) refuse(member, `has no meaning where the action is ${rule.action}`)
    }
    if (rule.action === 'escalate') {
      if (rule.committee === undefined) {
        context.addIssue({ code: 'custom', path: ['action'], message: 'needs a committee: the name of the group that decides' })
      }
      for (const member of ['approvers', 'levels', 'chain'] as const) refuse(member, 'has no meaning beside committee')
    } else if (asks) refuse('committee', 'has a meaning only where the action is escalate')
    if (rule.levels !== undefined) refuse('chain', 'cannot stand beside levels')
    if (rule.levels !== undefined || rule.chain !== undefined) {
      for (const member of ['approvers', 'votes'] as const) refuse(member, 'belongs into the levels, where there are levels')
    }
  })
const asking = ['approvers', 'votes', 'committee', 'levels', 'chain', 'timeout_hours', 'escalate', 'hard_limit'] as const

const requestType = z.string().regex(/^(?:\*|[a-z][a-z0-9_-]*)$/, 'must be a request type, or "*" for every type')

export const policySchema = z
  .strictObject({
    expense: z
      .strictObject({
        threshold: threshold.default(1000),
        currency: currency.nullable().default(null),
        departments: z.record(z.string().trim().min(1).max(100), threshold).default({}),
        timeout_hours: hours.default(48),
      })
      .prefault({}),
    deployment: z.strictObject({ timeout_hours: hours.default(2) }).prefault({}),
    batch: z.strictObject({ timeout_hours: hours.default(24) }).prefault({}),
    request: z.strictObject({ timeout_hours: hours.default(24) }).prefault({}),
    self_approval: z.enum(['never', 'sole_operator']).default('never'),
    grace_minutes: z
      .number()
      .min(0)
      .max(24 * 60)
      .default(10),
    escalation: z.record(z.string().trim().min(1).max(100), escalations).default({}),
    chains: z.record(name, levels).default({}),
    rules: z.record(requestType, z.array(rule).max(200)).default({}),
  })
  .superRefine(({ chains, rules }, context) => {
    for (const [type, list] of Object.entries(rules)) {
      const seen = new Set<string>()
      list.forEach((one, index) => {
        const path = ['rules', type, index]
        if (one.chain !== undefined && !Object.hasOwn(chains, one.chain)) {
          context.addIssue({ code: 'custom', path: [...path, 'chain'], message: `there is no chain “${one.chain}” under chains` })
        }
        if (seen.has(one.name)) {
          context.addIssue({
            code: 'custom',
            path: [...path, 'name'],
            message: `another rule of this type is called “${one.name}” too`,
          })
        }
        seen.add(one.name)
      })
    }
  })

/** `policy.yaml`: what needs a person, whom, for how long, and who may not decide. */
export type Policy = z.output<typeof policySchema>
export type PolicyRule = z.output<typeof rule>
export type PolicyLevel = z.output<typeof level>
export type PolicyEscalation = z.output<typeof escalation>
