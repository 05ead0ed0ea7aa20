import { useEffect, useState } from 'react'
import type { ApprovalItem } from '../../shared/model/approval.ts'
import { useInboxHandle } from './context.ts'

export type FoundRequests = {
  readonly state: 'none' | 'searching' | 'ready' | 'failed'
  readonly items: readonly ApprovalItem[]
  readonly total: number
}

const pauseMs = 150
const mostShown = 6
const none: FoundRequests = { state: 'none', items: [], total: 0 }

/** Requests that a query finds, asked for once somebody stops typing. What is outdated is cancelled; what was found stays meanwhile. */
export function useFoundRequests(query: string): FoundRequests {
  const { client } = useInboxHandle()
  const [found, setFound] = useState<FoundRequests>(none)
  const wanted = query.trim()
  useEffect(() => {
    if (wanted.length < 2) return setFound(none)
    setFound((before) => ({ ...before, state: 'searching' }))
    const end = new AbortController()
    const ask = async () => {
      try {
        if (/^apr_\w+$/.test(wanted)) {
          const item = (await client.approvals.get({ approval_id: wanted }, { signal: end.signal })) as ApprovalItem
          if (!end.signal.aborted) setFound({ state: 'ready', items: [item], total: 1 })
          return
        }
        const page = await client.approvals.list({ view: 'all', search: wanted, limit: mostShown }, { signal: end.signal })
        if (!end.signal.aborted) setFound({ state: 'ready', items: page.items as readonly ApprovalItem[], total: page.total })
      } catch {
        if (!end.signal.aborted) setFound({ ...none, state: 'failed' })
      }
    }
    const timer = setTimeout(ask, pauseMs)
    return () => {
      end.abort()
      clearTimeout(timer)
    }
  }, [client, wanted])
  return found
}
