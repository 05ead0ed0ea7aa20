import { leave } from './model/away.ts'
import { callMany } from './model/calls.ts'
import { sendAll } from './model/injected.ts'
import { pair } from './model/pairs.ts'
import { play } from './model/play.ts'
import { troubles } from './model/troubles.ts'
import { type Options, type Part, type Row, Tally } from './part.ts'

const calls = { full: 1000, quick: 60 }
const each = { full: 20, quick: 2 }
const pairs = { full: 100_000, quick: 10_000 }

/**
 * A model in every trouble there is, over real sockets: whatever it does, a request can be decided at once, gets its summary in time, and
 * nothing is left open. A model that obeys its payload lowers no risk and changes nothing; one that is not on this machine is not asked.
 */
export const model: Part = {
  name: 'model',
  async run(options) {
    const rows = await runTroubles(options)
    const { seed, quick, only, say } = options
    const size = quick ? 'quick' : 'full'
    const rest: readonly (readonly [what: string, run: (tally: Tally) => unknown])[] = [
      ['a model that obeys its payload', (tally) => sendAll(tally, seed, each[size], only)],
      ['risk by rules and what a model says', (tally) => pair(tally, seed, pairs[size])],
      ['models and addresses that are not this machine', (tally) => leave(tally)],
      ['calls, one trouble after the other', (tally) => callMany(tally, seed, calls[size])],
    ]
    for (const [what, run] of rest) {
      if (only !== undefined && what !== 'a model that obeys its payload') continue
      const tally = new Tally('model', what, seed)
      await run(tally)
      rows.push(tally.row())
      say(`  ${what}`)
    }
    return rows
  },
}

async function runTroubles({ seed, only, say }: Options): Promise<Row[]> {
  const rows: Row[] = []
  for (const trouble of troubles) {
    if (only !== undefined && only !== trouble.name) continue
    const tally = new Tally('model', trouble.name, seed)
    const { problems, note } = await play(trouble)
    tally.add(trouble.name, problems)
    tally.note = note
    rows.push(tally.row())
  }
  say(`  ${rows.length} troubles`)
  return rows
}
