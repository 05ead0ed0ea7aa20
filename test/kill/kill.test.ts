import { expect, it } from 'vitest'
import { killOften } from '../torture/kills/kill-often.ts'

/** The kill loop of `npm run torture -- --only kills`, with fewer kills: as many as COUNTERSIGN_KILLS says. */
const kills = Number(process.env.COUNTERSIGN_KILLS ?? 16)
/** The full form says two seconds; here other tests have the machine as well. */
const readyWithinMs = 8000
const seed = Number(process.env.COUNTERSIGN_SEED ?? Date.now() % 2 ** 31)

it(`loses and doubles nothing in ${kills} kills at random points under load`, { timeout: 60_000 + kills * 10_000 }, async () => {
  const { checks, acknowledged } = await killOften({ seed, kills, readyWithinMs })
  for (const { what, cases, note } of checks) console.log(`${what}: ${cases}; ${note}`)
  expect({ seed, problems: checks.flatMap(({ what, problems }) => problems.map((problem) => `${what}: ${problem}`)) }).toEqual({
    seed,
    problems: [],
  })
  // Nothing that is kept proves nothing.
  expect(acknowledged).toBeGreaterThan(kills * 5)
})
