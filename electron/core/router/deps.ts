import type { Router as OrpcRouter } from '@orpc/server'
import type { NextAlertView } from '../../../shared/contract/alerts.ts'
import type { Contract } from '../../../shared/contract/contract.ts'
import type { Failure } from '../../../shared/contract/errors.ts'
import type { Counts, Health } from '../../../shared/contract/events.ts'
import type { OutgoingView } from '../../../shared/contract/outgoing.ts'
import type { SettingsInput, SettingsView } from '../../../shared/contract/settings.ts'
import type { WorkflowView } from '../../../shared/contract/workflows.ts'
import type { Actor, Caller } from '../../../shared/model/actor.ts'
import type { Result } from '../../../shared/model/result.ts'
import type { Access } from '../access/port.ts'
import type { Audit } from '../audit/audit.ts'
import type { Clock } from '../clock.ts'
import type { RequestContext } from '../context.ts'
import type { Engine } from '../engine/engine.ts'
import type { Erasing } from '../erasure/open.ts'
import type { Feed } from '../feed.ts'
import type { Journal } from '../journal/port.ts'
import type { People } from '../people/port.ts'
import type { PolicyBook } from '../policy/port.ts'
import type { Projection } from '../projection/port.ts'
import type { Check } from '../settings/doctor.ts'
import type { Settings } from '../settings/port.ts'
import type { listSources } from '../sources/sources.ts'
import type { Model } from '../summary/model.ts'

export type RouterDeps = {
  readonly engine: Engine
  readonly journal: Journal
  readonly projection: Projection
  readonly access: Access
  readonly settings: Settings
  readonly people: People
  readonly policy: PolicyBook
  readonly workflows: WorkflowCatalogue
  readonly feed: Feed
  readonly clock: Clock
  readonly audit: Audit
  readonly erasing: Pick<Erasing, 'erasures' | 'retention' | 'view' | 'setRules'>
  readonly model: Model
  readonly listSources: (caller: Caller) => ReturnType<typeof listSources>
  /** Puts a delivery that was given up back into the outbox. */
  readonly resend: (deliveryId: string, by: Actor) => Promise<Result<null, Failure>>
  readonly health: () => Health
  readonly counts: () => Counts
  /** A program of this caller follows the changes now. */
  readonly metBy: (caller: Caller) => void
  readonly nextAlert: (caller: Caller) => NextAlertView
  readonly settingsView: () => SettingsView
  readonly updateSettings: (change: SettingsInput, caller: Caller) => Promise<Result<SettingsView, Failure>>
  readonly outgoing: (caller: Caller) => OutgoingView
  readonly doctor: () => Promise<readonly Check[]>
  readonly verify: () => Promise<{
    ok: boolean
    records: number
    segments: number
    erased: number
    checkpoints: number
    torn: { readonly file: string; readonly offset: number; readonly bytes: number } | null
    head: { seq: number; hash: string }
    problems: readonly { segment: string; offset: number; message: string }[]
  }>
  readonly version: string
  /** Base URL of the inbox in a browser; null when there is none. */
  readonly url: () => string | null
}

/** The workflows that can be started, built in and from the home's files. */
interface WorkflowCatalogue {
  list(): readonly WorkflowView[]
  reload(): Promise<readonly WorkflowView[]>
}

export type Router = OrpcRouter<Contract, RequestContext>
