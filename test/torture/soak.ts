import { mkdirSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as later } from 'node:timers/promises'
import { type Bank, openBank } from './life/bank.ts'
import { Book } from './life/book.ts'
import { Caller, type Place } from './life/caller.ts'
import type { Lane } from './life/doings.ts'
import { type PreparedHome, prepareHome } from './life/home.ts'
import { journalBytes } from './life/journal.ts'
import { type Lives, liveAndDie, problemsOfStart, startsInWords } from './life/lives.ts'
import { drive } from './life/traffic.ts'
import { auditVerify, checkHome } from './life/verify.ts'
import { type Options, type Part, type Row, random, Tally } from './part.ts'
import { type LongLife, startLongLife } from './soak/long-life.ts'
import { type MoodyModel, openMoodyModel } from './soak/moods.ts'
import { judge, mb, type Sample } from './soak/steady.ts'

const part = 'soak'
const perSecond = 20
const samplesFile = join(import.meta.dirname, '../../test-results/soak-samples.json')

type Plan = {
  readonly minutes: number
  readonly warmUp: number
  readonly compared: number
  readonly everyMs: number
  readonly parked: number
}

/** Two hours with a thousand that wait, five minutes with two hundred, or as long as `minutes:N` says. */
function planFor({ quick, only }: Options): Plan {
  const minutes = Number(/^minutes:([\d.]+)$/.exec(only ?? '')?.[1] ?? (quick ? 5 : 120))
  const compared = Math.min(10, minutes * 0.3)
  return {
    minutes,
    compared,
    warmUp: Math.min(10, minutes * 0.4),
    everyMs: minutes > 20 ? 30_000 : 5000,
    parked: minutes > 20 ? 1000 : 200,
  }
}

const configuration = (model: MoodyModel, bank: Bank) => `model: { enabled: true, host: '${model.url}', name: llama3.2 }
actions:
  payment: { url: '${bank.url}' }
  expense: { url: '${bank.url}' }
  deployment: { url: '${bank.url}' }
`

/** A home with everything around it: a model of changing moods, a bank, and a book of what was acknowledged. */
type World = { readonly model: MoodyModel; readonly bank: Bank; readonly prepared: PreparedHome; readonly book: Book }

async function openWorld(seed: number): Promise<World> {
  const model = await openMoodyModel(random(seed))
  const bank = await openBank({ random: random(seed + 1) })
  const prepared = await prepareHome(configuration(model, bank), bank.callback)
  return { model, bank, prepared, book: new Book(random(seed + 2)) }
}

async function closeWorld({ model, bank, prepared }: World): Promise<void> {
  await model.close()
  await bank.close()
  await rm(prepared.home, { recursive: true, force: true })
}

type Running = {
  readonly plan: Plan
  readonly seed: number
  readonly say: Options['say']
  readonly lived: World & { readonly life: LongLife; readonly lane: Lane }
  readonly killed: World & { readonly lives: Lives; readonly lane: Lane }
  readonly samples: Sample[]
  minutes(): number
}

async function takeSample({ lived, killed, samples, minutes, seed, plan }: Running): Promise<void> {
  const condition = await lived.life.condition()
  if (condition === null) return lived.lane.caller.blame(lived.life.fell() ?? 'the process did not say how it is')
  const { book } = lived
  samples.push({
    minutes: minutes(),
    condition,
    waiting: book.waiting,
    asked: book.all.length,
    decided: book.decided.length,
    requests: lived.lane.caller.requests,
    journalBytes: journalBytes(lived.prepared.home),
    killed: {
      kills: killed.lives.starts.length,
      journalBytes: journalBytes(killed.prepared.home),
      startMs: killed.lives.starts.at(-1)?.ms ?? 0,
      slowestStartMs: Math.max(0, ...killed.lives.starts.map(({ ms }) => ms)),
    },
  })
  mkdirSync(join(samplesFile, '..'), { recursive: true })
  writeFileSync(samplesFile, `${JSON.stringify({ seed, plan, samples })}\n`)
}

function sayHowItIs({ lived, killed, samples, minutes, say }: Running): void {
  const { condition, waiting } = samples.at(-1)!
  const { heap, rss, handles, fds, delay, overall } = condition
  const [a, b] = [lived.lane.caller, killed.lane.caller]
  const rate = (requests: number) => (requests / (minutes() * 60)).toFixed(1)
  say(
    `  ${minutes().toFixed(0)} min: ${a.requests} requests (${rate(a.requests)}/s), ${a.wrong} wrong, ${waiting} wait, heap ${mb(heap)}, ` +
      `rss ${mb(rss)}, ${handles} handles, ${fds} fds, delay p99 ${delay.p99.toFixed(1)} (all ${overall.p99.toFixed(1)}) ms; killed ` +
      `${killed.lives.starts.length} times: ${b.requests} requests (${rate(b.requests)}/s), ${b.cut} cut, ${b.wrong} wrong, ` +
      `start ${killed.lives.starts.at(-1)?.ms.toFixed(0)} ms`,
  )
  for (const caller of [a, b]) for (const problem of caller.problems.slice(0, 3)) say(`    ${problem}`)
}

async function observe(running: Running, over: () => boolean): Promise<void> {
  let told = 0
  while (!over()) {
    await takeSample(running)
    if (running.samples.length > 0 && running.minutes() >= told) {
      sayHowItIs(running)
      told = Math.floor(running.minutes()) + 1
    }
    await later(running.plan.everyMs)
  }
}

function laneOf(name: string, world: World, place: () => Promise<Place>, seed: number, keyed: number, over: () => boolean): Lane {
  return { name, caller: new Caller(place), tokens: world.prepared.tokens, book: world.book, random: random(seed), keyed, over }
}

async function run(options: Options): Promise<Row[]> {
  const { seed, say } = options
  const plan = planFor(options)
  const [first, second] = [await openWorld(seed), await openWorld(seed + 10)]
  const life = await startLongLife(first.prepared.home)
  const dying = new AbortController()
  const moments = random(seed + 20)
  const someTime = () => later(5000 + moments(5000), undefined, { signal: dying.signal }).catch(() => undefined)
  const lives = liveAndDie(second.prepared.home, () => (dying.signal.aborted ? null : { from: 'ready', until: someTime }))
  const began = performance.now()
  const minutes = () => (performance.now() - began) / 60_000
  const over = () => minutes() >= plan.minutes
  const running: Running = {
    plan,
    seed,
    say,
    samples: [],
    minutes,
    lived: { ...first, life, lane: laneOf('lived', first, async () => life.place, seed + 30, 5, over) },
    killed: { ...second, lives, lane: laneOf('killed', second, lives.place, seed + 40, 1, over) },
  }
  const pace = { perSecond, parked: plan.parked }
  const observing = observe(running, over)
  await Promise.all([drive(running.lived.lane, pace), drive(running.killed.lane, pace)])
  await observing
  dying.abort()
  await lives.done
  await later(5000)
  await takeSample(running)
  await life.stop()
  const rows = [...rowsOfTraffic(running), ...rowsOfSteadiness(running)]
  for (const world of [running.lived, running.killed]) rows.push(...(await rowsOfHome(world, world.lane.name, seed, say)))
  await closeWorld(first)
  await closeWorld(second)
  return rows
}

function rowsOfTraffic({ lived, killed, seed, minutes, plan }: Running): Row[] {
  const rows: Row[] = []
  for (const { lane, model } of [lived, killed]) {
    const { caller } = lane
    const p = (of: number) => `p${of} ${(caller.took.percentile(of) / 1000).toFixed(1)} ms`
    rows.push({
      part,
      what: `requests to the process that ${lane.name === 'lived' ? 'lives' : 'is killed'}`,
      cases: caller.requests,
      failures: caller.wrong,
      seconds: Math.round(minutes() * 60),
      seed,
      note: `${(caller.requests / minutes() / 60).toFixed(1)}/s; ${caller.cut} cut off; ${p(50)}, ${p(99)}; ${model.changes()} moods of the model`,
      found: caller.problems.slice(0, 10).map((problem) => ({ id: `minutes:${plan.minutes}`, problem })),
    })
  }
  const ready = new Tally(part, 'kills, each ready again within 2 s', seed)
  for (const start of killed.lives.starts) ready.add(`minutes:${plan.minutes}`, problemsOfStart(start))
  for (const problem of killed.lives.problems) ready.add(`minutes:${plan.minutes}`, [problem])
  ready.note = startsInWords(killed.lives.starts)
  return [...rows, ready.row()]
}

function rowsOfSteadiness({ samples, plan, seed, lived }: Running): Row[] {
  const { errors } = samples.at(-1)!.condition
  const alive = { what: 'the process did not fall', broken: lived.life.fell(), note: `${errors} errors logged` }
  return [...judge(samples, plan), alive].map(({ what, broken, note }) => {
    const tally = new Tally(part, what, seed)
    tally.add(`minutes:${plan.minutes}`, broken === null ? [] : [broken])
    tally.note = note
    return tally.row()
  })
}

async function rowsOfHome(world: World, name: string, seed: number, say: Options['say']): Promise<Row[]> {
  say(`  looking at what is there in the home that ${name === 'lived' ? 'lived' : 'was killed'}`)
  const audit = new Tally(part, `audit verify, ${name}`, seed)
  audit.add('before', await auditVerify(world.prepared.home))
  const kept = new Tally(part, `acknowledged, there once, ended as told, ${name}`, seed)
  const decidable = new Tally(part, `parked, decidable at the end, ${name}`, seed)
  const { records, runs } = await checkHome(world.prepared.home, world.book, world.bank, kept, decidable)
  audit.add('after', await auditVerify(world.prepared.home))
  const unsure = world.book.all.filter(({ fate }) => fate === 'unsure').length
  kept.note = `${runs} runs; of ${unsure} the end was cut off; ${world.bank.payments.size} carried out, ${world.bank.told.size} told`
  audit.note = `${records} records, ${mb(journalBytes(world.prepared.home))}`
  return [kept.row(), decidable.row(), audit.row()]
}

/**
 * Two hours of ordinary use at 20 requests a second each, with a model that is in another mood every few seconds: one process lives
 * through and is measured, another one is killed every five to ten seconds.
 */
export const soak: Part = { name: part, run }
