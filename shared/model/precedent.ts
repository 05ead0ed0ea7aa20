import { toPath } from '../contract/pointer.ts'
import type { English } from '../words/said.ts'
import { say } from '../words/say.ts'
import type { Asked, Decision } from './approval.ts'
import { matterOf } from './comparison.ts'
import { differencesOf } from './difference.ts'
import type { SaidValue } from './said.ts'
import { fieldsOf, isIban, isUsual, type ValueView, type ViewKind, viewsOf } from './usual-value.ts'

/*
 * What differs this time: sentences made by rules from typed facts about earlier requests. Nothing here guesses, and nothing is
 * decided by it.
 */

/** A request that was decided earlier. */
export type PastRequest = {
  readonly id: string
  readonly asked: Asked
  readonly decision: Decision
  /** Who decided it, by name; null where nobody did. */
  readonly by: string | null
  /** Whether the reader decided it, and whether a person did. */
  readonly by_you: boolean
  readonly by_person: boolean
  readonly created_at: string
}

/** The request that is looked at. `requester` is a name to use in sentences; null where a source asks in its own name. */
export type PresentRequest = { readonly asked: Asked; readonly requester: string | null; readonly created_at: string }

/** The latest decided ones, newest first: of the same requester and type, and of the type. */
export type Past = {
  readonly own: readonly PastRequest[]
  readonly of_type: readonly PastRequest[]
  /** The requester's own of this type that came before and still wait, newest first. */
  readonly waiting: readonly Pick<PastRequest, 'asked' | 'created_at'>[]
}

type NoteCode = keyof English['note']

/** One sentence about a request. `pointer` says what of it is meant; empty for the whole. */
export type Note = {
  readonly code: NoteCode
  readonly tone: 'calm' | 'attention'
  readonly message: string
  /** What stands in the message. */
  readonly values: Readonly<Record<string, SaidValue>>
  readonly pointer: string
}

/** A note by its code; the sentence is the one of that name. */
function toNote<C extends NoteCode>(code: C, tone: Note['tone'], pointer: string, values: Parameters<English['note'][C]>[0]): Note {
  const { text } = say('note', code, ...([values] as never))
  return { code, tone, message: text, values, pointer }
}

const order: readonly NoteCode[] = ['same-again', 'amount', 'currency', 'first-value', 'first-request', 'usual']
const mostFirsts = 6

/** Everything there is to say, what wants attention first. The same facts give the same sentences, whatever order fields come in. */
export function notesOf(present: PresentRequest, past: Past, now: number): readonly Note[] {
  const notes = [
    ...sameAgain(present, past, now),
    ...amountNote(present, past),
    ...currencyNote(present, past),
    ...firstValues(present, past),
    ...firstRequest(present, past),
    ...usualAnswer(past),
  ]
  const rank = ({ tone, code }: Note) => (tone === 'attention' ? 0 : order.length) + order.indexOf(code)
  return notes.toSorted((a, b) => rank(a) - rank(b) || (a.pointer < b.pointer ? -1 : a.pointer > b.pointer ? 1 : 0))
}

const enough = 5
const many = 2
const few = 1 / many

/** Of a sorted list; between two of them where it has to be. */
const quantile = (sorted: readonly number[], share: number): number => {
  const at = (sorted.length - 1) * share
  const [low, high] = [sorted[Math.floor(at)]!, sorted[Math.ceil(at)]!]
  return low + (high - low) * (at - Math.floor(at))
}

const toNumber = (amount: Asked['amount']): number | null => {
  const value = amount === null ? Number.NaN : Number(amount)
  return Number.isFinite(value) ? value : null
}

const amountsIn = (past: readonly PastRequest[], currency: string | null): readonly number[] =>
  past.flatMap(({ asked }) => {
    const value = asked.currency === currency ? toNumber(asked.amount) : null
    return value === null ? [] : [value]
  })

function amountNote({ asked }: PresentRequest, { own, of_type }: Past): readonly Note[] {
  const amount = toNumber(asked.amount)
  if (amount === null) return []
  const theirs = amountsIn(own, asked.currency)
  const isOwn = theirs.length >= enough
  const amounts = isOwn ? theirs : amountsIn(of_type, asked.currency)
  if (amounts.length < enough) return []
  const sorted = amounts.toSorted((a, b) => a - b)
  const median = quantile(sorted, 0.5)
  if (median <= 0) return []
  const times = amount / median
  const isMore = times >= many && amount > quantile(sorted, 0.9)
  const isLess = times >= 0 && times <= few && amount < quantile(sorted, 0.1)
  if (!isMore && !isLess) return []
  const rounded = times >= 10 ? Math.round(times) : Number(times.toFixed(times < 0.1 ? 2 : 1))
  const values = { times: rounded, median, currency: asked.currency, of: sorted.length, of_type: !isOwn }
  return [toNote('amount', isMore ? 'attention' : 'calm', '/amount', values)]
}

function currencyNote({ asked }: PresentRequest, { own, of_type }: Past): readonly Note[] {
  if (asked.amount === null || asked.currency === null) return []
  const currencies = (past: readonly PastRequest[]) =>
    past.flatMap(({ asked: { amount, currency } }) => (amount === null ? [] : [currency]))
  const theirs = currencies(own)
  const before = theirs.length >= 3 ? theirs : currencies(of_type)
  const [usual] = before
  if (before.length < 3 || !usual || usual === asked.currency || before.some((each) => each !== usual)) return []
  return [toNote('currency', 'attention', '/currency', { currency: asked.currency, usual, of: before.length })]
}

/** Who gains by it is a field like those of the data. */
const valuesOf = (asked: Asked): ReadonlyMap<string, string | number | boolean> => {
  const fields = new Map(fieldsOf(asked.data))
  return asked.beneficiary === undefined ? fields : fields.set('/beneficiary', asked.beneficiary)
}

type Fields = ReturnType<typeof valuesOf>

/** What a field held, looked at in one way, oldest first; null where that is no small and settled set of values. */
function settled(past: readonly Fields[], pointer: string, kind: ViewKind): ReadonlySet<string> | null {
  const keys = past.flatMap((fields) => {
    const value = fields.get(pointer)
    const view = value === undefined ? undefined : viewsOf(value).find((each) => each.kind === kind)
    return view === undefined ? [] : [view.key]
  })
  return keys.length * 5 >= past.length * 3 && isUsual(keys) ? new Set(keys) : null
}

function firstValues({ asked, requester }: PresentRequest, { own, of_type }: Past): readonly Note[] {
  const [theirs, all] = [own, of_type].map((past) => past.map((each) => valuesOf(each.asked)).reverse()) as [Fields[], Fields[]]
  const used = theirs.length >= enough ? theirs : all
  const notes: Note[] = []
  for (const [pointer, value] of [...valuesOf(asked)].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    for (const view of viewsOf(value)) {
      const known = settled(used, pointer, view.kind)
      if (known === null) continue
      if (!known.has(view.key)) notes.push(firstValue(pointer, view, isElsewhere(all, pointer, view) ? requester : null))
      break
    }
  }
  return notes.slice(0, mostFirsts)
}

const isElsewhere = (all: readonly Fields[], pointer: string, { kind, key }: ValueView): boolean =>
  all.some((fields) => {
    const value = fields.get(pointer)
    return value !== undefined && viewsOf(value).some((each) => each.kind === kind && each.key === key)
  })

function firstValue(pointer: string, view: ValueView, known: string | null): Note {
  const values = { requester: known, ...nameOf(pointer, view), value: view.shown }
  // What others use is no stranger.
  return toNote('first-value', known === null ? 'attention' : 'calm', pointer, values)
}

const payee = /payee|recipient|beneficiary|iban|account|creditor|vendor|supplier|merchant|pay_?to/i

const longestName = 40

type Named = Pick<Parameters<English['note']['first-value']>[0], 'kind' | 'name'>

/** What kind of value it is; others by the name that their field has. */
function nameOf(pointer: string, { kind, shown }: ValueView): Named {
  if (kind === 'host' || kind === 'domain') return { kind, name: '' }
  const name = toPath(pointer).at(-1) ?? ''
  if (payee.test(name) || isIban(shown)) return { kind: 'payee', name: '' }
  if (/^env(ironment)?$|^stage$/i.test(name)) return { kind: 'environment', name: '' }
  const words = name.replace(/[_-]+/g, ' ').trim()
  return { kind: 'value', name: words.length > longestName ? '' : words }
}

function firstRequest({ requester }: PresentRequest, { own, of_type, waiting }: Past): readonly Note[] {
  if (requester === null || own.length > 0 || waiting.length > 0 || of_type.length === 0) return []
  return [toNote('first-request', 'calm', '', { requester })]
}

const day = 24 * 60 * 60 * 1000
const sameWithinMs = 14 * day

/** The latest one that asked for the same a short time ago: it may have been sent twice. What was taken back may well come again. */
function sameAgain({ asked, requester, created_at }: PresentRequest, { own, waiting }: Past, now: number): readonly Note[] {
  const at = Date.parse(created_at)
  const ended = own.filter(({ decision }) => decision !== 'cancelled')
  const open = waiting.map((past) => ({ ...past, decision: null, by: null }))
  for (const past of [...open, ...ended]) {
    const before = at - Date.parse(past.created_at)
    const what = before >= 0 && before <= sameWithinMs ? sameness(asked, past.asked) : null
    if (what === null) continue
    const { decision, by } = past
    const values = { requester, what, ago_ms: now - Date.parse(past.created_at), decision, by }
    return [toNote('same-again', decision === 'expired' ? 'calm' : 'attention', '', values)]
  }
  return []
}

/** In what way two requests are the same; null where they are not. */
function sameness(a: Asked, b: Asked): 'all' | 'money' | null {
  if (toNumber(a.amount) !== toNumber(b.amount) || a.currency !== b.currency) return null
  const isEmpty = a.data === null || (typeof a.data === 'object' && Object.keys(a.data).length === 0)
  const differs = differencesOf(matterOf(a), matterOf(b)).filter(({ pointer }) => /^\/(data|items)/.test(pointer))
  if (differs.length === 0 && (!isEmpty || a.title === b.title) && a.beneficiary === b.beneficiary) return 'all'
  const [theirs, before] = [payees(a), payees(b)]
  return a.amount !== null && theirs !== '' && theirs === before ? 'money' : null
}

/** Everything in it that names a payee, as one text. */
const payees = (asked: Asked): string =>
  [...valuesOf(asked)]
    .flatMap(([pointer, value]) => {
      const view = payee.test(toPath(pointer).at(-1) ?? '') || isIban(String(value)) ? viewsOf(value)[0] : undefined
      return view ? [`${pointer}=${view.key}`] : []
    })
    .toSorted()
    .join('\n')

function usualAnswer({ own, of_type }: Past): readonly Note[] {
  const isAnswer = ({ decision, by_person }: PastRequest) => by_person && (decision === 'approved' || decision === 'rejected')
  const yours = own.filter((past) => past.by_you && isAnswer(past))
  const yoursOfType = of_type.filter((past) => past.by_you && isAnswer(past))
  if (yours.length >= 3) return [answerNote('you', yours, false)]
  if (yoursOfType.length >= enough) return [answerNote('you', yoursOfType, true)]
  const anybody = own.filter(isAnswer)
  return anybody.length >= 3 ? [answerNote('all', anybody, false)] : []
}

function answerNote(whose: 'you' | 'all', answers: readonly PastRequest[], of_type: boolean): Note {
  const approved = answers.filter(({ decision }) => decision === 'approved').length
  const mostly = approved * 2 > answers.length
  const [verb, n] = mostly ? (['approved', approved] as const) : (['rejected', answers.length - approved] as const)
  return toNote('usual', mostly ? 'calm' : 'attention', '', { whose, verb, n, of: answers.length, of_type })
}
