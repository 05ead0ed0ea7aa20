import { identitiesIn, normalName } from '../../../shared/model/actor.ts'
import type { Clock } from '../clock.ts'
import { compareAmounts } from '../engine/answers.ts'
import { nameFromEmail } from '../settings/owner.ts'
import { normalSpelling } from '../settings/people-schema.ts'
import type { Config } from '../settings/port.ts'
import type { Directory, Matter, Standin } from './port.ts'
import { type Handed, isActive, isAway, type Register, toRegister } from './register.ts'

const mostRemembered = 2000

/** A directory of whatever the settings say at the moment it is asked. */
export function createDirectory(settings: { readonly config: Config }, clock: Pick<Clock, 'now'>) {
  let last = toRegister(settings.config)
  const register = (): Register => {
    if (last.config !== settings.config) last = toRegister(settings.config)
    return last
  }
  const resolved = remembered(register, (now, approvers: string) => resolveIn(now, approvers.split('\n')))
  const canonical = remembered(register, canonicalIn)
  const identities = remembered(register, identitiesFrom)
  const sole = remembered(register, (now) => ({ person: onlyPerson(now) }))
  const directory: Directory = {
    resolve: (approvers) => (approvers.length === 0 ? nobody : resolved(approvers.join('\n'))),
    canonical,
    identities,
    nameOf: (email) => nameIn(register(), canonicalIn(register(), email)),
    standsInFor: (email, matter) => standinsIn(register(), email, clock.now(), (handed) => covers(handed, matter)),
    soleOperator: () => sole('').person,
    inboxesOf: (email) => standinsIn(register(), email, clock.now(), () => true).map((standin) => standin.email),
  }
  return { ...directory, register }
}

function onlyPerson(register: Register): string | null {
  const { owner } = register.config
  if (owner === null) return null
  const self = canonicalIn(register, owner.email)
  const others = [...register.people.keys(), ...[...register.groups.values()].flat()].some((email) => email !== self)
  return others ? null : self
}

const nobody = { people: [], unknown: [] } as const

/** What was worked out lately: the same few people are named again and again. Forgotten when the people change. */
function remembered<T>(register: () => Register, work: (register: Register, text: string) => T): (text: string) => T {
  const kept = new Map<string, T>()
  let of: Register | null = null
  return (text) => {
    const now = register()
    const known = of === now ? kept.get(text) : undefined
    if (known !== undefined) return known
    if (of !== now || kept.size >= mostRemembered) kept.clear()
    of = now
    const value = work(now, text)
    kept.set(text, value)
    return value
  }
}

export function canonicalIn({ canonical }: Register, email: string): string {
  const known = canonical.get(email)
  if (known !== undefined) return known
  const spelling = normalSpelling(email)
  return canonical.get(spelling) ?? spelling
}

export const nameIn = ({ people }: Register, known: string): string => people.get(known)?.name ?? nameFromEmail(known)

function resolveIn(register: Register, approvers: readonly string[]): ReturnType<Directory['resolve']> {
  const people = new Set<string>()
  const unknown: string[] = []
  for (const approver of approvers) {
    const group = /^(?:group|committee):(.*)$/i.exec(approver.trim())?.[1]
    const found = group === undefined ? personIn(register, approver) : register.groups.get(group.trim().toLowerCase())
    // A group without members could never answer, and "nobody" must not come to mean "anybody".
    if (found === undefined || found.length === 0) unknown.push(approver)
    for (const person of found ?? []) people.add(person)
  }
  return { people: [...people], unknown }
}

/** Any address is somebody; what is none has to be an alias of somebody. */
function personIn(register: Register, text: string): readonly string[] | undefined {
  const known = canonicalIn(register, text)
  return known.includes('@') || register.people.has(known) ? [known] : undefined
}

function identitiesFrom(register: Register, text: string): readonly string[] {
  // The whole may be one address that has a character in it at which free text is split.
  const written = [...new Set([...identitiesIn(text), normalSpelling(text)])]
  const meant = new Set(
    written.flatMap((identity) => {
      const known = register.canonical.get(identity) ?? identity
      return register.people.has(known) ? [known] : (register.named.get(identity) ?? [])
    }),
  )
  return [...new Set([...written, ...[...meant].flatMap((known) => identitiesOf(register, known, meant))])]
}

/** A person's addresses, aliases and name. The name only where nobody else goes by it: a namesake is somebody else. */
function identitiesOf({ people, named }: Register, known: string, meant: ReadonlySet<string>): readonly string[] {
  const person = people.get(known)
  if (person === undefined) return [known]
  const name = normalName(person.name)
  const shared = (named.get(name) ?? []).some((other) => !meant.has(other))
  return [known, ...person.aliases.map(normalSpelling), ...(shared ? [] : [name])]
}

/** Whom somebody may act for now, each once: what was handed over expressly comes first. Nothing is passed on. */
function standinsIn(register: Register, email: string, now: number, allows: (handed: Handed) => boolean): readonly Standin[] {
  const self = canonicalIn(register, email)
  const found = new Map<string, Standin>()
  const add = (principal: string, because: Standin['because']) => {
    if (principal === self || found.has(principal)) return
    const identities = identitiesOf(register, principal, new Set([principal]))
    found.set(principal, { email: principal, name: nameIn(register, principal), because, identities })
  }
  for (const handed of register.delegationsTo.get(self) ?? [])
    if (isActive(handed, now) && allows(handed)) add(handed.from, 'delegation')
  for (const person of register.backupFor.get(self) ?? []) if (isAway(person, now)) add(person.email, 'backup')
  for (const { email } of register.assists.get(self) ?? []) add(email, 'assistant')
  return [...found.values()]
}

/** Whether a delegation reaches so far: its types, and its largest amount in the very same currency. What cannot be compared is not covered. */
export function covers(
  { types, max_amount, currency }: Pick<Handed, 'types' | 'max_amount' | 'currency'>,
  matter: Matter,
): boolean {
  if (types.length > 0 && !types.includes(matter.type)) return false
  if (max_amount === null) return true
  if (matter.amount === null || matter.currency !== currency) return false
  // A refund of 5,000 is no smaller than a payment of it.
  return compareAmounts(magnitude(matter.amount), max_amount) <= 0
}

const magnitude = (amount: number | string): number | string =>
  typeof amount === 'number' ? Math.abs(amount) : amount.trim().replace(/^-/, '')
