import type { Condition, Delay } from './server.ts'

/** A reading with when it was taken, and what was there then. */
export type Sample = {
  readonly minutes: number
  readonly condition: Condition
  readonly waiting: number
  readonly asked: number
  readonly decided: number
  readonly requests: number
  readonly journalBytes: number
  readonly killed: {
    readonly kills: number
    readonly journalBytes: number
    readonly startMs: number
    readonly slowestStartMs: number
  }
}

type Pick = (values: readonly number[]) => number
const median: Pick = (values) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN
/** How many callers there are at a moment swings with what else the machine does; what stays open is there in the quietest moments too. */
const least: Pick = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 10)] ?? Number.NaN

export const mb = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`

/** The time after warming up and the time before the end, each so many minutes long, by a value of each reading. */
type Change = { readonly first: number; readonly last: number; readonly growth: number }

type Value = (sample: Sample) => number

function changeOf(samples: readonly Sample[], { warmUp, compared }: Times, value: Value, pick: Pick): Change {
  const end = samples.at(-1)?.minutes ?? 0
  const first = pick(samples.filter(({ minutes }) => minutes >= warmUp && minutes < warmUp + compared).map(value))
  const last = pick(samples.filter(({ minutes }) => minutes > end - compared).map(value))
  return { first, last, growth: last / first - 1 }
}

export type Times = { readonly warmUp: number; readonly compared: number }
export type Finding = { readonly what: string; readonly broken: string | null; readonly note: string }

const mostGrowth = 0.1
const mostDelayMs = 50
/** Readers keep so many of the journal's files open: 8 of the engine, 32 each of both sides of the database, and some. */
const mostSegments = 80

const said = (name: string, { first, last, growth }: Change, unit: (value: number) => string = String): string =>
  `${name} ${unit(first)} → ${unit(last)} (${growth >= 0 ? '+' : ''}${(growth * 100).toFixed(1)} %)`
const inMs = ({ p50, p99, max }: Delay) => `p50 ${p50.toFixed(1)}, p99 ${p99.toFixed(1)}, longest ${max.toFixed(0)} ms`
const inSeconds = (ms: number) => `${(ms / 1000).toFixed(0)} s`
/** A few come and go with the callers of the moment. */
const stayed = ({ first, last }: Change) => last <= first + Math.max(3, first * 0.1)

/** Whether a process takes no more as it goes on. The last reading was taken when everybody had gone; it is not one of those compared. */
export function judge(samples: readonly Sample[], times: Times): readonly Finding[] {
  const of = (value: Value, pick = median) => changeOf(samples.slice(0, -1), times, value, pick)
  const heap = of(({ condition }) => condition.heap)
  const rss = of(({ condition }) => condition.rss)
  const handles = of(({ condition }) => condition.handles, least)
  const files = of(({ condition }) => condition.fds - condition.segments, least)
  const segments = of(({ condition }) => condition.segments)
  const ended = of(({ asked, waiting }) => asked - waiting)
  const bytes = (heap.last - heap.first) / Math.max(1, ended.last - ended.first)
  const [begun, idle] = [samples[0]!.condition, samples.at(-1)!.condition]
  const { own, overall, processor } = idle
  return [
    {
      what: 'heap grows by less than 10 %',
      broken: heap.growth < mostGrowth ? null : said('heap', heap, mb),
      note:
        `${said('heap', heap, mb)}; ${said('resident', rss, mb)}; ${said(
          'waiting',
          of(({ waiting }) => waiting),
        )}; ` + `${bytes.toFixed(0)} bytes for each of ${ended.last - ended.first} that ended`,
    },
    {
      what: 'handles and files stay as many',
      broken: stayed(handles) && stayed(files) && segments.last <= mostSegments ? null : 'there are more of them',
      note:
        `${said('at least so many handles', handles)}; ${said('files and sockets', files)}; of the journal ${segments.first} → ${segments.last}; ` +
        `idle ${begun.fds - begun.segments} → ${idle.fds - idle.segments}`,
    },
    {
      what: 'event loop delay p99 under 50 ms',
      broken: own.p99 < mostDelayMs ? null : `it is ${own.p99.toFixed(1)} ms`,
      note:
        `between ticks of 10 ms: ${inMs(own)}; with waiting for a processor ${inMs(overall)}; ` +
        `at work for ${inSeconds(processor.worked)}, waited for ${inSeconds(processor.waited)}`,
    },
  ]
}
