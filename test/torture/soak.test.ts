import { rm } from 'node:fs/promises'
import { afterAll, describe, expect, it } from 'vitest'
import { openBank } from './life/bank.ts'
import { Book } from './life/book.ts'
import { Caller } from './life/caller.ts'
import { prepareHome } from './life/home.ts'
import { drive } from './life/traffic.ts'
import { checkHome } from './life/verify.ts'
import { random, Tally } from './part.ts'
import { startLongLife } from './soak/long-life.ts'
import { openMoodyModel } from './soak/moods.ts'
import { judge, type Sample } from './soak/steady.ts'

const requests = 150
const closing: (() => Promise<unknown>)[] = []
afterAll(async () => {
  for (const close of closing.reverse()) await close()
})

it('keeps what was acknowledged in ordinary use beside a model of changing moods, and says how the process is', async () => {
  const seed = Date.now() % 2 ** 31
  const model = await openMoodyModel(random(seed))
  closing.push(() => model.close())
  const bank = await openBank({ random: random(seed + 1) })
  closing.push(() => bank.close())
  const config = `model: { enabled: true, host: '${model.url}' }\nactions:\n${['payment', 'expense', 'deployment']
    .map((type) => `  ${type}: { url: '${bank.url}' }\n`)
    .join('')}`
  const { home, tokens } = await prepareHome(config, bank.callback)
  closing.push(() => rm(home, { recursive: true, force: true }))
  const book = new Book(random(seed + 2))
  const life = await startLongLife(home)
  const caller = new Caller(async () => life.place)
  const over = () => caller.requests >= requests
  await drive({ name: 'lived', caller, tokens, book, random: random(seed + 3), keyed: 2, over }, { perSecond: 100, parked: 20 })
  const condition = await life.condition()
  await life.stop()
  const kept = new Tally('soak', 'kept', seed)
  const decidable = new Tally('soak', 'decidable', seed)
  await checkHome(home, book, bank, kept, decidable)
  expect({ seed, problems: caller.problems, kept: kept.row().found, decidable: decidable.row().found }).toEqual({
    seed,
    problems: [],
    kept: [],
    decidable: [],
  })
  expect(kept.cases).toBeGreaterThan(20)
  expect(condition).toMatchObject({ errors: 0 })
  expect(condition?.heap).toBeGreaterThan(1e6)
  expect(condition?.overall.p99).toBeGreaterThan(5)
}, 120_000)

describe('two hours of readings', () => {
  const delay = { p50: 10, p99: 20, max: 90 }
  const steady = {
    heap: 50e6,
    rss: 300e6,
    handles: 12,
    kinds: {},
    fds: 60,
    segments: 12,
    errors: 0,
    delay,
    overall: delay,
    own: delay,
  }
  const processor = { worked: 1000, waited: 10 }
  /** One a minute, each a little other than the steady one as `change` says. */
  const readings = (change: (minutes: number) => Partial<Sample['condition']>): readonly Sample[] =>
    Array.from({ length: 121 }, (_, minutes) => ({
      minutes,
      condition: { ...steady, processor, ...change(minutes) },
      waiting: 1000,
      asked: 1000 + minutes * 300,
      decided: minutes * 200,
      requests: minutes * 1200,
      journalBytes: minutes * 1e6,
      killed: { kills: minutes * 8, journalBytes: minutes * 1e6, startMs: 700, slowestStartMs: 900 },
    }))
  const broken = (samples: readonly Sample[]) =>
    judge(samples, { warmUp: 10, compared: 10 }).flatMap(({ what, broken: why }) => (why === null ? [] : [what]))

  it.each([
    ['that stay as they are', () => ({}), []],
    ['that swing', (minutes: number) => ({ heap: 50e6 + (minutes % 7) * 1e6, fds: 60 + (minutes % 5) }), []],
    ['with more files of the journal', (minutes: number) => ({ fds: 60 + minutes / 3, segments: 12 + minutes / 3 }), []],
    ['with a heap that grows', (minutes: number) => ({ heap: 50e6 + minutes * 60e3 }), ['heap grows by less than 10 %']],
    ['with handles that stay open', (minutes: number) => ({ handles: 12 + minutes / 20 }), ['handles and files stay as many']],
    ['with files that stay open', (minutes: number) => ({ fds: 60 + minutes / 10 }), ['handles and files stay as many']],
    [
      'that name no end of the journal',
      (minutes: number) => ({ fds: 60 + minutes, segments: 12 + minutes }),
      ['handles and files stay as many'],
    ],
    ['with long turns', () => ({ own: { ...delay, p99: 60 } }), ['event loop delay p99 under 50 ms']],
    ['with turns that were long because others had the processor', () => ({ overall: { ...delay, p99: 60 } }), []],
  ] as const)('%s are judged so', (_, change, expected) => {
    expect(broken(readings(change))).toEqual(expected)
  })
})
