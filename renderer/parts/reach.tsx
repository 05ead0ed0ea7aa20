import { UserRoundX } from 'lucide-react'
import type { ApprovalItem } from '../../shared/model/approval.ts'
import { canReach, type Reach, tooFew } from '../../shared/model/level.ts'
import { useInbox } from '../store/context.ts'
import { td } from '../strings-decide.ts'

/** How far the answers of those asked can still bring it. */
export function useReach(item: ApprovalItem | undefined): Reach | null {
  // Until the policy is known, the owner may be the sole operator.
  const own = useInbox(({ selfApproval, settings }) => (selfApproval === 'never' ? null : (settings?.owner?.email ?? null)))
  return item ? canReach(item, own) : null
}

/** That those asked cannot end it any more, and what can. */
export function ReachNote({ item }: { item: ApprovalItem }) {
  const reach = useReach(item)
  if (!reach || reach.enough) return null
  return (
    <div role="alert" className="rounded-card bg-red-soft px-4 py-3">
      <h3 className="flex items-center gap-1.5 font-semibold text-red">
        <UserRoundX size={15} aria-hidden /> {td.reach.title}
      </h3>
      <p className="mt-0.5 wrap-anywhere">{tooFew(reach)}</p>
    </div>
  )
}
