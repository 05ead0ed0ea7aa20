import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, it } from 'vitest'
import { newHome, openTestApp } from '../support/app.ts'

/** How often the process is killed between decision, step and completion. */
const kills = Number(process.env.COUNTERSIGN_STEP_KILLS ?? 200)
/** A decision, its steps and the end are written and synced in so many calls of the storage. */
const points = 6
const program = fileURLToPath(new URL('./steps.ts', import.meta.url))
/** Homes that are killed side by side: most of a life is waiting for a process to begin. */
const lanes = 4

type Lane = { readonly home: string; readonly effects: string; readonly begun: string[]; readonly decided: Set<string> }

const all = Array.from({ length: lanes }, (): Lane => {
  const home = newHome()
  return { home, effects: join(home, 'effects.jsonl'), begun: [], decided: new Set() }
})

afterAll(() => Promise.all(all.map(({ home }) => rm(home, { recursive: true, force: true }))))

async function live({ home, effects, begun }: Lane, n: number, side: 'before' | 'after'): Promise<readonly string[]> {
  const child = spawn(process.execPath, [program, home, effects, String(n), side], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, RUNS: begun.slice(-3).join(',') },
  })
  let said = ''
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString()
  })
  const signal = await new Promise((resolve) => child.once('exit', (_, by) => resolve(by)))
  expect(signal).toBe('SIGKILL')
  return said.split('\n')
}

/** Life after life in one home, until it was killed so often; what was written together needs fewer calls, and that life survives. */
async function killOften(lane: Lane, wanted: number): Promise<number> {
  let killed = 0
  for (let life = 0; killed < wanted && life < 2 * wanted; life++) {
    const lines = await live(lane, 1 + (life % points), life % (2 * points) < points ? 'before' : 'after')
    for (const line of lines) {
      const [what, run] = line.split(' ')
      if (what === 'begun') lane.begun.push(run!)
      if (what === 'decided') lane.decided.add(run!)
    }
    if (!lines.includes('survived')) killed++
  }
  return killed
}

it(`uses each stored step once in ${kills} kills between decision, step and completion`, { timeout: kills * 10_000 }, async () => {
  const killed = await Promise.all(all.map((lane) => killOften(lane, kills / lanes)))
  expect(killed.reduce((sum, of) => sum + of)).toBe(kills)
  for (const lane of all) await checkLane(lane)
})

async function checkLane({ home, effects, begun, decided }: Lane): Promise<void> {
  const last = await openTestApp({ home })
  try {
    const done = readFileSync(effects, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Effect)
    let ended = 0
    for (const run of begun) {
      const { entries } = await last.owner.tasks.timeline({ task_id: run })
      const count = (type: string) => entries.filter((entry) => entry.type === type).length
      if (decided.has(run)) expect(count('approval_decided')).toBe(1)
      const { status, result } = await last.owner.tasks.status({ task_id: run })
      if (status !== 'completed') continue
      ended++
      expect([count('approval_decided'), count('step_completed'), count('run_completed')]).toEqual([1, 3, 1])
      const used = result as Record<string, string>
      for (const [step, mark] of [
        ['quote', used.quote],
        ['pay', used.pay],
        ['tell', used.told],
      ] as const) {
        const attempts = done.filter((one) => one.run === run && one.step === step)
        // The result in use is that of the last attempt: no attempt was made once one was stored. All had one key.
        expect(attempts.at(-1)?.mark).toBe(mark)
        expect(new Set(attempts.map(({ key }) => key)).size).toBe(1)
      }
    }
    // All but those of the last lives, which nobody has picked up yet.
    expect(ended).toBeGreaterThanOrEqual(begun.length - 4)
    const verified = await last.owner.system.verify({})
    expect(verified.problems).toEqual([])
  } finally {
    await last.stop()
  }
}

type Effect = { readonly step: string; readonly run: string; readonly key: string; readonly mark: string }
