import type { Caller } from '../../../shared/model/actor.ts'

/** Somebody who decides, by a credential of their own unless another is named. */
export const person = (name: string, credential = `tok_${name}`): Caller => ({
  scopes: ['read', 'decide'],
  person: { email: `${name}@example.com`, name },
  source: null,
  credential,
  via: 'http',
})

export const mail = (...names: readonly string[]): string[] => names.map((name) => `${name}@example.com`)
