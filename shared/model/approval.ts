import type { Actor } from './actor.ts'
import type { Delivery } from './delivery.ts'
import type { Level } from './level.ts'
import type { Erasure } from './run.ts'
import type { Said, SaidValue } from './said.ts'
import type { Risk, Summary } from './summary.ts'

/** How an approval ended. Expired is neither approved nor rejected. */
export type Decision = 'approved' | 'rejected' | 'expired' | 'cancelled'

/** Where an approval is: waiting for people, or ended by its decision. */
export type ApprovalStatus = 'pending' | Decision

export type Priority = 'low' | 'normal' | 'high' | 'urgent'

/** Number and SHA-256 (hex) of exactly what an approver is asked to agree to. A vote carries the version it saw. */
export type Version = { readonly number: number; readonly sha256: string }

/** What the people asked see and agree to: the version's SHA-256 is taken over this object's JSON text as journalled. */
export type Asked = {
  readonly type: string
  readonly title: string
  readonly description: string | null
  /** E-mail or name of whoever wants it; null when a source asks in its own name. */
  readonly requester: string | null
  readonly approvers: readonly string[]
  readonly amount: number | string | null
  readonly currency: string | null
  readonly priority: Priority
  /** What approving will do, as a sentence. */
  readonly consequence: string
  /** The request's own data, as received. */
  readonly data: unknown
  /** Who gains by it. Like the requester, they do not decide it. */
  readonly beneficiary?: string
  /** JSON pointers into `data` (and `/amount` of the request itself) of what an approver may change before approving. */
  readonly editable?: readonly string[]
  /** An approver may approve a part: a smaller amount, or some of the items. */
  readonly partial?: true
  /** Answers besides yes and no, each of which counts as one of the two. */
  readonly options?: readonly AnswerOption[]
  /** JSON Schema of the form that belongs to an approval. */
  readonly form?: Readonly<Record<string, unknown>>
  /** What a batch consists of. */
  readonly items?: readonly BatchItem[]
  /** Files that belong to it, by name. */
  readonly attachments?: readonly Attachment[]
  /** What speaks for it. */
  readonly evidence?: readonly Evidence[]
  /** How it can be taken back once it is done. */
  readonly rollback?: string
}

/** A file of the sender's. Countersign has its name, and what the sender says about it; it never fetches the file. */
export type Attachment = {
  readonly name: string
  readonly url?: string | undefined
  readonly media_type?: string | undefined
  readonly size_bytes?: number | undefined
  /** Hex; binds what is behind the address to what is agreed to. */
  readonly sha256?: string | undefined
}

/** Something that speaks for a request: a text, an address, or both. */
export type Evidence = { readonly title: string; readonly text?: string | undefined; readonly url?: string | undefined }

/** An answer of the sender's own. */
export type AnswerOption = { readonly id: string; readonly label: string; readonly outcome: 'approved' | 'rejected' }

/** One of many that are decided together. */
export type BatchItem = {
  readonly id: string
  readonly type: string
  readonly title: string
  readonly amount: number | string | null
  readonly currency: string | null
  readonly data: unknown
}

/** A person who is named beside another: somebody who acts for them. */
export type Named = { readonly email: string; readonly name: string }

/** One person's answer to an approval. */
export type Vote = {
  readonly verdict: 'approved' | 'rejected'
  readonly actor: Actor
  /** Whose vote it is, when somebody else cast it. */
  readonly on_behalf_of: Named | null
  readonly level: number
  readonly version: Version
  readonly at: string
  readonly comment: string | null
  /** False once the version it was given for is no longer the one that is asked. */
  readonly counts: boolean
}

/** One value that differs between two versions, by JSON pointer into what is asked. Absent values are undefined. */
export type Difference = { readonly pointer: string; readonly before?: unknown; readonly after?: unknown }

/** A version that replaced another: who made it, and what it changed. */
export type Change = {
  readonly version: Version
  readonly by: 'approver' | 'requester'
  readonly actor: Actor
  readonly at: string
  readonly comment: string | null
  readonly differences: readonly Difference[]
}

/** That others were asked because nobody answered. */
export type EscalationMark = {
  /** 1 for the first. */
  readonly number: number
  readonly reason: 'no_answer' | 'timeout'
  readonly original_approvers: readonly string[]
  readonly to: readonly string[]
  readonly at: string
  /** The moment passed while the machine slept or the application was closed. */
  readonly while_away: boolean
}

/** An answer that leaves the machine at `release_at`, unless it is taken back before. */
export type Held = {
  readonly said: 'approved' | 'rejected' | 'sent_back' | 'cancelled'
  readonly actor: Actor
  readonly on_behalf_of: Named | null
  readonly at: string
  readonly release_at: string
  readonly comment: string | null
}

/** Set aside by one person: until an instant, until something happens to it (`on_change`), or whichever comes first. */
export type Snooze = {
  readonly person: string
  readonly until: string | null
  readonly on_change: boolean
  /** They said that it may be back only after its deadline. */
  readonly past_deadline?: true
}

/** Which rule of which policy sent it here. `rule` is null when none matched: then a person is asked. */
export type Ruling = { readonly rule: string | null; readonly policy_version: string }

/** Something about the content that tries to fool a reader: hidden characters, look-alike hosts, text that addresses the reviewer. */
export type Flag = {
  readonly code: string
  readonly message: string
  readonly pointer: string
  /** What stands in the message. */
  readonly values?: Readonly<Record<string, SaidValue>> | undefined
}

/** How it ended, by whom and why. */
export type DecisionRecord = {
  readonly decision: Decision
  readonly actor: Actor
  readonly at: string
  readonly comment: string | null
  /** Which sentences of ours the comment consists of; absent where a person wrote it. */
  readonly comment_said?: readonly Said[] | undefined
  /** The version that was decided. */
  readonly version: Version
  /** True when requester and approver are the same person, allowed by policy for a sole operator. */
  readonly self_approved: boolean
  /** Name of the policy rule that decided; null when a person did. */
  readonly rule: string | null
  /** Whose decision it is, when somebody else made it for them. */
  readonly on_behalf_of: Named | null
  /** Index of the level at which it ended; 0 where there is no chain. */
  readonly level: number
  /** The option that was chosen, where the sender offered some. */
  readonly option: string | null
  /** What was filled in, where the sender asked for a form. */
  readonly answer: unknown
  /** Its time ran out while the machine slept or the application was closed. */
  readonly while_away: boolean
}

/** One question to people: the item in the inbox. `revision` is the journal seq that last changed it, so that applying one is an idempotent upsert. */
export type ApprovalItem = Omit<Asked, 'data' | 'items'> & {
  readonly id: string
  readonly run_id: string
  /** The approval's name in its workflow. */
  readonly step: string
  /** Id of the source that submitted it, and what it is called. */
  readonly source: string
  readonly source_name: string
  readonly status: ApprovalStatus
  readonly version: Version
  readonly created_at: string
  /** The absolute deadline, UTC; null when it may wait for ever. */
  readonly due_at: string | null
  /** Normalised e-mails of those who can answer now; none: anybody who may decide. */
  readonly waits_for: readonly string[]
  /** Identities that may not decide it: whoever requested, changed or gains by it. */
  readonly excluded: readonly string[]
  /** The chain; empty for a question that one of those asked decides alone. */
  readonly levels: readonly Level[]
  /** How far the chain is. */
  readonly progress: { readonly done: number; readonly current: string | null; readonly total: number }
  /** Approvals the present level needs. */
  readonly needed: number
  readonly votes: readonly Vote[]
  /** The latest escalation. The title has a prefix then. */
  readonly escalation: EscalationMark | null
  /** The question it was sent back with, until the requester answers. */
  readonly sent_back: { readonly question: string; readonly actor: Actor; readonly at: string } | null
  /** The deadline that passed while nobody could see it; `due_at` is the end of the grace period then. */
  readonly lapsed_at: string | null
  /** An answer that was given and can still be undone; nobody but people who decide sees it. It is pending until then. */
  readonly held: Held | null
  /** Who has set it aside, and until when. */
  readonly snoozes: readonly Snooze[]
  /** Normalised e-mails of those who want to know what becomes of it. */
  readonly watchers: readonly string[]
  /** Earlier versions were replaced by these. */
  readonly changes: readonly Change[]
  readonly ruling: Ruling | null
  readonly decided_at: string | null
  readonly decision: DecisionRecord | null
  /** What is shown: the larger of floor and model. */
  readonly risk: Risk
  readonly risk_floor: Risk
  readonly risk_reasons: readonly string[]
  /** Which sentences the reasons are. Absent in what older versions wrote, like the next. */
  readonly risk_said?: readonly Said[] | undefined
  /** Which sentence of ours the consequence is; absent where the sender or a workflow's author wrote it. */
  readonly consequence_said?: Said | undefined
  readonly flags: readonly Flag[]
  readonly summary: Summary
  /** The request's data; null with `data_omitted` in lists and events when it is larger than 16 KiB. */
  readonly data: unknown
  readonly data_bytes: number
  readonly data_omitted: boolean
  /** What a batch consists of; without their data where `data_omitted`. Attachments and evidence are absent then. */
  readonly items?: readonly BatchItem[]
  /** What happened afterwards: the run's status, result and error. */
  readonly run: { readonly status: string; readonly result: unknown; readonly error: string | null }
  readonly deliveries: readonly Delivery[]
  /** What was said was erased. Absent: it was not. */
  readonly erased?: Erasure
  readonly revision: number
}
