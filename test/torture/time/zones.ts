import { type Quiet, quietPeriod } from '../../../shared/model/alert.ts'
import { judge } from './judge.ts'
import { Life } from './life.ts'
import { drain } from './scenes.ts'

const minute = 60_000
const hour = 60 * minute

/** Places whose clocks change, and a night in which they do: by an hour, by half of one, and on the other side of the year. */
export const changes: readonly { readonly zone: string; readonly night: string; readonly what: string }[] = [
  { zone: 'Europe/Berlin', night: '2026-03-29', what: 'an hour is left out' },
  { zone: 'Europe/Berlin', night: '2026-10-25', what: 'an hour comes twice' },
  { zone: 'America/New_York', night: '2026-03-08', what: 'an hour is left out' },
  { zone: 'America/New_York', night: '2026-11-01', what: 'an hour comes twice' },
  { zone: 'Australia/Lord_Howe', night: '2026-10-04', what: 'half an hour is left out' },
  { zone: 'Australia/Lord_Howe', night: '2026-04-05', what: 'half an hour comes twice' },
]

const nights: readonly Quiet[] = [
  { from: '22:00', until: '07:00', days: [], let_through: 'none' },
  { from: '20:00', until: '02:30', days: ['sat'], let_through: 'none' },
  { from: '02:15', until: '06:00', days: [], let_through: 'none' },
  { from: '01:45', until: '01:30', days: ['sun'], let_through: 'none' },
]

/** Runs with the process in another zone, as a machine that stands there. */
export async function standingIn<T>(zone: string, work: () => T | Promise<T>): Promise<T> {
  const before = process.env.TZ
  process.env.TZ = zone
  try {
    return await work()
  } finally {
    if (before === undefined) delete process.env.TZ
    else process.env.TZ = before
  }
}

/** Minute by minute around a change of the clocks: each quiet time is one piece, holds what lies in it and nothing else. */
export function walk(night: string): readonly string[] {
  const problems: string[] = []
  const from = Date.parse(`${night}T00:00:00.000Z`) - 48 * hour
  for (const quiet of nights) {
    let last: { readonly from: number; readonly until: number } | null = null
    for (let at = from; at < from + 96 * hour; at += minute) {
      const period = quietPeriod(at, quiet)
      const name = `${JSON.stringify(quiet)} at ${new Date(at).toISOString()}`
      if (period && (at < period.from || at >= period.until)) problems.push(`${name}: not in it`)
      if (last && at < last.until && (period?.from !== last.from || period.until !== last.until))
        problems.push(`${name}: another one`)
      if (!period && last && at === last.until && quietPeriod(at, quiet) !== null) problems.push(`${name}: no end`)
      if (period && last && period.from < last.until && period.from !== last.from) problems.push(`${name}: overlaps`)
      if (period && period.until - period.from > 60 * hour) problems.push(`${name}: never ends`)
      last = period ?? last
    }
  }
  return problems
}

/** A request that comes late in the evening is told once, when the night is over by the clock on that wall. */
export async function sleepOver(zone: string, night: string): Promise<readonly string[]> {
  const evening = atLocal(zone, dayBefore(night), '23:00')
  const morning = atLocal(zone, night, '07:00')
  const life = await Life.open({
    at: new Date(evening).toISOString(),
    config: "alerts: { quiet: { from: '22:00', until: '07:00', let_through: none } }\n",
  })
  try {
    await life.begin('patient', { ms: 30 * hour, approvers: ['ana@example.com'] })
    await life.begin('sleeper', { ms: 4 * hour })
    const early = morning - 10_000 - life.clock.now()
    life.clock.pass(early / 2)
    life.clock.jump(early / 2)
    life.resume(2)
    await pause(life)
    const before = life.alerts.length
    life.clock.pass(8000)
    await pause(life)
    const told = life.alerts.map(({ at, reason }) => `${reason} at ${at}`)
    const right = before === 0 && told.length === 1 && Math.abs(Date.parse(life.alerts[0]!.at) - morning) <= 5000
    const problems = right ? [] : [`told ${told.join(', ') || 'nothing'}; the night ended at ${new Date(morning).toISOString()}`]
    await drain(life)
    return [...problems, ...judge(life)]
  } finally {
    await life.remove()
  }
}

/** What is told follows from what can be read: that is behind the disk by a moment. */
async function pause(life: Life): Promise<void> {
  for (let turn = 0; turn < 5; turn++) {
    await life.settle()
    await life.owner.alerts.next({})
    await new Promise((resolve) => setTimeout(resolve, 10))
    life.clock.pass(400)
  }
}

const dayBefore = (date: string) => new Date(Date.parse(`${date}T12:00:00.000Z`) - 24 * hour).toISOString().slice(0, 10)

/** The instant at which a wall clock there shows this: found by looking at the clock, minute by minute. */
function atLocal(zone: string, date: string, time: string): number {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' })
  const about = Date.parse(`${date}T${time}:00.000Z`)
  for (let at = about - 15 * hour; at < about + 15 * hour; at += 30 * minute) if (format.format(at) === `${date} ${time}`) return at
  throw new Error(`There is no ${time} on ${date} in ${zone}.`)
}
