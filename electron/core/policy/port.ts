import type { Failure } from '../../../shared/contract/errors.ts'
import type { PolicyProblem, RulingView, SampleInput } from '../../../shared/contract/policy.ts'
import type { Actor } from '../../../shared/model/actor.ts'
import type { Result } from '../../../shared/model/result.ts'
import type { Said } from '../../../shared/model/said.ts'
import type { LevelOptions } from '../engine/workflow.ts'

/** What rules see of a request: the names under which conditions find it. */
export type Matter = {
  readonly type: string
  readonly title: string
  /** As a number, for comparing; null where there is none or it is none. */
  readonly amount: number | null
  readonly currency: string | null
  readonly requester: string | null
  readonly department: string | null
  readonly priority: string
  readonly source: string
  readonly environment: string | null
  /** Who was named by the sender. */
  readonly approver: string | null
  readonly data: Readonly<Record<string, unknown>>
  /** How long the sender would wait, where they said so: policy shortens it, and never makes it longer. */
  readonly timeout_hours?: number | null
  /** What else a reader will see. Rules do not look at it; should it try to fool a reader, nothing is approved automatically. */
  readonly shown?: unknown
}

/** What a policy makes of a request. */
export type PolicyRuling = {
  readonly action: 'auto_approve' | 'require_approval' | 'escalate' | 'reject'
  /** Null: none matched, so a person is asked. */
  readonly rule: string | null
  /** First 16 hex digits of the SHA-256 of the policy's text. */
  readonly policy_version: string
  readonly explanation: string
  /** Which sentences the explanation is. */
  readonly said: readonly Said[]
  /** The levels that apply, with everything that policy says about them. At least one where people are asked. */
  readonly levels: readonly LevelOptions[]
  readonly hard_limit: boolean
}

export type PastDecision = {
  readonly approval_id: string
  readonly matter: Matter
  readonly title: string
  readonly decision: string
  readonly decided_at: string
}

/** `policy.yaml`: rules, thresholds, chains, times. The file is read again when it changes; a broken one leaves the last good one in force. */
export interface PolicyBook {
  readonly version: string
  readonly selfApproval: 'never' | 'sole_operator'
  /** How long a lapsed question can still be answered after the machine woke up, ms. */
  readonly graceMs: number
  /** Decides how a request is approved. Never throws: what cannot be evaluated asks a person, and says why. */
  rule(matter: Matter): PolicyRuling
  /** The text in force, its problems and rules, as the contract's `policy.get` has them. */
  view(): {
    readonly text: string
    readonly version: string
    readonly path: string
    readonly problems: readonly PolicyProblem[]
    readonly self_approval: 'never' | 'sole_operator'
    readonly rules: readonly {
      readonly type: string
      readonly name: string
      readonly when: string
      readonly action: PolicyRuling['action']
      readonly line: number | null
    }[]
  }
  /** Every problem of a text, in order; none when it can be put in force. */
  check(text: string): Promise<Result<readonly PolicyProblem[], Failure>>
  save(text: string, seen: string | undefined, by: Actor): Promise<Result<{ readonly version: string }, Failure>>
  try(text: string | undefined, sample: SampleInput): Promise<Result<RulingView, Failure>>
  /** What a text (or the one in force) would have made of these. */
  replay(text: string | undefined, past: readonly PastDecision[]): Promise<Result<readonly PolicyRuling[], Failure>>
}
