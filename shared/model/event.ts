import type { Actor, Scope } from './actor.ts'
import type { Asked, Decision, Flag, Named, Ruling, Version } from './approval.ts'
import type { Delivery } from './delivery.ts'
import type { Level, Standing } from './level.ts'
import type { Said } from './said.ts'
import type { Risk, Summary } from './summary.ts'

/**
 * Every change of state, as it is journalled. `data` is chained and stays for ever; `content` is what senders and people wrote:
 * it is the last member of its line, bound to the chain by its SHA-256 and blanked by erasure.
 */
export type EventMap = {
  /** A request was accepted and its run exists. `answer` is what the sender was told. */
  run_started: {
    run: true
    data: {
      workflow: string
      workflow_version: number
      /** SHA-256 of the file it came from, for a workflow of the home: the run goes on with no other. */
      workflow_code?: string
      type: string
      source: string
      idempotency?: { key: string; sha256: string }
      /** The run that waits for this one. */
      parent?: { run_id: string; step: string }
    }
    content: { title: string; input: unknown; answer: unknown }
  }
  /** A step ended well; its result is never computed again. */
  step_completed: { run: true; data: { step: string; attempt: number }; content: { result: unknown } }
  /** An attempt failed. `retry_at` is null when it was the last one. */
  step_failed: {
    run: true
    data: { step: string; attempt: number; retry_at: string | null }
    content: { error: string }
  }
  /** A run asks people. `step` is its name in the workflow. */
  approval_requested: {
    run: true
    approval: true
    data: {
      step: string
      source: string
      source_name: string
      due_at: string | null
      version: Version
      risk_floor: Risk
      risk_reasons: readonly string[]
      risk_said?: readonly Said[]
      /** Which sentence of ours says what approving does; absent where others wrote it. */
      consequence_said?: Said
      /** Whoever asked for it or gains by it, by every identity that the request gives: they do not decide it. */
      requesters: readonly string[]
      /** Whom it asks first: normalised e-mails. None: anybody who may decide. */
      approvers: readonly string[]
      /** The chain, with vote rules, times and escalations. Absent: one of the approvers decides, until `due_at`. */
      levels?: readonly Level[]
      /** How many approvals the first level needs; absent: one. */
      needed?: number
      /** The sender's limit is hard: the default answer leaves at the deadline even if nobody could see it pass. */
      hard_limit?: true
      /** An approval brings a form that was filled in. */
      form?: true
      ruling?: Ruling
      /** A rule decides it, in the record that follows: people are not asked, not even where that record was cut off. */
      automatic?: { decision: 'approved' | 'rejected'; rule: string }
    }
    content: { asked: Asked; flags: readonly Flag[]; summary: Summary }
  }
  /** One person's vote that did not end it. `standing` is where it stands then, maybe at the next level. */
  approval_voted: {
    run: true
    approval: true
    data: {
      verdict: 'approved' | 'rejected'
      version: Version
      level: number
      on_behalf_of: Named | null
      self_approved: boolean
      standing: Standing
    }
    content: { comment: string | null; answer?: unknown }
  }
  /** What is asked has changed: an approver's edit, or the requester's revision. Votes for other versions count no more. */
  approval_changed: {
    run: true
    approval: true
    data: {
      by: 'approver' | 'requester'
      version: Version
      risk_floor: Risk
      risk_reasons: readonly string[]
      risk_said?: readonly Said[]
      /** Who may not decide from now on: the editor's own vote comes with the edit. */
      requesters: readonly string[]
      standing: Standing
    }
    content: { asked: Asked; flags: readonly Flag[]; summary: Summary; comment: string | null }
  }
  /** An approver asks the requester something; it waits for the answer, and can be decided meanwhile. */
  approval_sent_back: { run: true; approval: true; data: { version: Version; level: number }; content: { question: string } }
  /** The requester answered without a change. */
  approval_answered: { run: true; approval: true; data: { version: Version }; content: { comment: string } }
  /** Nobody answered, so others are asked: besides (`no_answer`) or instead (`timeout`). */
  approval_escalated: {
    run: true
    approval: true
    data: {
      number: number
      reason: 'no_answer' | 'timeout'
      from: readonly string[]
      to: readonly string[]
      while_away: boolean
      standing: Standing
    }
    content: null
  }
  /** Somebody handed it to others. */
  approval_reassigned: {
    run: true
    approval: true
    data: { from: readonly string[]; to: readonly string[]; standing: Standing }
    content: { comment: string | null }
  }
  /** Somebody gave it more time. */
  approval_extended: { run: true; approval: true; data: { standing: Standing }; content: { comment: string | null } }
  /** Its deadline passed while nobody could see it. It can still be decided until the grace period ends, the new deadline. */
  approval_lapsed: { run: true; approval: true; data: { lapsed_at: string; standing: Standing }; content: null }
  /** Those asked were reminded, so long before the deadline. */
  approval_reminded: {
    run: true
    approval: true
    data: { due_at: string; before_ms: number; next_at: string | null }
    content: null
  }
  /**
   * A person's answer that can still be taken back. It is on disk, and nothing of it leaves the machine before `release_at`: the events
   * that it consists of are committed then, as they stand in `content`.
   */
  approval_held: {
    run: true
    approval: true
    data: {
      said: 'approved' | 'rejected' | 'sent_back' | 'cancelled'
      version: Version
      on_behalf_of: Named | null
      release_at: string
    }
    content: { events: readonly NewEvent[]; comment: string | null }
  }
  /** A held answer is no more: `undone` by whoever gave it, or `void` because its words were erased. A change of what is asked voids it too. */
  approval_unheld: { run: true; approval: true; data: { why: 'undone' | 'void'; standing: Standing }; content: null }
  /** Somebody set it aside: until an instant, until something happens to it, or whichever comes first. `person` is a normalised e-mail. */
  approval_snoozed: {
    run: true
    approval: true
    data: { person: string; until: string | null; on_change: boolean; past_deadline?: true }
    content: null
  }
  /** It is back: before its time because they wanted so. */
  approval_unsnoozed: { run: true; approval: true; data: { person: string }; content: null }
  /** Somebody wants to be told what becomes of it, or no longer. */
  approval_watched: { run: true; approval: true; data: { person: string; watching: boolean }; content: null }
  /** A remark for whoever decides; it changes nothing. */
  approval_commented: { run: true; approval: true; data: { version: Version }; content: { comment: string } }
  /** How an approval ended. The actor is who ended it; a policy's rule or the clock can be the actor too. */
  approval_decided: {
    run: true
    approval: true
    data: {
      decision: Decision
      version: Version
      self_approved: boolean
      rule: string | null
      /** Index of the level at which it ended; absent: 0. */
      level?: number
      on_behalf_of?: Named
      option?: string
      while_away?: true
      policy_version?: string
    }
    content: { comment: string | null; comment_said?: readonly Said[]; answer?: unknown }
  }
  /** What the model said, or why it said nothing. */
  summary_recorded: {
    run: true
    approval: true
    data: { state: 'ready' | 'failed'; risk: Risk | null }
    content: { summary: Summary }
  }
  /** The run sleeps until an instant. */
  timer_set: { run: true; data: { step: string; due_at: string }; content: null }
  timer_fired: { run: true; data: { step: string }; content: null }
  /** The run waits for a named message. */
  signal_awaited: { run: true; data: { step: string; signal: string; due_at: string | null }; content: null }
  /** A message for a run. It is kept when it comes before the wait; `awaited` says whether the run waits for it just now. */
  signal_received: { run: true; data: { signal: string; awaited: boolean }; content: { payload: unknown } }
  /** Nobody sent the message in time. */
  signal_lapsed: { run: true; data: { step: string; signal: string }; content: null }
  /** A workflow of its own that this run waits for. The child's records say which run that is, too. */
  child_started: { run: true; data: { step: string; child_id: string; workflow: string }; content: null }
  child_ended: {
    run: true
    data: { step: string; child_id: string; status: 'completed' | 'failed' | 'cancelled' }
    content: { result: unknown; error: string | null }
  }
  /** The workflow says how far it is. `total` counts what it calls its stages. */
  progress_reported: { run: true; data: { done: number | null; total: number | null }; content: { text: string | null } }
  /** A clean-up step that will run should the run be cancelled from here on. */
  cleanup_registered: { run: true; data: { step: string }; content: null }
  /** One branch of it works at a step while another one waits. */
  run_resumed: { run: true; data: { step: string | null }; content: null }
  /** It ends as cancelled once its clean-up steps have run. */
  run_cancelling: { run: true; data: Record<string, never>; content: { reason: string | null } }
  run_completed: { run: true; data: Record<string, never>; content: { result: unknown } }
  run_failed: { run: true; data: Record<string, never>; content: { error: string } }
  run_cancelled: { run: true; data: Record<string, never>; content: { reason: string | null } }
  /** It cannot go on by itself; a person can retry it. Approvals already given are kept. */
  run_needs_review: { run: true; data: { step: string | null }; content: { error: string } }
  run_retried: { run: true; data: Record<string, never>; content: null }
  /** It was woken, and goes on waiting for something that it had asked for before. */
  run_parked: { run: true; data: { step: string | null }; content: null }
  /** An outcome for a source's callback URL entered the outbox. `body` is sent byte for byte at each attempt. */
  delivery_queued: { run: true; data: { delivery_id: string; source: string; url: string }; content: { body: string } }
  delivery_attempted: {
    run: true
    data: {
      delivery_id: string
      state: Exclude<Delivery['state'], 'pending'>
      attempt: number
      next_at: string | null
      status: number | null
    }
    content: { error: string | null }
  }
  /** A dead delivery was put back into the outbox by a person. */
  delivery_requeued: { run: true; data: { delivery_id: string }; content: null }
  /**
   * What was said in this run's records up to here is erased: it counts as gone from now on, and the files follow. `reason` stays for
   * ever. `retention_days` says which rule it was, where nobody did it by hand.
   */
  run_erased: { run: true; data: { reason: string; retention_days?: number }; content: null }
  /** The files hold nothing more of what the `run_erased` records up to `through` stand for. */
  erasure_completed: { data: { through: number; records: number }; content: null }
  /** A credential exists. Only its SHA-256 is kept. A submitting one is a source and may have a callback URL. */
  token_created: {
    data: {
      token_id: string
      kind: 'token' | 'session'
      name: string
      scopes: readonly Scope[]
      person_email: string | null
      sha256: string
      expires_at: string | null
      callback_url: string | null
    }
    content: null
  }
  token_revoked: { data: { token_id: string }; content: null }
  /** Configuration was changed through the application; `changes` maps dotted paths to what they are now. */
  settings_changed: { data: { paths: readonly string[] }; content: { changes: Record<string, unknown> } }
  /** The journal's unreadable tail was copied aside and cut off. */
  recovered: { data: { segment: string; offset: number; bytes: number; copy: string }; content: null }
  /** The clock stands before the record that came last. Whoever reads instants knows from here on why they go back; `seq` says the order. */
  clock_skew: { data: { last_at: string; back_ms: number }; content: null }
}

type EventType = keyof EventMap

type Ids<T extends EventType> = (EventMap[T] extends { run: true } ? { readonly run_id: string } : unknown) &
  (EventMap[T] extends { approval: true } ? { readonly approval_id: string } : unknown)

/** An event that is about to be journalled. */
export type NewEvent = {
  [T in EventType]: {
    readonly type: T
    readonly actor: Actor
    readonly data: EventMap[T]['data']
    readonly content: EventMap[T]['content']
  } & Ids<T>
}[EventType]

/** A journalled event as it is read back. `content` is null where there was none or where it was erased. */
export type JournalRecord<T extends EventType = EventType> = {
  [K in T]: {
    readonly type: K
    readonly seq: number
    readonly at: string
    readonly actor: Actor
    readonly data: EventMap[K]['data']
    readonly content: EventMap[K]['content'] | null
    readonly erased?: true
  } & Ids<K>
}[T]
