import { describe, expect, it } from 'vitest'
import { goesBy, identitiesIn } from '../../../shared/model/actor.ts'

describe('whom a text names', () => {
  it.each([
    ['Ada <Ada+shop@Example.com.>', ['ada@example.com']],
    ['ada@example.com, bob@example.com', ['ada@example.com', 'bob@example.com']],
    ['Ada Boss, bob@example.com', ['ada boss', 'bob@example.com']],
    ['Ada Boss; Bob Ross <bob@example.com>\nCy;', ['ada boss', 'bob@example.com', 'cy']],
    ['Boss, Ada <ada@example.com>', ['ada@example.com']],
    ['boss; Ada <ada@example.com>', ['boss', 'ada@example.com']],
    ['boss, ada@example.com', ['boss', 'ada@example.com']],
    ['Ada Boss, Bob Ross', ['ada boss, bob ross', 'bob ross ada boss', 'ada boss', 'bob ross']],
    ['Ross, Bob', ['ross, bob', 'bob ross', 'ross', 'bob']],
    ['  ＡＤＡ \u200b  Boss ', ['ada boss']],
    ['', ['']],
  ])('is everybody in it: %j', (text, identities) => {
    expect(identitiesIn(text)).toEqual(identities)
  })

  it('are the people who go by it, by address, by the part before its @, and by name', () => {
    const bob = { email: 'b.ross@example.com', name: 'Bob  Ross' }
    for (const text of ['Ross, Bob', 'bob ross', 'B.Ross', 'Ada Boss, b.ross+x@example.com']) {
      expect(goesBy(bob, identitiesIn(text)), text).toBe(true)
    }
    expect(goesBy(bob, identitiesIn('Bob Rossi, bob@example.com'))).toBe(false)
  })
})
