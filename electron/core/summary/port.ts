import type { Asked, Flag } from '../../../shared/model/approval.ts'
import type { Said } from '../../../shared/model/said.ts'
import type { Risk, Summary, SummarySaid, SummaryState } from '../../../shared/model/summary.ts'

/** What code alone can say about a request: pure, fast (it runs for each request on the way in), never wrong about the facts. */
export type Assessment = {
  readonly risk_floor: Risk
  /** Why the floor is what it is, one short sentence each. */
  readonly risk_reasons: readonly string[]
  readonly risk_said: readonly Said[]
  readonly flags: readonly Flag[]
  readonly summary: string
  readonly impact: string
  readonly said: SummarySaid
  readonly total_bytes: number
}

/** A model that can be asked, behind a port: the Ollama adapter implements it. */
export type ModelStatus =
  | { readonly state: 'off' }
  | { readonly state: 'unreachable'; readonly detail: string; readonly fix: string; readonly said: readonly Said[] }
  | {
      readonly state: 'model_missing'
      readonly detail: string
      readonly fix: string
      readonly said: readonly Said[]
      readonly installed: readonly string[]
    }
  | { readonly state: 'ready'; readonly version: string; readonly model: string; readonly digest: string | null }

/** An approval that wants a summary. `state` is what its summary says now; left out, it is what `first` would say. */
export type WantedApproval = {
  readonly id: string
  readonly run_id: string
  readonly asked: Asked
  readonly due_at?: string | null
  readonly state?: SummaryState
}

/** Summaries by the local model, made after the request is stored and never in front of a decision. */
export interface Summaries {
  /** The summary an approval is born with: made by rules, `waiting`, `off` or `failed` by what the model is known to be right now. */
  first(assessment: Assessment): Summary
  /** An approval waits and wants a summary. */
  request(approval: WantedApproval): void
  /** It was decided or cancelled: no summary is wanted any more. */
  forget(approvalId: string): void
  /** Looks anew whether Ollama and its model are there. */
  status(): Promise<ModelStatus>
  start(): void
  stop(): Promise<void>
}
