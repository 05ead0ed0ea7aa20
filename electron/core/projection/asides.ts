import type { LaterRecord } from './standing.ts'

/** What people did with an open approval besides answering it, as far as lists need to know. */
export type Asides = {
  /** Somebody's answer waits to be released. */
  readonly held: boolean
  readonly snoozes: readonly Snooze[]
  readonly watchers: readonly string[]
}

type Snooze = { readonly person: string; readonly until: string | null; readonly on_change: boolean }

const none: Asides = { held: false, snoozes: [], watchers: [] }

/** What a record makes of them. Null: there are none. */
export function nextAsides(before: Asides | null, record: LaterRecord): Asides | null {
  const asides = before ?? none
  switch (record.type) {
    case 'approval_held':
      return { ...asides, held: true }
    case 'approval_unheld':
      return asNeeded({ ...asides, held: false })
    case 'approval_snoozed': {
      const { person, until, on_change } = record.data
      return { ...asides, snoozes: [...without(asides.snoozes, person), { person, until, on_change }] }
    }
    case 'approval_unsnoozed':
      return asNeeded({ ...asides, snoozes: without(asides.snoozes, record.data.person) })
    case 'approval_watched': {
      const { person, watching } = record.data
      const others = asides.watchers.filter((email) => email !== person)
      return asNeeded({ ...asides, watchers: watching ? [...others, person] : others })
    }
    default:
      // Something happened to it: that brings it back to whoever waited for that.
      return before && asNeeded({ ...asides, held: asides.held && leavesHeld(record), snoozes: unlessOnChange(asides.snoozes) })
  }
}

/** Once it has ended there is nothing to set aside; who watches stays known. */
export const endedAsides = (before: Asides | null): Asides | null => before && asNeeded({ ...none, watchers: before.watchers })

/** Words alone leave a held answer where it is; whatever else happens carries it out or voids it, as in the engine. */
export const leavesHeld = ({ type }: LaterRecord): boolean => type === 'approval_commented' || type === 'approval_answered'

/** What is left of the snoozes once something has happened. */
export const unlessOnChange = <T extends { readonly on_change: boolean }>(snoozes: readonly T[]): readonly T[] =>
  snoozes.filter(({ on_change }) => !on_change)

export const without = (snoozes: readonly Snooze[], person: string): readonly Snooze[] =>
  snoozes.filter((snooze) => snooze.person !== person)

const asNeeded = (asides: Asides): Asides | null =>
  asides.held || asides.snoozes.length > 0 || asides.watchers.length > 0 ? asides : null
