import { useCallback, useEffect, useRef, useState } from 'react'
import type { AuditEntry } from '../../shared/contract/audit.ts'
import { isFiltered, readFilter, toQuery } from '../audit-filter.ts'
import { type CallFailure, toFailure } from '../failure.ts'
import { useInbox, useInboxHandle } from './context.ts'

type Listed = {
  readonly items: readonly AuditEntry[]
  readonly total: number
  readonly cursor: string | null
  /** How far back a search has looked. */
  readonly back: { readonly seq: number; readonly at: string } | null
  readonly phase: 'looking' | 'ready' | 'failed'
  readonly failure: CallFailure | null
}

export type AuditDesk = Listed & {
  /** Records that came since the list was made. */
  readonly newer: number
  readonly more: () => void
  readonly stop: () => void
  readonly again: () => void
}

const pageSize = 50
const nothing: Listed = { items: [], total: 0, cursor: null, back: null, phase: 'looking', failure: null }

/** The journal's records that fit a search. One page at a time; a search goes on by itself until a page is full or it is stopped. */
export function useAudit(search: string): AuditDesk {
  const { client } = useInboxHandle()
  const runs = useInbox((state) => state.runs)
  const counts = useInbox((state) => state.counts)
  const [listed, setListed] = useState<Listed>(nothing)
  const [total, setTotal] = useState(0)
  const turn = useRef(0)

  const look = useCallback(
    async (from: Listed) => {
      const own = ++turn.current
      const filter = toQuery(readFilter(search))
      let held: Listed = { ...from, phase: 'looking', failure: null }
      const wanted = held.items.length + pageSize
      setListed(held)
      try {
        do {
          const page = await client.audit.list({
            ...filter,
            limit: wanted - held.items.length,
            ...(held.cursor === null ? {} : { cursor: held.cursor }),
          })
          if (own !== turn.current) return
          const items = [...held.items, ...page.items]
          held = {
            ...held,
            items,
            cursor: page.next_cursor,
            back: page.looked_back_to ?? held.back,
            total: from.total || page.total,
          }
          setListed(held)
          setTotal(page.total)
        } while (held.cursor !== null && held.items.length < wanted)
        setListed({ ...held, phase: 'ready' })
      } catch (error) {
        if (own === turn.current) setListed({ ...held, phase: 'failed', failure: toFailure(error) })
      }
    },
    [client, search],
  )
  useEffect(() => {
    void look(nothing)
    return () => {
      turn.current++
    }
  }, [look])

  // biome-ignore lint/correctness/useExhaustiveDependencies: runs and counts are what changes when something is written
  useEffect(() => {
    const timer = setTimeout(async () => {
      try {
        setTotal((await client.audit.list({ limit: 1 })).total)
      } catch {
        // The list stays as it is; the next change asks again.
      }
    }, 400)
    return () => clearTimeout(timer)
  }, [client, runs, counts])

  return {
    ...listed,
    newer: listed.total > 0 && !isFiltered(readFilter(search)) ? Math.max(0, total - listed.total) : 0,
    more: () => void look(listed),
    stop: () => {
      turn.current++
      setListed((held) => ({ ...held, phase: 'ready' }))
    },
    again: () => void look(nothing),
  }
}
