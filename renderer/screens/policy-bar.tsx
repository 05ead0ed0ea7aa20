import { toHash } from '../route.ts'
import { useActions, useInbox } from '../store/context.ts'
import { usePolicy, usePolicyDesk } from '../store/policy.ts'
import { ty } from '../strings-policy.ts'
import { visible } from '../visible-text.ts'

/** Saves and says so; how it failed is said by the bar. */
export function useSaving() {
  const actions = useActions()
  return async (work: () => Promise<boolean>) => {
    if (await work()) actions.toast('good', ty.bar.saved)
  }
}

/** While there is a text that is not in force: what can be done with it, on every part of the screen. */
export function PolicyBar({ tab }: { tab: string }) {
  const desk = usePolicyDesk()
  const save = useSaving()
  const draft = usePolicy((state) => state.draft)
  const checked = usePolicy((state) => state.checked)
  const saving = usePolicy((state) => state.saving)
  const mayEdit = useInbox((state) => state.scopes.includes('admin'))
  if (draft === null) return null
  const wrong = checked.state === 'done' ? checked.problems.length : 0
  const stale = saving.state === 'stale'
  const words = stale
    ? ty.bar.stale
    : saving.state === 'refused'
      ? ty.bar.refused(visible(saving.why))
      : wrong > 0
        ? ty.bar.problems(wrong)
        : ty.bar.unsaved
  const busy = saving.state === 'saving' || checked.state === 'checking'
  return (
    <div className="flex flex-wrap items-center gap-2 border-t border-line bg-panel px-4 py-2.5 lg:px-6">
      <p role="status" className={`min-w-0 flex-1 basis-60 wrap-anywhere ${stale || saving.state === 'refused' ? 'text-red' : ''}`}>
        {words}
      </p>
      {tab !== 'replay' && !stale && (
        <a className="btn btn-quiet" href={toHash({ view: 'policy', id: 'replay' })}>
          {ty.bar.replay}
        </a>
      )}
      <button type="button" className="btn" onClick={() => void desk.discard()}>
        {stale ? ty.bar.theirs : ty.bar.discard}
      </button>
      {mayEdit && stale && (
        <button type="button" className="btn btn-reject" onClick={() => void save(desk.saveAnyway)}>
          {ty.bar.mine}
        </button>
      )}
      {mayEdit && !stale && (
        <button type="button" className="btn btn-accent" disabled={busy || wrong > 0} onClick={() => void save(desk.save)}>
          {saving.state === 'saving' ? ty.bar.saving : ty.bar.save}
        </button>
      )}
    </div>
  )
}
