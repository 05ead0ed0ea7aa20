import { join } from 'node:path'
import type { Caller, Person } from '../../../shared/model/actor.ts'
import { toOwnerCaller } from '../context.ts'
import { replaceFile } from '../journal/atomic-file.ts'
import type { Storage } from '../journal/port.ts'
import { sha256Of } from './credential.ts'

/** Who the command line is when it submits; it is never told of outcomes by callback. */
export const commandLineSource = { id: 'cli', name: 'Command line' } as const

/**
 * The keys of this machine's own command line: whoever can read the home folder is its owner. Two of them, so that even here nothing
 * that submits can decide. New at each start, never journalled.
 */
export type LocalKeys = {
  write(): Promise<void>
  callerOf(hash: string, owner: Person | null): Caller | null
}

export function createLocalKeys(home: string, storage: Storage, randomText: () => string): LocalKeys {
  const keys = { owner: `cs_o${randomText()}`, submit: `cs_l${randomText()}` }
  const ownerHash = sha256Of(keys.owner)
  const submitHash = sha256Of(keys.submit)
  const submitter: Caller = { scopes: ['submit'], person: null, source: commandLineSource, credential: 'local-submit', via: 'cli' }
  return {
    write: () => replaceFile(storage, join(home, 'keys.json'), `${JSON.stringify(keys, null, 2)}\n`),
    callerOf(hash, owner) {
      if (hash === submitHash) return submitter
      return hash === ownerHash ? toOwnerCaller(owner, 'cli', 'local-owner') : null
    },
  }
}
