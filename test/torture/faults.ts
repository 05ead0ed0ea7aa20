import { type Fault, failNth, type Operation, recordingStorage, systemError } from '../support/storage-double.ts'
import { type Found, liveOn, type Scenario } from './crash/lives.ts'
import { afterPowerCut, nothingArrived } from './crash/power-cut.ts'
import { scenarios } from './crash/scenarios.ts'
import { type Part, Tally } from './part.ts'

const kinds: Readonly<Record<string, Fault>> = {
  EIO: { error: systemError('EIO') },
  ENOSPC: { error: systemError('ENOSPC') },
  short: { short: (length) => Math.max(1, length >> 1) },
  nothing: { short: () => 0 },
}

/** Every call of a life on a sound disk. */
async function callsOf(scenario: Scenario): Promise<readonly Operation[]> {
  let log: readonly Operation[] = []
  await liveOn(scenario, scenario.start, 1, beforeIt(scenario), (storage) => {
    const double = recordingStorage(storage)
    log = double.log
    return double.storage
  })
  return log
}

const beforeIt = (scenario: Scenario) => ({ kept: scenario.kept ?? [], tried: new Set(scenario.kept) })

/**
 * Fails each call of a life, once and from then on, in each way; then opens what is left, as it is and as a power cut would leave it.
 * Answers how many calls there are.
 */
export async function failEach(scenario: Scenario, found: Found, only?: string): Promise<number> {
  const calls = await callsOf(scenario)
  for (const [kind, fault] of Object.entries(kinds)) {
    for (const persistent of [false, true]) {
      for (const { n, op, path } of calls) {
        const id = `${scenario.name}/${kind}/${persistent ? 'for ever' : 'once'}/${n}`
        // Only writes can be short.
        if (('short' in fault && op !== 'append') || (only !== undefined && only !== id)) continue
        const problems = await failOne(scenario, n, fault, persistent)
        found(
          id,
          problems.map((problem) => `${problem} (${kind} at call ${n}, ${op} ${path}, ${persistent ? 'for ever' : 'once'})`),
        )
      }
    }
  }
  return calls.length
}

async function failOne(scenario: Scenario, n: number, fault: Fault, persistent: boolean): Promise<readonly string[]> {
  const unhandled: string[] = []
  const note = (reason: unknown) => void unhandled.push(`nobody handled: ${(reason as Error)?.message ?? reason}`)
  process.on('unhandledRejection', note)
  try {
    const failed = await liveOn(scenario, scenario.start, 1, beforeIt(scenario), (storage) => {
      const double = recordingStorage(storage)
      failNth(double, n, fault, { persistent })
      return double.storage
    })
    const left = failed.states.at(-1)!
    const before = { ...failed, kept: failed.keptBy(failed.states.length) }
    const next = await liveOn(scenario, left, 2, before)
    // What was refused may be there again after a power cut, for taking it back may not have arrived: nobody was promised that.
    const cut = await liveOn(scenario, afterPowerCut(left, nothingArrived), 2, before)
    await new Promise((resolve) => setImmediate(resolve))
    const afterCut = cut.problems.map((problem) => `${problem} (after a power cut)`)
    return [...failed.problems, ...next.problems, ...afterCut, ...unhandled]
  } finally {
    process.off('unhandledRejection', note)
  }
}

/** The n-th call to the disk fails, for every n: what was acknowledged stays, what was refused is not there, and it goes on afterwards. */
export const faults: Part = {
  name: 'faults',
  async run({ seed, say, only }) {
    const rows = []
    for (const make of scenarios) {
      for (const size of ['small', 'large'] as const) {
        const scenario = await make(size)
        say(`  ${scenario.name}, ${size}`)
        const tally = new Tally('faults', `${scenario.name}, ${size}`, seed)
        const calls = await failEach(scenario, (id, problems) => tally.add(id, problems), only)
        tally.note = `each of ${calls} calls`
        rows.push(tally.row())
      }
    }
    return rows
  },
}
