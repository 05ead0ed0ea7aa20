import { rm } from 'node:fs/promises'
import { setTimeout as later } from 'node:timers/promises'
import { type Bank, openBank } from '../life/bank.ts'
import { Book } from '../life/book.ts'
import { Caller } from '../life/caller.ts'
import type { Lane } from '../life/doings.ts'
import { prepareHome } from '../life/home.ts'
import { type Death, type Lives, liveAndDie, problemsOfStart, startsInWords } from '../life/lives.ts'
import type { Random } from '../life/random.ts'
import { next } from '../life/traffic.ts'
import { auditVerify, checkHome } from '../life/verify.ts'
import { random } from '../part.ts'

const clients = 10
const parked = 60
/** Most of what is done is something that has to be kept. */
const shares = { submit: 38, end: 38, change: 14, one: 4, wait: 0, wrong: 2 }

/** What was looked at: how often, and what was wrong. */
export type Check = { readonly what: string; readonly cases: number; readonly problems: readonly string[]; readonly note: string }
type Killing = { readonly checks: readonly Check[]; readonly acknowledged: number }

type Options = {
  readonly seed: number
  readonly kills: number
  readonly readyWithinMs?: number
  readonly say?: (text: string) => void
}

/** When the next life is killed: one in seven while it starts, most within half a second of being ready, one in seven later. */
function nextDeath(random: Random): Death {
  const kind = random(7)
  if (kind === 0) return { from: 'begin', ms: random(800) }
  const ms = kind === 1 ? 500 + random(1000) : random(500)
  return { from: 'ready', until: () => later(ms) }
}

/** Life after life in one home under load, each killed at a random point; then what is there is held against what was acknowledged. */
export async function killOften({ seed, kills, readyWithinMs = 2000, say = () => undefined }: Options): Promise<Killing> {
  const bank = await openBank({ random: random(seed + 1) })
  const config = `model: { enabled: false }
actions:
  payment: { url: '${bank.url}' }
  expense: { url: '${bank.url}' }
  deployment: { url: '${bank.url}' }
`
  const { home, tokens } = await prepareHome(config, bank.callback)
  const moments = random(seed)
  const spoken = Promise.withResolvers<void>()
  let begun = 0
  let over = false
  // The last life goes on until everybody has been answered: then what each was told is known.
  const lives = liveAndDie(home, () => {
    if (++begun % 50 === 0)
      say(`  ${begun} lives: ${sum(caller)} acknowledged, ${caller.wrong} wrong; ready: ${startsInWords(lives.starts)}`)
    if (begun < kills) return nextDeath(moments)
    over = true
    return begun > kills ? null : { from: 'ready', until: () => spoken.promise }
  })
  const caller = new Caller(lives.place)
  const book = new Book(random(seed + 2))
  const lane: Lane = { name: 'killed', caller, tokens, book, random: random(seed + 3), keyed: 1, over: () => over }
  await Promise.all(Array.from({ length: clients }, () => workOn(lane)))
  spoken.resolve()
  await lives.done
  const checks = [startsChecked(lives, readyWithinMs), spokenChecked(caller), ...(await homeChecked(home, book, bank, kills))]
  await bank.close()
  await rm(home, { recursive: true, force: true })
  return { checks, acknowledged: sum(caller) }
}

const sum = ({ acknowledged }: Caller): number => [...acknowledged.values()].reduce((all, count) => all + count, 0)

/** One thing after the other, whichever life answers. */
async function workOn(lane: Lane): Promise<void> {
  while (!lane.over()) {
    try {
      await next(lane, parked, shares)(lane)
    } catch (error) {
      lane.caller.blame(String((error as Error).stack))
    }
  }
}

function startsChecked({ starts, killed, problems }: Lives, withinMs: number): Check {
  const { all, early } = killed()
  const found = [...problems, ...starts.flatMap((start) => problemsOfStart(start, withinMs))]
  const what = `kills at random points, each ready again within ${withinMs / 1000} s`
  return { what, cases: all, problems: found, note: `${early} before it was ready; ${startsInWords(starts)}` }
}

function spokenChecked(caller: Caller): Check {
  const most = [...caller.acknowledged].toSorted((a, b) => b[1] - a[1]).map(([door, count]) => `${count} ${door}`)
  const note = `${caller.requests} requests, ${caller.cut} cut off; ${most.join(', ')}`
  return { what: 'acknowledged operations under load', cases: sum(caller), problems: caller.problems, note }
}

async function homeChecked(home: string, book: Book, bank: Bank, kills: number): Promise<readonly Check[]> {
  const audit = [...(await auditVerify(home))]
  const kept: { cases: number; problems: string[] } = { cases: 0, problems: [] }
  const decidable: { cases: number; problems: string[] } = { cases: 0, problems: [] }
  const into = (check: typeof kept) => ({
    add(_: string, problems: readonly string[]) {
      check.cases++
      check.problems.push(...problems)
    },
  })
  const { records, runs } = await checkHome(home, book, bank, into(kept), into(decidable))
  audit.push(...(await auditVerify(home)))
  const calls = [...bank.payments.values()].reduce((all, payment) => all + payment.calls, 0)
  const unsure = book.all.filter(({ fate }) => fate === 'unsure').length
  const carriedOut = `${bank.payments.size} carried out once in ${calls} calls, ${bank.told.size} told`
  return [
    {
      what: 'requests: there once, ended as told, carried out once',
      ...kept,
      note: `${runs} runs; ${unsure} cut off; ${carriedOut}`,
    },
    { what: 'parked, decidable after the last kill', ...decidable, note: '' },
    { what: 'audit verify after the last kill', cases: 2, problems: audit, note: `${records} records, ${kills} lives` },
  ]
}
