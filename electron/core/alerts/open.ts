import type { NextAlertView } from '../../../shared/contract/alerts.ts'
import type { Caller } from '../../../shared/model/actor.ts'
import { type AlertRules, quietPeriod } from '../../../shared/model/alert.ts'
import { hostWords } from '../../../shared/words/host.ts'
import { type Clock, toInstant } from '../clock.ts'
import type { LiveState } from '../engine/live.ts'
import type { Feed } from '../feed.ts'
import type { Journal } from '../journal/port.ts'
import type { Log } from '../log.ts'
import type { People } from '../people/port.ts'
import type { Projection } from '../projection/port.ts'
import type { Config, Settings } from '../settings/port.ts'
import { Alerts } from './alerts.ts'
import { audienceOf } from './audience.ts'
import type { Snoozes } from './snoozes.ts'

/** Ended requests that are looked through for what a quiet time holds back. */
const mostEnded = 500

const rulesOf = ({ notifications, alerts }: Config): AlertRules => ({ ...notifications, ...alerts })

/** Joins the alerts to the settings, the projection and the feed. */
export function openAlerts(deps: {
  readonly clock: Clock
  readonly live: LiveState
  readonly snoozes: Snoozes
  readonly settings: Settings
  readonly people: People
  readonly journal: Journal
  readonly projection: Projection
  readonly feed: Feed
  readonly log: Log
  /** Until when the application ran before this start; null where it never did. */
  readonly ranUntil: number | null
}): Alerts {
  const { settings, people, journal, projection, feed } = deps
  const alerts = new Alerts({
    ...deps,
    rules: () => rulesOf(settings.config),
    words: () => hostWords(settings.config.language),
    audience: () => audienceOf(settings.config, people, deps.clock.now()),
    item: (id) => projection.approval(id),
    head: () => journal.head.seq,
    async settled(seq) {
      await journal.synced(seq)
      await projection.caughtUp(seq)
    },
    endedSince(at) {
      const { items } = projection.approvals({
        status: ['approved', 'rejected', 'expired', 'cancelled'],
        sort: 'decided',
        limit: mostEnded,
      })
      return items.filter(({ decided_at }) => Date.parse(decided_at ?? '') >= at)
    },
    publish: (event) => feed.publish(event),
  })
  feed.onWatched((watched) => alerts.setWatched(watched))
  let last = JSON.stringify(rulesOf(settings.config))
  settings.onChange((config) => {
    const now = JSON.stringify(rulesOf(config))
    if (now !== last) alerts.replan()
    last = now
  })
  return alerts
}

/** What this caller is told next, and until when it is quiet. */
export function nextAlertOf(
  alerts: Alerts,
  { person }: Caller,
  { clock, settings, people }: { readonly clock: Clock; readonly settings: Settings; readonly people: People },
): NextAlertView {
  const quiet = quietPeriod(clock.now(), settings.config.alerts.quiet)
  const quiet_until = quiet === null ? null : toInstant(quiet.until)
  const found = person === null ? null : alerts.next(people.canonical(person.email))
  if (found === null) return { next: null, quiet_until }
  const { item, reason, at } = found
  const { id: approval_id, title, amount, currency, due_at } = item
  return { next: { at: toInstant(at), reason, approval_id, title, amount, currency, due_at }, quiet_until }
}
