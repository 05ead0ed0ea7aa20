import { CircleAlert, DatabaseZap, Unplug } from 'lucide-react'
import type { ReactNode } from 'react'
import { count, shortDate } from '../format.ts'
import { toHash, useRoute } from '../route.ts'
import { useInbox } from '../store/context.ts'
import { t } from '../strings.ts'

/** What everybody must know before reading on: not connected, rebuilding, read-only, stuck tasks. */
export function Banners() {
  const connection = useInbox((state) => state.connection)
  const health = useInbox((state) => state.health)
  const stuck = useInbox((state) => state.counts.needs_review)
  const dead = useInbox((state) => state.counts.dead_deliveries)
  const { view } = useRoute()
  return (
    <div role="status">
      {connection.state === 'offline' && (
        <Banner tone="bad" icon={<Unplug size={16} aria-hidden />}>
          {t.banner.offline(shortDate(new Date(connection.since).toISOString()))}
        </Banner>
      )}
      {health.status === 'rebuilding' && (
        <Banner tone="calm" icon={<DatabaseZap size={16} aria-hidden />}>
          {t.banner.rebuilding(count(health.applied), count(health.total))}
        </Banner>
      )}
      {health.status === 'read_only' && (
        <Banner tone="bad" icon={<CircleAlert size={16} aria-hidden />}>
          {t.banner.readOnly} {health.detail}
        </Banner>
      )}
      {view !== 'review' && (stuck > 0 || dead > 0) && (
        <Banner tone="calm" icon={<CircleAlert size={16} aria-hidden />}>
          {stuck > 0 && `${t.review.banner(stuck)} `}
          {dead > 0 && `${t.review.deadBanner(dead)} `}
          <a href={toHash({ view: 'review' })} className="font-semibold underline underline-offset-2">
            {t.review.look}
          </a>
        </Banner>
      )}
    </div>
  )
}

function Banner({ tone, icon, children }: { tone: 'bad' | 'calm'; icon: ReactNode; children: ReactNode }) {
  return (
    <div
      className={`flex items-start gap-2 border-b border-line px-4 py-1.5 ${tone === 'bad' ? 'bg-red-soft text-red' : 'bg-well text-ink'}`}
    >
      <span className={`mt-0.5 shrink-0 ${tone === 'calm' ? 'text-amber' : ''}`}>{icon}</span>
      <p className="wrap-anywhere">{children}</p>
    </div>
  )
}
