import { createHash } from 'node:crypto'
import { invariant } from '../../../shared/model/result.ts'
import { readSettings } from '../settings/settings-file.ts'
import { type Condition, compileCondition, lower } from './cel.ts'
import { type Policy, type PolicyLevel, type PolicyRule, policySchema } from './schema.ts'

type CompiledLevel = { readonly level: PolicyLevel; readonly when: Condition }

export type CompiledRule = {
  readonly rule: PolicyRule
  readonly when: Condition
  /** What a trace says of it where it does not hold: the same every time. */
  readonly passed: { readonly rule: string; readonly matched: false; readonly note: null }
  /** Its own levels or those of its chain; null where it asks one level that it describes itself. */
  readonly levels: readonly CompiledLevel[] | null
}

/** A policy that is ready to be asked. */
export type CompiledPolicy = {
  readonly text: string
  /** First 16 hex digits of the SHA-256 of its text: what rulings name. */
  readonly version: string
  readonly value: Policy
  /** By request type, and under `*` those of every type; in order. */
  readonly rules: ReadonlyMap<string, readonly CompiledRule[]>
  /** Escalations by department, compared without case; `default` for the others. */
  readonly escalation: ReadonlyMap<string, Policy['escalation'][string]>
  /** The line of each rule in the text, in the order in which `rules` has them. */
  readonly lines: readonly (number | null)[]
}

/** First 16 hex digits of the SHA-256 of a policy's text. */
export const versionOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16)

/** Reads a policy's text. Throws `SettingsError` with every problem, each with line and column. */
export function compilePolicy(file: string, text: string): CompiledPolicy {
  const { value, document } = readSettings(file, text, policySchema)
  const rules = new Map<string, readonly CompiledRule[]>()
  const lines: (number | null)[] = []
  for (const [type, list] of Object.entries(value.rules)) {
    rules.set(
      type,
      list.map((rule) => ({
        rule,
        when: checked(rule.when),
        passed: { rule: rule.name, matched: false, note: null },
        levels: levelsOf(rule, value),
      })),
    )
    list.forEach((_, index) => {
      const node = document.getIn(['rules', type, index], true) as { range?: readonly number[] | null } | undefined
      const start = node?.range?.[0]
      lines.push(start === undefined ? null : text.slice(0, start).split('\n').length)
    })
  }
  const escalation = new Map(Object.entries(value.escalation).map(([name, steps]) => [lower(name), steps]))
  return { text, version: versionOf(text), value, rules, escalation, lines }
}

function levelsOf(rule: PolicyRule, { chains }: Policy): readonly CompiledLevel[] | null {
  const levels = rule.levels ?? (rule.chain === undefined ? undefined : chains[rule.chain])
  return levels?.map((level) => ({ level, when: checked(level.when) })) ?? null
}

function checked(source: string): Condition {
  const compiled = compileCondition(source)
  invariant(compiled.ok, 'the schema has checked every condition')
  return compiled.value
}
