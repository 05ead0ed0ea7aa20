import type { View } from '../../shared/model/view.ts'
import { asksMe } from '../asked.ts'
import { count, span } from '../format.ts'
import { isAnswered } from '../held.ts'
import { bindings } from '../keys.ts'
import { useNow } from '../now.ts'
import { go } from '../route.ts'
import { useInbox } from '../store/context.ts'
import { t } from '../strings.ts'

const shownKeys = ['next', 'previous', 'approve', 'reject', 'help'] as const

/** Beside a list of which nothing is open: how much waits, until when, and which keys help. */
export function Pick({ name }: { name: View }) {
  const pending = useInbox(({ counts }) => counts.views?.inbox ?? counts.pending)
  const singleKeys = useInbox((state) => state.singleKeys)
  const first = useInbox((state) => {
    const waits = (id: string) => {
      const item = state.items.get(id)
      return item === undefined || (!isAnswered(item) && asksMe(item, state.person?.email, state.people))
    }
    return state.items.get(state.lists.inbox.rows.find(0, 1, waits) ?? '')
  })
  const byDeadline = useInbox((state) => state.lists[name].query.sort === 'due')
  const now = useNow(20_000)
  if (name !== 'inbox' || !first) return <p className="m-auto p-8 text-muted">{t.pick.done}</p>
  const left = first.due_at === null || !byDeadline ? 0 : Date.parse(first.due_at) - now
  return (
    <div className="m-auto grid max-w-80 justify-items-center gap-1 p-8 text-center">
      <p className="text-row font-semibold tabular-nums">{t.pick.waiting(pending, count(pending))}</p>
      {left > 0 && <p className="text-muted tabular-nums">{t.pick.next(span(left))}</p>}
      <button type="button" className="btn mt-3" onClick={() => go({ view: 'inbox', id: first.id })}>
        {t.pick.first}
      </button>
      {singleKeys && (
        <ul className="mt-8 grid grid-cols-[auto_auto] gap-x-3 gap-y-2 text-left text-meta text-muted">
          {bindings
            .filter((binding) => shownKeys.some((command) => command === binding.command))
            .map((binding) => (
              <li key={binding.command} className="contents">
                <kbd className="kbd justify-self-end">{binding.keys[0]}</kbd>
                <span>{binding.label}</span>
              </li>
            ))}
        </ul>
      )}
    </div>
  )
}
