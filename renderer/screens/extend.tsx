import { Clock } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import type { ApprovalItem } from '../../shared/model/approval.ts'
import { useCommands } from '../keys.ts'
import { useActions } from '../store/context.ts'
import { td } from '../strings-decide.ts'

/** More time, beside the deadline: an hour, four, or a day. */
export function ExtendButtons({ item }: { item: ApprovalItem }) {
  const actions = useActions()
  const [open, setOpen] = useState(false)
  const [busy, setBusy] = useState(false)
  const opener = useRef<HTMLButtonElement>(null)
  const first = useRef<HTMLButtonElement>(null)
  const wasOpen = useRef(false)
  useEffect(() => {
    if (open) first.current?.focus()
    // Whoever has gone on to something else while it was stored stays there.
    else if (wasOpen.current && document.activeElement === document.body) opener.current?.focus()
    wasOpen.current = open
  }, [open])
  const show = () => setOpen(true)
  const hide = () => setOpen(false)
  useCommands({ extend: show })
  const extend = async (hours: number) => {
    if (busy) return
    setBusy(true)
    await actions.extend(item.id, hours)
    setBusy(false)
    hide()
  }
  return (
    <div className="mt-1.5 -ml-2">
      {open ? (
        <fieldset aria-label={td.act.extend} className="flex flex-wrap gap-1 pl-2">
          {td.extend.hours.map(([hours, label, words], index) => (
            <button
              key={hours}
              ref={index === 0 ? first : undefined}
              type="button"
              className="btn min-h-7 rounded-full px-2.5 py-0.5 text-meta"
              aria-label={`${label}, ${words}`}
              aria-disabled={busy || undefined}
              onClick={() => void extend(hours)}
              onKeyDown={(event) => event.key === 'Escape' && hide()}
            >
              {label}
            </button>
          ))}
        </fieldset>
      ) : (
        <button ref={opener} type="button" className="btn btn-quiet min-h-7 px-2 py-0.5 text-meta text-muted" onClick={show}>
          <Clock size={13} aria-hidden />
          {td.extend.label}
        </button>
      )}
    </div>
  )
}
