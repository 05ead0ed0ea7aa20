import { Undo2 } from 'lucide-react'
import type { ApprovalItem, Held } from '../../shared/model/approval.ts'
import { ownHeld } from '../held.ts'
import { useActions, useInbox } from '../store/context.ts'
import { tt } from '../strings-triage.ts'
import { visible } from '../visible-text.ts'

/** In place of the decision bar while an answer can still be taken back: by whoever gave it, and by nobody else. */
export function HeldBar({ item, held }: { item: ApprovalItem; held: Held }) {
  const me = useInbox((state) => state.person?.email)
  const actions = useActions()
  const mine = ownHeld(item, me) !== null
  const verb = tt.undo.said[held.said]
  return (
    <section
      aria-label={tt.undo.label}
      className="border-t border-line bg-page px-4 pt-2.5 pb-[max(10px,env(safe-area-inset-bottom))] lg:px-6"
    >
      <div className="mx-auto flex max-w-[760px] items-center justify-between gap-3">
        <p className="min-w-0 wrap-anywhere">
          <span className="font-semibold">
            {mine ? tt.undo.mine(verb) : tt.undo.theirs(visible(held.actor.name ?? held.actor.id), verb)}
          </span>{' '}
          <span className="text-muted">{tt.undo.until}</span>
        </p>
        {mine && (
          <button type="button" className="btn min-h-9 max-md:min-h-11" onClick={() => void actions.undo(item.id)}>
            <Undo2 size={16} aria-hidden />
            {tt.undo.undo}
          </button>
        )}
      </div>
    </section>
  )
}
