import { type Options, type Part, type Row, Tally } from './part.ts'
import { live } from './time/histories.ts'
import { play, scenes } from './time/scenes.ts'
import { changes, sleepOver, standingIn, walk } from './time/zones.ts'

const histories = { full: 2000, quick: 60 }

/**
 * Clocks that are set, machines that sleep, changes of the clocks, restarts: whatever falls due happens once and in due order, nothing
 * early, and no clock approves. The application's clock and its timers go by two clocks here, as on a real machine.
 */
export const time: Part = {
  name: 'time',
  async run(options) {
    return [await runScenes(options), await runNights(options), await runHistories(options)]
  },
}

async function runScenes({ seed, only }: Options): Promise<Row> {
  const tally = new Tally('time', 'one jump, one of each thing that waits', seed)
  for (const scene of scenes) if (only === undefined || only === scene.name) tally.add(scene.name, await play(scene))
  return tally.row()
}

async function runNights({ seed, only }: Options): Promise<Row> {
  const tally = new Tally('time', 'nights in which the clocks change', seed)
  for (const { zone, night, what } of changes) {
    const id = `${zone}, ${what}`
    if (only !== undefined && only !== id) continue
    const problems = await standingIn(zone, async () => [...walk(night), ...(await sleepOver(zone, night))])
    tally.add(id, problems)
  }
  return tally.row()
}

async function runHistories({ seed, quick, only, say }: Options): Promise<Row> {
  const tally = new Tally('time', 'random jumps, wakes and restarts', seed)
  const count = quick ? histories.quick : histories.full
  for (let n = 0; n < count; n++) {
    const id = `history ${seed + n}`
    if (only !== undefined && only !== id) continue
    const problems = await live(seed + n)
    if (problems.length > 0) say(`  ${id}: ${problems[0]}`)
    tally.add(id, problems)
    if ((n + 1) % 200 === 0) say(`  ${n + 1} histories, ${tally.failures} failures`)
  }
  return tally.row()
}
