/** The lists of a person. Inbox, snoozed and waiting are the three parts of what is open. */
export const views = ['inbox', 'due_soon', 'waiting', 'snoozed', 'done', 'all'] as const
export type View = (typeof views)[number]

/** How many are in each. */
export type ViewCounts = Readonly<Record<View, number>>

/** So many lists can be saved under a name. */
export const mostFilters = 20
