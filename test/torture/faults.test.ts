import { describe, expect, test } from 'vitest'
import { scenarios } from './crash/scenarios.ts'
import { failEach } from './faults.ts'

describe('the n-th call to the disk fails', () => {
  for (const make of scenarios) {
    const name = make.name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
    test(`and nothing acknowledged is lost, for every n, once and for ever: ${name}`, async () => {
      const broken: unknown[] = []
      let cases = 0
      const calls = await failEach(await make('small'), (id, problems) => {
        cases++
        if (problems.length > 0 && broken.length < 5) broken.push({ id, problems })
      })
      expect(broken).toEqual([])
      expect(calls).toBeGreaterThan(10)
      expect(cases).toBeGreaterThan(calls * 4)
    })
  }
})
