import type { Policy } from './port.ts'

/** The amount up to which an expense needs no person, and the name of the rule that says so. Departments compare without case. */
export function thresholdFor(
  policy: Policy,
  department: string | undefined,
): { readonly threshold: number; readonly rule: string } {
  const wanted = department?.trim().toLowerCase()
  const own = Object.entries(policy.expense.departments).find(([name]) => name.toLowerCase() === wanted)
  return own
    ? { threshold: own[1], rule: `threshold:${own[0]}` }
    : { threshold: policy.expense.threshold, rule: 'threshold:default' }
}
