import { randomBytes } from 'node:crypto'
import { type Failure, failure, type ProblemEntry } from '../../../shared/contract/errors.ts'
import type { Delegation, DelegationInput, PeopleView } from '../../../shared/contract/people.ts'
import type { Actor, Caller } from '../../../shared/model/actor.ts'
import { fail, ok, type Result } from '../../../shared/model/result.ts'
import { type Clock, toInstant } from '../clock.ts'
import { toActor } from '../engine/decide.ts'
import { type DelegationEntry, normalSpelling } from '../settings/people-schema.ts'
import type { Config, DocumentChange, Settings } from '../settings/port.ts'
import { canonicalIn, createDirectory, nameIn } from './directory.ts'
import { addDelegation, dropDelegation, dropPerson, putGroup, putPerson, toFields } from './entries.ts'
import { gains, ownGain } from './own-gain.ts'
import type { People } from './port.ts'
import { toRegister } from './register.ts'
import { toDelegation, toView } from './view.ts'

const day = 24 * 60 * 60_000
const longestDelegationMs = 366 * day
/** Clocks differ, and a form takes a while to fill in. */
const lateStartMs = 5 * 60_000

export type PeopleDeps = {
  readonly settings: Pick<Settings, 'config' | 'edit'>
  readonly clock: Pick<Clock, 'now'>
  /** Journals a change before it takes effect; what it refuses is put back. */
  readonly record: (paths: readonly string[], changes: Record<string, unknown>, actor: Actor) => Promise<Result<null, Failure>>
  /** Addresses that requests name: those nobody has entered are shown as contacts. */
  readonly named?: () => Iterable<string>
}

/** The people of a home: who is meant by a name, who may act for whom, and every change of that. */
export function openPeople(deps: PeopleDeps): People {
  const { settings, clock, named = () => [] } = deps
  const { register, ...directory } = createDirectory(settings, clock)
  const view = () => toView(register(), clock.now(), named())

  /** Edits the document; `change` answers the JSON pointer of the entry it edited, so that problems are told of the input. */
  async function save(
    change: (...of: Parameters<DocumentChange>) => Result<string, Failure>,
    changes: Record<string, unknown>,
    actor: Actor,
  ): Promise<Result<PeopleView, Failure>> {
    let entry: string | null = null
    const saved = await settings.edit(
      (document, config) => {
        const changed = change(document, config)
        if (!changed.ok) return changed
        entry = changed.value
        return ok(true)
      },
      (paths) => deps.record(paths, changes, actor),
    )
    if (saved.ok) return ok(view())
    return fail(entry === null ? saved.failure : ofInput(saved.failure, entry))
  }

  const putAway = (email: string, away: Parameters<People['setAway']>[1], caller: Caller) =>
    save(
      (document, config) => {
        const known = canonicalIn(toRegister(config), email)
        const times = away && { from: toUtc(away.from), until: toUtc(away.until) }
        const before = config.people.find((person) => person.email === known)
        if (
          before &&
          gains(before, { ...before, away: times }, { by: toActor(caller), email: known, canonical: canonicalBy(config) })
        )
          return fail(ownGain(known))
        const fields = before ? { away: times } : { name: nameIn(toRegister(config), known), away: times }
        return ok(`/people/${putPerson(document, config, known, fields)}`)
      },
      { away: { email, away } },
      toActor(caller),
    )

  const isSelf = (caller: Caller, known: string): boolean =>
    caller.person !== null && directory.canonical(caller.person.email) === directory.canonical(known)
  const isAdmin = ({ scopes }: Caller): boolean => scopes.includes('admin')

  return {
    ...directory,
    view,

    savePerson: (input, by) =>
      save(
        (document, config) => {
          const { email, ...fields } = toFields(input)
          const problems = takenSpellings(toRegister(config).canonical, email, input.aliases)
          if (problems.length > 0) return fail(invalid(problems))
          const before = config.people.find((person) => person.email === email)
          if (gains(before, fields, { by, email, canonical: canonicalBy(config) })) return fail(ownGain(email))
          return ok(`/people/${putPerson(document, config, email, fields)}`)
        },
        { person: input },
        by,
      ),

    removePerson: (email, by) =>
      save(
        (document, config) => {
          const before = toRegister(config)
          const known = canonicalIn(before, email)
          const dropped = dropPerson(document, config, (address) => canonicalIn(before, address) === known)
          return dropped ? ok('') : fail(failure('not-found', `Nobody is entered as ${email}.`))
        },
        { removed_person: email },
        by,
      ),

    saveGroup: (input, by) =>
      save(
        (document) => {
          putGroup(document, input)
          return ok(`/groups/${input.name}`)
        },
        { group: input },
        by,
      ),

    removeGroup: (name, by) =>
      save(
        (document, config) => {
          if (config.groups[name] === undefined) return fail(failure('not-found', `There is no group ${name}.`))
          document.deleteIn(['groups', name])
          return ok('')
        },
        { removed_group: name },
        by,
      ),

    async setAway(email, away, caller) {
      if (!isSelf(caller, email) && !isAdmin(caller))
        return fail(failure('forbidden', 'Only your own absence is yours to enter; for others it needs the scope admin.'))
      const known = directory.canonical(email)
      if (!isSelf(caller, email) && !view().people.some((person) => person.email === known))
        return fail(failure('not-found', `Nobody is known as ${email}.`))
      if (away !== null && Date.parse(away.until) <= clock.now())
        return fail(invalid([{ pointer: '/away/until', message: 'must be in the future' }]))
      return putAway(known, away, caller)
    },

    async delegate(input, caller): Promise<Result<Delegation, Failure>> {
      const people = { from: directory.canonical(input.from), to: directory.canonical(input.to) }
      const ready = nextDelegation({ ...input, ...people }, clock.now())
      if (!ready.ok) return ready
      const entry = ready.value
      const own = isSelf(caller, entry.from)
      if (!own && !isAdmin(caller))
        return fail(failure('forbidden', 'Only your own decisions are yours to hand over; those of others need the scope admin.'))
      if (!own && isSelf(caller, entry.to)) return fail(ownGain(entry.from))
      const saved = await save(
        (document) => ok(`/delegations/${addDelegation(document, entry)}`),
        { delegation: entry },
        toActor(caller),
      )
      return saved.ok ? ok(toDelegation(register(), entry, clock.now())) : saved
    },

    endDelegation: (id, caller) =>
      save(
        (document, config) => {
          const entry = config.delegations.find((one) => one.id === id)
          if (entry === undefined) return fail(failure('not-found', `There is no delegation ${id}.`))
          if (!isSelf(caller, entry.from) && !isSelf(caller, entry.to) && !isAdmin(caller))
            return fail(failure('forbidden', 'A delegation is ended by one of its two people, or with the scope admin.'))
          dropDelegation(document, config, id)
          return ok('')
        },
        { ended_delegation: id },
        toActor(caller),
      ),
  }
}

const canonicalBy = (config: Config) => (email: string) => canonicalIn(toRegister(config), email)

const toUtc = (instant: string): string => toInstant(Date.parse(instant))

/** A delegation between known addresses, as it will be entered. It never reaches into the past. */
function nextDelegation(input: DelegationInput, now: number): Result<DelegationEntry, Failure> {
  const start = input.starts_at === undefined ? now : Date.parse(input.starts_at)
  const end = Date.parse(input.ends_at)
  const problems: ProblemEntry[] = []
  if (start < now - lateStartMs) problems.push({ pointer: '/starts_at', message: 'must not be in the past' })
  const begins = Math.max(start, now)
  if (end <= begins) problems.push({ pointer: '/ends_at', message: 'must be after the start, and in the future' })
  else if (end - begins > longestDelegationMs)
    problems.push({ pointer: '/ends_at', message: 'must be at most 366 days after the start' })
  if (problems.length > 0) return fail(invalid(problems))
  return ok({
    id: `del_${randomBytes(12).toString('hex')}`,
    from: input.from,
    to: input.to,
    starts_at: toInstant(begins),
    ends_at: toInstant(end),
    types: [...new Set(input.types)],
    max_amount: input.max_amount,
    currency: input.currency,
    reason: input.reason.trim(),
  })
}

/** Which of a person's spellings belong to somebody else already. */
function takenSpellings(owners: ReadonlyMap<string, string>, email: string, aliases: readonly string[]): readonly ProblemEntry[] {
  const check = (pointer: string, text: string): ProblemEntry[] => {
    const owner = owners.get(normalSpelling(text))
    return owner === undefined || owner === email
      ? []
      : [{ pointer, message: `must be of one person: “${text}” belongs to ${owner} already` }]
  }
  return [...check('/email', email), ...aliases.flatMap((alias, index) => check(`/aliases/${index}`, alias))]
}

const invalid = (errors: readonly ProblemEntry[]): Failure =>
  failure('invalid-input', `This cannot be saved: ${errors.map(({ pointer, message }) => `${pointer}: ${message}`).join('; ')}`, {
    errors,
  })

/** Problems of the file's entry as problems of the input that became it. */
function ofInput(from: Failure, entry: string): Failure {
  const { errors } = (from.data ?? {}) as { errors?: readonly ProblemEntry[] }
  if (from.code !== 'invalid-input' || errors === undefined || entry === '') return from
  return invalid(
    errors.map(({ pointer, message }) => ({ pointer: pointer.startsWith(entry) ? pointer.slice(entry.length) : pointer, message })),
  )
}
