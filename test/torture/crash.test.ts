import { describe, expect, test } from 'vitest'
import { explore, wander } from './crash/lives.ts'
import { scenarios } from './crash/scenarios.ts'

const seed = 20261121

describe('a power cut', () => {
  for (const make of scenarios) {
    test(`at any call leaves a disk that opens with all that was acknowledged: ${make.name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)}`, async () => {
      const broken: unknown[] = []
      let cases = 0
      const found = (id: string, problems: readonly string[]) => {
        cases++
        if (problems.length > 0 && broken.length < 5) broken.push({ id, problems })
      }
      const small = await make('small')
      const calls = await explore(small, found)
      await wander(await make('large'), { cases: 40, seed, found })
      expect(broken).toEqual([])
      expect(calls, 'few enough for every combination').toBeLessThanOrEqual(16)
      expect(cases).toBeGreaterThan(100)
    })
  }
})
