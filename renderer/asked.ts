import type { PeopleView } from '../shared/contract/people.ts'
import { goesBy, normalEmail } from '../shared/model/actor.ts'
import type { ApprovalItem, Named, Snooze, Vote } from '../shared/model/approval.ts'

/** What people, groups and delegations there are; null until it was fetched. */
export type KnownPeople = Pick<PeopleView, 'people' | 'delegations'> | null

/** What this person has to do with a request. */
export type Standpoint = {
  /** It asks them by name, through a group, or because it asks nobody by name. */
  readonly asked: boolean
  /** Those who are asked and for whom they may answer. The host has the last word. */
  readonly standsInFor: readonly Named[]
  /** Their answer at the present level, or the one that somebody gave for them. */
  readonly vote: Vote | null
  /** They requested it, changed it or gain by it. */
  readonly own: boolean
}

const same = (a: string, b: string) => normalEmail(a) === normalEmail(b)

/** The level whose turn it is, or at which it ended. */
export const levelOf = (item: Pick<ApprovalItem, 'decision' | 'progress' | 'levels'>): number =>
  item.decision ? item.decision.level : Math.min(item.progress.done, Math.max(0, item.levels.length - 1))

/** Whether this person may answer in their own name. A request that names nobody asks whoever owns the inbox. */
const isAsked = ({ waits_for }: Pick<ApprovalItem, 'waits_for'>, email: string) =>
  waits_for.length === 0 || waits_for.some((each) => same(each, email))

type Askable = Pick<ApprovalItem, 'waits_for' | 'excluded' | 'type' | 'amount' | 'currency'>

/** Whom of those asked this person may answer for: assistants always, backups during an absence, others by delegation. */
function standsInFor(item: Askable, email: string, known: KnownPeople): readonly Named[] {
  if (!known) return []
  return item.waits_for
    .filter((each) => !same(each, email) && !item.excluded.some((identity) => same(identity, each)))
    .flatMap((each) => {
      const person = known.people.find((one) => same(one.email, each))
      const named = { email: each, name: person?.name || each }
      const isAssistant = person?.assistants.some((one) => same(one, email)) ?? false
      const isBackup = person?.is_away === true && person.backup !== null && same(person.backup, email)
      const isDelegate = known.delegations.some(
        (one) => one.active && same(one.from, each) && same(one.to, email) && covers(one, item),
      )
      return isAssistant || isBackup || isDelegate ? [named] : []
    })
}

type Delegation = PeopleView['delegations'][number]

/** Whether a delegation is for such a matter: its type, and an amount up to the largest in the same currency. */
function covers({ types, max_amount, currency }: Delegation, item: Askable): boolean {
  if (types.length > 0 && !types.includes(item.type)) return false
  if (max_amount === null) return true
  if (item.amount === null || (currency !== null && currency !== item.currency)) return false
  return Number(item.amount) <= Number(max_amount)
}

type Decidable = Askable & Pick<ApprovalItem, 'decision' | 'progress' | 'levels' | 'votes'>

export function standpoint(item: Decidable, email: string | undefined, known: KnownPeople): Standpoint {
  if (email === undefined) return { asked: true, standsInFor: [], vote: null, own: false }
  const level = levelOf(item)
  const mine = ({ actor, on_behalf_of }: Vote) =>
    same(actor.id, email) || (on_behalf_of !== null && same(on_behalf_of.email, email))
  const vote = item.votes.find((each) => each.counts && each.level === level && mine(each)) ?? null
  return {
    asked: vote === null && isAsked(item, email),
    standsInFor: vote === null ? standsInFor(item, email, known) : [],
    vote,
    own: goesBy({ email, name: known?.people.find((one) => same(one.email, email))?.name ?? '' }, item.excluded),
  }
}

/** Whether this person's answer is wanted, in their own name or in another's. */
export function asksMe(item: Decidable, email: string | undefined, known: KnownPeople): boolean {
  const { asked, standsInFor: others } = standpoint(item, email, known)
  return asked || others.length > 0
}

/** How this person has set it aside; null where they have not, or it is back by now. */
export function snoozeOf({ snoozes }: Pick<ApprovalItem, 'snoozes'>, me: string | undefined, now: number): Snooze | null {
  const own = me === undefined ? undefined : snoozes.find(({ person }) => person === normalEmail(me))
  return own && (own.until === null || Date.parse(own.until) > now) ? own : null
}
