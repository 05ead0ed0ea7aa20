import { toHash, useRoute } from '../route.ts'
import { useInbox } from '../store/context.ts'
import { tgo } from '../strings-start.ts'

/** Over the sample that people send themselves: what the keys do, and the way back once it is decided. */
export function SampleHint() {
  const route = useRoute()
  const status = useInbox((state) => {
    const item = route.view === 'inbox' && route.id ? state.items.get(route.id) : undefined
    if (item?.type !== 'sample') return null
    return state.deciding[item.id] ? 'deciding' : item.status
  })
  if (status === null) return null
  const open = status === 'pending' || status === 'deciding'
  return (
    <div
      role="status"
      className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 border-b border-line bg-picked px-4 py-2 lg:px-6"
    >
      {open ? (
        <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <span>{tgo.sample.hint}</span>
          <span className="max-md:hidden">
            <kbd className="kbd mr-1">a</kbd> {tgo.sample.approves}
          </span>
          <span className="max-md:hidden">
            <kbd className="kbd mr-1">r</kbd> {tgo.sample.rejects}
          </span>
        </span>
      ) : (
        <span className="text-pretty">{tgo.sample.decided}</span>
      )}
      {!open && (
        <a className="text-accent underline underline-offset-2" href={toHash({ view: 'welcome' })}>
          {tgo.sample.next}
        </a>
      )}
    </div>
  )
}
