import { Bell, Check, TriangleAlert, X } from 'lucide-react'
import { useEffect } from 'react'
import { withInstants } from '../format.ts'
import { go, useRoute } from '../route.ts'
import { useActions, useInbox } from '../store/context.ts'
import type { Toast } from '../store/state.ts'
import { t } from '../strings.ts'
import { tt } from '../strings-triage.ts'
import { UndoBar } from './undo-bar.tsx'

const shownMs = 6000
const longShownMs = 15_000

/** Short messages over the foot of the list, where they cover neither a fact nor an answer; read out politely. */
export function Toasts() {
  const toasts = useInbox((state) => state.toasts)
  return (
    <section
      aria-label={t.toasts.label}
      aria-live="polite"
      className="pointer-events-none fixed right-4 bottom-36 left-4 z-20 grid gap-2 md:right-auto md:bottom-3 md:left-[76px] md:w-[276px] lg:w-[316px] xl:left-[228px] xl:w-[356px]"
    >
      {toasts.map((toast) => (
        <ToastCard key={toast.id} toast={toast} />
      ))}
      <UndoBar />
    </section>
  )
}

function ToastCard({ toast }: { toast: Toast }) {
  const actions = useActions()
  useEffect(() => {
    const timer = setTimeout(() => actions.dismiss(toast.id), toast.tone === 'good' ? shownMs : longShownMs)
    return () => clearTimeout(timer)
  }, [actions, toast.id, toast.tone])
  const { id } = useRoute()
  const open = toast.open === id ? null : toast.open
  const show = () => {
    go(open === 'inbox' || open === null ? { view: 'inbox' } : { view: 'inbox', id: open })
    actions.dismiss(toast.id)
  }
  if (toast.tone === 'heard') return <p className="sr-only">{toast.text}</p>
  return (
    <div className="pointer-events-auto flex items-start gap-2 rounded-card bg-panel py-2 pr-1.5 pl-3 shadow-(--shadow) motion-safe:animate-[rise_140ms_ease-out]">
      {toast.tone === 'bad' ? (
        <TriangleAlert size={16} className="mt-1.5 shrink-0 text-red" aria-hidden />
      ) : toast.tone === 'told' ? (
        <Bell size={16} className="mt-1.5 shrink-0 text-accent" aria-hidden />
      ) : (
        <Check size={16} className="mt-1.5 shrink-0 text-accent" aria-hidden />
      )}
      <p className="min-w-0 flex-1 py-1 wrap-anywhere">{withInstants(toast.text, Date.now())}</p>
      {open && (
        <button type="button" className="btn btn-quiet px-2" onClick={show}>
          {t.toasts.show}
        </button>
      )}
      {toast.undo && (
        <button
          type="button"
          className="btn btn-quiet px-2"
          onClick={() => {
            toast.undo?.()
            actions.dismiss(toast.id)
          }}
        >
          {tt.undo.undo}
        </button>
      )}
      <button type="button" className="btn btn-quiet px-2" aria-label={t.close} onClick={() => actions.dismiss(toast.id)}>
        <X size={14} aria-hidden />
      </button>
    </div>
  )
}
