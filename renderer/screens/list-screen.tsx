import { useEffect } from 'react'
import type { View } from '../../shared/model/view.ts'
import { queryIn } from '../lists.ts'
import { Later } from '../parts/later.tsx'
import { useRoute } from '../route.ts'
import { useActions, useInbox } from '../store/context.ts'
import { t } from '../strings.ts'
import { EmptyInbox } from './empty.tsx'
import { bulkPane, detail } from './later-screens.ts'
import { ListPane } from './list-pane.tsx'
import { Pick } from './pick.tsx'

/** List and request side by side; on a phone one after the other. */
export function ListScreen({ name }: { name: View }) {
  const route = useRoute()
  const actions = useActions()
  const list = useInbox((state) => state.lists[name])
  const selecting = useInbox((state) => state.selection.ids.length > 0)
  // What was picked in one list is not decided from another.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another list begins with nothing picked
  useEffect(() => actions.clearPicks, [actions, name])
  const { search, sort } = queryIn(name, route)
  useEffect(() => {
    void actions.load(name, { search, sort })
  }, [actions, name, search, sort])
  const isEmptyInbox = name === 'inbox' && list.phase === 'ready' && list.rows.length === 0 && search === ''
  return (
    <div className="flex min-h-0 min-w-0 flex-1 max-md:flex-col">
      <section
        aria-label={t.list.label}
        className={`flex min-h-0 w-full flex-col border-line bg-page md:w-[300px] md:shrink-0 md:border-r lg:w-[340px] xl:w-[380px] ${route.id && !selecting ? 'max-md:hidden' : ''} ${selecting ? 'max-md:h-1/2 max-md:flex-none' : 'max-md:flex-1'}`}
      >
        <ListPane name={name} isEmptyInbox={isEmptyInbox} />
      </section>
      <div className={`flex min-h-0 min-w-0 flex-1 flex-col bg-panel ${route.id || selecting ? '' : 'max-md:hidden'}`}>
        {selecting ? (
          <Later load={bulkPane} given={{ name }} />
        ) : route.id ? (
          <Later key={route.id} load={detail} given={{ id: route.id }} />
        ) : isEmptyInbox ? (
          <EmptyInbox />
        ) : (
          <Pick name={name} />
        )}
      </div>
    </div>
  )
}
