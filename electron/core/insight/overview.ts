import type { InsightView } from '../../../shared/contract/insight.ts'
import { normalEmail, type Person } from '../../../shared/model/actor.ts'
import { type TimeCount, timeWithin } from '../../../shared/model/insight.ts'
import type { Projection } from '../projection/port.ts'
import { blockDays, everyType } from './counts.ts'
import { type Days, dayName, lastDays, placeOf, type Stretch } from './days.ts'
import { insightQueries } from './queries.ts'
import { pause } from './requests.ts'

type Question = { readonly days: number; readonly type?: string; readonly time_zone: string }

type Deps = { readonly projection: Pick<Projection, 'query'>; readonly now: number; readonly reader: Person | null }

const mostTypes = 50

type Mutable<T> = { -readonly [K in keyof T]: T[K] }
type Day = Mutable<InsightView['by_day'][number]>
type Answers = Mutable<InsightView['yours']>

/** How requests were decided in the last days. Throws RangeError where there is no such time zone. */
export async function overviewOf({ days, type, time_zone }: Question, { projection, now, reader }: Deps): Promise<InsightView> {
  const period = lastDays(days, time_zone, now)
  const sums = createSums(period, reader === null ? null : normalEmail(reader.email))
  const times = new Map<string, TimeCount[]>()
  for (const [index, stretch] of period.stretches.entries()) {
    if (index > 0) await pause()
    projection.query(({ db }) => {
      const queries = insightQueries(db)
      for (const [hour, kind, n] of queries.hours(type ?? everyType, stretch.from, stretch.to)) sums.add(stretch, hour, kind, n)
    })
  }
  for (const { days: each, from, to } of runsOf(period.first, period.last + 2)) {
    await pause()
    projection.query(({ db }) => {
      for (const { type: name, ...count } of insightQueries(db).times(type ?? null, each, from, to)) {
        const known = times.get(name)
        if (known) known.push(count)
        else times.set(name, [count])
      }
    })
  }
  const types = projection.query(({ db }) => insightQueries(db).types(mostTypes))
  const by_type = [...times].map(([name, counts]) => ({ type: name, ...toTime(counts) })).sort((a, b) => b.n - a.n)
  return {
    days,
    type: type ?? null,
    time_zone,
    from: dayName(period.first),
    to: dayName(period.last),
    ...sums.view(),
    time_to_decide: toTime([...times.values()].flat()),
    by_type: by_type.slice(0, mostTypes),
    types,
  }
}

type Run = { readonly days: number; readonly from: number; readonly to: number }

/** Days as UTC has them, in the fewest rows: whole blocks in the middle, single days before and behind them. */
function runsOf(from: number, to: number): readonly Run[] {
  const first = Math.ceil(from / blockDays) * blockDays
  const last = Math.floor(to / blockDays) * blockDays
  if (last <= first) return singleDays(from, to)
  return [...singleDays(from, first), { days: blockDays, from: first, to: last }, ...singleDays(last, to)]
}

/** A week at a time, which takes a moment. */
function singleDays(from: number, to: number): readonly Run[] {
  const weeks = Array.from({ length: Math.ceil((to - from) / 7) }, (_, week) => from + week * 7)
  return weeks.map((start) => ({ days: 1, from: start, to: Math.min(to, start + 7) }))
}

function toTime(counts: readonly TimeCount[]) {
  const n = counts.reduce((sum, each) => sum + each.n, 0)
  return { n, median_ms: timeWithin(counts, 0.5), p90_ms: timeWithin(counts, 0.9) }
}

const noAnswers = (): Answers => ({ approved: 0, rejected: 0 })

/** Adds up what was counted by the hour. */
function createSums({ first, last }: Days, reader: string | null) {
  const emptyDay = (day: number): Day => ({ day: dayName(day), came: 0, approved: 0, rejected: 0, expired: 0, cancelled: 0 })
  const by_day = Array.from({ length: last - first + 1 }, (_, index) => emptyDay(first + index))
  const by_hour = new Array<number>(24).fill(0)
  const [automatic, yours, others] = [noAnswers(), noAnswers(), noAnswers()]
  const judged = { high: noAnswers(), low: noAnswers() }

  function addTo(day: Day, hour: number, kind: string, n: number): void {
    const [topic, how = '', who = ''] = kind.split(' ')
    if (topic === 'came') by_hour[hour]! += n
    if (how === '') day[topic as keyof Omit<Day, 'day'>] += n
    else if (topic === 'auto') automatic[how as keyof Answers] += n
    else if (topic === 'person') (who === reader ? yours : others)[how as keyof Answers] += n
    else if (topic === 'model') judged[how as keyof typeof judged][who as keyof Answers] += n
  }

  return {
    add({ offset }: Stretch, hour: number, kind: string, n: number): void {
      const place = placeOf(hour, offset)
      // Noon of today may be tomorrow already where the day is far ahead.
      const day = by_day[Math.min(place.day, last) - first]
      if (day) addTo(day, place.hour, kind, n)
    },
    view() {
      const sum = (name: keyof Omit<Day, 'day'>) => by_day.reduce((all, day) => all + day[name], 0)
      const { high, low } = judged
      const agreed = high.rejected + low.approved
      return {
        came: sum('came'),
        approved: sum('approved'),
        rejected: sum('rejected'),
        expired: sum('expired'),
        cancelled: sum('cancelled'),
        by_day,
        by_hour,
        automatic,
        yours,
        others,
        model: {
          judged: agreed + high.approved + low.rejected,
          agreed,
          high_approved: high.approved,
          low_rejected: low.rejected,
        },
      }
    },
  }
}
