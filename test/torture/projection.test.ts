import { expect, it } from 'vitest'
import { projection } from './projection.ts'

it('computes the same rows from whatever is left of the database', { timeout: 120_000 }, async () => {
  const [row] = await projection.run({ seed: 20_261_121, quick: true, say: () => undefined })
  expect(row!.found).toEqual([])
  expect(row!.cases).toBe(20)
})
