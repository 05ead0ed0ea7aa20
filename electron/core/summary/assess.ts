import type { Asked, Flag } from '../../../shared/model/approval.ts'
import type { Said, Sentence } from '../../../shared/model/said.ts'
import type { Risk } from '../../../shared/model/summary.ts'
import { say } from '../../../shared/words/say.ts'
import { lint } from './lint.ts'
import type { Assessment } from './port.ts'
import { fieldsOf, readable, ruleSentences, truthy } from './sentences.ts'

/** Amounts from which a request is of medium and of high risk, whatever the currency. */
const mediumAmount = 1_000
const highAmount = 10_000
const largeBytes = 64 * 1024

const destructive =
  /\b(delet(?:e[sd]?|ing|ion)|drop(?:s|ped|ping)?(?![- ]?(?:off|in|box|down|ship))|destroy(?:s|ed|ing)?|purg(?:e|ing)|wip(?:e|ing)|truncate|irreversibl[ey]|permanently|rm -rf)\b|(?:^|\s)(--?force)\b|\b(force[- ]?(?:push|delete|merge|remove|deploy|restart|overwrite))\b/i
const verbNames = ['action', 'operation', 'verb', 'command', 'method', 'task', 'tool'] as const
const forceful = /\bforce\b/i
const destructiveMarks = ['force', 'forced', 'irreversible', 'destructive', 'permanent', 'delete', 'destroy', 'drop'] as const
const payeeMarks = ['new_payee', 'is_new_payee', 'new_recipient', 'new_vendor', 'new_beneficiary', 'first_payment'] as const
const externalMarks = ['external', 'is_external', 'external_recipient'] as const
const recipientNames = ['recipient', 'recipients', 'to', 'cc', 'bcc', 'beneficiary', 'payee', 'share_with'] as const

/** What code alone says about a request: floor, reasons, flags and two sentences. Pure and quick; runs for each request on its way in. */
export function assess(asked: Asked, json: string = jsonText(asked)): Assessment {
  const flags = lint(asked, json)
  const fields = fieldsOf(asked)
  const floor = new Floor()
  weighAmount(asked, fields, floor)
  weighEnvironment(fields, floor)
  weighVerbs(asked, fields, floor)
  weighRecipients(asked, fields, floor)
  weighShape(json, flags, floor)
  const { summary, impact, said } = ruleSentences(asked, fields)
  return {
    risk_floor: floor.risk,
    risk_reasons: floor.reasons,
    risk_said: floor.said,
    flags,
    summary,
    impact,
    said,
    total_bytes: Buffer.byteLength(json),
  }
}

/** The request as JSON text; empty when it cannot be written, which only a payload nested beyond reason brings about. */
function jsonText(asked: Asked): string {
  try {
    return JSON.stringify(asked) ?? ''
  } catch {
    return ''
  }
}

type Fields = Readonly<Record<string, unknown>>

/** Collects reasons; the risk only rises. */
class Floor {
  risk: Risk = 'low'
  readonly reasons: string[] = []
  readonly said: Said[] = []

  raise(to: 'medium' | 'high', reason: Sentence): void {
    if (to === 'high' || this.risk === 'low') this.risk = to
    this.reasons.push(reason.text)
    this.said.push(reason.said)
  }
}

function weighAmount(asked: Asked, fields: Fields, floor: Floor): void {
  const inner = typeof fields.amount === 'number' || typeof fields.amount === 'string' ? fields.amount : null
  const amount = asked.amount ?? inner
  if (amount === null) return
  const value = Number(amount)
  if (!Number.isFinite(value) || (typeof amount === 'string' && amount.trim() === '')) {
    floor.raise('medium', say('risk', 'amount_unreadable'))
    return
  }
  const money = { amount: readable(amount), currency: asked.currency }
  if (Math.abs(value) >= highAmount) floor.raise('high', say('risk', 'amount_large', { ...money, limit: highAmount }))
  else if (Math.abs(value) >= mediumAmount) floor.raise('medium', say('risk', 'amount_large', { ...money, limit: mediumAmount }))
  if (value < 0) floor.raise('medium', say('risk', 'amount_negative'))
  if (asked.amount !== null && inner !== null && Number(inner) !== value) {
    floor.raise('high', say('risk', 'amount_differs', { ...money, inner: readable(inner) }))
  }
}

function weighEnvironment(fields: Fields, floor: Floor): void {
  const environment = fields.environment ?? fields.env ?? fields.stage ?? fields.target_environment
  if (typeof environment === 'string' && /^\s*(?:prod|production|live)\b/i.test(environment)) {
    floor.raise('medium', say('risk', 'production'))
  }
}

function weighVerbs(asked: Asked, fields: Fields, floor: Floor): void {
  const where = (text: string, place: string): boolean => {
    const found = destructive.exec(text)
    if (found === null) return false
    const word = (found[1] ?? found[2] ?? found[3] ?? '').toLowerCase()
    floor.raise('high', say('risk', 'destructive', { place, word }))
    return true
  }
  for (const name of destructiveMarks) {
    if (truthy(fields[name])) {
      floor.raise('high', say('risk', 'marked', { mark: name }))
      return
    }
  }
  if (where(asked.title, 'title') || where(asked.type.replaceAll(/[_-]/g, ' '), 'type')) return
  if (asked.description !== null && where(asked.description.slice(0, 10_000), 'description')) return
  for (const name of verbNames) {
    const value = fields[name]
    if (typeof value !== 'string') continue
    const text = value.slice(0, 10_000).replaceAll('_', ' ')
    if (where(text, name)) return
    if (forceful.test(text)) {
      floor.raise('high', say('risk', 'forceful', { place: name }))
      return
    }
  }
}

function weighRecipients(asked: Asked, fields: Fields, floor: Floor): void {
  if (payeeMarks.some((name) => truthy(fields[name]))) floor.raise('high', say('risk', 'payee_new'))
  if (externalMarks.some((name) => truthy(fields[name]))) {
    floor.raise('high', say('risk', 'external'))
    return
  }
  const home = domainOf(asked.requester) ?? domainOf(asked.approvers[0])
  if (home === null) return
  for (const name of recipientNames) {
    const value = fields[name]
    if (value === undefined) continue
    for (const one of Array.isArray(value) ? value.slice(0, 50) : [value]) {
      const domain = domainOf(one)
      if (domain !== null && domain !== home) {
        floor.raise('medium', say('risk', 'other_domain', { domain, home }))
        return
      }
    }
  }
}

function domainOf(address: unknown): string | null {
  if (typeof address !== 'string' || address.length > 320) return null
  const at = address.lastIndexOf('@')
  const domain = address
    .slice(at + 1)
    .trim()
    .toLowerCase()
  return at > 0 && /^[a-z0-9.-]+$/.test(domain) ? domain : null
}

function weighShape(json: string, flags: readonly Flag[], floor: Floor): void {
  if (json.length > largeBytes) floor.raise('medium', say('risk', 'too_large'))
  if (flags.length > 0) floor.raise('high', say('risk', 'deception', { marks: flags.length }))
}
