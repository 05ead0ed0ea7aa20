import { describe, expect, it } from 'vitest'
import { leave } from './model/away.ts'
import { callMany } from './model/calls.ts'
import { sendAll } from './model/injected.ts'
import { pair } from './model/pairs.ts'
import { play } from './model/play.ts'
import { troubles } from './model/troubles.ts'
import { Tally } from './part.ts'

const seed = 20261121
/** One of each way to fail; all of them are played by `npm run torture`. */
const few = ['ok', 'slow-load that does not end', 'stall', 'never', 'refused', 'cloud', 'pull-ok', 'huge-line']

describe('whatever the model does, a request is decided at once and its summary settles', () => {
  it.each(troubles.filter(({ name }) => few.includes(name)))('$name', async (trouble) => {
    expect((await play(trouble)).problems).toEqual([])
  })
})

describe('a model', () => {
  const found = (tally: Tally) => tally.row().found

  it('that obeys its payload lowers no risk and changes nothing', async () => {
    const tally = new Tally('model', 'injected', seed)
    await sendAll(tally, seed, 2)
    expect(found(tally)).toEqual([])
    expect(tally.cases).toBe(21)
  })

  it('says nothing that lowers what code computes', () => {
    const tally = new Tally('model', 'pairs', seed)
    pair(tally, seed, 10_000)
    expect(found(tally)).toEqual([])
  })

  it('that is not on this machine is refused at every door', async () => {
    const tally = new Tally('model', 'away', seed)
    await leave(tally)
    expect(found(tally)).toEqual([])
  })

  it('in one trouble after the other leaves no connection behind', async () => {
    const tally = new Tally('model', 'calls', seed)
    await callMany(tally, seed, 25)
    expect(found(tally)).toEqual([])
  })
})
