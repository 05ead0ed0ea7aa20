import type { Policy } from './schema.ts'

/**
 * Up to which amount an expense of a department is approved automatically, and the name of the rule that says so; null for an amount
 * in another currency than the thresholds are in.
 */
export function thresholdFor(
  policy: Pick<Policy, 'expense'>,
  department: string | null | undefined,
  currency?: string | null,
): { readonly threshold: number; readonly rule: string } | null {
  if (currency && policy.expense.currency !== null && currency !== policy.expense.currency) return null
  const wanted = department?.trim().toLowerCase()
  if (wanted) {
    for (const [name, threshold] of Object.entries(policy.expense.departments)) {
      const own = name.trim().toLowerCase()
      if (own === wanted) return { threshold, rule: `threshold:${own}` }
    }
  }
  return { threshold: policy.expense.threshold, rule: 'threshold:default' }
}
