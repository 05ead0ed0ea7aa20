import { normalName } from '../../../shared/model/actor.ts'
import { type DelegationEntry, normalSpelling, type PersonEntry } from '../settings/people-schema.ts'
import type { Config } from '../settings/port.ts'

/** A delegation with the people it means, and its times as they are compared. */
export type Handed = DelegationEntry & { readonly startMs: number; readonly endMs: number }

/** A person with their absence as it is compared. */
export type Known = PersonEntry & { readonly awayMs: { readonly from: number; readonly until: number } | null }

/** `config.yaml`'s people by everything they are looked up by. Made anew when the file changes, and never by the passing of time. */
export type Register = {
  readonly config: Config
  /** By the one address under which each is known; the owner is among them. */
  readonly people: ReadonlyMap<string, Known>
  /** The known address behind each address and alias. */
  readonly canonical: ReadonlyMap<string, string>
  /** The known addresses behind each name, and behind what stands before the @. */
  readonly named: ReadonlyMap<string, readonly string[]>
  readonly groups: ReadonlyMap<string, readonly string[]>
  readonly groupsOf: ReadonlyMap<string, readonly string[]>
  readonly delegationsTo: ReadonlyMap<string, readonly Handed[]>
  readonly backupFor: ReadonlyMap<string, readonly Known[]>
  readonly assists: ReadonlyMap<string, readonly Known[]>
}

export function toRegister(config: Config): Register {
  const canonical = new Map<string, string>()
  for (const { email, aliases } of config.people)
    for (const spelling of [email, ...aliases.map(normalSpelling)]) canonical.set(spelling, email)
  const of = (address: string): string => canonical.get(address) ?? address

  const people = new Map(entered(config, of).map((person) => [person.email, withTimes(person, of)]))
  const named = new Map<string, string[]>()
  const backupFor = new Map<string, Known[]>()
  const assists = new Map<string, Known[]>()
  for (const person of people.values()) {
    const addresses = [person.email, ...person.aliases.map(normalSpelling)].filter((spelling) => spelling.includes('@'))
    const names = [normalName(person.name), ...addresses.map((address) => address.slice(0, address.lastIndexOf('@')))]
    for (const name of new Set(names)) add(named, name, person.email)
    if (person.backup !== null) add(backupFor, person.backup, person)
    for (const assistant of person.assistants) add(assists, assistant, person)
  }

  const groups = new Map(Object.entries(config.groups).map(([name, { members }]) => [name, [...new Set(members.map(of))]]))
  const groupsOf = new Map<string, string[]>()
  for (const [name, members] of groups) for (const member of members) add(groupsOf, member, name)

  const delegationsTo = new Map<string, Handed[]>()
  for (const entry of config.delegations) {
    const times = { startMs: Date.parse(entry.starts_at), endMs: Date.parse(entry.ends_at) }
    add(delegationsTo, of(entry.to), { ...entry, from: of(entry.from), to: of(entry.to), ...times })
  }
  return { config, people, canonical, named, groups, groupsOf, delegationsTo, backupFor, assists }
}

function add<T>(map: Map<string, T[]>, key: string, value: T): void {
  const there = map.get(key)
  if (there === undefined) map.set(key, [value])
  else there.push(value)
}

/** The people of the file, and before them the owner where the file does not describe them. */
function entered({ people, owner }: Config, of: (address: string) => string): readonly PersonEntry[] {
  if (owner === null || people.some(({ email }) => email === of(normalSpelling(owner.email)))) return people
  const bare = { aliases: [], backup: null, assistants: [], away: null }
  return [{ ...bare, email: normalSpelling(owner.email), name: owner.name }, ...people]
}

function withTimes(person: PersonEntry, of: (address: string) => string): Known {
  const { away, backup, assistants } = person
  return {
    ...person,
    backup: backup === null ? null : of(backup),
    assistants: [...new Set(assistants.map(of))],
    awayMs: away && { from: Date.parse(away.from), until: Date.parse(away.until) },
  }
}

export const isAway = ({ awayMs }: Known, now: number): boolean => awayMs !== null && awayMs.from <= now && now < awayMs.until

export const isActive = ({ startMs, endMs }: Handed, now: number): boolean => startMs <= now && now < endMs
