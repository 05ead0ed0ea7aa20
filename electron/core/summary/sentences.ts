import type { Asked } from '../../../shared/model/approval.ts'
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

/** An amount for reading: thousands grouped, decimals as they were sent, the currency's code in front. */
export function moneyText(amount: number | string, currency: string | null): string {
  const sent = plainLine(String(amount), 60)
  const parts = /^(-?)(\d+)(?:\.(\d+))?$/.exec(sent)
  let text = sent
  if (parts !== null) {
    const [, sign = '', whole = '', decimals] = parts
    const shown = typeof amount === 'number' && decimals?.length === 1 ? `${decimals}0` : decimals
    text = `${sign}${whole.replace(/\B(?=(?:\d{3})+$)/g, ',')}${shown === undefined ? '' : `.${shown}`}`
  }
  return currency === null ? text : `${currency} ${text}`
}

/** The summary made by rules: who wants what, how much and where; and what approving does. */
export function ruleSentences(asked: Asked, fields: Fields): { readonly summary: string; readonly impact: string } {
  if (asked.type === 'expense') return expenseSentences(asked, fields)
  if (asked.type === 'deployment') return deploymentSentences(asked, fields)
  return requestSentences(asked)
}

const word = (value: unknown, longest = 80): string | null => {
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' && value !== '' ? plainLine(value, longest) || null : null
}

const ended = (sentence: string): string => (/[.!?…]$/.test(sentence) ? sentence : `${sentence}.`)

function expenseSentences(asked: Asked, fields: Fields) {
  const amount = asked.amount ?? (typeof fields.amount === 'number' || typeof fields.amount === 'string' ? fields.amount : null)
  const money = amount === null ? 'an amount that is not named' : moneyText(amount, asked.currency)
  const who = word(asked.requester) ?? word(fields.submitter_email) ?? 'Somebody'
  const department = word(fields.department)
  const what = word(fields.description, 160) ?? word(asked.description, 160)
  const receipts = Array.isArray(fields.receipt_urls) ? fields.receipt_urls.length : 0
  const proof =
    receipts === 0 ? 'No receipt is attached.' : receipts === 1 ? '1 receipt is attached.' : `${receipts} receipts are attached.`
  return {
    summary: ended(
      `${who} asks to be paid ${money}${department === null ? '' : ` for ${department}`}${what === null ? '' : `: ${what}`}`,
    ),
    impact: `${money} is paid to ${who === 'Somebody' ? 'the submitter' : who}. ${proof}`,
  }
}

function deploymentSentences(asked: Asked, fields: Fields) {
  const who = word(asked.requester)
  const service = word(fields.service_name) ?? word(fields.service) ?? word(asked.title, 160) ?? 'a service'
  const version = word(fields.version)
  const environment = word(fields.environment)
  const what = `${service}${version === null ? '' : ` ${version}`}`
  const where = environment ?? 'an environment that is not named'
  const why = word(asked.description, 160)
  return {
    summary: ended(
      `${who === null ? `A deployment of ${what} to ${where} is asked for` : `${who} asks to deploy ${what} to ${where}`}${why === null ? '' : `: ${why}`}`,
    ),
    impact: `${version === null ? 'The new version' : `Version ${version}`} of ${service} replaces what runs in ${where}.`,
  }
}

function requestSentences(asked: Asked) {
  const who = word(asked.requester)
  const title = word(asked.title, 200)
  const money = asked.amount === null ? null : moneyText(asked.amount, asked.currency)
  const kind = asked.type.replaceAll(/[_-]/g, ' ')
  const article = /^[aeiou]/i.test(kind) ? 'an' : 'a'
  const named = kind === 'request' || kind === 'approval' ? 'an approval' : `approval of ${article} ${kind}`
  const what = title === null ? '' : `: ${title}`
  const amount = money === null ? '' : ` for ${money}`
  const impact = word(asked.consequence, 300)
  return {
    summary: ended(
      who === null
        ? `${named[0]!.toUpperCase()}${named.slice(1)}${amount} is asked for${what}`
        : `${who} asks for ${named}${amount}${what}`,
    ),
    impact: impact === null ? 'The program that asked goes on.' : ended(impact),
  }
}
