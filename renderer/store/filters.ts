import type { SavedFilter } from '../../shared/contract/filters.ts'
import { t } from '../strings.ts'
import { useActions, useInbox } from './context.ts'

const none: readonly SavedFilter[] = []

/** Lists that were saved under a name. */
export const useFilters = (): readonly SavedFilter[] => useInbox((state) => state.settings?.filters ?? none)

/** Keeps all of them as given; a failure is said, and answered with false. */
export function useKeepFilters(): (next: readonly SavedFilter[]) => Promise<boolean> {
  const actions = useActions()
  return async (next) => {
    const failure = await actions.saveSettings({ filters: [...next] })
    if (failure) actions.toast('bad', t.failed(failure.message))
    return failure === null
  }
}
