import * as z from 'zod'
import { requires } from './base.ts'
import { amount, email } from './schemas.ts'

/** Name of a group of people; written `group:name` where approvers are named. A committee is a group with a vote rule of its own. */
export const groupName = z
  .string()
  .trim()
  .max(64)
  .regex(/^[a-z][a-z0-9_-]*$/, 'must be lower-case letters, digits, - and _, starting with a letter')

const instant = z.iso.datetime({ offset: true, error: 'must be an instant such as 2026-03-01T08:00:00Z' })

/** A person known here. */
export const personInput = z.strictObject({
  email,
  name: z.string().trim().min(1).max(200),
  /** Other addresses and spellings of the same person: a requester by any of them does not decide. */
  aliases: z.array(z.string().trim().min(1).max(254)).max(50).default([]),
  /** E-mail of who stands in while this person is away. */
  backup: email.nullable().default(null),
  /** People who may decide on this person's behalf at any time; both names are recorded. */
  assistants: z.array(email).max(50).default([]),
  /** Out of office: from and until, instants. */
  away: z.strictObject({ from: instant, until: instant }).nullable().default(null),
})
export type PersonInput = z.infer<typeof personInput>

export const groupInput = z.strictObject({
  name: groupName,
  label: z.string().trim().max(200).default(''),
  members: z.array(email).max(500).default([]),
})
export type GroupInput = z.infer<typeof groupInput>

/** One person hands decisions to another: for a time, and if wanted for some types and up to an amount. Never passed on. */
export const delegationInput = z.strictObject({
  from: email,
  to: email,
  starts_at: instant.optional(),
  ends_at: instant,
  types: z.array(z.string().max(64)).max(50).default([]),
  max_amount: amount.nullable().default(null),
  /** What the largest amount is in; another currency is not covered. */
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .nullable()
    .default(null),
  reason: z.string().max(500).default(''),
})
export type DelegationInput = z.infer<typeof delegationInput>

const delegation = z.object({
  id: z.string(),
  from: z.string(),
  to: z.string(),
  starts_at: z.string(),
  ends_at: z.string(),
  types: z.array(z.string()).readonly(),
  max_amount: z.union([z.number(), z.string()]).nullable(),
  currency: z.string().nullable(),
  reason: z.string(),
  active: z.boolean(),
})
export type Delegation = z.infer<typeof delegation>

const person = z.object({
  email: z.string(),
  name: z.string(),
  aliases: z.array(z.string()).readonly(),
  backup: z.string().nullable(),
  assistants: z.array(z.string()).readonly(),
  away: z.object({ from: z.string(), until: z.string() }).nullable(),
  /** Whether that is so now. */
  is_away: z.boolean(),
  groups: z.array(z.string()).readonly(),
  /** Named in requests and not entered by anybody yet. */
  contact: z.boolean(),
})

const peopleView = z.object({
  people: z.array(person).readonly(),
  groups: z.array(z.object({ name: z.string(), label: z.string(), members: z.array(z.string()).readonly() })).readonly(),
  delegations: z.array(delegation).readonly(),
})
export type PeopleView = z.infer<typeof peopleView>

export const people = {
  get: requires('read')
    .route({ method: 'GET', path: '/people', summary: 'People, groups and delegations', tags: ['People'] })
    .input(z.strictObject({}))
    .output(peopleView),
  savePerson: requires('admin')
    .route({ method: 'PUT', path: '/people/{email}', summary: 'Enter or change a person', tags: ['People'] })
    .input(personInput)
    .output(peopleView),
  removePerson: requires('admin')
    .route({ method: 'DELETE', path: '/people/{email}', summary: 'Remove a person from people and groups', tags: ['People'] })
    .input(z.strictObject({ email }))
    .output(peopleView),
  saveGroup: requires('admin')
    .route({ method: 'PUT', path: '/groups/{name}', summary: 'Enter or change a group', tags: ['People'] })
    .input(groupInput)
    .output(peopleView),
  removeGroup: requires('admin')
    .route({ method: 'DELETE', path: '/groups/{name}', summary: 'Remove a group', tags: ['People'] })
    .input(z.strictObject({ name: groupName }))
    .output(peopleView),
  setAway: requires('decide', 'admin')
    .route({
      method: 'PUT',
      path: '/people/{email}/away',
      summary: 'Say from when until when a person is away',
      description: 'Your own absence, or with the scope admin anybody’s. Null ends it.',
      tags: ['People'],
    })
    .input(z.strictObject({ email, away: z.strictObject({ from: instant, until: instant }).nullable() }))
    .output(peopleView),
  delegate: requires('decide', 'admin')
    .route({
      method: 'POST',
      path: '/delegations',
      successStatus: 201,
      summary: 'Hand decisions to somebody for a time',
      description: 'Your own decisions, or with the scope admin anybody’s; never to yourself, never for the past.',
      tags: ['People'],
    })
    .input(delegationInput)
    .output(delegation),
  endDelegation: requires('decide', 'admin')
    .route({ method: 'DELETE', path: '/delegations/{delegation_id}', summary: 'End a delegation now', tags: ['People'] })
    .input(z.strictObject({ delegation_id: z.string().min(1).max(100) }))
    .output(peopleView),
}
