import type { RulingView, SampleInput } from '../../../shared/contract/policy.ts'
import { toMs } from '../engine/workflow.ts'
import type { Directory } from '../people/port.ts'
import type { Draft } from './decide.ts'
import type { Matter } from './port.ts'

/** An amount as conditions compare it; null where there is none or it is no number. */
export function toAmount(amount: number | string | null | undefined): number | null {
  if (amount === null || amount === undefined || (typeof amount === 'string' && amount.trim() === '')) return null
  const value = Number(amount)
  return Number.isFinite(value) ? value : null
}

/** The text that data has under a name; null where it has none. */
export function textIn(data: Readonly<Record<string, unknown>>, name: string): string | null {
  const value = Object.hasOwn(data, name) ? data[name] : null
  return typeof value === 'string' && value.trim() !== '' ? value : null
}

/** A sample as the request that a sender would have made of it. */
export function toMatter(sample: SampleInput): Matter {
  const data = sample.data ?? {}
  const sent = { ...data, ...sample } as Readonly<Record<string, unknown>>
  return {
    type: sample.type,
    title: sample.title ?? sample.type,
    amount: toAmount(sample.amount),
    currency: sample.currency ?? null,
    requester: sample.requester ?? null,
    department: textIn(sent, 'department'),
    priority: sample.priority ?? 'normal',
    source: sample.source ?? '',
    environment: textIn(sent, 'environment'),
    approver: sample.approver_email ?? null,
    data,
  }
}

export function toRulingView(ruling: Draft, directory: Pick<Directory, 'resolve'>): RulingView {
  const { action, rule, policy_version, explanation, said, trace } = ruling
  return {
    action,
    rule,
    policy_version,
    explanation,
    said,
    trace: trace.map((one) => ({ ...one })),
    levels: ruling.levels.map(({ name, approvers, votes = 'any', timeout }) => ({
      name,
      approvers,
      people: directory.resolve(approvers).people,
      votes,
      timeout_hours: timeout === undefined ? null : toMs(timeout) / 3_600_000,
    })),
  }
}
