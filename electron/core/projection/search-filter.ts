import { instantOf, parseSearch, type SearchProblem } from '../../../shared/model/search.ts'
import type { SearchPart, SearchState } from '../../../shared/model/search-parts.ts'
import { toInstant } from '../clock.ts'
import type { WordTest } from './filtered.ts'
import type { Condition } from './paging.ts'
import { type MarkedState, markedState, markedWords } from './search-text.ts'
import { isMine, isSnoozed, not, type Who } from './views.ts'

/** A search as lists understand it. `problems` says what of it could not be used. */
type SearchFilter = {
  readonly statuses: readonly string[] | null
  readonly conditions: readonly Condition[]
  readonly words: readonly WordTest[]
  readonly problems: readonly SearchProblem[]
}

const allStatuses = ['pending', 'approved', 'rejected', 'expired', 'cancelled']

/** `who` is the person whose search it is; null where a program asks. */
export function searchFilter(typed: string, who: Who | null, now: number): SearchFilter {
  const { parts, problems } = parseSearch(typed)
  const wanted = new Set<string>()
  const unwanted = new Set<string>()
  const conditions: Condition[] = []
  const words: WordTest[] = []
  const mine: SearchProblem[] = []
  for (const part of parts) {
    if (part.kind === 'words') words.push(wordTest(markedWords(part.field, part.words), part.whole, part.negated))
    else if (part.kind === 'is' && allStatuses.includes(part.state)) (part.negated ? unwanted : wanted).add(part.state)
    else if (part.kind === 'is' && isMarked(part.state)) words.push(wordTest([markedState(part.state)], true, part.negated))
    else {
      const condition = conditionOf(part, who, now)
      if (condition) conditions.push(part.negated ? not(condition) : condition)
      else mine.push({ start: part.start, end: part.end, message: 'Nobody is signed in here, so it is not known whose is meant.' })
    }
  }
  const statuses =
    wanted.size + unwanted.size === 0
      ? null
      : allStatuses.filter((status) => (wanted.size === 0 || wanted.has(status)) && !unwanted.has(status))
  return { statuses, conditions, words, problems: [...problems, ...mine].sort((a, b) => a.start - b.start) }
}

function wordTest(words: readonly string[], whole: boolean, negated: boolean): WordTest {
  const match = words.map((word, n) => `"${word}"${n === words.length - 1 && !whole ? ' *' : ''}`).join(' AND ')
  return { text: ` ${words.join(' ')}${whole ? ' ' : ''}`, negated, match }
}

const markedStates: readonly SearchState[] = ['escalated', 'flagged', 'batch', 'edited', 'automatic', 'sent_back']
const isMarked = (state: SearchState): state is MarkedState => markedStates.includes(state)

/** What a part asks of the columns; null where it needs a person and there is none. */
function conditionOf(part: SearchPart, who: Who | null, now: number): Condition | null {
  switch (part.kind) {
    case 'amount':
      return part.than === 'over'
        ? byIndex('amount_key', 'approvals_by_amount', (amount) => `${amount} > ?`, [part.amount])
        : byIndex('amount_key', 'approvals_by_amount', (amount) => `${amount} >= 0 AND ${amount} < ?`, [part.amount])
    case 'risk':
      return byIndex('risk_rank', 'approvals_by_risk', (rank) => `${rank} = ?`, [['low', 'medium', 'high'].indexOf(part.risk)])
    case 'time': {
      const compared = part.side === 'before' ? '<' : '>='
      return byIndex('came', 'approvals_by_came', (came) => `${came} ${compared} ?`, [instantOf(part, now)])
    }
    case 'is':
      if (part.state === 'overdue') return isOverdue(now)
      return who && personal(part.state, who, now)
    default:
      return null
  }
}

const byIndex = (key: string, index: string, test: (column: string) => string, values: readonly number[]): Condition => ({
  sql: test(`t.${key}`),
  values,
  key,
  seek: (status) => ({
    sql: `SELECT b.seq FROM approvals b INDEXED BY ${index} WHERE b.status = ? AND ${test(`b.${key}`)}`,
    values: [status, ...values],
  }),
})

/** Its time is over, or was while nobody could see it. */
const isOverdue = (now: number): Condition => ({
  sql: `t.status = 'pending' AND (t.due_key < ? OR EXISTS (SELECT 1 FROM search_lines o WHERE o.seq = t.seq AND instr(o.line, ?) > 0))`,
  values: [toInstant(now), ` ${markedState('overdue')} `],
})

function personal(state: SearchState, who: Who, now: number): Condition | null {
  if (state === 'mine') return isMine(who)
  if (state === 'snoozed') return isSnoozed(who, now)
  if (state !== 'watched') return null
  return {
    sql: 'EXISTS (SELECT 1 FROM watchers w WHERE w.person = ? AND w.seq = t.seq)',
    values: [who.person],
    seek: () => ({ sql: 'SELECT w.seq FROM watchers w WHERE w.person = ?', values: [who.person] }),
  }
}
