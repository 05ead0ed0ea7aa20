import { toPath, valueAt } from '../../../shared/contract/pointer.ts'
import { say } from '../../../shared/words/say.ts'
import { editablePointer } from './answers.ts'
import { toJson } from './attempts.ts'
import type { History } from './history.ts'
import type { Answer, ApprovalOptions, From, Gated, GateOptions, StepContext, Wf } from './workflow.ts'

type Work<Args, T> = (args: Args, context: StepContext) => T | Promise<T>

/** The step that a gate lets through. */
const gatedStep = (name: string): string => `${name}:run`

/**
 * A call that waits for its arguments to be approved. It fails closed: whatever `when` says besides `false` asks, and no outcome but
 * `approved` runs anything.
 */
export async function runGate<Args, T>(
  { name, args, work, options }: { name: string; args: Args; work: Work<Args, T>; options: GateOptions<Args> },
  wf: Pick<Wf, 'approval' | 'step'>,
  history: History,
): Promise<Gated<Args, T>> {
  const shown = toJson(args) as Args
  const run = (approved: Args) =>
    wf.step(gatedStep(name), (context) => work(approved, context), options.retry ? { retry: options.retry } : {})
  if (!isAsked(name, shown, options, history)) {
    return { outcome: 'done', asked: false, args: shown, result: await run(shown), answer: null }
  }
  assertReach(shown, options)
  const answer = await wf.approval(name, toApproval(shown, options))
  const { outcome } = answer
  if (outcome !== 'approved') return { outcome, asked: true, args: shown, answer }
  const approved = approvedArgs<Args>(answer)
  return { outcome: 'done', asked: true, args: approved, result: await run(approved), answer }
}

/** Once it was asked, or has run without asking, that stands: `when` is not heard again. */
function isAsked<Args>(name: string, args: Args, { when }: GateOptions<Args>, history: History): boolean {
  if (history.approval(name)) return true
  if (history.step(gatedStep(name))) return false
  return when === undefined || when(args) !== false
}

/** Only the arguments can be approved: what an approver could change beside them would be agreed to, and not done. */
function assertReach<Args>(args: Args, options: GateOptions<Args>): void {
  const beside = (['amount', 'partial', 'items'] as const).find((name) => name in options)
  if (beside) throw new TypeError(`A gate lets its arguments through: “${beside}” belongs among them.`)
  const missing = options.editable?.find((name) => valueAt(args, toPath(editablePointer(name))) === undefined)
  if (missing !== undefined) throw new TypeError(`A gate lets its arguments through: “${missing}” is none of them.`)
}

/** The author's own words, or ours. */
function consequenceOf(own: string | undefined): Pick<ApprovalOptions, 'consequence' | 'consequence_said'> {
  if (own !== undefined) return { consequence: own }
  const { text, said } = say('consequence', 'gate')
  return { consequence: text, consequence_said: said }
}

function toApproval<Args>(args: Args, options: GateOptions<Args>): ApprovalOptions {
  const { when: _, retry: __, title, description, consequence, editable, attachments, evidence, rollback, ...asking } = options
  return {
    ...asking,
    title: madeFrom(title, args),
    ...(description === undefined ? {} : { description: madeFrom(description, args) }),
    ...(attachments === undefined ? {} : { attachments: madeFrom(attachments, args) }),
    ...(evidence === undefined ? {} : { evidence: madeFrom(evidence, args) }),
    ...(rollback === undefined ? {} : { rollback: madeFrom(rollback, args) }),
    ...consequenceOf(consequence),
    ...(editable === undefined ? {} : { editable }),
    data: args,
  } as ApprovalOptions
}

const madeFrom = <Args, T>(given: From<Args, T>, args: Args): T =>
  typeof given === 'function' ? (given as (args: Args) => T)(args) : given

const approvedArgs = <Args>(answer: Answer): Args => answer.value as Args
