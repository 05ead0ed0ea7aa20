import { Bell, BellOff } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { NextAlertView } from '../../shared/contract/alerts.ts'
import { money, when } from '../format.ts'
import { useInbox, useInboxHandle } from '../store/context.ts'
import { tal } from '../strings-alerts.ts'
import { visible } from '../visible-text.ts'

/** When the next interruption comes, and about what. Asked anew when what waits, or the rules, have changed. */
export function NextAlert({ quietly = false }: { quietly?: boolean }) {
  const { client } = useInboxHandle()
  const [found, setFound] = useState<NextAlertView | null>(null)
  const counts = useInbox((state) => state.counts)
  const rules = useInbox((state) => state.settings?.alerts)
  // biome-ignore lint/correctness/useExhaustiveDependencies: what changed is why it is asked again
  useEffect(() => {
    let current = true
    client.alerts
      .next({})
      .then((next) => current && setFound(next))
      .catch(() => {})
    return () => {
      current = false
    }
  }, [client, counts, rules])
  if (found === null || (quietly && found.next === null && found.quiet_until === null)) return null
  const { next, quiet_until } = found
  const now = Date.now()
  const Icon = quiet_until === null ? Bell : BellOff
  return (
    <p className="flex items-baseline gap-1.5 text-meta text-muted wrap-anywhere tabular-nums">
      <Icon size={13} className="shrink-0 translate-y-0.5" aria-hidden />
      <span>
        {quiet_until !== null && `${tal.quietUntil(when(quiet_until, now))} `}
        {next ? tal.next(when(next.at, now), tal.nextWhy[next.reason](nameOf(next))) : tal.noNext}
      </span>
    </p>
  )
}

function nameOf({ title, amount, currency }: NonNullable<NextAlertView['next']>): string {
  const worth = amount === null ? '' : ` ${money(amount, currency)}`
  return `${visible(title ?? '')}${worth}`
}
