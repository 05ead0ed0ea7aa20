import { alerts } from './alerts.ts'
import { approvals } from './approvals.ts'
import { audit } from './audit.ts'
import { erasure } from './erasure.ts'
import { events } from './events.ts'
import { insight } from './insight.ts'
import { people } from './people.ts'
import { policy } from './policy.ts'
import { requests } from './requests.ts'
import { model, settings, sources, system, tokens } from './settings.ts'
import { tasks } from './tasks.ts'
import { workflows } from './workflows.ts'

/** Every procedure of Countersign. HTTP, MessagePort and in-process callers all end in the one router that implements this. */
export const contract: Contract = {
  requests,
  approvals,
  tasks,
  workflows,
  people,
  policy,
  events,
  alerts,
  settings,
  tokens,
  sources,
  model,
  audit,
  erasure,
  insight,
  system,
}

/** Named part by part: spelt out as one type it is longer than a declaration may be. */
export type Contract = {
  readonly requests: typeof requests
  readonly approvals: typeof approvals
  readonly tasks: typeof tasks
  readonly workflows: typeof workflows
  readonly people: typeof people
  readonly policy: typeof policy
  readonly events: typeof events
  readonly alerts: typeof alerts
  readonly settings: typeof settings
  readonly tokens: typeof tokens
  readonly sources: typeof sources
  readonly model: typeof model
  readonly audit: typeof audit
  readonly erasure: typeof erasure
  readonly insight: typeof insight
  readonly system: typeof system
}
