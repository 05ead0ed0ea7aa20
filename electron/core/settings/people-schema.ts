import { createHash } from 'node:crypto'
import * as z from 'zod'
import { delegationInput, groupInput, groupName, personInput } from '../../../shared/contract/people.ts'
import { email } from '../../../shared/contract/schemas.ts'
import { identitiesIn, normalEmail } from '../../../shared/model/actor.ts'
import { nameFromEmail } from './owner.ts'

/* The people of `config.yaml`: who is known, which groups there are, who hands decisions to whom. */

const address = email.refine((text) => !/^(group|committee):.*@/.test(text), 'must be an e-mail address: groups are not nested')
/** An address or alias as it is compared: without hidden characters, case and what follows a plus. */
export function normalSpelling(text: string): string {
  const plain = text
    .normalize('NFKC')
    .replaceAll(/[\p{Cf}\p{Cc}]/gu, '')
    .trim()
  return email.safeParse(plain).success ? normalEmail(plain) : identitiesIn(plain)[0]!
}

const known = address.transform(normalSpelling)
const instant = personInput.shape.away
  .unwrap()
  .unwrap()
  .shape.from.transform((text) => new Date(text).toISOString())

/** What is no instant at all has its own problem. */
const isBefore = (start: string, end: string): boolean => !(Date.parse(start) >= Date.parse(end))

const away = z
  .strictObject({ from: instant, until: instant })
  .refine(({ from, until }) => isBefore(from, until), { path: ['until'], error: 'must be after from' })

const person = z
  .strictObject({
    email: known,
    name: personInput.shape.name.optional(),
    aliases: z.array(personInput.shape.aliases.unwrap().element).max(50).default([]),
    backup: known.nullable().default(null),
    assistants: z.array(known).max(50).default([]),
    away: away.nullable().default(null),
  })
  .transform(({ name, ...rest }) => ({ ...rest, name: name ?? nameFromEmail(rest.email) }))

const group = z.preprocess(
  // The short form: a name and its members.
  (written) => (Array.isArray(written) ? { members: written } : written),
  z.strictObject({ label: groupInput.shape.label, members: z.array(known).max(500).default([]) }),
)

const delegation = z
  .strictObject({
    ...delegationInput.shape,
    id: z.string().trim().min(1).max(100).optional(),
    from: known,
    to: known,
    starts_at: instant,
    ends_at: instant,
  })
  .refine(({ starts_at, ends_at }) => isBefore(starts_at, ends_at), { path: ['ends_at'], error: 'must be after starts_at' })
  .refine(({ max_amount }) => !(Number(max_amount) < 0), { path: ['max_amount'], error: 'must not be below nothing' })
  .transform(({ id, ...rest }) => ({ id: id ?? idOf(rest), ...rest }))

/** Entered by hand it needs no id: the same lines have the same. */
const idOf = (entered: object): string => `del_${createHash('sha256').update(JSON.stringify(entered)).digest('hex').slice(0, 16)}`

export const peopleMembers = {
  people: z.array(person).max(5000).default([]),
  groups: z
    .record(groupName, group)
    .default({})
    // Looked up by a name that a sender chose: `constructor` must find nothing.
    .transform((groups): typeof groups => Object.assign(Object.create(null), groups)),
  delegations: z.array(delegation).max(5000).default([]),
}

export type PersonEntry = Readonly<z.output<typeof person>>
type GroupEntry = Readonly<z.output<typeof group>>
export type DelegationEntry = Readonly<z.output<typeof delegation>>
export type PeopleConfig = {
  readonly people: readonly PersonEntry[]
  readonly groups: Readonly<Record<string, GroupEntry>>
  readonly delegations: readonly DelegationEntry[]
}

/** What one entry alone does not show: nobody stands twice, nobody stands in for themselves. */
export function crossCheck({ people, delegations }: PeopleConfig, context: z.core.$RefinementCtx): void {
  const problem = (path: (string | number)[], message: string) => context.addIssue({ code: 'custom', path, message })
  const owners = ownersOf(people, problem)
  const same = (one: string, other: string) => (owners.get(one) ?? one) === (owners.get(other) ?? other)
  people.forEach(({ email, backup, assistants }, index) => {
    if (backup !== null && same(backup, email))
      problem(['people', index, 'backup'], 'must be somebody else: nobody is their own backup')
    assistants.forEach((assistant, at) => {
      if (same(assistant, email)) problem(['people', index, 'assistants', at], 'must be somebody else: nobody assists themselves')
    })
  })
  const ids = new Set<string>()
  delegations.forEach(({ id, from, to }, index) => {
    if (ids.has(id)) problem(['delegations', index, 'id'], `must be another id: “${id}” stands here twice`)
    ids.add(id)
    if (same(from, to)) problem(['delegations', index, 'to'], 'must be somebody else: nobody delegates to themselves')
  })
}

/** The person behind each address and alias; says where one belongs to two. */
function ownersOf(
  people: readonly PersonEntry[],
  problem: (path: (string | number)[], message: string) => void,
): Map<string, string> {
  const owners = new Map<string, string>()
  people.forEach(({ email }, index) => {
    if (owners.has(email)) problem(['people', index, 'email'], `must be another person: ${email} stands here twice`)
    owners.set(email, email)
  })
  people.forEach(({ email, aliases }, index) => {
    aliases.forEach((alias, at) => {
      const spelling = normalSpelling(alias)
      const owner = owners.get(spelling)
      if (owner !== undefined && owner !== email)
        problem(['people', index, 'aliases', at], `must be of one person: “${alias}” belongs to ${owner} already`)
      else owners.set(spelling, email)
    })
  })
  return owners
}
