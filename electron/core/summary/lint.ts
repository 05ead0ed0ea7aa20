import { domainToUnicode } from 'node:url'
import { pointerSegment } from '../../../shared/contract/pointer.ts'
import type { Asked, Flag } from '../../../shared/model/approval.ts'
import type { English } from '../../../shared/words/said.ts'
import { say } from '../../../shared/words/say.ts'
import { hiddenCharacters } from './plain-text.ts'

/*
 * The deception lint. It only ever raises: a flag is shown and lifts the risk floor, nothing is decided by it. It runs for each
 * request on the way in, so one pass over the JSON text finds out whether there is anything to look for at all, and only then are
 * the single strings visited.
 */

const mostFlags = 20
const mostStrings = 5_000
const mostCharacters = 300_000

/** Space between two words, as it is in a string or escaped in JSON text. */
const gap = String.raw`(?:[\s_^-]|\\[nrt]){1,8}`
const phrases = [
  'already (?:been )?(?:approved|cleared|authori[sz]ed|signed off|verified|reviewed)',
  '(?:pre-?approved|rubber-?stamp(?:ed)?) by',
  'no (?:need|reason) to (?:review|check|verify|read|worry)',
  '(?:ignore|disregard|forget|override) (?:(?:all|any|the|your|these|those|of|my) )*(?:previous|prior|above|earlier|preceding|system|safety|other|instructions|rules|guidelines|prompts?)',
  "(?:you are|you're|act as|pretend to be|as) (?:an? |the )?(?:ai|llm|language model|assistant|chatbot|summari[sz]er)\\b",
  '(?:system|developer|hidden) (?:prompt|message|override|instructions?)',
  'new instructions?\\b',
  '(?:mark|rate|classify|label|report|treat|score|describe|summari[sz]e) (?:this|it|the request|the risk|everything)(?: \\w+)? as',
  'risk(?: level| is|[\\\\"]{0,2}[:=])+ ?[\\\\"]{0,2}(?:low|none|zero|minimal)\\b',
  '(?:approve|accept|confirm|authori[sz]e) (?:this |it |the request )?(?:now|immediately|at once|automatically|without|right away)\\b',
  "(?:do not|don't|never) (?:tell|mention|show|warn|flag|reveal|alert|summari[sz]e|read)\\b",
  '(?:note|message|instructions?) (?:to|for) (?:the )?(?:reviewer|approver|model|assistant|ai|llm)\\b',
  'dear (?:reviewer|approver|ai|assistant|model)\\b',
  '(?:the |your )?summary (?:must|should|shall|has to) (?:say|read|be|state)\\b',
  '(?:respond|reply|answer|output) (?:only )?with\\b',
  'jailbreak|developer mode|do anything now',
].map((phrase) => phrase.replaceAll(' ', gap))
const addressesReader = new RegExp(
  String.raw`\b(?:${phrases.join('|')})|<\|?(?:im_start|im_end|system|endoftext|assistant)\|?>|\[/?INST\]|<<SYS>>`,
  'i',
)

const padding = /[ \t\u00a0\u2000-\u200a\u3000]{40}|(?:[\r\n][ \t]*){12}|\u2800{4}/
const escapedPadding = /(?:\\t){40}|(?:\\[rn](?: |\\t){0,200}){12}/
const encodedBlock = /(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{200}/
const asciiHosts = /[a-z0-9.-]+/gi
const hostBehindName = /https?:\/\/[^\s/?#@"\\]{1,200}@[^\s/?#"\\]/i
const beyondAscii = /[^\x20-\x7e]|\\u(?:00[01]|d[89a-f])/
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding control characters is what it is for
const control = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/
const bidi = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/
const words = /[\p{L}\p{M}\p{N}]+/gu
const hosts = /[\p{L}\p{M}\p{N}.\u3002\uff0e-]+/gu
const latin = /\p{Script=Latin}/u
const lookAlikeScript = /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}\p{Script=Lisu}]/u
/** More marks over one letter than any language writes: they are drawn over the lines around it. */
const stackedMarks = /\p{M}{6}/u
/** Wide, mathematical and other digits among plain ones. */
const oddNumber = /[0-9][.,]?(?![0-9])\p{Nd}|(?![0-9])\p{Nd}[.,]?[0-9]|[\uff10-\uff19\u{1d7ce}-\u{1d7ff}]/u
const eastAsian = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u
const cyrillicLikeLatin = /^[авеԁһіјкӏмнорԛѕтуѵԝх0-9-]+$/iu

/** What in a request tries to fool its reader. Never throws; work is bounded whatever the payload. `json` is its JSON text. */
export function lint(asked: Asked, json: string): readonly Flag[] {
  const head = json.length > mostCharacters ? json.slice(0, mostCharacters) : json
  const flags: Flag[] = []
  if (json === '' || head.length < json.length) {
    flags.push(toFlag(['not-fully-checked', { why: 'large' }], ''))
  }
  if (json !== '' && !looksOdd(head)) return flags
  const whole = visitStrings(asked, (text, pointer) => {
    for (const finding of findings(text)) flags.push(toFlag(finding, pointer))
    return flags.length < mostFlags
  })
  if (!whole && flags.length === 0) {
    flags.push(toFlag(['not-fully-checked', { why: 'many' }], ''))
  }
  return flags.slice(0, mostFlags)
}

type FlagCode = keyof English['flag']
type Finding = { readonly [C in FlagCode]: readonly [code: C, ...values: Parameters<English['flag'][C]>] }[FlagCode]

function toFlag([code, ...values]: Finding, pointer: string): Flag {
  const { text, said } = say('flag', code, ...(values as never))
  return { code, message: text, pointer, ...(said.values ? { values: said.values } : {}) }
}

function looksOdd(json: string): boolean {
  const { plain, escapes, at } = scan(json)
  return (
    !plain ||
    (escapes && (beyondAscii.test(json) || escapedPadding.test(json))) ||
    addressesReader.test(json) ||
    json.includes('xn--') ||
    json.includes('XN--') ||
    (at && hostBehindName.test(json))
  )
}

const codes = Uint8Array.from({ length: 128 }, (_, code) => (/[A-Za-z0-9+/_-]/.test(String.fromCharCode(code)) ? 1 : 0))

/** One look at each character, which is all that most requests need: whether all are plain, none of them in a long run. */
function scan(json: string): { readonly plain: boolean; readonly escapes: boolean; readonly at: boolean } {
  let [block, spaces] = [0, 0]
  let [escapes, at] = [false, false]
  for (let index = 0; index < json.length; index++) {
    const code = json.charCodeAt(index)
    if (code < 0x20 || code > 0x7e) return { plain: false, escapes, at }
    block = codes[code] === 1 ? block + 1 : 0
    spaces = code === 0x20 ? spaces + 1 : 0
    if (block === 200 || spaces === 40) return { plain: false, escapes, at }
    if (code === 0x5c) escapes = true
    else if (code === 0x40) at = true
  }
  return { plain: true, escapes, at }
}

function* findings(text: string): Generator<Finding> {
  if (!text.isWellFormed()) yield ['invalid-text']
  if (beyondAscii.test(text)) yield* unseen(text)
  if (padding.test(text)) yield ['padding']
  if (encodedBlock.test(text)) yield ['encoded-block']
  const said = addressesReader.exec(text)
  if (said !== null) {
    yield ['addresses-reviewer', { words: said[0].replace(/\s+/g, ' ').slice(0, 60).toWellFormed() }]
  }
  const punycode = punycodeIn(text)
  if (punycode !== null) {
    yield ['punycode-host', { host: punycode.slice(0, 100), shown: domainToUnicode(punycode).slice(0, 100) }]
  }
  if (hostBehindName.test(text)) yield ['misleading-host']
}

function punycodeIn(text: string): string | null {
  if (!/xn--/i.test(text)) return null
  for (const [host] of text.matchAll(asciiHosts)) {
    if (host.length <= 253 && /(?:^|\.)xn--[a-z0-9]/i.test(host)) return host.replace(/^\.+|\.+$/g, '')
  }
  return null
}

function* unseen(text: string): Generator<Finding> {
  if (bidi.test(text)) yield ['bidirectional-text']
  const hidden = hiddenIn(text)
  if (hidden !== null) yield ['hidden-characters', { code: hidden }]
  if (control.test(text)) yield ['control-characters']
  if (stackedMarks.test(text)) yield ['stacked-marks']
  if (oddNumber.test(text) && !eastAsian.test(text)) yield ['look-alike-number']
  for (const [host] of /[.\u3002\uff0e]/.test(text) ? text.matchAll(hosts) : []) {
    if (host.length <= 253 && isLookAlikeHost(host)) {
      yield ['look-alike-host', { host: host.slice(0, 100).toWellFormed() }]
      return
    }
  }
  if (!lookAlikeScript.test(text) || !latin.test(text)) return
  for (const [word] of text.matchAll(words)) {
    if (word.length > 3 && latin.test(word) && lookAlikeScript.test(word)) {
      yield ['mixed-script', { word: word.slice(0, 60).toWellFormed() }]
      return
    }
  }
}

/** The first hidden character that its surroundings do not explain: emoji and some scripts are joined by such characters. */
function hiddenIn(text: string): string | null {
  for (const { 0: character, index } of text.matchAll(hiddenCharacters)) {
    const code = character.codePointAt(0)!
    if (bidi.test(character)) continue
    const before = text.slice(Math.max(0, index - 2), index)
    if (code === 0x200d && /(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|\ufe0f)$/u.test(before)) continue
    if (
      (code === 0x200c || code === 0x200d) &&
      /[\p{Script=Arabic}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Sinhala}\p{M}]$/u.test(before)
    )
      continue
    if (code >= 0xe0020 && code <= 0xe007f && text.slice(0, index).includes('\u{1f3f4}')) continue
    return code.toString(16).toUpperCase().padStart(4, '0')
  }
  return null
}

function isLookAlikeHost(host: string): boolean {
  if (/^[\x20-\x7e]+$/.test(host) || !/[^.][.\u3002\uff0e][^.]/.test(host)) return false
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a host whose compatibility form is plain ASCII hides behind wide letters
  if (/^[\x00-\x7f]+$/.test(host.normalize('NFKC'))) return true
  const labels = host.replace(/\.$/, '').split('.')
  const endsInLatin = /^[a-z]{2,}$/i.test(labels.at(-1) ?? '')
  return labels.some(
    (label) =>
      (latin.test(label) && lookAlikeScript.test(label)) ||
      (endsInLatin && cyrillicLikeLatin.test(label) && !/^[\x20-\x7e]+$/.test(label)),
  )
}

/** Visits each string and each odd member name with its JSON pointer until the visitor has enough; says whether all were seen. */
function visitStrings(root: unknown, visit: (text: string, pointer: string) => boolean): boolean {
  const queue: { value: unknown; pointer: string }[] = [{ value: root, pointer: '' }]
  let whole = true
  for (let at = 0; at < queue.length && at < mostStrings; at++) {
    const { value, pointer } = queue[at]!
    if (typeof value === 'string') {
      if (!visit(value.length > mostCharacters ? value.slice(0, mostCharacters) : value, pointer)) return false
    } else if (typeof value === 'object' && value !== null) {
      for (const [name, member] of Object.entries(value)) {
        const inner = pointer + pointerSegment(name)
        if (!Array.isArray(value) && name.length > 0 && !/^\w{1,60}$/.test(name) && !visit(name, inner)) return false
        if (typeof member !== 'string' && typeof member !== 'object') continue
        if (queue.length >= mostStrings) whole = false
        else queue.push({ value: member, pointer: inner })
      }
    }
  }
  return whole
}
