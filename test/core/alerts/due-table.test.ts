import { describe, expect, it } from 'vitest'
import { createDueTable } from '../../../electron/core/alerts/due-table.ts'
import { FakeClock } from '../../support/fake-clock.ts'

const hour = 3_600_000

function setUp(clock = new FakeClock()) {
  const began = clock.now()
  const due: string[] = []
  const naps: number[] = []
  const after = (ms: number, run: () => void) => {
    naps.push(ms)
    return clock.after(ms, run)
  }
  const counting = { now: () => clock.now(), after }
  const table = createDueTable({ clock: counting, onDue: (id, since) => due.push(`${id} ${since - began}`), onTurn: () => {} })
  table.start()
  return { clock, began, due, naps, table }
}

describe('the table of what is due', () => {
  it('looks at each when its instant comes, in order, with the instant until which was told', () => {
    const { table, clock, began, due } = setUp()
    table.set('b', began + 2 * hour, began + 5)
    table.set('a', began + hour, began)
    table.set('c', began + 2 * hour, began)
    clock.advance(hour - 1)
    expect(due).toEqual([])
    clock.advance(1)
    expect(due).toEqual(['a 0'])
    clock.advance(5 * hour)
    expect(due).toEqual(['a 0', 'b 5', 'c 0'])
  })

  it('forgets what was replaced or removed, and remembers since when where there is no instant', () => {
    const { table, clock, began, due } = setUp()
    table.set('a', began + hour, began)
    table.set('a', began + 3 * hour, began + 1)
    table.set('b', began + hour, began)
    table.remove('b')
    table.set('c', null, began + 7)
    clock.advance(2 * hour)
    expect(due).toEqual([])
    expect([table.get('b'), table.get('c')?.since]).toEqual([undefined, began + 7])
    clock.advance(2 * hour)
    expect(due).toEqual(['a 1'])
  })

  it('keeps one timer, never longer than half a minute, and none when it is stopped', () => {
    const { table, clock, began, due, naps } = setUp()
    for (let index = 0; index < 50; index++) table.set(`a${index}`, began + (index + 1) * hour, began)
    clock.advance(hour)
    expect(clock.timers).toBe(1)
    expect(Math.max(...naps)).toBeLessThanOrEqual(30_000)
    table.stop()
    expect(clock.timers).toBe(0)
    clock.sleep(100 * hour)
    table.tick()
    expect(due).toEqual(['a0 0'])
  })

  it('takes turns when very much falls due at once, and loses nothing', () => {
    const { table, clock, began, due, naps } = setUp()
    for (let index = 0; index < 5_000; index++) table.set(`a${index}`, began + hour, began)
    clock.sleep(2 * hour)
    clock.advance(0)
    expect(due.length).toBe(5_000)
    expect(naps.filter((ms) => ms === 0).length).toBeGreaterThan(10)
  })

  it('stays cheap with a hundred thousand, and forgets those that ended', () => {
    const { table, clock, began, due } = setUp()
    const start = performance.now()
    for (let index = 0; index < 100_000; index++) table.set(`a${index}`, began + 48 * hour + index, began)
    for (let index = 0; index < 99_990; index++) table.remove(`a${index}`)
    clock.sleep(49 * hour)
    expect(performance.now() - start).toBeLessThan(2_000)
    expect(due).toHaveLength(10)
  })
})
