import { normalEmail } from '../shared/model/actor.ts'
import type { ApprovalItem } from '../shared/model/approval.ts'

/** Whether this person may answer. A request that names nobody asks whoever owns the inbox. */
export const asksMe = (item: Pick<ApprovalItem, 'approvers'>, email: string | undefined): boolean =>
  email === undefined || item.approvers.length === 0 || item.approvers.some((each) => normalEmail(each) === normalEmail(email))
