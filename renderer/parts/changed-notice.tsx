import { RefreshCw } from 'lucide-react'
import type { ApprovalItem, Difference } from '../../shared/model/approval.ts'
import { differencesSince } from '../difference.ts'
import { useActions, useInbox } from '../store/context.ts'
import { td } from '../strings-decide.ts'
import { DifferenceList } from './differences.tsx'

/** What of this request has changed since it was looked at; null when nothing has. */
export function useUnseen(item: ApprovalItem): readonly Difference[] | null {
  const looked = useInbox((state) => state.looked[item.id])
  const told = useInbox((state) => state.stale[item.id])
  if (item.status !== 'pending') return null
  if (!told && (!looked || looked.sha256 === item.version.sha256)) return null
  const found = looked ? differencesSince(item, looked) : []
  return found.length > 0 ? found : (told ?? [])
}

/** Says that it is another version now, what is different, and asks to look at it before anything is answered. */
export function ChangedNotice({ item }: { item: ApprovalItem }) {
  const actions = useActions()
  const differences = useUnseen(item)
  if (!differences) return null
  const lookAgain = (button: HTMLElement) => {
    // The button goes; in a dialog the eye and the focus stay there.
    const dialog = button.closest('[role=dialog], [role=alertdialog]')
    const next = dialog?.querySelector<HTMLElement>('input, select, textarea, .btn:not(.look-again)')
    actions.lookAgain(item.id)
    actions.toast('heard', td.stale.heard)
    ;(next ?? document.getElementById('request-title'))?.focus()
  }
  return (
    <section role="alert" aria-label={td.stale.title} className="rounded-card bg-amber-soft px-4 py-3">
      <h3 className="flex items-center gap-1.5 font-semibold text-amber">
        <RefreshCw size={14} aria-hidden /> {td.stale.title}
      </h3>
      <p className="mb-2">{differences.length > 0 ? td.stale.text : td.stale.unknown}</p>
      <DifferenceList differences={differences} />
      <button type="button" className="btn look-again mt-3" onClick={(event) => lookAgain(event.currentTarget)}>
        {td.stale.again}
      </button>
    </section>
  )
}
