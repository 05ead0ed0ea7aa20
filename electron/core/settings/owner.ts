import { hostname, userInfo } from 'node:os'
import { email } from '../../../shared/contract/schemas.ts'
import { normalEmail, type Person } from '../../../shared/model/actor.ts'

/** A name guessed from an e-mail address: `ana.silva@…` is Ana Silva. */
export function nameFromEmail(email: string): string {
  const local = normalEmail(email).split('@')[0]!
  const words = local.split(/[._-]+/).filter((word) => /\p{L}/u.test(word))
  return words.length === 0 ? local : words.map(capitalised).join(' ')
}

const capitalised = (word: string): string => word[0]!.toUpperCase() + word.slice(1)

/** Who the account of this machine suggests as owner. Asks nothing but the operating system. */
export function suggestedOwner(environment: NodeJS.ProcessEnv = process.env): Person {
  const account = accountName()
  const host = hostname().split('.')[0]!.toLowerCase()
  const given = environment.EMAIL?.trim() ?? ''
  const address = email.safeParse(given).success
    ? given
    : `${account.toLowerCase().replaceAll(/[^a-z0-9._-]+/g, '.')}@${host || 'localhost'}`
  return { name: nameFromEmail(`${account}@`), email: normalEmail(address) }
}

function accountName(): string {
  try {
    return userInfo().username || 'owner'
  } catch {
    // An account without an entry in the system's list: containers run so.
    return 'owner'
  }
}
