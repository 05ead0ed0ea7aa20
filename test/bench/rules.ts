import { rm } from 'node:fs/promises'
import type { Matter } from '../../electron/core/policy/port.ts'
import { newHome } from '../support/app.ts'
import { openBook } from './book.ts'
import type { Figure } from './report.ts'

const rules = 50
const evaluations = 50_000

/** Conditions as people write them, in turn; only the last rule's holds for the request that is ruled on. */
const conditions = [
  (n: number) => `amount > ${100_000 + n}.0 && department == "dept-${n}"`,
  (n: number) => `has_currency && currency == "X${String(n).padStart(2, '0')}" && amount >= 500.0`,
  (n: number) => `data.region in ["north-${n}", "south-${n}"] && priority != "low"`,
  (n: number) => `requester.endsWith("@partner-${n}.example") || title.startsWith("Urgent ${n}")`,
  (n: number) => `data.items.exists(item, item.sku == "Z-${n}")`,
]

type Plain = (of: Matter) => boolean

/** The same as functions. */
const functions: readonly ((n: number) => Plain)[] = [
  (n) => (of) => Number(of.amount) > 100_000 + n && of.department === `dept-${n}`,
  (n) => (of) => of.currency !== null && of.currency === `X${String(n).padStart(2, '0')}` && Number(of.amount) >= 500,
  (n) => (of) => [`north-${n}`, `south-${n}`].includes(String(dataOf(of).region)) && of.priority !== 'low',
  (n) => (of) => of.requester?.endsWith(`@partner-${n}.example`) || of.title.startsWith(`Urgent ${n}`),
  (n) => (of) => dataOf(of).items.some((item) => item.sku === `Z-${n}`),
]
const last: Plain = (of) => Number(of.amount) > 1000 && dataOf(of).region === 'west'

const dataOf = (of: Matter) => of.data as { readonly region: string; readonly items: readonly { readonly sku: string }[] }

function policyText(): string {
  const lines = Array.from({ length: rules }, (_, n) => {
    const last = n === rules - 1
    const when = last ? 'amount > 1000.0 && data.region == "west"' : conditions[n % conditions.length]!(n)
    return `    - name: rule-${n}\n      when: '${when}'\n      action: require_approval\n      approvers: [sender]`
  })
  return `rules:\n  refund:\n${lines.join('\n')}\n`
}

const matter: Matter = {
  type: 'refund',
  title: 'Refund for order 88-1',
  amount: 1240.5,
  currency: 'EUR',
  requester: 'shop@example.com',
  department: 'sales',
  priority: 'normal',
  source: 'shop-backend',
  environment: null,
  approver: 'manager@example.com',
  data: {
    order_id: '88-1',
    region: 'west',
    customer: 'c_19284',
    items: [
      { sku: 'A-1', count: 2 },
      { sku: 'A-2', count: 1 },
    ],
  },
}

/** A whole ruling, as each request gets one: conditions in order, then the names in what matched looked up. */
export async function measureRules(repeats: number): Promise<Figure[]> {
  const home = newHome()
  const book = await openBook(home, policyText())
  const { rule } = book.rule(matter)
  if (rule !== `rule-${rules - 1}`) throw new Error(`${rule} matched, and not the last of ${rules} rules`)
  const plain = Array.from({ length: rules }, (_, n) => (n === rules - 1 ? last : functions[n % functions.length]!(n)))
  const readings: number[] = []
  const plainReadings: number[] = []
  // One round more than is counted: the first compiles the code.
  for (let round = 0; round <= repeats; round++) {
    const startedAt = performance.now()
    for (let n = 0; n < evaluations; n++) book.rule(matter)
    if (round > 0) readings.push(((performance.now() - startedAt) * 1000) / evaluations)
    const plainAt = performance.now()
    let matched = 0
    for (let n = 0; n < evaluations; n++) matched += plain.findIndex((holds) => holds(matter))
    if (matched !== evaluations * (rules - 1)) throw new Error('another function matched than the last')
    if (round > 0) plainReadings.push(((performance.now() - plainAt) * 1000) / evaluations)
  }
  await rm(home, { recursive: true, force: true })
  const group = 'Policy'
  const named = `a ruling by ${rules} rules, the last of which matches`
  return [
    { group, name: 'the same conditions as functions of JavaScript', key: 'rules.plain', unit: 'µs', readings: plainReadings },
    { group, name: named, key: 'rules.ruling', unit: 'µs', readings, aim: 20, better: 'less' },
  ]
}
