import { X } from 'lucide-react'
import { useActions, useInbox } from '../store/context.ts'
import { t } from '../strings.ts'
import { tt } from '../strings-triage.ts'

/** Reasons that are given often: those that come with the application, and one's own, which are kept and let go here. */
export function Reasons({ reason, onChoose }: { reason: string; onChoose: (reason: string) => void }) {
  const own = useInbox((state) => state.reasons)
  const actions = useActions()
  const written = reason.trim()
  const isNew =
    written !== '' && written.length <= 200 && !own.includes(written) && !t.decide.presets.some((each) => each === written)
  return (
    <div className="flex flex-wrap gap-1.5">
      {own.map((each) => (
        <span key={each} className="inline-flex max-w-full items-center rounded-full border border-line">
          <button
            type="button"
            className="min-h-7 truncate rounded-l-full py-0.5 pr-1 pl-2.5 text-meta hover:bg-hover"
            onClick={() => onChoose(each)}
          >
            {each}
          </button>
          <button
            type="button"
            className="grid min-h-7 place-items-center rounded-r-full px-1.5 text-muted hover:bg-hover"
            aria-label={tt.reasons.forget(each)}
            onClick={() => actions.setReasons(own.filter((other) => other !== each))}
          >
            <X size={12} aria-hidden />
          </button>
        </span>
      ))}
      {t.decide.presets.map((preset) => (
        <button
          key={preset}
          type="button"
          className="btn min-h-7 rounded-full px-2.5 py-0.5 text-meta"
          onClick={() => onChoose(preset)}
        >
          {preset}
        </button>
      ))}
      {isNew && (
        <button
          type="button"
          className="btn btn-quiet min-h-7 rounded-full px-2.5 py-0.5 text-meta text-accent"
          onClick={() => actions.setReasons([...own, written].slice(-mostOwn))}
        >
          {tt.reasons.keep}
        </button>
      )}
    </div>
  )
}

const mostOwn = 8
