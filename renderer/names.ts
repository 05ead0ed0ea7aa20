import type { PeopleView } from '../shared/contract/people.ts'
import { normalEmail } from '../shared/model/actor.ts'

type Names = Pick<PeopleView, 'people' | 'groups'> | null

/** What somebody is called here: a person's name, a group's label, otherwise as it was written. */
export function nameOf(known: Names, written: string): string {
  if (written.startsWith('group:')) {
    const group = known?.groups.find(({ name }) => name === written.slice('group:'.length))
    return group?.label || written.slice('group:'.length)
  }
  const email = normalEmail(written)
  return known?.people.find((person) => normalEmail(person.email) === email)?.name || written
}
