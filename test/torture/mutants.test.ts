import { existsSync, readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { applyMutant, type Mutant } from './mutants/mutant.ts'
import { root, Workspace } from './mutants/workspace.ts'
import { areas, mutants } from './mutants.ts'

const all = areas.flatMap((area) => area.mutants)
const read = (file: string): string => readFileSync(join(root, file), 'utf8')

describe('the mutants', () => {
  it('are enough, each has a name of its own, and each has tests that are there', () => {
    const counts = Object.fromEntries(areas.map((area) => [area.name, area.mutants.length]))
    expect(counts.durability).toBeGreaterThanOrEqual(8)
    expect(counts.separation! + counts.policy!).toBeGreaterThanOrEqual(30)
    for (const area of areas) expect(new Set(area.mutants.map(({ name }) => name)).size, area.name).toBe(area.mutants.length)
    expect(all.flatMap(({ tests }) => tests).filter((file) => !existsSync(join(root, file)))).toEqual([])
  })

  it('each fit the source as it is now, and leave code that can be read', () => {
    const unfit = all.flatMap((mutant) => {
      const source = applyMutant(read(mutant.file), mutant)
      if (source === null) return [`${mutant.name}: its text does not stand once in ${mutant.file}`]
      try {
        stripTypeScriptTypes(source)
        return []
      } catch (error) {
        return [`${mutant.name}: ${String(error)}`]
      }
    })
    expect(unfit).toEqual([])
  })

  it('are refused where their text is gone, stands there twice, or changes nothing', () => {
    const apply = (source: string, from: string, to: string) => applyMutant(source, { from, to })
    expect([apply('a b', 'c', 'd'), apply('a a', 'a', 'b'), apply('a b', 'a', 'a')]).toEqual([null, null, null])
    expect(apply('a b', 'a', '$&')).toBe('$& b')
  })
})

describe('the machine that tries them', () => {
  let workspace: Workspace
  beforeAll(() => {
    workspace = new Workspace()
  })
  afterAll(() => workspace.remove())

  const tests = ['test/core/engine/ballot.test.ts']
  const file = 'electron/core/engine/ballot.ts'
  const twice: Mutant = { ...all.find(({ name }) => name === 'one person counts twice')!, tests }

  it('tells a mistake that is noticed from one that is not, and puts the source back', { timeout: 60_000 }, async () => {
    expect(await workspace.try(twice)).toEqual({ verdict: 'failed', by: expect.stringContaining('are one for each person') })
    const harmless = { name: 'harmless', file, from: 'let count = 0', to: 'let count = 1 - 1', tests }
    expect(await workspace.try(harmless)).toEqual({ verdict: 'passed' })
    expect(readFileSync(join(workspace.folder, file), 'utf8')).toBe(read(file))
  })

  it('takes neither code that cannot be read nor text that is gone for a mistake that was noticed', {
    timeout: 60_000,
  }, async () => {
    expect(await workspace.try({ ...twice, to: '    if (\n' })).toMatchObject({ verdict: 'broken' })
    expect(await workspace.try({ ...twice, from: 'what nobody wrote' })).toMatchObject({ verdict: 'stale' })
  })

  it('repeats one of them by its name', { timeout: 60_000 }, async () => {
    const only = 'separation: one person counts twice'
    const rows = await mutants.run({ seed: 1, quick: false, say: () => {}, only })
    expect(rows).toMatchObject([{ part: 'mutants', cases: 1, failures: 0, note: '1 of 1 noticed' }])
  })
})
