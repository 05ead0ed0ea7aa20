/*
 * What a text of a sender's is, by its shape and by the name of its field. Pure; each look at a text is bounded, and nothing that is
 * found is left out of what is drawn.
 */

export type TextKind =
  | { readonly kind: 'empty' | 'instant' | 'code' | 'prose' | 'diff' }
  | { readonly kind: 'date'; readonly date: Date }
  | { readonly kind: 'duration'; readonly ms: number }
  | { readonly kind: 'address'; readonly url: URL }
  | { readonly kind: 'email'; readonly at: number }
  | { readonly kind: 'blob'; readonly bytes: number; readonly media: string | null }
  | { readonly kind: 'json'; readonly value: object }

/** What is acted upon is never cut, unless it is longer than anybody reads. */
const neverCut = /amount|payee|iban|account|host|url|path|command|cmd|(?<!de)script|sql|query/i
export const isNeverCut = (name: string): boolean => neverCut.test(name)

const codeNames =
  /command|cmd|(?<!de)script|sql|query|path|diff|patch|code(?!_?name)|sha(?!p|r)|hash|token|digest|iban|regex|stack_?trace|(?:^|_)logs?$|argv|args|env$|yaml|json/i
const codeText = /^(\/|\.\/|~\/|[a-z]:\\|\$ |#!|[0-9a-f]{24,}$)/i
const instant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})$/
const day = /^(\d{4})-(\d{2})-(\d{2})$/
const span = /^P(?=\d|T\d)(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/
const email = /^[^\s@<>"'(),;:]{1,128}@[^\s@<>"'(),;:]+\.[^\s@<>"'(),;:]+$/
const diffText = /^(?:diff --git |Index: |--- [^\n]+\n\+\+\+ |@@ -\d+(?:,\d+)? \+\d+)/m
const longestKnown = 2000
const shortestBlob = 160

export function textKind(text: string, name: string): TextKind {
  if (text === '') return { kind: 'empty' }
  if (text.length <= longestKnown) {
    const short = shortKind(text)
    if (short) return short
  }
  if (isDiff(text)) return { kind: 'diff' }
  const blob = isNeverCut(name) ? null : toBlob(text)
  if (blob) return blob
  const value = toJson(text)
  if (value) return { kind: 'json', value }
  return { kind: codeNames.test(name) || codeText.test(text) || text.slice(0, 4000).includes('\t') ? 'code' : 'prose' }
}

function shortKind(text: string): TextKind | null {
  if (instant.test(text) && !Number.isNaN(Date.parse(text))) return { kind: 'instant' }
  const date = toDay(text)
  if (date) return { kind: 'date', date }
  const duration = toDuration(text)
  if (duration !== null) return { kind: 'duration', ms: duration }
  if (/^https?:\/\/\S+$/i.test(text) && URL.canParse(text)) return { kind: 'address', url: new URL(text) }
  return text.length <= 254 && email.test(text) ? { kind: 'email', at: text.lastIndexOf('@') } : null
}

/** A day that exists: the thirtieth of February is none. */
function toDay(text: string): Date | null {
  const found = day.exec(text)
  if (!found) return null
  const [year, month, date] = found.slice(1).map(Number) as [number, number, number]
  const made = new Date(year, month - 1, date)
  return year > 99 && made.getMonth() === month - 1 && made.getDate() === date ? made : null
}

function toDuration(text: string): number | null {
  const found = text.length < 40 ? span.exec(text) : null
  if (!found) return null
  const [weeks, days, hours, minutes, seconds] = found.slice(1).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
  ]
  return (((weeks * 7 + days) * 24 + hours) * 60 + minutes) * 60_000 + seconds * 1000
}

const unitMs: Readonly<Record<string, number>> = {
  ms: 1,
  milliseconds: 1,
  s: 1000,
  sec: 1000,
  secs: 1000,
  seconds: 1000,
  minutes: 60_000,
  mins: 60_000,
  hours: 3_600_000,
  days: 86_400_000,
}

/** A length of time by its field's name: `timeout_ms: 90000`. Null where the number alone says it. */
export function namedDuration(value: number, name: string): number | null {
  const unit = /(?:_|(?<=[a-z])(?=[A-Z]))([A-Za-z]+)$/.exec(name)?.[1]?.toLowerCase()
  const ms = unit !== undefined && Object.hasOwn(unitMs, unit) ? value * unitMs[unit]! : Number.NaN
  return Number.isFinite(ms) && ms >= 60_000 && ms < 1e13 && value >= 60 ? ms : null
}

function isDiff(text: string): boolean {
  const head = text.slice(0, 20_000)
  return diffText.test(head) && /^[+-](?![+-]{2} )/m.test(head)
}

const beginnings: readonly (readonly [start: string, kind: string])[] = [
  ['iVBORw0KGgo', 'image/png'],
  ['/9j/', 'image/jpeg'],
  ['R0lGOD', 'image/gif'],
  ['JVBERi0', 'application/pdf'],
  ['UEsDB', 'application/zip'],
  ['H4sI', 'application/gzip'],
  ['TVqQ', 'application/x-msdownload'],
  ['f0VMRg', 'application/x-executable'],
  ['PHN2Zy', 'image/svg+xml'],
  ['PD94bWw', 'application/xml'],
]

function toBlob(text: string): TextKind | null {
  const uri = /^data:([\w.+-]+\/[\w.+-]+)?(?:;[\w=.+-]+)*;base64,/i.exec(text.slice(0, 300))
  const body = uri ? text.slice(uri[0].length) : text
  if (!uri && (body.length < shortestBlob || /^[0-9a-f\s]+$/i.test(body))) return null
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(body.slice(0, 200_000).replaceAll(/[\r\n]/g, ''))) return null
  // A long word of one letter or of digits is no encoding.
  if (!uri && !(/[a-z]/.test(body) && /[A-Z]/.test(body) && /\d/.test(body))) return null
  const characters = body.replaceAll(/[\r\n=]/g, '').length
  const media = uri?.[1] ?? beginnings.find(([start]) => body.startsWith(start))?.[1] ?? null
  return { kind: 'blob', bytes: Math.floor((characters * 3) / 4), media }
}

const longestJson = 300_000

/** JSON inside a text; null where a reader of the tree would see less than is written, because a name occurs twice. */
function toJson(text: string): object | null {
  const [first, last] = [text.trimStart()[0], text.trimEnd().at(-1)]
  if (text.length > longestJson || !((first === '{' && last === '}') || (first === '[' && last === ']'))) return null
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null || Object.keys(value).length === 0) return null
    const written = text.match(/"(?:[^"\\]|\\.)*"(?=\s*:)/g)?.length ?? 0
    return written === namesIn(value) ? value : null
  } catch {
    return null
  }
}

function namesIn(root: object): number {
  let names = 0
  const open: unknown[] = [root]
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (typeof value !== 'object' || value === null) continue
    if (!Array.isArray(value)) names += Object.keys(value).length
    open.push(...Object.values(value).filter((each) => typeof each === 'object' && each !== null))
  }
  return names
}
