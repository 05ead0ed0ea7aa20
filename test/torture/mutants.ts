import { durability } from './mutants/durability.ts'
import type { Area, Mutant } from './mutants/mutant.ts'
import { policy } from './mutants/policy.ts'
import { separation } from './mutants/separation.ts'
import { type Verdict, Workspace } from './mutants/workspace.ts'
import { type Options, type Part, type Row, random, Tally } from './part.ts'

export const areas: readonly Area[] = [durability, separation, policy]
/** So many of an area in the quick form, drawn by the seed. */
const quickly = 4

/**
 * Whether the tests would notice: each mutant is a mistake in a copy of the source, and the tests whose matter it is have to fail. One
 * that nobody notices is a missing test; one whose text is gone from the source has to be written anew. Both count as failures.
 */
export const mutants: Part = {
  name: 'mutants',
  async run(options) {
    const workspace = new Workspace()
    try {
      const rows: Row[] = []
      const chosen = areas.map((area) => ({ ...area, mutants: chosenOf(area, options) })).filter((area) => area.mutants.length > 0)
      for (const area of chosen) rows.push(await runArea(workspace, area, options))
      return rows
    } finally {
      workspace.remove()
    }
  },
}

const idOf = (area: Area, mutant: Mutant): string => `${area.name}: ${mutant.name}`

function chosenOf(area: Area, { only, quick, seed }: Options): readonly Mutant[] {
  if (only !== undefined) return area.mutants.filter((mutant) => idOf(area, mutant) === only)
  if (!quick) return area.mutants
  const left = [...area.mutants]
  const draw = random(seed)
  return Array.from({ length: Math.min(quickly, left.length) }, () => left.splice(draw(left.length), 1)[0]!)
}

async function runArea(workspace: Workspace, area: Area, { seed, say }: Options): Promise<Row> {
  const tally = new Tally('mutants', `${area.name}: mistakes that a test notices`, seed)
  const whole = await workspace.run([...new Set(area.mutants.flatMap(({ tests }) => tests))])
  // Of tests that fail anyway nothing is learnt.
  if (whole.verdict !== 'passed') {
    tally.add(`${area.name}: no mistake at all`, [toProblem(whole)])
    return tally.row()
  }
  let caught = 0
  for (const mutant of area.mutants) {
    const began = performance.now()
    const verdict = await workspace.try(mutant)
    const good = verdict.verdict === 'failed'
    if (good) caught++
    const seconds = ((performance.now() - began) / 1000).toFixed(1)
    say(`${idOf(area, mutant)}: ${good ? `noticed by “${verdict.by}”` : toProblem(verdict)} (${seconds} s)`)
    tally.add(idOf(area, mutant), good ? [] : [toProblem(verdict)])
  }
  tally.note = `${caught} of ${area.mutants.length} noticed`
  return tally.row()
}

function toProblem(verdict: Verdict): string {
  if (verdict.verdict === 'passed') return 'no test notices'
  return verdict.verdict === 'failed' ? `the tests fail without it: ${verdict.by}` : `${verdict.verdict}: ${verdict.why}`
}
