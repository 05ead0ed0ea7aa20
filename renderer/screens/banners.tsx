import { CircleAlert, DatabaseZap, Unplug } from 'lucide-react'
import type { ReactNode } from 'react'
import { count, when } from '../format.ts'
import { useNow } from '../now.ts'
import { toHash } from '../route.ts'
import { useInbox } from '../store/context.ts'
import { t } from '../strings.ts'

/** What everybody must know before reading on: not connected, rebuilding, read-only. */
export function Banners() {
  const connection = useInbox((state) => state.connection)
  const health = useInbox((state) => state.health)
  const now = useNow(20_000)
  return (
    <div role="status">
      {connection.state === 'offline' && (
        <Banner tone="bad" icon={<Unplug size={16} aria-hidden />}>
          {t.banner.offline(when(new Date(connection.since).toISOString(), now))}
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
    </div>
  )
}

/** At the list's foot: what got stuck is worth a look, and moves neither a row nor a fact. */
export function ReviewBanner() {
  const stuck = useInbox((state) => state.counts.needs_review)
  const dead = useInbox((state) => state.counts.dead_deliveries)
  return (
    <div role="status">
      {(stuck > 0 || dead > 0) && (
        <Banner foot tone="calm" icon={<CircleAlert size={16} aria-hidden />}>
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

type BannerProps = {
  readonly tone: 'bad' | 'calm'
  readonly icon: ReactNode
  readonly foot?: boolean
  readonly children: ReactNode
}

function Banner({ tone, icon, foot = false, children }: BannerProps) {
  return (
    <div
      className={`flex items-start gap-2 border-line px-4 py-2 ${tone === 'bad' ? 'bg-red-soft text-red' : 'bg-well text-ink'} ${foot ? 'border-t' : 'border-b'}`}
    >
      <span className={`mt-0.5 shrink-0 ${tone === 'calm' ? 'text-amber' : ''}`}>{icon}</span>
      <p className="wrap-anywhere">{children}</p>
    </div>
  )
}
