import { lower } from './cel.ts'
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
  const wanted = department && lower(department)
  if (wanted) {
    for (const [name, threshold] of Object.entries(policy.expense.departments)) {
      const own = lower(name)
      if (own === wanted) return { threshold, rule: `threshold:${own}` }
    }
  }
  return { threshold: policy.expense.threshold, rule: 'threshold:default' }
}

/** The thresholds in the words of rules, in the order in which they are asked: after the rules of the file. */
export function thresholdRules({ expense }: Pick<Policy, 'expense'>) {
  const currency = expense.currency === null ? '' : ` && currency == "${expense.currency}"`
  const rule = (name: string, when: string, threshold: number) => ({
    type: 'expense',
    name: `threshold:${name}`,
    when: `${when}amount > 0 && amount <= ${threshold}${currency}`,
    action: 'auto_approve' as const,
    line: null,
  })
  const departments = Object.entries(expense.departments).map(([name, threshold]) => {
    const own = lower(name)
    return rule(own, `department == "${own}" && `, threshold)
  })
  return [...departments, rule('default', '', expense.threshold)]
}
