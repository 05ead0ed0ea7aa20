import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import * as z from 'zod'
import { type ApprovalOptions, defineWorkflow, type LevelOptions } from '../../../electron/core/engine/workflow.ts'
import { fileStorage } from '../../../electron/core/journal/file-storage.ts'
import { plainDirectory } from '../../support/directory.ts'
import { recordingStorage } from '../../support/storage-double.ts'
import { ending, openRig, type Rig, type RigOptions, source } from './harness.ts'
import { mail, person } from './people.ts'
import { type PlanLevel, type Rules, RulesModel } from './rules-model.ts'

/** How many sequences of how many commands. `npm run torture` raises them. */
const sequences = Number(process.env.COUNTERSIGN_SEQUENCES ?? 2000)
const commands = 50
const hourMs = 3_600_000
const actors = ['ana', 'ben', 'cem', 'dia', 'eva'] as const

const actor = fc.constantFrom(...actors)
const some = fc.uniqueArray(actor, { maxLength: 4 })
const asked = fc.uniqueArray(actor, { minLength: 1, maxLength: 3 })
const span = fc.option(fc.constantFrom(2, 8, 24), { nil: null })

const level: fc.Arbitrary<PlanLevel> = fc
  .record({
    people: fc.oneof({ weight: 4, arbitrary: asked }, { weight: 1, arbitrary: fc.constant([]) }),
    votes: fc.constantFrom('any' as const, 'all' as const, 2 as const, '60%' as const),
    oneRejectionEnds: fc.boolean(),
    timeout: span,
    escalate: fc.array(fc.record({ after: fc.option(fc.constantFrom(1, 5), { nil: null }), to: asked, timeout: span }), {
      maxLength: 2,
    }),
  })
  // Two of one person is refused when it is asked.
  .map((plan) => {
    const named = new Set([...plan.people, ...plan.escalate.flatMap(({ to }) => to)]).size
    return plan.votes === 2 && plan.people.length > 0 && named < 2 ? { ...plan, votes: 'any' as const } : plan
  })

const rules: fc.Arbitrary<Rules> = fc.record({
  levels: fc.array(level, { minLength: 1, maxLength: 3 }),
  excluded: fc.uniqueArray(actor, { maxLength: 2 }),
  standins: fc.record({ dia: some, eva: some }),
  credentials: fc.constantFrom(
    { ana: 'ka', ben: 'kb', cem: 'kc', dia: 'kd', eva: 'ke' },
    { ana: 'ka', ben: 'kb', cem: 'kc', dia: 'kd', eva: 'kd' },
  ),
  grace: fc.constantFrom(0, 1),
  hardLimit: fc.boolean(),
})

/** The real thing: engine, live state and journal, as they are in the application. */
class Real {
  rig!: Rig
  id = ''
  run = ''
  readonly #options: RigOptions
  readonly #rules: Rules

  constructor(given: Rules) {
    this.#rules = given
    const standins = Object.fromEntries(Object.entries(given.standins).map(([who, whom]) => [`${who}@example.com`, mail(...whom)]))
    this.#options = {
      workflows: [workflowOf(given)],
      folder: mkdtempSync(join(tmpdir(), 'rules-')),
      // A crash here is one of the process: what was written is there, synced or not.
      storage: recordingStorage(fileStorage, { skipSyncs: true }).storage,
      directory: plainDirectory({ standins }),
      graceMs: given.grace * hourMs,
    }
  }

  async open(): Promise<void> {
    this.rig = await openRig(this.#options)
    await this.ask()
  }

  /** Puts the question; its clock begins now. */
  async ask(): Promise<void> {
    this.run = await this.rig.begin('one')
    this.id = this.rig.open(this.run)
  }

  async crash(): Promise<void> {
    await this.rig.crash()
    this.rig = await openRig({ ...this.#options, clock: this.rig.clock })
  }

  async remove(): Promise<void> {
    await this.rig.crash()
    rmSync(this.#options.folder!, { recursive: true })
  }

  who(name: string) {
    return person(name, this.#rules.credentials[name])
  }
}

function workflowOf(given: Rules) {
  const [requester, beneficiary] = given.excluded
  const levels = given.levels.map(
    ({ people, votes, oneRejectionEnds, timeout, escalate }, index): LevelOptions => ({
      name: `level ${index}`,
      approvers: mail(...people),
      votes,
      one_rejection_ends: oneRejectionEnds,
      ...(timeout === null ? {} : { timeout: timeout * hourMs }),
      escalate: escalate.map((step) => ({
        to: mail(...step.to),
        ...(step.after === null ? {} : { after: step.after * hourMs }),
        ...(step.timeout === null ? {} : { timeout: step.timeout * hourMs }),
      })),
    }),
  )
  const options: ApprovalOptions = {
    title: 'May I?',
    amount: 100,
    editable: ['amount'],
    data: {},
    levels,
    requester: requester ? `${requester}@example.com` : null,
    beneficiary: beneficiary ? `${beneficiary}@example.com` : null,
    hard_limit: given.hardLimit,
  }
  return defineWorkflow({ name: 'one', input: z.object({}), run: async (wf) => (await wf.approval('a', options)).outcome })
}

/** Shown by its text alone where a sequence fails. */
type Command = {
  readonly text: string
  readonly [fc.toStringMethod]: () => string
  run(model: RulesModel, real: Real): Promise<void>
}

/** Does the same to both, and compares what they said and where they stand. */
const command = (text: string, onModel: (model: RulesModel) => unknown, onReal: (real: Real) => Promise<unknown>): Command => ({
  text,
  [fc.toStringMethod]: () => text,
  async run(model, real) {
    const expected = onModel(model)
    const result = (await onReal(real)) as { ok: boolean; failure?: { code: string } } | undefined
    if (result) expect([text, result.ok ? 'ok' : result.failure?.code]).toEqual([text, expected])
    expect([text, stateOf(real)]).toEqual([text, stateOfModel(model)])
  },
})

function stateOf({ rig, id }: Real): unknown {
  const open = rig.live.approvals.get(id)
  if (!open) {
    const ends = rig.records.flatMap((record) =>
      record.type === 'approval_decided' && record.approval_id === id ? [record.data.decision] : [],
    )
    return { ended: ends }
  }
  const due = open.due_at === null ? null : (open.due_at - open.created_at) / hourMs
  return {
    version: open.version.number,
    level: open.course?.standing.level ?? 0,
    people: [...open.approvers].sort(),
    due,
    needed: open.needed,
  }
}

function stateOfModel(model: RulesModel): unknown {
  if (model.end) return { ended: [model.end] }
  const { version, level: at, people, due, needed } = model
  return { version, level: at, people: mail(...people).sort(), due, needed }
}

const answers = fc
  .record({
    who: actor,
    yes: fc.oneof({ weight: 3, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
    whose: fc.oneof({ weight: 4, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: actor }),
    seen: fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: fc.integer({ min: 1, max: 3 }) }),
    amount: fc.oneof({ weight: 6, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: fc.constantFrom(100, 90, 80) }),
  })
  .map((given) =>
    command(
      `answer ${JSON.stringify(given)}`,
      (model) => model.answer(given.who, given.yes, given.whose, given.seen, given.amount),
      (real) =>
        real.rig.engine.decide(
          {
            approval_id: real.id,
            decision: given.yes ? 'approve' : 'reject',
            ...(given.whose === null ? {} : { on_behalf_of: `${given.whose}@example.com` }),
            ...(given.seen === null ? {} : { version: given.seen }),
            ...(given.amount === null ? {} : { amount: given.amount }),
          },
          real.who(given.who),
        ),
    ),
  )

const others = [
  fc.constantFrom(100, 95, 85).map((amount) =>
    command(
      `revise ${amount}`,
      (model) => model.revise(amount),
      (real) => real.rig.engine.approvals.revise({ approval_id: real.id, amount }, source),
    ),
  ),
  fc.record({ who: actor, to: actor }).map(({ who, to }) =>
    command(
      `reassign ${who} to ${to}`,
      (model) => model.reassign(who, to),
      (real) => real.rig.engine.approvals.reassign(real.id, mail(to), null, real.who(who)),
    ),
  ),
  fc.record({ who: actor, hours: fc.constantFrom(1, 6) }).map(({ who, hours }) =>
    command(
      `extend ${who} by ${hours}`,
      (model) => model.extend(who, hours),
      (real) => real.rig.engine.approvals.extend(real.id, hours, null, real.who(who)),
    ),
  ),
  fc.record({ hours: fc.constantFrom(0.5, 1, 3, 7), asleep: fc.boolean() }).map(({ hours, asleep }) =>
    command(
      `${asleep ? 'sleep' : 'pass'} ${hours} h`,
      (model) => model.pass(hours, asleep),
      async ({ rig }) => {
        if (asleep) rig.clock.sleep(hours * hourMs)
        else rig.clock.advance(hours * hourMs)
      },
    ),
  ),
  fc.constant(
    command(
      'crash',
      (model) => model.restart(),
      (real) => real.crash(),
    ),
  ),
]

const withdraw = command(
  'withdraw',
  (model) => model.withdraw(),
  (real) => real.rig.engine.approvals.withdraw(real.id, null, source),
)

it(`does what the rules say in ${sequences} sequences of up to ${commands} answers, changes, crashes and clock jumps`, {
  timeout: 600_000,
}, async () => {
  const any = fc.oneof(answers, answers, answers, ...others, fc.constant(withdraw))
  const sequence = fc.array(any, { minLength: commands, maxLength: commands })
  await fc.assert(
    fc.asyncProperty(rules, sequence, async (given, steps) => {
      const real = new Real(given)
      await real.open()
      let model = new RulesModel(given)
      let afterwards = 0
      for (const step of steps) {
        await step.run(model, real)
        if (!model.end || ++afterwards < 3) continue
        // Enough was said to what has ended: what the run was told is what was decided, and the next question is put.
        await real.rig.quiet()
        expect(ending(real.rig, real.run)).toBe(model.end)
        await real.ask()
        model = new RulesModel(given)
        afterwards = 0
      }
      await real.remove()
    }),
    { numRuns: sequences, ...(process.env.COUNTERSIGN_SEED ? { seed: Number(process.env.COUNTERSIGN_SEED) } : {}) },
  )
})
