import type { Storage } from '../../../electron/core/journal/port.ts'
import { random } from '../part.ts'
import { type DiskState, openDisk } from './disk.ts'
import { afterPowerCut, type Choices, everyChoice, nothingArrived, randomChoices } from './power-cut.ts'

/** One start of the real code on a disk, from its recovery to where the power goes. */
export type Life = {
  /** 1 is the first. */
  readonly number: number
  readonly storage: Storage
  /** What was acknowledged in earlier lives, in order. */
  readonly kept: readonly string[]
  /** What was asked for in earlier lives, acknowledged or not. */
  readonly tried: ReadonlySet<string>
  /** What was refused in earlier lives, with nothing of it left behind. */
  readonly refused: ReadonlySet<string>
  /** The disk fails in this life: what it refuses is nobody's mistake. */
  readonly faulty: boolean
  /** Something is asked for from now on. */
  try(fact: string): void
  /** It was acknowledged. */
  keep(fact: string): void
  /** It was refused, and must not be there later. */
  refuse(fact: string): void
  wrong(problem: string): void
  /** The whole disk as it is now, for a look at it that no program has. */
  state(): DiskState
}

export type Scenario = {
  readonly name: string
  readonly start: DiskState
  /** A life of it costs so many of the others. */
  readonly slow?: number
  /** What was acknowledged on the disk at the start. */
  readonly kept?: readonly string[]
  live(life: Life): Promise<void>
}

type Lived = {
  readonly states: readonly DiskState[]
  readonly calls: readonly string[]
  readonly tried: ReadonlySet<string>
  readonly refused: ReadonlySet<string>
  readonly problems: readonly string[]
  /** What was acknowledged by the time of a state. */
  keptBy(state: number): readonly string[]
}

type Before = { readonly kept: readonly string[]; readonly tried: ReadonlySet<string>; readonly refused?: ReadonlySet<string> }

/** Lets the real code live on a disk. `fail` puts a failing disk in between. */
export async function liveOn(
  scenario: Scenario,
  start: DiskState,
  number: number,
  before: Before,
  fail?: (storage: Storage) => Storage,
): Promise<Lived> {
  const disk = openDisk(start)
  const tried = new Set(before.tried)
  const refused = new Set(before.refused)
  const told: { after: number; fact: string }[] = []
  const problems: string[] = []
  try {
    await scenario.live({
      number,
      storage: fail ? fail(disk.storage) : disk.storage,
      kept: before.kept,
      tried: before.tried,
      refused: new Set(refused),
      faulty: fail !== undefined,
      try: (fact) => tried.add(fact),
      keep: (fact) => told.push({ after: disk.states.length - 1, fact }),
      refuse: (fact) => refused.add(fact),
      wrong: (problem) => problems.push(problem),
      state: () => disk.states.at(-1)!,
    })
  } catch (error) {
    if (!fail) problems.push(`it does not start: ${(error as Error).message}`)
  }
  const keptBy = (state: number) => [...before.kept, ...told.filter(({ after }) => after <= state).map(({ fact }) => fact)]
  return { states: disk.states, calls: disk.calls, tried, refused, problems, keptBy }
}

export type Found = (id: string, problems: readonly string[]) => void

const firstLife = (scenario: Scenario) =>
  liveOn(scenario, scenario.start, 1, { kept: scenario.kept ?? [], tried: new Set(scenario.kept) })

/**
 * Every disk after a power cut at every call of the first life; and, where the process was only killed at a call, what is left when the
 * power goes in the life after it. Answers how many calls there were.
 */
export async function explore(scenario: Scenario, found: Found, only?: string): Promise<number> {
  const first = await firstLife(scenario)
  if (first.problems.length > 0) found(`${scenario.name}/every/start`, first.problems)
  for (const [at, state] of first.states.entries()) {
    let variant = 0
    await everyChoice(async (choices) => {
      const id = `${scenario.name}/every/${at}/${variant++}`
      const left = afterPowerCut(state, choices)
      if (only !== undefined && only !== id) return true
      const next = await liveOn(scenario, left, 2, { ...first, kept: first.keptBy(at) })
      found(
        id,
        next.problems.map((problem) => `${problem} (power cut after ${first.calls[at]})`),
      )
      return only === undefined
    })
  }
  for (const [at, state] of first.states.entries()) await cutAfterKill(scenario, first, state, at, found, only)
  return first.states.length - 1
}

/** A process that is killed leaves what is not safe yet to the next one, which must not take it for safe. */
async function cutAfterKill(
  scenario: Scenario,
  first: Lived,
  state: DiskState,
  at: number,
  found: Found,
  only?: string,
): Promise<void> {
  const second = await liveOn(scenario, state, 2, { ...first, kept: first.keptBy(at) })
  const killed = `killed after ${first.calls[at]}`
  if (second.problems.length > 0)
    found(
      `${scenario.name}/kill/${at}`,
      second.problems.map((problem) => `${problem} (${killed})`),
    )
  for (const [then, later] of second.states.entries()) {
    const id = `${scenario.name}/kill/${at}/${then}`
    if (only !== undefined && only !== id) continue
    const third = await liveOn(scenario, afterPowerCut(later, nothingArrived), 3, { ...second, kept: second.keptBy(then) })
    const how = `${killed}, then power cut after ${second.calls[then]}`
    found(
      id,
      third.problems.map((problem) => `${problem} (${how})`),
    )
  }
}

/**
 * Random disks: a power cut at any call of the first life, mostly a second one at any call of the second, at times after a mere kill,
 * which leaves to the next life all that was written, safe or not.
 */
export async function wander(
  scenario: Scenario,
  options: { readonly cases: number; readonly seed: number; readonly found: Found; readonly only?: string },
): Promise<void> {
  const { cases, seed, found, only } = options
  const first = await firstLife(scenario)
  if (first.problems.length > 0) found(`${scenario.name}/random/start`, first.problems)
  for (let n = 0; n < cases; n++) {
    const id = `${scenario.name}/random/${n}`
    if (only !== undefined && only !== id) continue
    // Each case has numbers of its own, so that it can be repeated alone.
    found(id, await oneWalk(scenario, first, random(seed + Math.imul(n, 0x9e3779b1))))
  }
}

async function oneWalk(scenario: Scenario, first: Lived, next: (below: number) => number): Promise<readonly string[]> {
  const path: string[] = []
  const choices: Choices = randomChoices(next)
  let lived = first
  const cuts = 1 + next(3)
  for (let cut = 1; ; cut++) {
    const at = next(lived.states.length)
    const killed = cut < cuts && next(4) === 0
    const left = killed ? lived.states[at]! : afterPowerCut(lived.states[at]!, choices)
    path.push(`${killed ? 'kill' : 'power cut'} after ${lived.calls[at]}`)
    lived = await liveOn(scenario, left, cut + 1, { ...lived, kept: lived.keptBy(at) })
    if (lived.problems.length > 0) return lived.problems.map((problem) => `${problem} (${path.join(', then ')})`)
    if (cut === cuts) return []
  }
}
