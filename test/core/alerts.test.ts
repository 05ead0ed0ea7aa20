import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type AlertStage, createAlerts, type DeadlineAlert, nextStageAt, stageAt } from '../../electron/core/alerts.ts'
import type { Clock } from '../../electron/core/clock.ts'

const minute = 60_000
const hour = 60 * minute

/** A clock that is moved by hand; it counts how often and for how long it was asked to wake. */
function handClock() {
  let now = 0
  const timers = new Set<{ at: number; run: () => void }>()
  const naps: number[] = []
  const clock: Clock = {
    now: () => now,
    after(ms, run) {
      naps.push(ms)
      const timer = { at: now + ms, run }
      timers.add(timer)
      return () => timers.delete(timer)
    },
  }
  const fire = () => {
    for (;;) {
      const due = [...timers].filter((timer) => timer.at <= now).sort((a, b) => a.at - b.at)[0]
      if (!due) return
      timers.delete(due)
      due.run()
    }
  }
  return {
    clock,
    naps,
    timers,
    /** Time passes and timers fire when they should. */
    advance(ms: number) {
      const end = now + ms
      for (;;) {
        const next = Math.min(...[...timers].map((timer) => timer.at))
        if (next > end) break
        now = Math.max(now, next)
        fire()
      }
      now = end
    },
    /** The machine sleeps: time has passed, then timers fire. */
    sleep(ms: number) {
      now += ms
      fire()
    },
  }
}

function setUp() {
  const hand = handClock()
  const open = new Map<string, number>()
  const told: [string, AlertStage][] = []
  const alerts = createAlerts({
    clock: hand.clock,
    isCurrent: (id, dueAt) => open.get(id) === dueAt,
    emit: (alert: DeadlineAlert) => told.push([alert.approval_id, alert.stage]),
  })
  alerts.start()
  const end = (id: string, expiredAt?: number) => {
    open.delete(id)
    alerts.closed(id, expiredAt)
  }
  /** What the engine does at a deadline. */
  const expire = () => {
    for (const [id, dueAt] of [...open]) if (dueAt <= hand.clock.now()) end(id, dueAt)
  }
  return {
    ...hand,
    alerts,
    told,
    end,
    ask(id: string, createdAt: number, dueAt: number) {
      open.set(id, dueAt)
      alerts.opened({ id, createdAt, dueAt })
    },
    advance(ms: number) {
      hand.advance(ms)
      expire()
    },
    sleep(ms: number) {
      hand.sleep(ms)
      expire()
    },
  }
}

describe('deadline alerts', () => {
  it('tells half, a quarter of an hour before, and expiry, once each and in time', () => {
    const at = setUp()
    at.ask('a', 0, 4 * hour)
    at.advance(2 * hour - 1)
    expect(at.told).toEqual([])
    at.advance(1)
    expect(at.told).toEqual([['a', 'half']])
    at.advance(105 * minute)
    expect(at.told).toEqual([
      ['a', 'half'],
      ['a', 'fifteen_minutes'],
    ])
    at.advance(10 * hour)
    expect(at.told).toEqual([
      ['a', 'half'],
      ['a', 'fifteen_minutes'],
      ['a', 'expired'],
    ])
  })

  it('leaves the quarter of an hour out when the whole time is half an hour', () => {
    const at = setUp()
    at.ask('a', 0, 30 * minute)
    at.advance(hour)
    expect(at.told).toEqual([
      ['a', 'half'],
      ['a', 'expired'],
    ])
  })

  it('tells only the latest stage after a sleep over several', () => {
    const at = setUp()
    at.ask('slept-to-quarter', 0, 4 * hour)
    at.ask('slept-over-all', 0, hour)
    at.sleep(3 * hour + 50 * minute)
    expect(at.told).toEqual([
      ['slept-to-quarter', 'fifteen_minutes'],
      ['slept-over-all', 'expired'],
    ])
    at.alerts.tick()
    at.alerts.tick()
    expect(at.told).toHaveLength(2)
  })

  it('says nothing about what was decided', () => {
    const at = setUp()
    at.ask('a', 0, 4 * hour)
    at.advance(hour)
    at.end('a')
    at.advance(10 * hour)
    expect(at.told).toEqual([])
  })

  it('leaves to the engine what a passed deadline leads to', () => {
    const hand = handClock()
    const told: AlertStage[] = []
    const alerts = createAlerts({ clock: hand.clock, isCurrent: () => true, emit: ({ stage }) => told.push(stage) })
    alerts.start()
    alerts.opened({ id: 'a', createdAt: 0, dueAt: hour })
    hand.advance(2 * hour)
    expect(told).toEqual(['half', 'fifteen_minutes'])
    alerts.closed('a', hour)
    expect(told.at(-1)).toBe('expired')
  })

  it('follows a deadline that was moved, and forgets the one before', () => {
    const at = setUp()
    at.ask('a', 0, 4 * hour)
    at.advance(hour)
    at.ask('a', 0, 8 * hour)
    at.advance(3 * hour - 1)
    expect(at.told).toEqual([])
    at.advance(1)
    expect(at.told).toEqual([['a', 'half']])
  })

  it('passes a reminder on', () => {
    const at = setUp()
    at.ask('a', 0, 4 * hour)
    at.alerts.remind('a', 4 * hour)
    expect(at.told).toEqual([['a', 'reminder']])
  })

  it('is silent about what expired before it was started', () => {
    const hand = handClock()
    const told: DeadlineAlert[] = []
    const alerts = createAlerts({ clock: hand.clock, isCurrent: () => false, emit: (alert) => told.push(alert) })
    alerts.closed('old', 1)
    alerts.start()
    expect(told).toEqual([])
  })

  it('does not repeat after a restart what lies in the past', () => {
    const at = setUp()
    at.advance(3 * hour)
    at.ask('a', 0, 4 * hour)
    at.advance(44 * minute)
    expect(at.told).toEqual([])
    at.advance(minute)
    expect(at.told).toEqual([['a', 'fifteen_minutes']])
  })

  it('keeps one timer, never longer than half a minute, and none when it is stopped', () => {
    const at = setUp()
    for (let index = 0; index < 50; index++) at.ask(`a${index}`, 0, (index + 1) * hour)
    at.advance(hour)
    expect(at.timers.size).toBe(1)
    expect(Math.max(...at.naps)).toBeLessThanOrEqual(30_000)
    at.alerts.stop()
    expect(at.timers.size).toBe(0)
    at.sleep(100 * hour)
    at.alerts.tick()
    expect(at.told.map(([id, stage]) => `${id} ${stage}`)).toEqual(['a0 half', 'a0 fifteen_minutes', 'a1 half', 'a0 expired'])
  })

  it('stays cheap with 100,000 open approvals, and forgets those that ended', () => {
    const at = setUp()
    const began = performance.now()
    for (let index = 0; index < 100_000; index++) at.ask(`a${index}`, 0, 48 * hour + index)
    for (let index = 0; index < 99_990; index++) at.end(`a${index}`)
    at.sleep(47 * hour + 50 * minute)
    expect(performance.now() - began).toBeLessThan(2_000)
    expect(at.told).toHaveLength(10)
  })

  it('takes turns when very much falls due at once, and loses nothing', () => {
    const at = setUp()
    for (let index = 0; index < 5_000; index++) at.ask(`a${index}`, 0, hour)
    at.sleep(40 * minute)
    expect(at.told).toHaveLength(5_000)
    expect(at.naps.filter((ms) => ms === 0).length).toBeGreaterThan(10)
  })

  it('tells stages in order and never one twice, whatever the clock does', () => {
    const order: readonly AlertStage[] = ['half', 'fifteen_minutes', 'expired']
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 3 * hour }), { maxLength: 20 }),
        fc.integer({ min: 1, max: 10 * hour }),
        (naps, span) => {
          const at = setUp()
          at.ask('a', 0, span)
          for (const ms of naps) at.sleep(ms)
          at.sleep(11 * hour)
          const stages = at.told.map(([, stage]) => order.indexOf(stage))
          expect(stages).toEqual([...new Set(stages)].sort())
          expect(stages.at(-1)).toBe(2)
        },
      ),
      { numRuns: 200 },
    )
  })

  it('agrees with itself about when a stage begins', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 * hour }), fc.integer({ min: 0, max: 100 * hour }), (span, now) => {
        const next = nextStageAt(now, 0, span)
        const stage = stageAt(now, 0, span)
        if (next === null) expect(stage).toBe('expired')
        else expect([next > now, stageAt(next, 0, span) !== stage]).toEqual([true, true])
      }),
    )
  })
})
