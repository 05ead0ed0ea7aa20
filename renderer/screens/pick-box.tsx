import type { View } from '../../shared/model/view.ts'
import { useActions, useInbox } from '../store/context.ts'
import { tt } from '../strings-triage.ts'
import { ownTitle } from '../title.ts'
import { visible } from '../visible-text.ts'

/** Picks a row, beside its link: seen when the pointer is near, when it has the focus, and always once something is picked. */
export function PickBox({ id, name, always }: { id: string; name: View; always: boolean }) {
  const picked = useInbox((state) => state.selection.ids.includes(id))
  const title = useInbox((state) => {
    const item = state.items.get(id)
    return item ? visible(ownTitle(item)) : ''
  })
  const actions = useActions()
  return (
    <label
      className={`absolute inset-y-0 left-0 grid w-6 place-items-center ${always ? '' : 'opacity-0 group-hover:opacity-100 focus-within:opacity-100 max-md:pointer-events-none'}`}
    >
      <input
        type="checkbox"
        className="tick size-4"
        tabIndex={always ? 0 : -1}
        aria-label={tt.bulk.pick(title)}
        checked={picked}
        onClick={(event) => {
          if (!event.shiftKey) return
          event.preventDefault()
          actions.pickTo(name, id)
        }}
        onChange={() => actions.pick(id)}
      />
    </label>
  )
}
