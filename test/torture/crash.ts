import { explore, wander } from './crash/lives.ts'
import { scenarios } from './crash/scenarios.ts'
import { type Part, Tally } from './part.ts'

/**
 * Power cuts: of what the application does to its files, every disk that a cut may leave is opened by the real recovery. A life of few
 * calls is cut at each of them in every way; a longer one at random, again and again, also in the middle of its recovery.
 */
export const crash: Part = {
  name: 'crash',
  async run({ seed, quick, say, only }) {
    const rows = []
    for (const make of scenarios) {
      const small = await make('small')
      say(`  ${small.name}`)
      const every = new Tally('crash', `${small.name}, every disk`, seed)
      const calls = await explore(small, (id, problems) => every.add(id, problems), only)
      every.note = `${calls} calls`
      rows.push(every.row())
      const large = await make('large')
      const walks = new Tally('crash', `${large.name}, random`, seed)
      await wander(large, {
        cases: Math.ceil((quick ? 100 : 10_000) / (large.slow ?? 1)),
        seed,
        found: (id, problems) => walks.add(id, problems),
        ...(only ? { only } : {}),
      })
      rows.push(walks.row())
    }
    return rows
  },
}
