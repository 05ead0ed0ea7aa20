import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type AlertItem,
  type AlertRules,
  minuteMs,
  momentsOf,
  nextDigestAt,
  nextLookAt,
  planAlerts,
  type Quiet,
  quietPeriod,
  soundOf,
  stageAt,
  stagesOf,
  weekdays,
} from '../../../shared/model/alert.ts'

const hour = 60 * minuteMs
const me = 'me@example.com'

let zone: string | undefined
beforeAll(() => {
  zone = process.env.TZ
  // The clocks change here: forward on 29 March 2026 at 2:00, back on 25 October 2026 at 3:00.
  process.env.TZ = 'Europe/Berlin'
})
afterAll(() => {
  process.env.TZ = zone
})

const berlin = (text: string) => new Date(text).getTime()

const rules = (change: Partial<AlertRules> = {}): AlertRules => ({
  new_requests: true,
  deadlines: true,
  sound: false,
  renag_minutes: 15,
  digest_minutes: 60,
  quiet: null,
  rules: [],
  ...change,
})

const nights: Quiet = { from: '20:00', until: '07:00', days: ['sat', 'sun'], let_through: 'urgent' }

const start = Date.parse('2026-06-10T08:00:00.000Z')

const item = (change: Partial<AlertItem> = {}): AlertItem => ({
  type: 'refund',
  risk: 'low',
  priority: 'normal',
  status: 'pending',
  held: null,
  snoozes: [],
  started_at: start,
  due_at: new Date(start + 4 * hour).toISOString(),
  remind_before_ms: [],
  escalates: false,
  ...change,
})

const told = (moments: ReturnType<typeof momentsOf>) =>
  moments.map(
    ({ reason, tell_at, gathered }) => `${reason} ${new Date(tell_at).toISOString().slice(5, 16)}${gathered ? ' gathered' : ''}`,
  )

describe('quiet hours', () => {
  it('last from the evening until the morning, and all day on the days that are named, in one piece', () => {
    const friday = { from: berlin('2026-06-12T20:00'), until: berlin('2026-06-15T07:00') }
    expect(quietPeriod(berlin('2026-06-12T19:59'), nights)).toBe(null)
    for (const at of ['2026-06-12T20:00', '2026-06-13T12:00', '2026-06-14T19:00', '2026-06-15T06:59'])
      expect(quietPeriod(berlin(at), nights)).toEqual(friday)
    expect(quietPeriod(berlin('2026-06-15T07:00'), nights)).toBe(null)
  })

  it('are by the clock on the wall when that is changed', () => {
    const plain = { ...nights, days: [] }
    const spring = quietPeriod(berlin('2026-03-29T00:30'), plain)!
    const autumn = quietPeriod(berlin('2026-10-25T00:30'), plain)!
    expect([spring.until - spring.from, autumn.until - autumn.from]).toEqual([10 * hour, 12 * hour])
    expect([spring.until, autumn.until]).toEqual([berlin('2026-03-29T07:00'), berlin('2026-10-25T07:00')])
  })

  it('end once, even at a time of day that comes twice or not at all', () => {
    const twice = { ...nights, days: [], until: '02:30' }
    const end = quietPeriod(berlin('2026-10-25T00:30'), twice)!.until
    for (let at = end; at < end + 3 * hour; at += minuteMs) expect(quietPeriod(at, twice)).toBe(null)
    const gone = quietPeriod(berlin('2026-03-29T00:30'), twice)!.until
    expect(new Date(gone).toISOString()).toBe('2026-03-29T01:30:00.000Z')
  })

  it('may be days alone', () => {
    const days = { ...nights, from: '00:00', until: '00:00' }
    expect(quietPeriod(berlin('2026-06-12T23:59'), days)).toBe(null)
    expect(quietPeriod(berlin('2026-06-13T00:00'), days)?.until).toBe(berlin('2026-06-15T00:00'))
  })
})

describe('what is told about a request', () => {
  it('is that it is new, half of the time, and a quarter of an hour before the end', () => {
    expect(told(momentsOf(item(), me, rules()))).toEqual([
      'new 06-10T08:00',
      'half 06-10T10:00',
      'renag 06-10T11:45',
      'expired 06-10T12:00',
    ])
  })

  it('follows the rules of its type and risk, the first that fits', () => {
    const chosen = rules({
      sound: true,
      rules: [{ risk: 'high', new: 'now', sound: true }, { type: 'refund', new: 'digest', sound: false }, { new: 'never' }],
    })
    const first = (change: Partial<AlertItem>) => told(momentsOf(item({ ...change, due_at: null }), me, chosen))
    expect(first({ risk: 'high' })).toEqual(['new 06-10T08:00'])
    expect(first({})).toEqual(['new 06-10T09:00 gathered'])
    expect(first({ type: 'expense' })).toEqual([])
    expect([soundOf(item(), chosen), soundOf(item({ type: 'x' }), chosen)]).toEqual([false, true])
  })

  it('is nothing while it is set aside, and that it is back', () => {
    const until = new Date(start + 3 * hour).toISOString()
    const aside = item({ snoozes: [{ person: me, until, on_change: true }] })
    expect(told(momentsOf(aside, me, rules()))).toEqual(['back 06-10T11:00', 'renag 06-10T11:45', 'expired 06-10T12:00'])
    expect(told(momentsOf(aside, 'other@example.com', rules()))).toHaveLength(4)
    const open = item({ snoozes: [{ person: me, until: null, on_change: true }] })
    expect(told(momentsOf(open, me, rules()))).toEqual(['expired 06-10T12:00'])
  })

  it('comes at the end of the quiet hours, and before they begin where it would be too late then', () => {
    const quiet = { ...nights, days: [] }
    const evening = berlin('2026-06-10T19:00')
    const overnight = item({ started_at: evening, due_at: new Date(berlin('2026-06-11T05:00')).toISOString() })
    expect(told(momentsOf(overnight, me, rules({ quiet })))).toEqual([
      'new 06-10T17:00',
      'renag 06-10T17:59',
      'expired 06-11T05:00 gathered',
    ])
    const later = item({ started_at: evening, due_at: new Date(berlin('2026-06-11T12:00')).toISOString() })
    expect(told(momentsOf(later, me, rules({ quiet })))).toEqual([
      'new 06-10T17:00',
      'half 06-11T05:00 gathered',
      'renag 06-11T09:45',
      'expired 06-11T10:00',
    ])
  })

  it('interrupts quiet hours only where that is wanted', () => {
    const at = berlin('2026-06-10T23:00')
    const first = (change: Partial<AlertItem>, let_through: Quiet['let_through']) =>
      momentsOf(item({ ...change, started_at: at, due_at: null }), me, rules({ quiet: { ...nights, let_through } }))[0]!.tell_at ===
      at
    expect([first({ risk: 'high' }, 'high'), first({ risk: 'high' }, 'urgent'), first({ risk: 'high' }, 'none')]).toEqual([
      true,
      false,
      false,
    ])
    const urgent = { priority: 'urgent' } as const
    expect([first(urgent, 'high'), first(urgent, 'urgent'), first(urgent, 'none')]).toEqual([true, true, false])
  })

  it('is the latest of what was slept through, and nothing while an answer is held', () => {
    const between = { told: start, now: start + 3.9 * hour }
    expect(planAlerts(item(), me, rules(), between).now?.reason).toBe('renag')
    const held = item({ held: { release_at: new Date(start + 3.9 * hour + 5000).toISOString() } })
    expect(planAlerts(held, me, rules(), between)).toMatchObject({ now: null, next: { reason: 'expired' } })
  })

  it('has no second deadline alert where there is no time for two', () => {
    expect(stagesOf(0, hour / 2, 15).map(({ reason }) => reason)).toEqual(['half'])
    expect(stagesOf(0, hour, 30).map(({ reason }) => reason)).toEqual(['half'])
    expect(stagesOf(0, hour, 29).map(({ reason, at }) => [reason, at / minuteMs])).toEqual([
      ['half', 30],
      ['renag', 31],
    ])
  })
})

const time = fc.integer({ min: 0, max: 24 * 60 - 1 }).map((minutes) => {
  const two = (n: number) => String(n).padStart(2, '0')
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`
})
const anyQuiet: fc.Arbitrary<Quiet> = fc.record({
  from: time,
  until: time,
  days: fc.subarray([...weekdays], { maxLength: 6 }),
  let_through: fc.constantFrom('high', 'urgent', 'none'),
})
const anyRules: fc.Arbitrary<AlertRules> = fc.record({
  new_requests: fc.boolean(),
  deadlines: fc.boolean(),
  sound: fc.boolean(),
  renag_minutes: fc.integer({ min: 1, max: 120 }),
  digest_minutes: fc.integer({ min: 1, max: 1440 }),
  quiet: fc.option(anyQuiet),
  rules: fc.array(
    fc.record({
      type: fc.constantFrom('refund', 'expense', undefined),
      risk: fc.constantFrom('low', 'high', undefined),
      new: fc.constantFrom('now', 'digest', 'never'),
    }),
    { maxLength: 3 },
  ),
})
/** Around both changes of the clocks, and in the middle of summer. */
const anyStart = fc
  .tuple(fc.constantFrom('2026-03-27T12:00Z', '2026-06-10T08:00Z', '2026-10-23T12:00Z'), fc.integer({ min: 0, max: 4 * 24 * 60 }))
  .map(([day, minutes]) => Date.parse(day) + minutes * minuteMs)
const anyItem: fc.Arbitrary<AlertItem> = fc
  .record({
    started_at: anyStart,
    span: fc.option(fc.integer({ min: 1, max: 3 * 24 * 60 })),
    risk: fc.constantFrom('low', 'medium', 'high'),
    priority: fc.constantFrom('low', 'normal', 'high', 'urgent'),
    type: fc.constantFrom('refund', 'expense'),
    snooze: fc.option(fc.integer({ min: 1, max: 24 * 60 })),
    remind: fc.array(fc.integer({ min: 1, max: 24 * 60 }), { maxLength: 2 }),
  })
  .map(({ started_at, span, snooze, remind, ...rest }) => ({
    ...item(),
    ...rest,
    started_at,
    due_at: span === null ? null : new Date(started_at + span * minuteMs).toISOString(),
    snoozes:
      snooze === null ? [] : [{ person: me, until: new Date(started_at + snooze * minuteMs).toISOString(), on_change: false }],
    remind_before_ms: remind.map((minutes) => minutes * minuteMs),
  }))

const check = (holds: (item: AlertItem, rules: AlertRules) => void) =>
  fc.assert(fc.property(anyItem, anyRules, holds), { numRuns: 400 })

describe('whatever the rules and the request', () => {
  it('nothing is told in quiet hours but what is let through', () => {
    check((each, chosen) => {
      for (const { tell_at } of momentsOf(each, me, chosen)) {
        if (quietPeriod(tell_at, chosen.quiet) === null) continue
        const passes = chosen.quiet?.let_through
        expect(passes === 'none' ? false : each.priority === 'urgent' || (passes === 'high' && each.risk === 'high')).toBe(true)
      }
    })
  })

  it('nothing but the end is told at or after the end, and nothing at all of what was decided', () => {
    check((each, chosen) => {
      const due = Date.parse(each.due_at ?? '9999-01-01T00:00Z')
      const late = momentsOf(each, me, chosen).filter(({ tell_at, reason }) => tell_at >= due && reason !== 'expired')
      expect(late).toEqual([])
      expect(momentsOf({ ...each, status: 'approved' }, me, chosen)).toEqual([])
    })
  })

  it('each stage is told at most once per deadline however time is cut up, and the next one is really the next', () => {
    const naps = fc.array(fc.integer({ min: 1, max: 36 * 60 }), { maxLength: 30 })
    fc.assert(
      fc.property(anyItem, anyRules, naps, (each, chosen, minutes) => {
        const seen: string[] = []
        let at = each.started_at - 1
        let expected: number | null = null
        for (const nap of [...minutes, 9 * 24 * 60]) {
          const from = at
          at += nap * minuteMs
          const { now, next } = planAlerts(each, me, chosen, { told: from, now: at })
          const isEnd = expected !== null && expected === Date.parse(each.due_at ?? '')
          // What was announced comes when it was announced, and nothing before it.
          if (expected !== null) expect(now !== null || isEnd || expected > at || momentIsEnd(each, chosen, expected)).toBe(true)
          if (expected !== null && expected > at) expect(now).toBe(null)
          if (expected === null && from > each.started_at) expect(now).toBe(null)
          if (now) seen.push(`${now.reason} ${now.at}`)
          expected = next?.tell_at ?? null
        }
        expect(seen).toEqual([...new Set(seen)])
      }),
      { numRuns: 400 },
    )
  })

  it('whoever looks exactly when the next one was announced is told just that, and nothing in between', () => {
    check((each, chosen) => {
      const seen: number[] = []
      let told = each.started_at - 1
      let looks = 0
      for (let at: number | undefined = each.started_at; at !== undefined && looks < 30; looks++) {
        const { now, next } = planAlerts(each, me, chosen, { told, now: at })
        if (now) seen.push(now.tell_at)
        expect(planAlerts(each, me, chosen, { told: at, now: at }).now).toBe(null)
        told = at
        at = next?.tell_at
      }
      const announced = momentsOf(each, me, chosen).filter(
        ({ reason, tell_at }) => reason !== 'expired' && tell_at >= each.started_at,
      )
      expect(seen).toEqual([...new Set(announced.map(({ tell_at }) => tell_at))])
    })
  })

  it('the cheap look-ahead never comes after what is told', () => {
    check((each, chosen) => {
      const snoozed = each.snoozes.map(({ until }) => Date.parse(until!))
      const due_at = each.due_at === null ? null : Date.parse(each.due_at)
      const reminders = each.remind_before_ms.map((before) => (due_at ?? 0) - before)
      const facts = { started_at: each.started_at, due_at, others: [...snoozed, ...reminders] }
      let at = each.started_at - 1
      const looks = new Set<number>()
      for (let next = nextLookAt(facts, chosen, at); next !== null; next = nextLookAt(facts, chosen, at)) {
        expect(next).toBeGreaterThan(at)
        looks.add(next)
        at = next
      }
      const moments = momentsOf(each, me, chosen).filter(
        ({ reason, tell_at }) => reason !== 'expired' && tell_at >= each.started_at,
      )
      expect(moments.filter(({ tell_at }) => !looks.has(tell_at))).toEqual([])
    })
  })

  it('digests come at the same instants for everybody', () => {
    fc.assert(
      fc.property(anyStart, fc.integer({ min: 1, max: 1440 }), (at, digest_minutes) => {
        const next = nextDigestAt(at, { digest_minutes })
        expect([next > at, next - at <= digest_minutes * minuteMs, nextDigestAt(next - 1, { digest_minutes })]).toEqual([
          true,
          true,
          next,
        ])
      }),
    )
  })

  it('the bare stages of a deadline come in order', () => {
    expect([0, 2 * hour, 3.75 * hour, 4 * hour].map((at) => stageAt(at, 0, 4 * hour))).toEqual([
      null,
      'half',
      'fifteen_minutes',
      'expired',
    ])
    expect([14, 15, 30].map((minute) => stageAt(minute * minuteMs, 0, 30 * minuteMs))).toEqual([null, 'half', 'expired'])
  })
})

/** The end of the time is told by whoever ends it, so the plan announces it and does not tell it. */
const momentIsEnd = (each: AlertItem, chosen: AlertRules, at: number) =>
  momentsOf(each, me, chosen).some(({ reason, tell_at }) => reason === 'expired' && tell_at === at)
