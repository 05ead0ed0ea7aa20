import { type Check, killOften } from './kills/kill-often.ts'
import { type Options, type Part, type Row, Tally } from './part.ts'

/** A home is begun anew after so many, so that what is measured is coming back and not reading a long journal. */
const perHome = 250

/**
 * A thousand lives of the real headless process, each killed at a random point: while it starts, within half a second of being ready, or
 * later, always under load. What was acknowledged is there once afterwards, and each life is ready within two seconds.
 */
export const kills: Part = { name: 'kills', run }

/** `kills:N` is that many of them, with the same delays. */
async function run({ seed, quick, say, only }: Options): Promise<Row[]> {
  const count = Number(/^kills:(\d+)$/.exec(only ?? '')?.[1] ?? (quick ? 60 : 1000))
  const rows: Row[] = []
  for (let done = 0; done < count; done += perHome) {
    const lives = Math.min(perHome, count - done)
    const began = performance.now()
    const { checks } = await killOften({ seed: seed + done, kills: lives, say })
    const seconds = Math.round((performance.now() - began) / 10) / 100
    const home = `home ${done / perHome + 1}`
    rows.push(...checks.map((check) => ({ ...toRow(check, seed, count, home), seconds })))
  }
  return rows
}

function toRow({ what, cases, problems, note }: Check, seed: number, count: number, home: string): Row {
  const tally = new Tally('kills', `${home}: ${what}`, seed)
  for (const problem of problems) tally.add(`kills:${count}`, [problem])
  tally.cases = cases
  tally.note = note
  return tally.row()
}
