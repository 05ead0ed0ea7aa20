import type { ApprovalItem, Difference } from '../../../shared/model/approval.ts'
import { dataLines, differenceLine } from '../card.ts'
import { fromEditText, toChanges, toEditText } from '../editable.ts'
import { plain } from '../output.ts'
import { exact } from '../values.ts'
import { askForm } from './form.ts'
import type { Terminal } from './terminal.ts'

/** What somebody in front of a terminal says to one request. */
export type Reply = { readonly kind: 'leave' } | { readonly kind: 'quit' } | { readonly kind: 'decide'; readonly input: Decision }

/** A decision as the server takes it, without the request's id and version. */
export type Decision = {
  readonly decision?: 'approve' | 'reject' | 'send_back'
  readonly comment?: string
  readonly changes?: Readonly<Record<string, unknown>>
  readonly option?: string
  readonly amount?: number | string
  readonly items?: readonly string[]
  readonly answer?: unknown
  readonly on_behalf_of?: string
}

const help = `  y [COMMENT]   approve            n [REASON]     reject
  e             edit and approve   s [QUESTION]   send it back with a question
  d             show all of its data
  p AMOUNT      approve a part     i ID,ID        approve some of the items
  o ID          answer with one of its options
  f EMAIL       decide for somebody whom you stand in for
  Enter         leave it undecided and go on
  q             quit               ?              this help`

/** The talk about one request, as far as it has come. */
type Talk = {
  readonly item: ApprovalItem
  readonly terminal: Terminal
  readonly signal: AbortSignal
  edits: readonly Difference[]
  onBehalfOf: string | null
}

/** What follows a word that was typed; null: nothing yet, it is asked again. */
type Answering = (talk: Talk, rest: string, word: string) => Reply | null | Promise<Reply | null>

const leave: Answering = () => ({ kind: 'leave' })
const quit: Answering = () => ({ kind: 'quit' })

const approve: Answering = async (talk, rest, word) => {
  const changes = talk.edits.length === 0 ? {} : { changes: toChanges(talk.edits) }
  return toReply(talk, await approval(talk, { ...changes, ...commentOf(rest) }, word))
}

const reject: Answering = async (talk, rest) => {
  const reason = rest || (await ask(talk, 'Why? (Enter: no reason, . goes back) '))
  return reason === null || reason === '.' ? null : toReply(talk, { decision: 'reject', ...commentOf(reason) })
}

const sendBack: Answering = async (talk, rest) => {
  const question = rest || (await ask(talk, 'What do you want to know? (Enter goes back) '))
  return question ? toReply(talk, { decision: 'send_back', comment: question }) : null
}

const edit: Answering = async (talk) => {
  talk.edits = (await edited(talk)) ?? talk.edits
  return null
}

const showData: Answering = ({ item, terminal }) => {
  terminal.say(dataLines(item).join('\n') || '  It has no data.')
  return null
}

const part: Answering = async (talk, rest, word) => {
  const input = partOf(talk.item, word as 'p' | 'i' | 'o', rest)
  if (typeof input === 'string') {
    talk.terminal.say(input)
    return null
  }
  const chosen = talk.item.options?.find(({ id }) => id === input.option)
  return toReply(talk, chosen?.outcome === 'rejected' ? input : await approval(talk, input, word))
}

const standIn: Answering = (talk, rest) => {
  talk.onBehalfOf = rest === '' ? null : rest
  talk.terminal.say(rest === '' ? 'You decide for yourself.' : `You decide for ${plain(rest)}.`)
  return null
}

const showHelp: Answering = ({ terminal }, _rest, word) => {
  terminal.say(word === '?' || word === 'h' ? help : `There is no answer "${plain(word)}".\n${help}`)
  return null
}

const answers: Readonly<Record<string, Answering>> = {
  '': leave,
  q: quit,
  quit,
  y: approve,
  yes: approve,
  approve,
  n: reject,
  no: reject,
  reject,
  s: sendBack,
  e: edit,
  d: showData,
  p: part,
  i: part,
  o: part,
  f: standIn,
}

/** Asks until there is an answer. The signal interrupts: it was decided or changed by somebody else. */
export async function askAbout(item: ApprovalItem, terminal: Terminal, signal: AbortSignal): Promise<Reply> {
  const talk: Talk = { item, terminal, signal, edits: [], onBehalfOf: null }
  for (;;) {
    const question = talk.edits.length === 0 ? 'Approve? [y/N/e/s/?] ' : 'Approve with these changes? [y/N/e/s/?] '
    const line = await terminal.ask(question, signal)
    if (line === null) return { kind: 'quit' }
    const [, typed = '', rest = ''] = /^\s*(\S*)\s*(.*?)\s*$/.exec(line) ?? []
    const word = typed.toLowerCase()
    const reply = await (Object.hasOwn(answers, word) ? answers[word]! : showHelp)(talk, rest, word)
    if (reply !== null) return reply
  }
}

const toReply = ({ onBehalfOf }: Talk, input: Decision | null): Reply | null =>
  input === null ? null : { kind: 'decide', input: { ...input, ...(onBehalfOf === null ? {} : { on_behalf_of: onBehalfOf }) } }

const commentOf = (text: string): Pick<Decision, 'comment'> => (text === '' ? {} : { comment: text })

async function ask({ terminal, signal }: Talk, question: string): Promise<string | null> {
  return (await terminal.ask(question, signal))?.trim() ?? null
}

/** An approval with what belongs to it: the word for what is risky, and the form. Null when it was thought better of. */
async function approval(talk: Talk, input: Decision, typed: string): Promise<Decision | null> {
  const { item, terminal, signal } = talk
  if (item.risk === 'high' && typed !== 'approve') {
    const word = await ask(talk, 'This is of high risk. Type the word approve to approve it: ')
    if (word?.toLowerCase() !== 'approve') {
      terminal.say('Not approved.')
      return null
    }
  }
  const answer = item.form === undefined ? undefined : await askForm(item.form, terminal, signal)
  if (answer === null) return null
  const verdict = input.option === undefined ? { decision: 'approve' as const } : {}
  return { ...verdict, ...input, ...(answer === undefined ? {} : { answer }) }
}

/** A part of what is asked, or what is wrong with it. */
function partOf(item: ApprovalItem, word: 'p' | 'i' | 'o', rest: string): Decision | string {
  if (word === 'o') {
    const ids = item.options?.map(({ id, label }) => `${id} (${label})`) ?? []
    if (ids.length === 0) return 'This request has no options of its own.'
    return item.options!.some(({ id }) => id === rest) ? { option: rest } : `Its options: ${plain(ids.join(', '))}.`
  }
  if (!item.partial) return 'This request is approved whole or not at all.'
  if (word === 'p') return rest === '' ? 'Say how much: p 100' : { amount: exact(rest) }
  const ids = rest.split(/[\s,]+/).filter(Boolean)
  const unknown = ids.find((id) => !item.items?.some((one) => one.id === id))
  if (unknown !== undefined) return `${plain(unknown)} is not one of its items.`
  return ids.length === 0 ? 'Say which items: i ID,ID' : { items: ids }
}

async function edited(talk: Talk): Promise<readonly Difference[] | null> {
  const { item, terminal, signal } = talk
  if (item.editable === undefined || item.editable.length === 0) {
    terminal.say('This request allows no changes.')
    return null
  }
  let text = toEditText(item)
  for (;;) {
    const back = await terminal.edit(text)
    signal.throwIfAborted()
    if (back === null) {
      terminal.say('The editor ended with an error; nothing was changed. Set EDITOR to the one you use.')
      return null
    }
    const found = fromEditText(item, back)
    if (typeof found !== 'string') {
      terminal.say(found.length === 0 ? 'Nothing was changed.' : found.map((one) => `  ${differenceLine(one)}`).join('\n'))
      return found
    }
    terminal.say(plain(found))
    text = back
    const again = await ask(talk, 'Edit again? [Y/n] ')
    if (again === null || /^n/i.test(again)) return null
  }
}
