import type { Asked } from '../../../shared/model/approval.ts'
import type { Sentence } from '../../../shared/model/said.ts'
import { say, textOf } from '../../../shared/words/say.ts'
import type { EscalateOptions, LevelOptions } from '../engine/workflow.ts'
import { lint } from '../summary/lint.ts'
import { type Facts, lower, toFacts } from './cel.ts'
import type { CompiledPolicy, CompiledRule } from './compile.ts'
import type { Matter, PolicyRuling } from './port.ts'
import { type PolicyEscalation, type PolicyLevel, senderWord } from './schema.ts'
import { thresholdFor } from './threshold.ts'
import { unionOf } from './union.ts'

/* What a policy makes of a request. Pure: names of groups, and `sender`, stand in the levels as the policy has them. */

const hourMs = 3_600_000
/** How long a director may take, where nothing else is said. */
const directorHours = 72
const isDirector = (name: string): boolean => /director/i.test(name)

/** A rule that might have refused it, had it been possible to say whether it applies, and why it was not. */
type Doubt = { readonly rule: string; readonly note: string }

const explained = (...sentences: readonly Sentence[]): Pick<PolicyRuling, 'explanation' | 'said'> => ({
  explanation: textOf(sentences),
  said: sentences.map(({ said }) => said),
})

type Trace = { readonly rule: string; readonly matched: boolean; readonly note: string | null }

/** A ruling before names are looked up, with everything that was looked at on the way. */
export type Draft = PolicyRuling & { readonly trace: readonly Trace[] }

/**
 * Decides how a request is approved: the first rule that matches, of its type and then of every type; then the thresholds. A rule that
 * asks people and cannot be evaluated applies as well, besides the one that matches: what a sender leaves out leads past nobody.
 */
export function decideMatter(policy: CompiledPolicy, matter: Matter): Draft {
  let facts: Facts | null = null
  const trace: Trace[] = []
  let doubt: Doubt | null = null
  const unclear: PolicyRuling[] = []
  for (const type of [matter.type, '*']) {
    for (const compiled of policy.rules.get(type) ?? []) {
      const { rule, when, passed } = compiled
      facts ??= toFacts(matter)
      const { holds, note } = when.evaluate(facts)
      if (!holds && note === null) {
        trace.push(passed)
        continue
      }
      const asks = rule.action === 'require_approval' || rule.action === 'escalate'
      trace.push({ rule: rule.name, matched: holds, note: note && `${note}: ${asks ? 'it applies' : 'asked a person'}` })
      if (holds) return { ...withUnclear(applyRule(policy, compiled, matter, facts, doubt), unclear), trace }
      if (rule.action === 'reject') doubt ??= { rule: rule.name, note: note ?? '' }
      if (asks) unclear.push(unclearRuling(applyRule(policy, compiled, matter, facts, doubt), note))
    }
  }
  return { ...withUnclear(applyThreshold(policy, matter, doubt, trace), unclear), trace }
}

const unclearRuling = (ruling: PolicyRuling, note: string | null): PolicyRuling => ({
  ...ruling,
  ...explained(say('policy', 'unclear', { rule: ruling.rule ?? '', note: note ?? '' })),
})

/** A ruling with those of the rules that could not be evaluated. What rejects rejects; what a rule would have approved only they ask. */
function withUnclear(ruling: PolicyRuling, unclear: readonly PolicyRuling[]): PolicyRuling {
  const [first] = unclear
  if (first === undefined || ruling.action === 'reject') return ruling
  const others = ruling.rule === null || ruling.levels.length === 0 ? [] : [ruling]
  const all = [...unclear, ...others]
  return {
    ...first,
    explanation: all.map(({ explanation }) => explanation).join(' '),
    said: all.flatMap(({ said }) => said),
    levels: unionOf(all),
    hard_limit: all.some(({ hard_limit }) => hard_limit),
  }
}

function applyRule(
  policy: CompiledPolicy,
  { rule, levels }: CompiledRule,
  matter: Matter,
  facts: Facts,
  doubt: Doubt | null,
): PolicyRuling {
  const because = { rule: rule.name, reason: rule.reason ?? null, when: rule.when === 'true' ? null : rule.when }
  const base = { rule: rule.name, policy_version: policy.version, hard_limit: rule.hard_limit ?? false }
  const inherited = { timeout_hours: rule.timeout_hours, escalate: rule.escalate }
  switch (rule.action) {
    case 'auto_approve':
      return automatic(policy, matter, doubt, { ...base, ...explained(say('policy', 'approves', because)) })
    case 'reject':
      return { ...base, action: 'reject', ...explained(say('policy', 'rejects', because)), levels: [] }
    case 'escalate': {
      const committee = toLevel(policy, matter, {
        name: rule.committee!,
        approvers: [`group:${rule.committee}`],
        votes: rule.votes,
        ...inherited,
      })
      return {
        ...base,
        action: 'escalate',
        ...explained(say('policy', 'asks_group', { ...because, group: rule.committee! })),
        levels: [committee],
      }
    }
    case 'require_approval': {
      const alone = { name: '', approvers: rule.approvers, votes: rule.votes, ...inherited }
      const asked = levels === null ? [toLevel(policy, matter, alone)] : applying(levels)
      return { ...base, action: 'require_approval', ...explained(say('policy', 'asks', because)), levels: asked }
    }
  }

  /** A level whose condition cannot be evaluated applies: it only ever asks more. */
  function applying(chain: NonNullable<CompiledRule['levels']>): readonly LevelOptions[] {
    const left = chain.filter(({ when }) => {
      const { holds, note } = when.evaluate(facts)
      return holds || note !== null
    })
    return left.length > 0
      ? left.map(({ level }) => toLevel(policy, matter, { ...inherited, ...level }))
      : [toLevel(policy, matter, { name: '', ...inherited })]
  }
}

/** The built-in rules for expenses; for everything else nothing has matched. */
function applyThreshold(policy: CompiledPolicy, matter: Matter, doubt: Doubt | null, trace: Trace[]): PolicyRuling {
  const base = { policy_version: policy.version, hard_limit: false }
  const found = matter.type === 'expense' ? thresholdFor(policy.value, matter.department, matter.currency) : null
  if (found === null || matter.amount === null) {
    return {
      ...base,
      action: 'require_approval',
      rule: null,
      ...explained(say('policy', 'none')),
      levels: [plainLevel(policy, matter)],
    }
  }
  if (matter.amount <= 0) {
    const why = explained(say('policy', 'no_expense', { amount: matter.amount }))
    return { ...base, action: 'require_approval', rule: null, ...why, levels: [plainLevel(policy, matter)] }
  }
  const { rule, threshold } = found
  const compared = { amount: matter.amount, currency: matter.currency, threshold }
  const below = matter.amount <= threshold
  trace.push({ rule, matched: true, note: null })
  if (below) {
    return automatic(policy, matter, doubt, { ...base, rule, ...explained(say('policy', 'below', compared)) })
  }
  return {
    ...base,
    action: 'require_approval',
    rule,
    ...explained(say('policy', 'above', compared)),
    levels: [plainLevel(policy, matter)],
  }
}

/** Approves without a person, unless something speaks against it: then a person is asked, and told why. */
function automatic(
  policy: CompiledPolicy,
  matter: Matter,
  doubt: Doubt | null,
  ruling: Omit<PolicyRuling, 'action' | 'levels'>,
): PolicyRuling {
  const against = doubt === null ? deceptionIn(matter) : [say('policy', 'doubt', doubt)]
  if (against.length === 0) return { ...ruling, action: 'auto_approve', levels: [] }
  const { explanation, said } = explained(...against)
  const why = { explanation: `${ruling.explanation} ${explanation}`, said: [...ruling.said, ...said] }
  return { ...ruling, ...why, action: 'require_approval', levels: [plainLevel(policy, matter)] }
}

/** What in a request tries to fool a reader would fool a rule as well. */
function deceptionIn(matter: Matter): readonly Sentence[] {
  const { data, shown, title, requester, approver } = matter
  const asked = { title, requester, approvers: [approver], data, shown } as unknown as Asked
  const [flag] = lint(asked, JSON.stringify(asked))
  if (flag === undefined) return []
  const { code, message, values } = flag
  return [say('policy', 'flagged'), { text: message, said: { code: `flag.${code}`, ...(values ? { values } : {}) } }]
}

const plainLevel = (policy: CompiledPolicy, matter: Matter): LevelOptions => toLevel(policy, matter, { name: '' })

type Described = { readonly [K in keyof PolicyLevel]?: PolicyLevel[K] | undefined } & { readonly name: string }

/** A level with everything that policy says about it. */
function toLevel(policy: CompiledPolicy, matter: Matter, level: Described): LevelOptions {
  const { value } = policy
  const own = matter.type === 'expense' || matter.type === 'deployment' || matter.type === 'batch' ? matter.type : 'request'
  const wanted = matter.timeout_hours ?? null
  const said = level.timeout_hours ?? (isDirector(level.name) ? directorHours : null)
  const hours = said === null ? (wanted ?? value[own].timeout_hours) : Math.min(said, wanted ?? said)
  const timeout = hours * hourMs
  const department = lower(matter.department ?? '')
  const steps = level.escalate ?? policy.escalation.get(department) ?? policy.escalation.get('default') ?? []
  return {
    name: level.name,
    approvers: level.approvers ?? [senderWord],
    votes: level.votes ?? 'any',
    one_rejection_ends: level.one_rejection_ends ?? true,
    timeout,
    remind_before: (level.remind_before_hours ?? []).map((before) => before * hourMs).filter((before) => before < timeout),
    // What would come only after the deadline never comes.
    escalate: steps.map(toEscalation).filter(({ after }) => after === undefined || (after as number) < timeout),
  }
}

/** A policy's steps as they are asked, worked out once for each. */
const escalations = new WeakMap<PolicyEscalation, EscalateOptions>()

function toEscalation(step: PolicyEscalation): EscalateOptions {
  const known = escalations.get(step)
  if (known !== undefined) return known
  const { to, after_hours, timeout_hours } = step
  const hours = timeout_hours ?? (to.some(isDirector) ? directorHours : undefined)
  const options: EscalateOptions = {
    to,
    ...(after_hours === undefined ? {} : { after: after_hours * hourMs }),
    ...(hours === undefined ? {} : { timeout: hours * hourMs }),
  }
  escalations.set(step, options)
  return options
}
