import { useEffect, useState } from 'react'
import type { RetentionPreview, RetentionRules, RetentionView } from '../../shared/contract/erasure.ts'
import type { Client } from '../client.ts'
import { type CallFailure, toFailure } from '../failure.ts'
import { useInboxHandle } from './context.ts'
import { useWithSettings } from './with-settings.ts'

/** Who types waits for nothing: it is counted once they stop. */
const countAfterMs = 300

const ask = (client: Client): Promise<RetentionView> => client.erasure.retention({})

/** How long requests are kept. */
export function useRetention() {
  const { client } = useInboxHandle()
  const { view, setView, failure, load } = useWithSettings(ask)
  const save = async (rules: RetentionRules): Promise<CallFailure | null> => {
    try {
      setView(await client.erasure.setRetention(rules))
      return null
    } catch (error) {
      return toFailure(error)
    }
  }
  return { view, failure, load, save }
}

/** What these rules would erase; null while it is counted, and where nothing has changed. */
export function useRetentionPreview(rules: RetentionRules | null): RetentionPreview | null {
  const { client } = useInboxHandle()
  const [preview, setPreview] = useState<{ readonly of: string; readonly found: RetentionPreview } | null>(null)
  const asked = rules === null ? null : JSON.stringify(rules)
  useEffect(() => {
    if (asked === null) return
    let isCurrent = true
    const timer = setTimeout(async () => {
      try {
        const found = await client.erasure.preview(JSON.parse(asked))
        if (isCurrent) setPreview({ of: asked, found })
      } catch {
        // What is wrong with it is said when it is saved.
      }
    }, countAfterMs)
    return () => {
      isCurrent = false
      clearTimeout(timer)
    }
  }, [client, asked])
  return preview !== null && preview.of === asked ? preview.found : null
}
