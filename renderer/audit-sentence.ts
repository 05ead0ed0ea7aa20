import type { AuditEntry } from '../shared/contract/audit.ts'
import { count, money } from './format.ts'
import { tau } from './strings-audit.ts'
import { visible } from './visible-text.ts'

type Data = Readonly<Record<string, unknown>>

const text = (value: unknown): string => (typeof value === 'string' ? visible(value) : '')
const word = (value: unknown): string => tau.words[text(value)] ?? text(value)
const mostNamed = 4
const list = (value: unknown): string => {
  if (!Array.isArray(value)) return ''
  const named = value.slice(0, mostNamed).map(text).join(', ')
  return value.length > mostNamed ? `${named} ${tau.andMore(count(value.length - mostNamed))}` : named
}

/** What a sentence says besides who and what, by the type of the record. */
const details: Readonly<Record<string, (data: Data) => string>> = {
  step_completed: (data) => text(data.step),
  step_failed: (data) => text(data.step),
  approval_voted: (data) => word(data.verdict),
  approval_held: (data) => word(data.said),
  approval_escalated: (data) => word(data.reason),
  approval_reassigned: (data) => list(data.to),
  summary_recorded: (data) => word(data.state),
  signal_awaited: (data) => text(data.signal),
  signal_received: (data) => text(data.signal),
  signal_lapsed: (data) => text(data.signal),
  child_started: (data) => text(data.workflow),
  child_ended: (data) => word(data.status),
  cleanup_registered: (data) => text(data.step),
  delivery_queued: (data) => text(data.url),
  delivery_attempted: (data) => word(data.state),
  token_created: (data) => text(data.name),
  token_revoked: (data) => text(data.token_id),
  settings_changed: (data) => list(data.paths),
  run_erased: (data) => text(data.reason),
  recovered: (data) => text(data.segment),
  clock_skew: (data) => text(data.last_at),
}

/** Who did it, as people say it. */
function whoOf({ actor }: Pick<AuditEntry, 'actor'>): string {
  if (actor.kind === 'system') return tau.system
  const name = visible(actor.name || actor.id)
  return actor.kind === 'policy' ? tau.policy(name) : name
}

/** From where, where somebody came from somewhere: "from the browser, 127.0.0.1". */
export function whereOf({ actor }: Pick<AuditEntry, 'actor'>): string {
  if (actor.kind === 'system' || actor.kind === 'policy') return ''
  return [tau.via[actor.via] ?? '', visible(actor.address ?? '')].filter(Boolean).join(', ')
}

function whatOf({ about }: Pick<AuditEntry, 'about'>): string {
  if (about === null) return tau.this
  const title = tau.quoted(visible(about.title))
  return about.amount === null ? title : `${title}, ${money(about.amount, about.currency)}`
}

/** A record as one sentence. Types that are not known yet are named as they are. */
export function sentenceOf(entry: AuditEntry): string {
  const data = (entry.data ?? {}) as Data
  const who = whoOf(entry)
  const what = whatOf(entry)
  if (entry.type === 'approval_decided') {
    const { decision } = data
    if (decision === 'expired') return upper(tau.about.expired(what))
    if (decision === 'approved' || decision === 'rejected' || decision === 'cancelled') return upper(tau.about[decision](who, what))
  }
  if (entry.type === 'token_created' && data.kind === 'session') return upper(tau.signedIn(who))
  const pattern = tau.sentence[entry.type]
  const detail = details[entry.type]?.(data) ?? ''
  if (pattern === undefined)
    return upper(fill(tau.otherwise, { actor: who, what, detail: visible(entry.type).replaceAll('_', ' ') }))
  return upper(fill(pattern, { actor: who, what, detail }))
}

/** Whatever stands in the values stays as it is: a title with a place in it fills nothing. */
const fill = (pattern: string, values: Readonly<Record<string, string>>): string =>
  pattern.replace(/\{(actor|what|detail)\}/g, (_, name: string) => values[name] ?? '')

const upper = (sentence: string): string => sentence.charAt(0).toLocaleUpperCase() + sentence.slice(1)
