import { hash, randomFillSync } from 'node:crypto'
import type { Actor } from '../../../shared/model/actor.ts'
import type { Asked } from '../../../shared/model/approval.ts'
import type { NewEvent } from '../../../shared/model/event.ts'
import { withGiven } from '../../../shared/model/given.ts'
import type { Level } from '../../../shared/model/level.ts'
import type { Summary } from '../../../shared/model/summary.ts'
import { say } from '../../../shared/words/say.ts'
import { toInstant } from '../clock.ts'
import type { Directory } from '../people/port.ts'
import type { Assessment } from '../summary/port.ts'
import { editablePointer } from './answers.ts'
import { noLevelApplies, toAutomaticDecision } from './automatic.ts'
import { standingAt } from './ballot.ts'
import type { LiveRun } from './live.ts'
import { type ApprovalOptions, type AskOptions, type EscalateOptions, toMs } from './workflow.ts'

const pool = Buffer.allocUnsafe(12 * 512)
let used = pool.length

/**
 * A fresh id: a prefix that says what it is of, the instant in milliseconds and 96 random bits, in hex. Ids of one time stand next to
 * each other, so that an index on them grows at its end.
 */
export function newId(prefix: 'run' | 'apr', now: number): string {
  if (used === pool.length) {
    randomFillSync(pool)
    used = 0
  }
  const random = pool.toString('hex', used, used + 12)
  used += 12
  return `${prefix}_${now.toString(16).padStart(12, '0')}${random}`
}

export type AskDeps = {
  readonly now: () => number
  /** `json` is the text of what is asked. */
  readonly assess: (asked: Asked, json: string) => Assessment
  readonly firstSummary: (assessment: Assessment) => Summary
  readonly directory: Pick<Directory, 'resolve' | 'identities'>
}

const engine: Actor = { kind: 'system', id: 'engine', via: 'engine' }

/**
 * The events by which a run asks people. Where a rule decides at once, its decision follows in the same commit. Throws where a level
 * names a group that is not known or has nobody in it: asked of nobody in particular, anybody could answer.
 */
export function toAskEvents(run: LiveRun, step: string, options: ApprovalOptions, deps: AskDeps): readonly NewEvent[] {
  const levels = toLevels(options, deps.directory)
  const automatic = options.automatic ?? (levels.length === 0 ? noLevelApplies : null)
  const asked = toAsked(run.type, options, levels)
  const json = JSON.stringify(asked)
  const assessment = deps.assess(asked, json)
  const approval_id = newId('apr', deps.now())
  const version = { number: 1, sha256: hash('sha256', json) }
  const summary = deps.firstSummary(assessment)
  const requesters = excludedOf(asked, deps.directory)
  const plain = isPlain(levels)
  const consequence_said = options.consequence === undefined ? workflowGoesOn.said : options.consequence_said
  const timeout = levels[0]?.timeout_ms ?? null
  const standing = plain ? null : standingAt(levels, 0, deps.now(), (email) => requesters.includes(email))
  const requested: Extract<NewEvent, { type: 'approval_requested' }> = {
    type: 'approval_requested',
    actor: engine,
    run_id: run.id,
    approval_id,
    data: withGiven(
      {
        step,
        source: run.source,
        source_name: run.source_name,
        due_at: plain && timeout !== null ? toInstant(deps.now() + timeout) : (standing?.due_at ?? null),
        version,
        risk_floor: assessment.risk_floor,
        risk_reasons: assessment.risk_reasons,
        requesters,
        approvers: levels[0]?.people ?? [],
      },
      {
        risk_said: assessment.risk_said.length > 0 ? assessment.risk_said : undefined,
        consequence_said,
        levels: standing ? levels : undefined,
        needed: standing?.needed,
        hard_limit: options.hard_limit || undefined,
        form: asked.form ? true : undefined,
        ruling: options.ruling ?? undefined,
        automatic: automatic ? { decision: automatic.decision, rule: automatic.rule } : undefined,
      },
    ),
    content: {
      asked,
      flags: assessment.flags,
      // Nobody will read a model's summary of what is decided already.
      summary: automatic && summary.state === 'waiting' ? { ...summary, state: 'off' } : summary,
    },
  }
  if (!automatic) return [requested]
  return [requested, toAutomaticDecision(requested, automatic)]
}

/** Who may not decide: whoever requested it or gains by it, by every identity that is known. */
const excludedOf = (asked: Asked, directory: Pick<Directory, 'identities'>): readonly string[] => {
  const named = [asked.requester, asked.beneficiary].filter((text) => text !== null && text !== undefined)
  return named.length === 0 ? [] : [...new Set(named.flatMap((text) => directory.identities(text)))]
}

/** One of those asked decides, until one deadline: what needs no more than that is not written down. */
const isPlain = (levels: readonly Level[]): boolean => {
  const [only] = levels
  if (levels.length > 1 || !only) return levels.length === 0
  return (
    only.name === '' &&
    only.votes === 'any' &&
    only.one_rejection_ends &&
    only.escalate.length === 0 &&
    only.remind_before_ms.length === 0
  )
}

function toLevels(options: ApprovalOptions, directory: Pick<Directory, 'resolve'>): readonly Level[] {
  if (!options.levels) return [toLevel('', options, directory)]
  return options.levels.filter(({ when }) => when !== false).map((level) => toLevel(level.name, level, directory))
}

function toLevel(name: string, options: AskOptions, directory: Pick<Directory, 'resolve'>): Level {
  const steps = options.escalate === undefined ? [] : [options.escalate].flat()
  const people = peopleOf(options.approvers, directory)
  const escalate = (steps as readonly EscalateOptions[]).map(({ to, after, timeout }) => ({
    approvers: to,
    people: peopleOf(to, directory),
    after_ms: after === undefined ? null : toMs(after),
    timeout_ms: timeout === undefined ? null : toMs(timeout),
  }))
  const reachable = new Set([...people, ...escalate.flatMap((step) => step.people)]).size
  if (people.length > 0 && typeof options.votes === 'number' && reachable < options.votes) {
    throw new Error(`${options.votes} people have to approve${name && ` at ${name}`}, and only ${reachable} are named.`)
  }
  return {
    name,
    approvers: options.approvers,
    people,
    votes: options.votes ?? 'any',
    one_rejection_ends: options.one_rejection_ends ?? true,
    timeout_ms: options.timeout === undefined ? null : toMs(options.timeout),
    remind_before_ms: (options.remind_before ?? []).map(toMs),
    escalate,
  }
}

function peopleOf(approvers: readonly string[], directory: Pick<Directory, 'resolve'>): readonly string[] {
  if (approvers.length === 0) return []
  const { people, unknown } = directory.resolve(approvers)
  if (unknown.length > 0)
    throw new Error(`${unknown.join(' and ')} is not known here. Enter it under people and groups, then retry.`)
  if (people.length === 0) throw new Error(`${approvers.join(' and ')} has no members. Enter some, then retry.`)
  return people
}

const workflowGoesOn = say('consequence', 'workflow')

function toAsked(type: string, options: ApprovalOptions, levels: readonly Level[]): Asked {
  const asked = {
    type,
    title: options.title,
    description: options.description ?? null,
    requester: options.requester ?? null,
    approvers: options.approvers ?? levels[0]?.approvers ?? [],
    amount: options.amount ?? null,
    currency: options.currency ?? null,
    priority: options.priority ?? 'normal',
    consequence: options.consequence ?? workflowGoesOn.text,
    data: options.data ?? null,
  }
  return withGiven(asked, {
    beneficiary: options.beneficiary || undefined,
    editable: some(options.editable?.map(editablePointer)),
    partial: options.partial || undefined,
    options: some(options.options),
    form: options.form,
    items: options.items,
    attachments: some(options.attachments),
    evidence: some(options.evidence),
    rollback: options.rollback || undefined,
  })
}

const some = <T>(list: readonly T[] | undefined): readonly T[] | undefined => (list?.length ? list : undefined)
