import { type Document, isScalar, isSeq, type Node } from 'yaml'
import type { GroupInput, PersonInput } from '../../../shared/contract/people.ts'
import { entriesIn, listIn, setIn, setMember, syncList } from '../settings/document.ts'
import { type DelegationEntry, normalSpelling, type PersonEntry } from '../settings/people-schema.ts'
import type { Config } from '../settings/port.ts'

/* Changes of the people in `config.yaml`'s document. What an entry says already is left as somebody wrote it. */

type Fields = Omit<PersonEntry, 'email'>

/** Puts a person in, or makes their entry say this. Answers at which place of the list. */
export function putPerson(document: Document, config: Config, email: string, fields: Partial<Fields>): number {
  const place = placeOf(document, email)
  if (place === null) {
    const list = listIn(document, ['people'])
    const members = Object.entries({ email, ...fields }).filter(([, value]) => !isNothing(value))
    list.items.push(document.createNode(Object.fromEntries(members)) as Node)
    return list.items.length - 1
  }
  const now = config.people.find((person) => person.email === email)
  for (const [name, value] of Object.entries(fields)) {
    const path = ['people', place, name]
    if (JSON.stringify(now?.[name as keyof Fields]) === JSON.stringify(value)) continue
    if (!Array.isArray(value)) setMember(document, path, value)
    else if (value.length === 0) setMember(document, path, null)
    else syncList(document, path, value, normalSpelling)
  }
  return place
}

const isNothing = (value: unknown): boolean => value === null || value === undefined || (Array.isArray(value) && value.length === 0)

const placeOf = (document: Document, email: string): number | null =>
  entriesIn(document, ['people']).find(({ map }) => normalSpelling(String(map.get('email'))) === email)?.index ?? null

/** A person as the settings hold one. */
export function toFields(input: PersonInput): Fields & { readonly email: string } {
  const email = normalSpelling(input.email)
  const spellings = new Set<string>([email])
  const aliases = input.aliases.filter((alias) => !spellings.has(normalSpelling(alias)) && spellings.add(normalSpelling(alias)))
  const at = (text: string) => new Date(text).toISOString()
  return {
    email,
    name: input.name,
    aliases,
    backup: input.backup === null ? null : normalSpelling(input.backup),
    assistants: [...new Set(input.assistants.map(normalSpelling))],
    away: input.away && { from: at(input.away.from), until: at(input.away.until) },
  }
}

/** Takes a person out everywhere: entry, groups, other people's stand-ins, delegations. Says whether they were anywhere. */
export function dropPerson(document: Document, config: Config, isThem: (address: string) => boolean): boolean {
  const before = String(document)
  const is = (value: unknown) => value !== undefined && value !== null && isThem(String(isScalar(value) ? value.value : value))
  dropEntries(document, 'people', (member) => is(member('email')))
  dropEntries(document, 'delegations', (member) => is(member('from')) || is(member('to')))
  for (const { index, map } of entriesIn(document, ['people'])) {
    if (is(map.get('backup'))) document.deleteIn(['people', index, 'backup'])
    keepOthers(document, ['people', index, 'assistants'], is)
  }
  for (const name of Object.keys(config.groups)) keepOthers(document, membersPath(document, name), is)
  return String(document) !== before
}

export function dropDelegation(document: Document, config: Config, id: string): void {
  // Entered by hand without an id, it is told by its place.
  const place = config.delegations.findIndex((entry) => entry.id === id)
  document.deleteIn(['delegations', place])
  if (config.delegations.length === 1) document.deleteIn(['delegations'])
}

export function addDelegation(document: Document, entry: DelegationEntry): number {
  const list = listIn(document, ['delegations'])
  const members = Object.entries(entry).filter(([, value]) => !isNothing(value) && value !== '')
  list.items.push(document.createNode(Object.fromEntries(members)) as Node)
  return list.items.length - 1
}

/** Puts a group in, or makes it say this; one without a label stays in the short form it was written in. */
export function putGroup(document: Document, { name, label, members }: GroupInput): void {
  const path = ['groups', name]
  const addresses = [...new Set(members.map(normalSpelling))]
  const there = document.getIn(path, true)
  if (isSeq(there) && label === '') syncList(document, path, addresses, normalSpelling)
  else if (there === undefined || isSeq(there) || isScalar(there))
    setIn(document, path, label === '' ? addresses : { label, members: addresses })
  else {
    setMember(document, [...path, 'label'], label)
    syncList(document, [...path, 'members'], addresses, normalSpelling)
  }
}

const membersPath = (document: Document, name: string) =>
  isSeq(document.getIn(['groups', name], true)) ? ['groups', name] : ['groups', name, 'members']

function keepOthers(document: Document, path: readonly (string | number)[], is: (value: unknown) => boolean): void {
  const list = document.getIn(path, true)
  if (isSeq(list)) list.items = list.items.filter((item) => !is(item))
}

function dropEntries(document: Document, section: string, drop: (member: (name: string) => unknown) => boolean): void {
  const gone = entriesIn(document, [section]).filter(({ map }) => drop((name) => map.get(name)))
  for (const { index } of gone.toReversed()) document.deleteIn([section, index])
}
