import type { Delegation, PeopleView } from '../../../shared/contract/people.ts'
import type { DelegationEntry } from '../settings/people-schema.ts'
import { canonicalIn, nameIn } from './directory.ts'
import { isAway, type Register } from './register.ts'

/** Everybody there is: those entered in their order, then those who are only named somewhere, by address. */
export function toView(register: Register, now: number, named: Iterable<string>): PeopleView {
  const { config, people, groups, groupsOf } = register
  const entered = [...people.values()].map((person) => ({
    email: person.email,
    name: person.name,
    aliases: person.aliases,
    backup: person.backup,
    assistants: person.assistants,
    away: person.away,
    is_away: isAway(person, now),
    groups: groupsOf.get(person.email) ?? [],
    contact: false,
  }))
  const contacts = contactsOf(register, named).map((email) => ({
    email,
    name: nameIn(register, email),
    aliases: [],
    backup: null,
    assistants: [],
    away: null,
    is_away: false,
    groups: groupsOf.get(email) ?? [],
    contact: true,
  }))
  return {
    people: [...entered, ...contacts],
    groups: Object.entries(config.groups).map(([name, { label }]) => ({ name, label, members: groups.get(name) ?? [] })),
    delegations: config.delegations.map((entry) => toDelegation(register, entry, now)),
  }
}

export function toDelegation(register: Register, entry: DelegationEntry, now: number): Delegation {
  return {
    ...entry,
    from: canonicalIn(register, entry.from),
    to: canonicalIn(register, entry.to),
    active: Date.parse(entry.starts_at) <= now && now < Date.parse(entry.ends_at),
  }
}

/** Who is named in groups, delegations, as somebody's stand-in or by requests, and was entered by nobody. */
function contactsOf(register: Register, named: Iterable<string>): readonly string[] {
  const { config, people, groups } = register
  const mentioned = [
    ...[...groups.values()].flat(),
    ...config.delegations.flatMap(({ from, to }) => [from, to]),
    ...[...people.values()].flatMap(({ backup, assistants }) => [...(backup === null ? [] : [backup]), ...assistants]),
    ...named,
  ].map((email) => canonicalIn(register, email))
  return [...new Set(mentioned)].filter((email) => email.includes('@') && !people.has(email)).sort()
}
