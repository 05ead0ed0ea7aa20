import type { Directory } from '../people/port.ts'

/** Whose questions are this person's: their own, and those of whoever is away or handed them over. */
export const inboxOf = (people: Pick<Directory, 'canonical' | 'inboxesOf'>, email: string): readonly string[] => [
  people.canonical(email),
  ...people.inboxesOf(email),
]
