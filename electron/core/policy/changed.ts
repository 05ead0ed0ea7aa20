import { identitiesIn } from '../../../shared/model/actor.ts'
import type { Asked } from '../../../shared/model/approval.ts'
import type { PolicyBook } from './port.ts'
import { toMatter } from './views.ts'

/**
 * What the policy makes of a request as it is asked now, as a text that can be compared: a change of what is asked must not slip under
 * a rule that asks fewer or other people, nor make it somebody else's. `input` is what the run began with; the amount is looked after
 * by itself.
 */
export function rulingText(policy: Pick<PolicyBook, 'rule'>, asked: Asked, source: string, input: unknown): string {
  const { request } = (input ?? {}) as { readonly request?: { readonly department?: string } }
  const [approver] = asked.approvers
  const { action, rule, levels } = policy.rule(
    toMatter({
      type: asked.type,
      title: asked.title,
      priority: asked.priority,
      source,
      ...(asked.currency === null ? {} : { currency: asked.currency }),
      ...(asked.requester === null ? {} : { requester: asked.requester }),
      ...(asked.amount === null ? {} : { amount: asked.amount }),
      ...(request?.department === undefined ? {} : { department: request.department }),
      ...(approver === undefined ? {} : { approver_email: approver }),
      ...(typeof asked.data === 'object' && asked.data !== null ? { data: asked.data as Record<string, unknown> } : {}),
    }),
  )
  return JSON.stringify({ action, rule, levels, fixed: fixedIn(asked) })
}

/** Whoever asks, is paid or gains, as senders call them in their data. */
const people = new Set(['submitter', 'employee', 'requester', 'requestedby', 'beneficiary', 'payee', 'recipient', 'claimant'])

/** `Payee_Email` is the payee. */
const isPerson = (name: string): boolean =>
  people.has(
    name
      .toLowerCase()
      .replaceAll(/[^a-z]/g, '')
      .replace(/(?:email|mail|name|id)$/, ''),
  )

/**
 * What a change leaves as it is. Who is excluded from deciding was settled by whom the request named, so its data goes on naming the
 * same people: every one of an expense, and of anything else those whom the request itself names. The currency likewise.
 */
function fixedIn({ type, data, currency, requester, beneficiary }: Asked): readonly unknown[] {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return []
  const named = new Set([requester, beneficiary].flatMap((text) => (text ? identitiesIn(text) : [])))
  const isNamed = (value: unknown): boolean =>
    typeof value === 'string' && identitiesIn(value).some((identity) => named.has(identity))
  const members = Object.entries(data).filter(([name, value]) => {
    if (name === 'currency') return type === 'expense' || value === currency
    return isPerson(name) && (type === 'expense' || isNamed(value))
  })
  return members.sort(([one], [other]) => (one < other ? -1 : 1))
}
