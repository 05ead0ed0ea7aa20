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
}

const help = `  y [COMMENT]   approve            n [REASON]     reject
  e             edit and approve   s [QUESTION]   send it back with a question
  d             show all of its data
  p AMOUNT      approve a part     i ID,ID        approve some of the items
  o ID          answer with one of its options
  Enter         leave it undecided and go on
  q             quit               ?              this help`

/** Asks until there is an answer. The signal interrupts: it was decided or changed by somebody else. */
export async function askAbout(item: ApprovalItem, terminal: Terminal, signal: AbortSignal): Promise<Reply> {
  let edits: readonly Difference[] = []
  for (;;) {
    const question = edits.length === 0 ? 'Approve? [y/N/e/s/?] ' : 'Approve with these changes? [y/N/e/s/?] '
    const line = await terminal.ask(question, signal)
    if (line === null) return { kind: 'quit' }
    const [, word = '', rest = ''] = /^\s*(\S*)\s*(.*?)\s*$/.exec(line) ?? []
    switch (word.toLowerCase()) {
      case '':
        return { kind: 'leave' }
      case 'q':
      case 'quit':
        return { kind: 'quit' }
      case 'y':
      case 'yes':
      case 'approve': {
        const changes = edits.length === 0 ? {} : { changes: toChanges(edits) }
        const input = await approval(item, { ...changes, ...commentOf(rest) }, word, terminal, signal)
        if (input !== null) return { kind: 'decide', input }
        break
      }
      case 'n':
      case 'no':
      case 'reject': {
        const reason = rest || (await ask(terminal, 'Why? (Enter: no reason, . goes back) ', signal))
        if (reason !== null && reason !== '.') return { kind: 'decide', input: { decision: 'reject', ...commentOf(reason) } }
        break
      }
      case 's': {
        const asked = rest || (await ask(terminal, 'What do you want to know? (Enter goes back) ', signal))
        if (asked) return { kind: 'decide', input: { decision: 'send_back', comment: asked } }
        break
      }
      case 'e':
        edits = (await edited(item, terminal, signal)) ?? edits
        break
      case 'd':
        terminal.say(dataLines(item).join('\n') || '  It has no data.')
        break
      case 'p':
      case 'i':
      case 'o': {
        const answer = partOf(item, word.toLowerCase() as 'p' | 'i' | 'o', rest)
        if (typeof answer === 'string') {
          terminal.say(answer)
          break
        }
        const input =
          answer.option === undefined
            ? await approval(item, answer, word, terminal, signal)
            : await option(item, answer, terminal, signal)
        if (input !== null) return { kind: 'decide', input }
        break
      }
      default:
        terminal.say(word === '?' || word === 'h' ? help : `There is no answer "${plain(word)}".\n${help}`)
    }
  }
}

const commentOf = (text: string): Pick<Decision, 'comment'> => (text === '' ? {} : { comment: text })

async function ask(terminal: Terminal, question: string, signal: AbortSignal): Promise<string | null> {
  return (await terminal.ask(question, signal))?.trim() ?? null
}

/** An approval with what belongs to it: the word for what is risky, and the form. Null when it was thought better of. */
async function approval(
  item: ApprovalItem,
  input: Decision,
  typed: string,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<Decision | null> {
  if (item.risk === 'high' && typed.toLowerCase() !== 'approve') {
    const word = await ask(terminal, 'This is of high risk. Type the word approve to approve it: ', signal)
    if (word?.toLowerCase() !== 'approve') {
      terminal.say('Not approved.')
      return null
    }
  }
  const answer = item.form === undefined ? undefined : await askForm(item.form, terminal, signal)
  if (answer === null) return null
  return { decision: 'approve', ...input, ...(answer === undefined ? {} : { answer }) }
}

/** One of the sender's own answers, which counts as yes or as no. */
async function option(item: ApprovalItem, input: Decision, terminal: Terminal, signal: AbortSignal): Promise<Decision | null> {
  const chosen = item.options?.find(({ id }) => id === input.option)
  if (chosen?.outcome === 'rejected') return input
  return approval(item, input, 'o', terminal, signal)
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

async function edited(item: ApprovalItem, terminal: Terminal, signal: AbortSignal): Promise<readonly Difference[] | null> {
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
    const again = await ask(terminal, 'Edit again? [Y/n] ', signal)
    if (again === null || /^n/i.test(again)) return null
  }
}
