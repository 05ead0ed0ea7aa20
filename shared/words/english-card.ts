import { moneyText } from './money.ts'

type Amount = { readonly amount: number | string; readonly currency: string | null }
type MaybeAmount = { readonly amount: number | string | null; readonly currency: string | null }
type Maybe = string | null

const figure = new Intl.NumberFormat('en', { maximumFractionDigits: 2 })
/** What is not whole has two digits, as money has. */
const cents = new Intl.NumberFormat('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 })

/** A sentence ends once, whatever the words that were put last. */
const ended = (sentence: string): string => (/[.!?…]$/.test(sentence) ? sentence : `${sentence}.`)

/** Why a request is as risky as it is. */
const risk = {
  amount_unreadable: () => 'The amount cannot be read as a number.',
  amount_large: ({ amount, currency, limit }: Amount & { readonly limit: number }) =>
    `The amount, ${moneyText(amount, currency)}, is ${moneyText(limit, null)} or more.`,
  amount_negative: () => 'The amount is negative.',
  amount_differs: ({ amount, currency, inner }: Amount & { readonly inner: number | string }) =>
    `The amount asked for, ${moneyText(amount, currency)}, differs from the one in the data, ${moneyText(inner, null)}.`,
  production: () => 'It changes the production environment.',
  destructive: ({ place, word }: { readonly place: string; readonly word: string }) =>
    `The ${place} says “${word}”, which may be impossible to undo.`,
  marked: ({ mark }: { readonly mark: string }) => `It is marked “${mark}”.`,
  forceful: ({ place }: { readonly place: string }) => `The ${place} says “force”.`,
  payee_new: () => 'The payee is new.',
  external: () => 'It goes to somebody outside.',
  other_domain: ({ domain, home }: { readonly domain: string; readonly home: string }) => `It goes to ${domain}, outside ${home}.`,
  too_large: () => 'It is too large to be read at a glance.',
  deception: ({ marks }: { readonly marks: number }) =>
    marks === 1 ? 'Its text has a mark of deception.' : `Its text has ${marks} marks of deception.`,
}

/** What in a request tries to fool its reader. Named as the flags are. */
const flag = {
  'not-fully-checked': ({ why }: { readonly why: 'large' | 'many' }) =>
    why === 'large' ? 'Too large or too deep to be checked whole.' : 'Holds too many values to be checked one by one.',
  'invalid-text': () => 'Holds half of a character, which each program shows differently.',
  padding: () => 'Holds a long run of white space, which can push text out of sight.',
  'encoded-block': () => 'Holds a long encoded block that cannot be read.',
  'addresses-reviewer': ({ words }: { readonly words: string }) => `Speaks to the reviewer or to a model: “${words}”.`,
  'punycode-host': ({ host, shown }: { readonly host: string; readonly shown: string }) =>
    `Names the host ${host}${shown ? `, which is shown as ${shown}` : ''}.`,
  'misleading-host': () => 'Holds an address whose real host stands behind an @.',
  'bidirectional-text': () => 'Holds characters that change the order in which text is shown.',
  'hidden-characters': ({ code }: { readonly code: string }) => `Holds characters that are not shown (U+${code}).`,
  'control-characters': () => 'Holds control characters.',
  'stacked-marks': () => 'Holds marks stacked on a letter, which can cover what stands around it.',
  'look-alike-number': () => 'Holds a number whose digits are not all plain ones.',
  'look-alike-host': ({ host }: { readonly host: string }) => `“${host}” is written with letters of another script.`,
  'mixed-script': ({ word }: { readonly word: string }) => `“${word}” mixes letters of different scripts that look alike.`,
}

type Expense = MaybeAmount & { readonly who: Maybe; readonly department: Maybe; readonly what: Maybe }
type Paid = MaybeAmount & { readonly who: Maybe; readonly receipts: number }
type Deployment = { readonly who: Maybe; readonly service: Maybe; readonly version: Maybe; readonly environment: Maybe }

const named = ({ amount, currency }: MaybeAmount): string =>
  amount === null ? 'an amount that is not named' : moneyText(amount, currency)
const receiptsText = (n: number): string =>
  n === 0 ? 'No receipt is attached.' : n === 1 ? '1 receipt is attached.' : `${n} receipts are attached.`

/** The summary that code makes: who wants what, how much and where; and what approving does. */
const rules = {
  expense: ({ who, department, what, ...money }: Expense) =>
    ended(
      `${who ?? 'Somebody'} asks to be paid ${named(money)}${department === null ? '' : ` for ${department}`}${what === null ? '' : `: ${what}`}`,
    ),
  expense_impact: ({ who, receipts, ...money }: Paid) =>
    `${named(money)} is paid to ${who ?? 'the submitter'}. ${receiptsText(receipts)}`,
  deployment: ({ who, service, version, environment, why }: Deployment & { readonly why: Maybe }) => {
    const what = `${service ?? 'a service'}${version === null ? '' : ` ${version}`}`
    const where = environment ?? 'an environment that is not named'
    const asked = who === null ? `A deployment of ${what} to ${where} is asked for` : `${who} asks to deploy ${what} to ${where}`
    return ended(`${asked}${why === null ? '' : `: ${why}`}`)
  },
  deployment_impact: ({ service, version, environment }: Omit<Deployment, 'who'>) =>
    `${version === null ? 'The new version' : `Version ${version}`} of ${service ?? 'a service'} replaces what runs in ${environment ?? 'an environment that is not named'}.`,
  request: ({
    who,
    type,
    title,
    ...money
  }: MaybeAmount & { readonly who: Maybe; readonly type: string; readonly title: Maybe }) => {
    const article = /^[aeiou]/i.test(type) ? 'an' : 'a'
    const wanted = type === 'request' || type === 'approval' ? 'an approval' : `approval of ${article} ${type}`
    const what = title === null ? '' : `: ${title}`
    const amount = money.amount === null ? '' : ` for ${named(money)}`
    return ended(
      who === null
        ? `${wanted[0]!.toUpperCase()}${wanted.slice(1)}${amount} is asked for${what}`
        : `${who} asks for ${wanted}${amount}${what}`,
    )
  },
}

/** What approving does, where nobody else says it. */
const consequence = {
  only_told: () => 'The sender is told that it was approved.',
  configured: ({ type }: { readonly type: string }) => `What is configured for ${type} is carried out, and the sender is told.`,
  expense: () => 'The expense is paid, and the sender is told.',
  deployment: () => 'The deployment is carried out as shown, and the sender is told.',
  batch: ({ acts }: { readonly acts: boolean }) =>
    `Each item is carried out without asking again${acts ? '' : ', as far as something is configured for its type'}.`,
  workflow: () => 'The workflow goes on.',
  gate: () => 'It is carried out with exactly these values.',
  program: () => 'The program that asked goes on.',
}

type Same = { readonly requester: Maybe; readonly what: 'all' | 'money'; readonly ago_ms: number }

const day = 24 * 60 * 60 * 1000

function ago(ms: number): string {
  const said = (n: number, unit: string) => `${n} ${unit}${n === 1 ? '' : 's'} ago`
  if (ms < 60_000) return 'just now'
  if (ms < day / 24) return said(Math.floor(ms / 60_000), 'minute')
  return ms < day ? said(Math.floor((ms * 24) / day), 'hour') : said(Math.round(ms / day), 'day')
}

const becameText = (decision: Maybe, by: Maybe): string => {
  if (decision === null) return 'it still waits'
  return decision === 'expired' ? 'nobody answered' : `${decision}${by === null ? '' : ` by ${by}`}`
}

type First = { readonly kind: 'host' | 'domain' | 'payee' | 'environment' | 'value'; readonly name: string; readonly value: string }

function firstText({ kind, name }: First): string {
  if (kind === 'host') return 'on this host'
  if (kind === 'domain') return 'with this e-mail domain'
  if (kind === 'payee') return 'to this payee'
  return kind === 'environment' ? 'in this environment' : `with this ${name || 'value'}`
}

type Usual = { readonly whose: 'you' | 'all'; readonly verb: 'approved' | 'rejected'; readonly n: number; readonly of: number }

/** What differs from earlier requests. Named as the notes are. */
const note = {
  'same-again': ({ requester, what, ago_ms, decision, by }: Same & { readonly decision: Maybe; readonly by: Maybe }) =>
    `${requester ?? 'The sender'} asked for the same${what === 'money' ? ' amount and payee' : ''} ${ago(ago_ms)}: ${becameText(decision, by)}`,
  amount: ({ times, median, currency, of, of_type }: Median) =>
    `${times >= 10 ? figure.format(times) : times} times the usual amount${of_type ? ' for this type' : ''} (median ${medianText(median, currency)} of ${of})`,
  currency: ({ currency, usual, of }: { readonly currency: string; readonly usual: string; readonly of: number }) =>
    `First time in ${currency}: the ${of} before were in ${usual}`,
  'first-value': (first: First & { readonly requester: Maybe }) =>
    `First time${first.requester === null ? '' : ` for ${first.requester}`} ${firstText(first)}: ${first.value}`,
  'first-request': ({ requester }: { readonly requester: string }) => `First request of this type by ${requester}`,
  usual: ({ whose, verb, n, of, of_type }: Usual & { readonly of_type: boolean }) => {
    const words = of_type ? ' of this type' : ''
    return `Usual: ${whose === 'all' ? `${n} of ${of}${words} were ${verb}` : `you ${verb} ${n} of ${of}${words}`}`
  },
}

type Median = {
  readonly times: number
  readonly median: number
  readonly currency: Maybe
  readonly of: number
  readonly of_type: boolean
}

const medianText = (value: number, currency: Maybe): string =>
  currency === null ? figure.format(value) : `${currency} ${(Number.isInteger(value) ? figure : cents).format(value)}`

/** What stands on a request's card. */
export const card = { risk, flag, rules, consequence, note } as const
