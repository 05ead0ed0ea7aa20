import type { Asked } from '../../../shared/model/approval.ts'
import type { Sentence } from '../../../shared/model/said.ts'
import type { SummarySaid } from '../../../shared/model/summary.ts'
import { say } from '../../../shared/words/say.ts'
import { plainLine } from './plain-text.ts'

type Fields = Readonly<Record<string, unknown>>

const none: Fields = {}

/** The sender's own members, wherever a request of this type keeps them. */
export function fieldsOf(asked: Asked): Fields {
  const own = asked.data
  if (typeof own !== 'object' || own === null || Array.isArray(own)) return none
  const inner = (own as Fields).expense_data
  return typeof inner === 'object' && inner !== null && !Array.isArray(inner) ? (inner as Fields) : (own as Fields)
}

export const truthy = (value: unknown): boolean => value === true || value === 'true' || value === 'yes' || value === 1

/** An amount that may stand in a sentence. */
export const readable = (amount: number | string): number | string => (typeof amount === 'number' ? amount : plainLine(amount, 60))

/** Two sentences with their codes. The sender's own sentence has none. */
type Ruled = { readonly summary: string; readonly impact: string; readonly said: SummarySaid }

/** The summary made by rules: who wants what, how much and where; and what approving does. */
export function ruleSentences(asked: Asked, fields: Fields): Ruled {
  if (asked.type === 'expense') return ruled(...expenseSentences(asked, fields))
  if (asked.type === 'deployment') return ruled(...deploymentSentences(asked, fields))
  return requestSentences(asked)
}

const ruled = (summary: Sentence, impact: Sentence): Ruled => ({
  summary: summary.text,
  impact: impact.text,
  said: { summary: summary.said, impact: impact.said },
})

const word = (value: unknown, longest = 80): string | null => {
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' && value !== '' ? plainLine(value, longest) || null : null
}

const ended = (sentence: string): string => (/[.!?…]$/.test(sentence) ? sentence : `${sentence}.`)

function expenseSentences(asked: Asked, fields: Fields): [Sentence, Sentence] {
  const given = asked.amount ?? (typeof fields.amount === 'number' || typeof fields.amount === 'string' ? fields.amount : null)
  const amount = given === null ? null : readable(given)
  const { currency } = asked
  const who = word(asked.requester) ?? word(fields.submitter_email)
  const what = word(fields.description, 160) ?? word(asked.description, 160)
  const receipts = Array.isArray(fields.receipt_urls) ? fields.receipt_urls.length : 0
  return [
    say('rules', 'expense', { who, amount, currency, department: word(fields.department), what }),
    say('rules', 'expense_impact', { who, amount, currency, receipts }),
  ]
}

function deploymentSentences(asked: Asked, fields: Fields): [Sentence, Sentence] {
  const service = word(fields.service_name) ?? word(fields.service) ?? word(asked.title, 160)
  const [version, environment] = [word(fields.version), word(fields.environment)]
  return [
    say('rules', 'deployment', {
      who: word(asked.requester),
      service,
      version,
      environment,
      why: word(asked.description, 160),
    }),
    say('rules', 'deployment_impact', { service, version, environment }),
  ]
}

function requestSentences(asked: Asked): Ruled {
  const { text, said } = say('rules', 'request', {
    who: word(asked.requester),
    type: asked.type.replaceAll(/[_-]/g, ' '),
    amount: asked.amount === null ? null : readable(asked.amount),
    currency: asked.currency,
    title: word(asked.title, 200),
  })
  const own = word(asked.consequence, 300)
  if (own === null) {
    const program = say('consequence', 'program')
    return { summary: text, impact: program.text, said: { summary: said, impact: program.said } }
  }
  return { summary: text, impact: ended(own), said: { summary: said, impact: null } }
}
