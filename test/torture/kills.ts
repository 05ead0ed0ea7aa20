import { type Killing, killOften } from './kills/kill-often.ts'
import { type Part, type Row, Tally } from './part.ts'

/**
 * A thousand lives of the real headless process, each killed at a random point: while it starts, within half a second of being ready, or
 * later, always under load. What was acknowledged is there once afterwards, and each life is ready within two seconds.
 */
export const kills: Part = {
  name: 'kills',
  async run({ seed, quick, say, only }) {
    const count = Number(/^kills:(\d+)$/.exec(only ?? '')?.[1] ?? (quick ? 60 : 1000))
    return toRows(await killOften({ seed, kills: count, say }), seed, count)
  },
}

/** `kills:N` is that many of them, with the same delays. */
function toRows(killing: Killing, seed: number, count: number): Row[] {
  const id = `kills:${count}`
  return killing.checks.map(({ what, cases, problems, note }) => {
    const tally = new Tally('kills', what, seed)
    for (const problem of problems) tally.add(id, [problem])
    tally.cases = cases
    tally.note = note
    return tally.row()
  })
}
