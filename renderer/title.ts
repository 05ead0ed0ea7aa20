import type { ApprovalItem } from '../shared/model/approval.ts'

/** The title as the sender wrote it: that it was escalated is said beside it. */
export const ownTitle = ({ title, escalation }: Pick<ApprovalItem, 'title' | 'escalation'>): string =>
  escalation ? title.replace(/^\[ESCALATED\] /, '') : title
