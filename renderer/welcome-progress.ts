import type { ModelView } from '../shared/contract/settings.ts'
import type { SourcesView } from './store/sources.ts'

/** Which of the first three things are done, as the host knows it: true in every browser. */
export function welcomeProgress(view: SourcesView | null, model: ModelView | null) {
  const items = view?.items ?? []
  const done = {
    sample: items.some(({ sample, usage }) => sample && usage.decided > 0),
    program:
      items.some(({ kind, sample, usage }) => kind === 'source' && !sample && usage.requests > 0) ||
      (view?.hooks ?? []).some(({ usage }) => usage.requests > 0),
    model: model?.state === 'ready',
  }
  return { done, finished: Object.values(done).filter(Boolean).length }
}
