import type { Risk } from './summary.ts'

/** Where words are looked for. `from`: who wants it, or the source; `to`: who is asked; `by`: who decided. */
export type SearchField = 'any' | 'type' | 'from' | 'to' | 'by' | 'id'

/** Those with an operator. */
export const searchFields = ['type', 'from', 'to', 'by', 'id'] as const satisfies readonly SearchField[]

export const searchStates = [
  'pending',
  'approved',
  'rejected',
  'expired',
  'cancelled',
  'overdue',
  'escalated',
  'flagged',
  'batch',
  'edited',
  'automatic',
  'mine',
  'snoozed',
  'watched',
  'sent_back',
] as const
export type SearchState = (typeof searchStates)[number]

/** One condition, and where it stands in the text. All have to be met; of several statuses, one. */
export type SearchPart = { readonly start: number; readonly end: number; readonly negated: boolean } & (
  | {
      /** Words that follow each other. The last one is a beginning, unless it is `whole`. */
      readonly kind: 'words'
      readonly field: SearchField
      readonly words: readonly string[]
      readonly whole: boolean
    }
  | { readonly kind: 'amount'; readonly than: 'over' | 'under'; readonly amount: number }
  | { readonly kind: 'risk'; readonly risk: Risk }
  | { readonly kind: 'is'; readonly state: SearchState }
  /** When it came. */
  | {
      readonly kind: 'time'
      readonly side: 'before' | 'after'
      readonly when: 'today' | { readonly day: string } | { readonly days_ago: number }
    }
)
