import { type ComponentType, useCallback, useEffect, useState } from 'react'
import { t } from '../strings.ts'
import { Notice } from './notice.tsx'

/** Where a screen's code comes from. */
export type Screen = () => Promise<ComponentType>

type Loaded = { readonly state: 'loading' | 'failed' } | { readonly state: 'ready'; readonly Component: ComponentType }

/** A screen whose code is fetched when it is opened, and which says so when that does not work. */
export function Later({ load }: { load: Screen }) {
  const [loaded, setLoaded] = useState<Loaded>({ state: 'loading' })
  const fetchIt = useCallback(async () => {
    try {
      const Component = await load()
      setLoaded({ state: 'ready', Component })
    } catch {
      setLoaded({ state: 'failed' })
    }
  }, [load])
  useEffect(() => {
    void fetchIt()
  }, [fetchIt])
  if (loaded.state === 'ready') return <loaded.Component />
  if (loaded.state === 'loading') return <div className="flex-1 bg-panel" aria-busy="true" />
  return (
    <Notice title={t.nav.loadFailed} text={t.nav.loadFailedHelp}>
      <button type="button" className="btn" onClick={() => void fetchIt()}>
        {t.retry}
      </button>
      <button type="button" className="btn" onClick={() => location.reload()}>
        {t.nav.reload}
      </button>
    </Notice>
  )
}
