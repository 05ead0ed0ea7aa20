import { describe, expect, it } from 'vitest'
import { live } from './time/histories.ts'
import { play, scenes } from './time/scenes.ts'
import { changes, sleepOver, standingIn, walk } from './time/zones.ts'

const seed = 20261121

describe('whatever falls due happens once and in due order', () => {
  it.each(scenes)('$name', async (scene) => {
    expect(await play(scene)).toEqual([])
  })

  it.each([0, 1, 2, 3, 4, 5, 6, 7])('in a history of jumps, wakes and restarts: %i', async (n) => {
    expect(await live(seed + n)).toEqual([])
  })
})

describe('a night in which the clocks change', () => {
  it.each(changes)('is one quiet time, and told after it once: $zone, $what', async ({ zone, night }) => {
    expect(await standingIn(zone, async () => [...walk(night), ...(await sleepOver(zone, night))])).toEqual([])
  })
})
