import type { Sentences } from '../../shared/words/said.ts'
import { many } from '../language.ts'
import { money, number } from './figures.ts'

const days = 24 * 60 * 60 * 1000

/** A sentence ends once, whatever the words that were put last. */
const ended = (sentence: string): string => (/[.!?…]$/.test(sentence) ? sentence : `${sentence}.`)

const places: Readonly<Record<string, string>> = { title: 'Im Titel', type: 'In der Art', description: 'In der Beschreibung' }
const inPlace = (place: string): string => places[place] ?? `Bei „${place}“`

const risk: Sentences['risk'] = {
  amount_unreadable: () => 'Der Betrag lässt sich nicht als Zahl lesen.',
  amount_large: ({ amount, currency, limit }) =>
    `Der Betrag, ${money(amount, currency)}, erreicht die Grenze von ${number(limit)}.`,
  amount_negative: () => 'Der Betrag ist negativ.',
  amount_differs: ({ amount, currency, inner }) =>
    `Der angefragte Betrag, ${money(amount, currency)}, ist ein anderer als der in den Daten, ${money(inner, null)}.`,
  production: () => 'Es ändert die Produktionsumgebung.',
  destructive: ({ place, word }) => `${inPlace(place)} steht „${word}“; das lässt sich vielleicht nicht rückgängig machen.`,
  marked: ({ mark }) => `Sie ist als „${mark}“ gekennzeichnet.`,
  forceful: ({ place }) => `${inPlace(place)} steht „force“.`,
  payee_new: () => 'Der Empfänger ist neu.',
  external: () => 'Es geht an jemanden außerhalb.',
  other_domain: ({ domain, home }) => `Es geht an ${domain}, also nicht an ${home}.`,
  too_large: () => 'Sie ist zu groß, um sie auf einen Blick zu lesen.',
  deception: ({ marks }) =>
    marks === 1 ? 'Ihr Text trägt ein Merkmal von Täuschung.' : `Ihr Text trägt ${number(marks)} Merkmale von Täuschung.`,
}

const flag: Sentences['flag'] = {
  'not-fully-checked': ({ why }) =>
    why === 'large' ? 'Zu groß oder zu tief, um ganz geprüft zu werden.' : 'Enthält zu viele Werte, um jeden zu prüfen.',
  'invalid-text': () => 'Enthält ein halbes Zeichen, das jedes Programm anders zeigt.',
  padding: () => 'Enthält sehr viel Leerraum, der Text aus dem Blick schieben kann.',
  'encoded-block': () => 'Enthält einen langen verschlüsselten Block, der nicht lesbar ist.',
  'addresses-reviewer': ({ words }) => `Spricht die prüfende Person oder ein Modell an: „${words}“.`,
  'punycode-host': ({ host, shown }) => `Nennt den Host ${host}${shown ? `, der als ${shown} angezeigt wird` : ''}.`,
  'misleading-host': () => 'Enthält eine Adresse, deren wirklicher Host hinter einem @ steht.',
  'bidirectional-text': () => 'Enthält Zeichen, die die Reihenfolge des angezeigten Textes ändern.',
  'hidden-characters': ({ code }) => `Enthält Zeichen, die nicht angezeigt werden (U+${code}).`,
  'control-characters': () => 'Enthält Steuerzeichen.',
  'stacked-marks': () => 'Enthält gestapelte Zeichen über einem Buchstaben, die verdecken können, was daneben steht.',
  'look-alike-number': () => 'Enthält eine Zahl, deren Ziffern nicht alle gewöhnliche sind.',
  'look-alike-host': ({ host }) => `„${host}“ ist mit Buchstaben einer anderen Schrift geschrieben.`,
  'mixed-script': ({ word }) => `„${word}“ mischt Buchstaben verschiedener Schriften, die gleich aussehen.`,
}

const behind = (words: string | null): string => (words === null ? '' : `: ${words}`)
const receiptsText = (n: number): string =>
  n === 0 ? 'Kein Beleg liegt bei.' : many(n, 'Ein Beleg liegt bei.', `${number(n)} Belege liegen bei.`)

const rules: Sentences['rules'] = {
  expense: ({ who, amount, currency, department, what }) => {
    const sum = amount === null ? 'einen nicht genannten Betrag' : money(amount, currency)
    const whose = department === null ? '' : ` für ${department}`
    return ended(`${who ?? 'Jemand'} bittet um Erstattung: ${sum}${whose}${what === null ? '' : ` – ${what}`}`)
  },
  expense_impact: ({ who, amount, currency, receipts }) => {
    const sum = amount === null ? 'Ein nicht genannter Betrag' : money(amount, currency)
    return `${sum} geht an ${who ?? 'die einreichende Person'}. ${receiptsText(receipts)}`
  },
  deployment: ({ who, service, version, environment, why }) => {
    const what = `${service ?? 'einen Dienst'}${version === null ? '' : ` ${version}`}`
    const where = environment ?? 'einer nicht genannten Umgebung'
    const asked = who === null ? `Angefragt wird, ${what}` : `${who} möchte ${what}`
    return ended(`${asked} in ${where} ${who === null ? 'auszurollen' : 'ausrollen'}${behind(why)}`)
  },
  deployment_impact: ({ service, version, environment }) =>
    `${version === null ? 'Die neue Version' : `Version ${version}`} von ${service ?? 'einem Dienst'} ersetzt, was in ${environment ?? 'einer nicht genannten Umgebung'} läuft.`,
  request: ({ who, type, amount, currency, title }) => {
    const kind = type === 'request' || type === 'approval' ? '' : ` (${type})`
    const sum = amount === null ? '' : ` über ${money(amount, currency)}`
    return ended(
      who === null
        ? `Um eine Freigabe${kind}${sum} wird gebeten${behind(title)}`
        : `${who} bittet um eine Freigabe${kind}${sum}${behind(title)}`,
    )
  },
}

const consequence: Sentences['consequence'] = {
  only_told: () => 'Der Absender erfährt, dass es freigegeben wurde.',
  configured: ({ type }) => `Was für ${type} eingerichtet ist, wird ausgeführt, und der Absender erfährt es.`,
  expense: () => 'Die Ausgabe wird bezahlt, und der Absender erfährt es.',
  deployment: () => 'Es wird so ausgerollt, wie es hier steht, und der Absender erfährt es.',
  batch: ({ acts }) =>
    `Jede Position wird ohne weitere Frage ausgeführt${acts ? '' : ', soweit für ihre Art etwas eingerichtet ist'}.`,
  workflow: () => 'Der Workflow geht weiter.',
  gate: () => 'Es wird mit genau diesen Werten ausgeführt.',
  program: () => 'Das Programm, das gefragt hat, geht weiter.',
}

function ago(ms: number): string {
  const before = (n: number, one: string, more: string) => `vor ${number(n)} ${many(n, one, more)}`
  if (ms < 60_000) return 'gerade eben'
  if (ms < days / 24) return before(Math.floor(ms / 60_000), 'Minute', 'Minuten')
  return ms < days ? before(Math.floor((ms * 24) / days), 'Stunde', 'Stunden') : before(Math.round(ms / days), 'Tag', 'Tagen')
}

const ends: Readonly<Record<string, string>> = { approved: 'freigegeben', rejected: 'abgelehnt', cancelled: 'abgebrochen' }

function became(decision: string | null, by: string | null): string {
  if (decision === null) return 'sie wartet noch'
  if (decision === 'expired') return 'niemand hat geantwortet'
  return `${ends[decision] ?? decision}${by === null ? '' : ` von ${by}`}`
}

const firsts = {
  host: 'mit diesem Host',
  domain: 'mit dieser E-Mail-Domain',
  payee: 'an diesen Empfänger',
  environment: 'in dieser Umgebung',
} as const

const note: Sentences['note'] = {
  'same-again': ({ requester, what, ago_ms, decision, by }) =>
    `${requester ?? 'Der Absender'} hat ${ago(ago_ms)} ${what === 'money' ? 'um denselben Betrag für denselben Empfänger' : 'um dasselbe'} gebeten: ${became(decision, by)}`,
  amount: ({ times, median, currency, of, of_type }) =>
    `Das ${number(times)}-Fache des üblichen Betrags${of_type ? ' für diese Art' : ''} (Median ${money(Math.round(median * 100) / 100, currency)} aus ${number(of)})`,
  currency: ({ currency, usual, of }) => `Zum ersten Mal in ${currency}: die ${number(of)} zuvor waren in ${usual}`,
  'first-value': ({ requester, kind, name, value }) => {
    const whose = requester === null ? '' : ` bei ${requester}`
    const where = kind === 'value' ? (name === '' ? 'mit diesem Wert' : `mit diesem Wert bei „${name}“`) : firsts[kind]
    return `Zum ersten Mal${whose} ${where}: ${value}`
  },
  'first-request': ({ requester }) => `Erste Anfrage dieser Art von ${requester}`,
  usual: ({ whose, verb, n, of, of_type }) => {
    const kind = of_type ? ' dieser Art' : ''
    const how = verb === 'approved' ? 'freigegeben' : 'abgelehnt'
    const counted = `${number(n)} von ${number(of)}${kind}`
    return whose === 'you' ? `Üblich: Sie haben ${counted} ${how}` : `Üblich: ${counted} ${many(n, 'wurde', 'wurden')} ${how}`
  },
}

export const card = { risk, flag, rules, consequence, note }
