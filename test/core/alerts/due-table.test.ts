import { describe, expect, it } from 'vitest'
import { createDueTable } from '../../../electron/core/alerts/due-table.ts'
import { FakeClock } from '../../support/fake-clock.ts'

const hour = 3_600_000

function setUp(clock = new FakeClock()) {
  const began = clock.now()
  const due: string[] = []
  const naps: number[] = []
  const turns: boolean[] = []
  const after = (ms: number, run: () => void) => {
    naps.push(ms)
    return clock.after(ms, run)
  }
  const counting = { now: () => clock.now(), after }
  const table = createDueTable({ clock: counting, onDue: (id) => due.push(id), onTurn: (more) => turns.push(more) })
  table.start()
  return { clock, began, due, naps, turns, table }
}

describe('the table of what is due', () => {
  it('looks at each when its instant comes, in order, and at what falls due at once in the order in which it was added', () => {
    const { table, clock, began, due } = setUp()
    table.add('b', began + 2 * hour)
    table.add('a', began + hour)
    table.add('c', began + 2 * hour)
    clock.advance(hour - 1)
    expect(due).toEqual([])
    clock.advance(1)
    expect(due).toEqual(['a'])
    clock.advance(5 * hour)
    expect(due).toEqual(['a', 'b', 'c'])
  })

  it('forgets what is not to be kept, and says what there is in order without changing anything', () => {
    const { table, clock, began, due } = setUp()
    for (let index = 0; index < 40; index++) table.add(`a${index}`, began + ((index * 7) % 40) * hour)
    table.keep((id, at) => at > began + 30 * hour && id !== 'a33')
    const there = [...table.inOrder()].map(({ id, at }) => [id, (at - began) / hour])
    expect(there).toEqual(
      [31, 32, 33, 34, 35, 36, 37, 38, 39].flatMap((hours) => {
        const id = `a${(hours * 23) % 40}`
        return id === 'a33' ? [] : [[id, hours]]
      }),
    )
    expect(table.size).toBe(there.length)
    clock.advance(50 * hour)
    expect(due).toEqual(there.map(([id]) => id))
  })

  it('keeps one timer, never longer than half a minute, and none when it is stopped', () => {
    const { table, clock, began, due, naps } = setUp()
    for (let index = 0; index < 50; index++) table.add(`a${index}`, began + (index + 1) * hour)
    clock.advance(hour)
    expect(clock.timers).toBe(1)
    expect(Math.max(...naps)).toBeLessThanOrEqual(30_000)
    table.stop()
    expect(clock.timers).toBe(0)
    clock.sleep(100 * hour)
    table.tick()
    expect(due).toEqual(['a0'])
  })

  it('takes turns when very much falls due at once, and loses nothing', () => {
    const { table, clock, began, due, naps, turns } = setUp()
    for (let index = 0; index < 5_000; index++) table.add(`a${index}`, began + hour)
    clock.sleep(2 * hour)
    clock.advance(0)
    expect(due.length).toBe(5_000)
    expect(naps.filter((ms) => ms === 0).length).toBeGreaterThan(10)
    expect(turns).toEqual([...Array(24).fill(true), false])
  })

  it('stays cheap with a hundred thousand, and forgets those that ended', () => {
    const { table, clock, began, due } = setUp()
    const start = performance.now()
    for (let index = 0; index < 100_000; index++) table.add(`a${index}`, began + 48 * hour + index)
    table.keep((id) => id.length > 1 && Number(id.slice(1)) >= 99_990)
    clock.sleep(49 * hour)
    expect(performance.now() - start).toBeLessThan(2_000)
    expect(due).toHaveLength(10)
  })
})
