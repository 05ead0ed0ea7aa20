import { type ComponentType, type SyntheticEvent, useCallback, useEffect, useRef, useState } from 'react'
import { t } from '../strings.ts'
import { Notice } from './notice.tsx'

/** Where a screen's code comes from. */
export type Screen<P = Record<never, never>> = () => Promise<ComponentType<P>>

/** What was fetched once is there at once when it is opened again. */
const fetched = new WeakMap<object, unknown>()

async function fetchOf<T>(load: () => Promise<T>): Promise<T> {
  const Component = await load()
  fetched.set(load, Component)
  return Component
}

/** Fetches one after another while there is nothing else to do; one that cannot be fetched is asked for again when it is opened. */
export function preload(loads: readonly (() => Promise<unknown>)[]): () => void {
  let isOver = false
  const next = (at: number) => {
    const load = loads[at]
    if (isOver || load === undefined) return
    requestIdleCallback(
      async () => {
        if (!fetched.has(load)) await fetchOf(load).catch(() => {})
        next(at + 1)
      },
      { timeout: 1500 },
    )
  }
  next(0)
  return () => {
    isOver = true
  }
}

type Fetched<P> = { readonly state: 'loading' | 'failed' } | { readonly state: 'ready'; readonly Component: ComponentType<P> }

function useFetched<P>(load: Screen<P>): readonly [Fetched<P>, () => Promise<void>] {
  const known = fetched.get(load) as ComponentType<P> | undefined
  const [found, setFound] = useState<Fetched<P>>(known ? { state: 'ready', Component: known } : { state: 'loading' })
  const fetchIt = useCallback(async () => {
    try {
      const Component = await fetchOf(load)
      setFound({ state: 'ready', Component })
    } catch {
      setFound({ state: 'failed' })
    }
  }, [load])
  // What was not there when this was drawn is asked for, also when the preload has fetched it a moment ago: nothing else would tell.
  useEffect(() => {
    if (found.state === 'loading') void fetchIt()
  }, [found.state, fetchIt])
  return [found, fetchIt]
}

/** A screen whose code is fetched when it is opened, and which says so when that does not work. */
export function Later<P extends object>({ load, given }: { load: Screen<P>; given: P }) {
  const [found, fetchIt] = useFetched(load)
  if (found.state === 'ready') return <found.Component {...given} />
  if (found.state === 'loading') return <Skeleton />
  return (
    <Notice title={t.nav.loadFailed} text={t.nav.loadFailedHelp}>
      <Ways again={fetchIt} />
    </Notice>
  )
}

/** The same for what opens over the page. From the first moment on it is a dialog, so that no key decides what lies under it. */
export function LaterDialog<P extends object>({ load, given, onClose }: { load: Screen<P>; given: P; onClose: () => void }) {
  const [found, fetchIt] = useFetched(load)
  if (found.state === 'ready') return <found.Component {...given} />
  if (found.state === 'loading') return <div role="dialog" aria-busy="true" aria-label={t.nav.loading} />
  return <Lost again={fetchIt} onClose={onClose} />
}

/** The browser's own dialog: the one of the other sheets may be what could not be fetched. */
function Lost({ again, onClose }: { again: () => Promise<void>; onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => dialog.current?.showModal(), [])
  const close = (event: SyntheticEvent) => {
    event.preventDefault()
    onClose()
  }
  return (
    <dialog
      ref={dialog}
      role="alertdialog"
      className="sheet m-0 text-ink backdrop:bg-veil"
      aria-labelledby="lost-title"
      onCancel={close}
    >
      <h2 id="lost-title" className="mb-2 text-title font-semibold">
        {t.nav.partFailed}
      </h2>
      <p className="mb-4 text-muted">{t.nav.loadFailedHelp}</p>
      <div className="answers flex flex-wrap justify-end gap-2">
        <button type="button" className="btn btn-quiet" onClick={close}>
          {t.close}
        </button>
        <Ways again={again} />
      </div>
    </dialog>
  )
}

function Ways({ again }: { again: () => Promise<void> }) {
  return (
    <>
      <button type="button" className="btn" onClick={() => void again()}>
        {t.retry}
      </button>
      <button type="button" className="btn" onClick={() => location.reload()}>
        {t.nav.reload}
      </button>
    </>
  )
}

/** The outline of a screen: its title, its sentence, and a card. */
function Skeleton() {
  return (
    <div className="flex-1 bg-page" aria-busy="true">
      <div className="late mx-auto grid max-w-[728px] gap-3 px-4 py-5 lg:px-6" aria-hidden="true">
        <div className="bone h-7 w-40" />
        <div className="bone h-4 w-3/5" />
        <div className="bone mt-3 h-32 w-full rounded-card" />
        <div className="bone h-32 w-full rounded-card" />
      </div>
    </div>
  )
}
