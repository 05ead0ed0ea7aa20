import type { Directory, Standin } from '../../electron/core/people/port.ts'
import { identitiesIn, normalEmail } from '../../shared/model/actor.ts'

/** People as a test says they are, without files: groups by name, and for whom each may decide. */
export function plainDirectory(
  options: { readonly groups?: Record<string, readonly string[]>; readonly standins?: Record<string, readonly string[]> } = {},
): Directory {
  const { groups = {}, standins = {} } = options
  const principalsOf = (email: string) => standins[email] ?? []
  return {
    resolve(approvers) {
      const unknown: string[] = []
      const people = approvers.flatMap((name) => {
        if (!name.startsWith('group:')) return [normalEmail(name)]
        const members = groups[name.slice('group:'.length)]
        if (!members) unknown.push(name)
        return members ?? []
      })
      return { people: [...new Set(people)], unknown }
    },
    canonical: normalEmail,
    identities: identitiesIn,
    nameOf: (email) => email,
    standsInFor: (email) =>
      principalsOf(email).map((principal): Standin => {
        const named = { email: principal, name: principal }
        return { ...named, because: 'delegation', identities: [principal] }
      }),
    soleOperator: () => null,
    inboxesOf: principalsOf,
  }
}
