import type { Actor } from '../../../shared/model/actor.ts'
import type { DecisionRecord } from '../../../shared/model/approval.ts'
import type { JournalRecord } from '../../../shared/model/event.ts'
import type { SearchField, SearchState } from '../../../shared/model/search-parts.ts'
import { wordsOf } from '../../../shared/model/search-words.ts'
import { decisionOf } from './contents.ts'
import { type ApprovalStanding, type LaterRecord, standingOf } from './standing.ts'

/*
 * What of an approval is searched, as one line of words with a space before and behind each. A word that stands for something in
 * particular (who asked, who decided, a state) begins with a mark that no typed word can contain. So a search is whether a piece of text
 * occurs in it, and the index over its words finds the same.
 */

/** So many characters of the data's texts are searched, and so many of all the rest. */
const mostData = 8192
const mostText = 16_384

const marks: Readonly<Record<Exclude<SearchField, 'any'>, string>> = {
  type: '\ue000',
  from: '\ue001',
  to: '\ue002',
  by: '\ue003',
  id: '\ue004',
}
const stateMark = '\ue005'

/** States that are words of the line; the others are columns, or differ from reader to reader. */
export type MarkedState = Extract<SearchState, 'escalated' | 'flagged' | 'batch' | 'edited' | 'automatic' | 'sent_back' | 'overdue'>

/** Words as they stand in the line. */
export const markedWords = (field: SearchField, words: readonly string[]): readonly string[] =>
  field === 'any' ? words : words.map((word) => marks[field] + word)

export const markedState = (state: MarkedState): string => stateMark + state.replace('_', '')

/** What an approval's row and its records say. */
export type Searched = {
  readonly requested: JournalRecord<'approval_requested'>
  readonly later: readonly LaterRecord[]
  readonly decided: JournalRecord<'approval_decided'> | null
  readonly type: string
  /** Everybody who was ever asked. */
  readonly emails: readonly string[]
}

export function searchLine(searched: Searched): string {
  const { requested, later, decided, type } = searched
  const standing = standingOf(requested, later, decided, type)
  const decision = decided && decisionOf(decided)
  const words = [
    ...statesOf(standing, decision).map(markedState),
    ...markedParts(searched, standing, decision),
    ...wordsOf(cut(plainTexts(searched, standing, decision).join('\n'), mostText)),
    ...wordsOf(textsIn([standing.asked.data, standing.asked.items], mostData)),
  ]
  return ` ${words.join(' ')} `
}

function markedParts({ requested, type, emails }: Searched, { asked, votes }: ApprovalStanding, decision: DecisionRecord | null) {
  const marked = (field: SearchField, ...texts: readonly (string | null | undefined)[]) =>
    texts.flatMap((text) => (text ? markedWords(field, wordsOf(text)) : []))
  const deciders = [...votes, ...(decision ? [decision] : [])]
  return [
    ...marked('type', type),
    ...marked('from', asked.requester, requested.data.source_name),
    ...marked('to', ...new Set([...emails, ...asked.approvers])),
    ...marked('by', ...new Set(deciders.flatMap(({ actor, on_behalf_of }) => [...namesOf(actor), ...spelled(on_behalf_of)]))),
    ...marked('id', requested.approval_id, requested.run_id),
  ]
}

function statesOf(standing: ApprovalStanding, decision: DecisionRecord | null): readonly MarkedState[] {
  const states: readonly (readonly [MarkedState, boolean])[] = [
    ['escalated', standing.escalation !== null],
    ['flagged', standing.flags.length > 0],
    ['batch', standing.asked.items !== undefined],
    ['edited', standing.changes.length > 0],
    ['automatic', decision !== null && decision.rule !== null],
    ['sent_back', standing.sent_back !== null],
    // Its deadline passed while nobody could see it.
    ['overdue', standing.lapsed_at !== null && decision === null],
  ]
  return states.flatMap(([state, is]) => (is ? [state] : []))
}

const namesOf = (actor: Actor): readonly string[] => [actor.id, actor.name ?? '']
const spelled = (named: { email: string; name: string } | null): readonly string[] => (named ? [named.email, named.name] : [])

/** What is read first comes first: what is too long is cut at its end. */
function plainTexts({ requested, later, emails }: Searched, standing: ApprovalStanding, decision: DecisionRecord | null) {
  const { asked, votes, changes, sent_back } = standing
  const said = [...votes, ...(decision ? [decision] : [])]
  return [
    asked.title,
    asked.requester,
    asked.beneficiary,
    asked.type,
    requested.data.source_name,
    requested.approval_id,
    requested.run_id,
    asked.amount,
    asked.currency,
    ...asked.approvers,
    ...emails,
    ...said.flatMap(({ actor, on_behalf_of, comment }) => [...namesOf(actor), ...spelled(on_behalf_of), comment]),
    asked.description,
    sent_back?.question,
    ...changes.map(({ comment }) => comment),
    ...later.map((record) => (record.type === 'approval_commented' ? record.content?.comment : null)),
    ...(asked.attachments ?? []).map(({ name }) => name),
    ...(asked.items ?? []).flatMap(({ id, title, amount }) => [id, title, amount]),
  ].filter((text) => text !== null && text !== undefined)
}

const cut = (text: string, most: number): string => (text.length > most ? text.slice(0, most) : text)

/** The texts anywhere in a value, up to so many characters. Walks with a list of its own: data can be nested deeper than calls can. */
function textsIn(value: unknown, most: number): string {
  let found = ''
  const waiting: unknown[] = [value]
  while (waiting.length > 0 && found.length < most) {
    const next = waiting.pop()
    if (typeof next === 'string') found += `${next}\n`
    else if (typeof next === 'object' && next !== null) {
      for (const inner of Object.values(next).reverse()) waiting.push(inner)
    }
  }
  return cut(found, most)
}
