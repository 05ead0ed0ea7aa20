import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { fileStorage } from '../../../electron/core/journal/file-storage.ts'
import { type Catalogue, openCatalogue } from '../../../electron/core/workflows/catalogue.ts'
import { builtinWorkflows } from '../../../electron/core/workflows/registry.ts'
import { FakeClock } from '../../support/fake-clock.ts'
import { boss, ending, openRig, type Rig } from '../engine/harness.ts'

const silent = { info: () => {}, warn: () => {}, error: () => {} }
const head = "import { defineWorkflow, RunFailure, StepFailed } from 'countersign/workflow'\nimport * as z from 'zod'\n"

/** A workflow that asks and then says what it is. */
const asking = (name: string, says: string, version = 1) => `${head}
type Input = { amount: number }
export const flow = defineWorkflow({
  name: '${name}',
  version: ${version},
  input: z.object({ amount: z.number().default(7) }),
  async run(wf, { amount }: Input) {
    const { outcome } = await wf.approval('ask', { title: 'May I?', approvers: ['boss@example.com'] })
    return { outcome, amount, says: '${says}' }
  },
})
`

let folder = ''
let clock: FakeClock
const opened: Catalogue[] = []
const rigs: Rig[] = []

const put = (name: string, text: string) => writeFileSync(join(folder, name), text)
const open = async () => {
  const catalogue = await openCatalogue({ folder, builtin: builtinWorkflows.values(), storage: fileStorage, clock, log: silent })
  opened.push(catalogue)
  return catalogue
}
const engineOf = async (catalogue: Catalogue, journal?: string) => {
  const rig = await openRig({ workflows: [], installed: catalogue, clock, ...(journal ? { folder: journal } : {}) })
  rigs.push(rig)
  return rig
}
const begin = async (rig: Rig, name: string, input: unknown = {}) => {
  const spec = rig.engine.toStart(name, input)
  if (!spec.ok) throw new Error(spec.failure.message)
  const started = await rig.engine.submit(spec.value, { id: 'src_shop' }, { kind: 'source', id: 'src_shop', via: 'http' })
  if (!started.ok) throw new Error(started.failure.message)
  await rig.quiet()
  return started.value.run_id
}
const approve = async (rig: Rig, run: string) => {
  await rig.engine.decide({ approval_id: rig.open(run), decision: 'approve' }, boss)
  await rig.quiet()
}
/** What the list says of one file, without schemas. */
const said = (catalogue: Catalogue, origin: string) =>
  catalogue
    .list()
    .filter((view) => view.origin === origin)
    .map(({ name, version, error }) => ({ name, version, error }))

beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'workflows-')), 'workflows')
  mkdirSync(folder)
  clock = new FakeClock()
})
afterEach(async () => {
  for (const catalogue of opened.splice(0)) catalogue.stop()
  for (const rig of rigs.splice(0)) await rig.crash().catch(() => {})
  rmSync(join(folder, '..'), { recursive: true })
})

describe('a workflow file', () => {
  it('is loaded with the application’s own modules, listed with its input, and runs', async () => {
    put(
      'refund.ts',
      `${head}
export const refund = defineWorkflow({
  name: 'refund',
  input: z.object({ amount: z.number() }),
  async run(wf, { amount }) {
    if (amount > 100) throw new RunFailure('too much')
    return wf.step('pay', () => amount as number)
  },
})
export const other: number = 1
`,
    )
    const catalogue = await open()
    const rig = await engineOf(catalogue)
    expect(catalogue.list().find(({ name }) => name === 'refund')).toMatchObject({
      origin: 'refund.ts',
      version: 1,
      error: null,
      input: { type: 'object', properties: { amount: { type: 'number' } }, required: ['amount'] },
    })
    expect(ending(rig, await begin(rig, 'refund', { amount: 5 }))).toBe(5)
    // Its RunFailure is the engine's: the run fails on purpose, and nobody has to look at it.
    expect(ending(rig, await begin(rig, 'refund', { amount: 500 }))).toEqual({ type: 'run_failed', error: 'too much' })
  })

  it('is started with its defaults, and refused with every problem of its input', async () => {
    put('flow.ts', asking('flow', 'one'))
    const rig = await engineOf(await open())
    const run = await begin(rig, 'flow')
    await approve(rig, run)
    expect(ending(rig, run)).toEqual({ outcome: 'approved', amount: 7, says: 'one' })
    expect(rig.engine.toStart('flow', { amount: 'x' })).toMatchObject({
      ok: false,
      failure: { code: 'invalid-input', data: { errors: [{ pointer: '/input/amount' }] } },
    })
    expect(rig.engine.toStart('nowhere', {})).toMatchObject({ ok: false, failure: { code: 'not-found' } })
  })

  it('cannot be mistaken for one that is built in, and those have no back door', async () => {
    put('pay.ts', asking('expense', 'mine'))
    const catalogue = await open()
    const rig = await engineOf(catalogue)
    expect(said(catalogue, 'pay.ts')).toEqual([{ name: 'expense', version: 1, error: expect.stringContaining('is built in') }])
    expect(catalogue.get('expense')).toBe(builtinWorkflows.get('expense'))
    const bypass = { automatic: { rule: 'mine', comment: '' } }
    expect(rig.engine.toStart('expense', bypass)).toMatchObject({ ok: false, failure: { code: 'forbidden' } })
  })

  it.each([
    ['does not parse', `${head}\nexport const flow = ((`, /^line 4: /],
    ['has types that are code', `${head}enum A { x }`, /^line 3: .*enum/],
    ['throws', `${head}\n\nnothing.at()`, /^line 5: nothing is not defined/],
    ['exports none', `export const x = 1`, /^it exports no workflow/],
    ['waits at its top', `${head}await 1\n${asking('flow', 'x')}`.replaceAll(head, ''), /await outside/],
    ['imports its neighbour', `import './b.ts'`, /a workflow is one file/],
    ['imports what is not there', `import 'no-such-package'`, /no-such-package/],
    ['imports what is not offered', `import { nothing } from 'zod'`, /nothing/],
    ['has an odd name', asking('No Name', 'x'), /must be lower-case/],
    ['has an odd version', asking('flow', 'x', 0), /whole number from 1/],
  ])('that %s is named with its problem, and the others work', async (_what, text, problem) => {
    put('bad.ts', text)
    put('good.ts', asking('good', 'good'))
    const catalogue = await open()
    expect(said(catalogue, 'bad.ts')).toEqual([{ name: 'bad', version: 0, error: expect.stringMatching(problem) }])
    expect(said(catalogue, 'good.ts')).toEqual([{ name: 'good', version: 1, error: null }])
    expect(catalogue.get('bad')).toBeUndefined()
  })

  it('is loaded again when it changes; while it is broken its last good code stays in force', async () => {
    put('flow.ts', asking('flow', 'one'))
    const catalogue = await open()
    put('flow.ts', `${asking('flow', 'two')}\n((`)
    utimesSync(join(folder, 'flow.ts'), 1, 1)
    clock.advance(2000)
    await vi.waitUntil(() => said(catalogue, 'flow.ts')[0]?.error !== null)
    expect(said(catalogue, 'flow.ts')).toEqual([{ name: 'flow', version: 1, error: expect.stringMatching(/^line \d+: /) }])
    const rig = await engineOf(catalogue)
    const run = await begin(rig, 'flow')
    put('flow.ts', asking('flow', 'three'))
    expect(await catalogue.reload()).toContainEqual(expect.objectContaining({ name: 'flow', error: null }))
    await approve(rig, run)
    expect(ending(rig, run)).toMatchObject({ says: 'one' })
    const next = await begin(rig, 'flow')
    await approve(rig, next)
    expect(ending(rig, next)).toMatchObject({ says: 'three' })
  })

  it('that is gone can be started no more', async () => {
    put('flow.ts', asking('flow', 'one'))
    const catalogue = await open()
    rmSync(join(folder, 'flow.ts'))
    await catalogue.reload()
    expect([said(catalogue, 'flow.ts'), catalogue.get('flow')]).toEqual([[], undefined])
  })

  it('may stand beside an older version of itself; a new run gets the newest', async () => {
    put('flow.ts', asking('flow', 'new', 2))
    put('flow-1.ts', asking('flow', 'old', 1))
    put('flow-2.ts', asking('flow', 'twin', 2))
    const catalogue = await open()
    expect(catalogue.get('flow')?.version).toBe(2)
    expect(said(catalogue, 'flow.ts')).toEqual([
      { name: 'flow', version: 2, error: expect.stringContaining('is in flow-2.ts already') },
    ])
  })
})

describe('a parked run', () => {
  it('finishes on the code it began with, over a change, a deletion and a restart', async () => {
    put('flow.ts', asking('flow', 'old'))
    const before = await open()
    const rig = await engineOf(before)
    const [changed, gone] = [await begin(rig, 'flow'), await begin(rig, 'flow')]
    put('flow.ts', asking('flow', 'new'))
    await before.reload()
    await approve(rig, changed)
    expect(ending(rig, changed)).toMatchObject({ says: 'old' })
    rmSync(join(folder, 'flow.ts'))
    await rig.crash()
    const after = await engineOf(await open(), rig.folder)
    await approve(after, gone)
    expect(ending(after, gone)).toMatchObject({ says: 'old' })
  })

  it.each(['lost', 'forged'])('whose code was %s goes to review, and never silently on with another', async (how) => {
    put('flow.ts', asking('flow', 'old'))
    const rig = await engineOf(await open())
    const run = await begin(rig, 'flow')
    await rig.crash()
    put('flow.ts', asking('flow', 'new'))
    const kept = join(folder, '.versions')
    const [copy] = readdirSync(kept)
    if (how === 'lost') rmSync(join(kept, copy!))
    else writeFileSync(join(kept, copy!), asking('flow', 'forged'))
    const after = await engineOf(await open(), rig.folder)
    await approve(after, run)
    expect(ending(after, run)).toMatchObject({
      type: 'run_needs_review',
      error: expect.stringContaining('"flow" version 1, whose code was another one'),
    })
  })

  it('of a version that is not there goes to review, and on when it is put back', async () => {
    put('flow.ts', asking('flow', 'old', 1))
    const rig = await engineOf(await open())
    const run = await begin(rig, 'flow')
    await rig.crash()
    rmSync(join(folder, '.versions'), { recursive: true })
    put('flow.ts', asking('flow', 'new', 2))
    const catalogue = await open()
    const after = await engineOf(catalogue, rig.folder)
    await approve(after, run)
    expect(ending(after, run)).toMatchObject({ error: expect.stringContaining('and version 2 is installed') })
    put('flow-1.ts', asking('flow', 'old', 1))
    await catalogue.reload()
    await after.engine.retry(run, boss)
    await after.quiet()
    expect(ending(after, run)).toMatchObject({ says: 'old' })
  })
})
