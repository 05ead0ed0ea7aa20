import type { Actor } from '../../../shared/model/actor.ts'
import type { Named } from '../../../shared/model/approval.ts'
import type { JournalRecord } from '../../../shared/model/event.ts'
import { assertNever } from '../../../shared/model/result.ts'
import type { TimelineEntry } from '../../../shared/model/run.ts'
import type { Line, Sentence } from '../../../shared/model/said.ts'
import { say, toLine } from '../../../shared/words/say.ts'

/** Stands where something was that has been erased. */
export const erasedText = '(erased)'

/** What a record says, or that it was erased, or what stands for nothing. */
export const orErased = <T>(record: JournalRecord, value: T | undefined, otherwise: T): T | string =>
  record.erased ? erasedText : (value ?? otherwise)

const longestTextLength = 500

/** A sentence that quotes what may be long. */
export const shortened = (text: string): string =>
  text.length > longestTextLength ? `${text.slice(0, longestTextLength - 1)}…` : text

/** A record as a line of its run's timeline. Erased content is named as such. */
export function toEntry(record: JournalRecord): TimelineEntry {
  const { seq, at, type } = record
  const { kind, id, name, via } = record.actor
  const actor = name === undefined ? { kind, id, via } : { kind, id, name, via }
  const { text, said } = lineOf(record)
  return { seq, at, type, actor, text: shortened(text), said, approval_id: 'approval_id' in record ? record.approval_id : null }
}

export const who = (actor: Actor): string => actor.name || actor.id || actor.kind

/** What somebody wrote, or that it was erased. */
const tail = (record: JournalRecord, text: string | null | undefined) =>
  record.erased ? { words: null, erased: true } : { words: text ? shortened(text.replace(/\s+/g, ' ').trim()) : null }

/** A line that goes on with other sentences of ours says so by their codes; its text has them as they are. */
function lineOf(record: JournalRecord): Line {
  if (record.type === 'approval_decided') return decided(record)
  const reason = record.type === 'summary_recorded' ? record.content?.summary.said?.reason : undefined
  const line = toLine(sentence(record))
  return reason === undefined ? line : { ...line, said: [say('timeline', 'no_summary_because').said, ...reason] }
}

function sentence(record: Exclude<JournalRecord, { type: 'approval_decided' }>): Sentence {
  const by = { who: who(record.actor) }
  switch (record.type) {
    case 'run_started':
      return say('timeline', 'submitted', { ...by, ...tail(record, record.content?.title) })
    case 'step_completed':
      return say('timeline', 'step_done', record.data)
    case 'step_failed':
      return say('timeline', 'step_failed', { ...record.data, ...tail(record, record.content?.error) })
    case 'approval_requested':
      return say('timeline', 'asked', { whom: record.data.approvers, due_at: record.data.due_at })
    case 'approval_voted':
    case 'approval_changed':
    case 'approval_sent_back':
    case 'approval_answered':
    case 'approval_escalated':
    case 'approval_reassigned':
    case 'approval_extended':
    case 'approval_lapsed':
    case 'approval_reminded':
    case 'approval_held':
    case 'approval_unheld':
    case 'approval_snoozed':
    case 'approval_unsnoozed':
    case 'approval_watched':
    case 'approval_commented':
      return continued(record)
    case 'summary_recorded':
      return record.data.state === 'ready'
        ? say('timeline', 'summarised', { risk: record.data.risk })
        : say('timeline', 'no_summary', tail(record, record.content?.summary.reason))
    case 'delivery_attempted':
      return attempted(record)
    case 'token_created':
      return record.data.kind === 'session'
        ? say('timeline', 'signed_in', by)
        : say('timeline', 'token_created', { ...by, name: record.data.name })
    case 'token_revoked':
      return say('timeline', 'token_revoked', { ...by, token: record.data.token_id })
    case 'settings_changed':
      return say('timeline', 'settings_changed', { ...by, paths: record.data.paths })
    case 'run_erased':
      return say('timeline', 'erased', { ...by, reason: record.data.reason, days: record.data.retention_days ?? null })
    case 'erasure_completed':
      return say('timeline', 'erasure_completed', { records: record.data.records })
    case 'recovered':
      return say('timeline', 'recovered', { bytes: record.data.bytes, segment: record.data.segment })
    case 'clock_skew':
      return say('timeline', 'clock_skew', { last_at: record.data.last_at })
    default:
      return ofRun(record)
  }
}

type OfRun = Exclude<
  JournalRecord,
  {
    type:
      | `approval_${string}`
      | `token_${string}`
      | 'run_started'
      | 'step_completed'
      | 'step_failed'
      | 'summary_recorded'
      | 'delivery_attempted'
      | 'settings_changed'
      | 'run_erased'
      | 'erasure_completed'
      | 'recovered'
      | 'clock_skew'
  }
>

/** What a run does, waits for and comes to. */
function ofRun(record: OfRun): Sentence {
  const by = { who: who(record.actor) }
  switch (record.type) {
    case 'timer_set':
      return say('timeline', 'sleeps', { due_at: record.data.due_at })
    case 'timer_fired':
      return say('timeline', 'woke', { step: record.data.step })
    case 'signal_awaited':
      return say('timeline', 'signal_awaited', { signal: record.data.signal, due_at: record.data.due_at })
    case 'signal_received':
      return say('timeline', 'signal_received', { ...by, signal: record.data.signal })
    case 'signal_lapsed':
      return say('timeline', 'signal_lapsed', { step: record.data.step })
    case 'child_started':
      return say('timeline', 'child_started', { workflow: record.data.workflow, child: record.data.child_id })
    case 'child_ended': {
      const { child_id: child, status } = record.data
      return say('timeline', 'child_ended', { child, status, ...tail(record, record.content?.error) })
    }
    case 'progress_reported': {
      const { done, total } = record.data
      return say('timeline', 'progress', { done, total, ...tail(record, record.content?.text) })
    }
    case 'run_cancelling':
      return say('timeline', 'cancelling', { ...by, ...tail(record, record.content?.reason) })
    case 'run_completed':
      return say('timeline', 'completed')
    case 'run_failed':
      return say('timeline', 'failed', tail(record, record.content?.error))
    case 'run_cancelled':
      return say('timeline', 'run_cancelled', { ...by, ...tail(record, record.content?.reason) })
    case 'run_needs_review':
      return say('timeline', 'needs_review', { step: record.data.step, ...tail(record, record.content?.error) })
    case 'run_parked':
      return say('timeline', 'parked', { step: record.data.step })
    case 'cleanup_registered':
      return say('timeline', 'cleanup', { step: record.data.step })
    case 'run_resumed':
      return say('timeline', 'resumed', { step: record.data.step })
    case 'run_retried':
      return say('timeline', 'retried', by)
    case 'delivery_queued':
      return say('timeline', 'delivery_queued', { url: record.data.url })
    case 'delivery_requeued':
      return say('timeline', 'delivery_requeued', by)
    default:
      return assertNever(record)
  }
}

type Continuing = Extract<JournalRecord, { type: `approval_${string}` }>

/** What happened between the question and its end. */
function continued(record: Exclude<Continuing, { type: 'approval_requested' | 'approval_decided' }>): Sentence {
  const by = { who: who(record.actor) }
  switch (record.type) {
    case 'approval_voted': {
      const { verdict, on_behalf_of, self_approved: self } = record.data
      return say('timeline', 'voted', {
        ...byFor(record.actor, on_behalf_of),
        verdict,
        self,
        ...tail(record, record.content?.comment),
      })
    }
    case 'approval_changed':
      return say('timeline', 'changed', { ...by, version: record.data.version.number, ...tail(record, record.content?.comment) })
    case 'approval_sent_back':
      return say('timeline', 'sent_back', { ...by, ...tail(record, record.content?.question) })
    case 'approval_answered':
      return say('timeline', 'answered', { ...by, ...tail(record, record.content?.comment) })
    case 'approval_escalated': {
      const { reason, to, while_away } = record.data
      return say('timeline', 'escalated', { reason, to, while_away })
    }
    case 'approval_reassigned':
      return say('timeline', 'reassigned', { ...by, to: record.data.to, ...tail(record, record.content?.comment) })
    case 'approval_extended': {
      const { due_at } = record.data.standing
      return say('timeline', 'extended', { ...by, due_at, ...tail(record, record.content?.comment) })
    }
    case 'approval_lapsed':
      return say('timeline', 'lapsed', { lapsed_at: record.data.lapsed_at, due_at: record.data.standing.due_at })
    case 'approval_reminded':
      return say('timeline', 'reminded', { due_at: record.data.due_at })
    case 'approval_held': {
      const { said, release_at, on_behalf_of } = record.data
      const words = tail(record, record.content?.comment)
      return say('timeline', 'held', { ...byFor(record.actor, on_behalf_of), said, release_at, ...words })
    }
    case 'approval_unheld':
      return record.data.why === 'undone' ? say('timeline', 'undone', by) : say('timeline', 'void')
    case 'approval_commented':
      return say('timeline', 'remarked', { ...by, ...tail(record, record.content?.comment) })
    case 'approval_watched':
      return say('timeline', 'watched', { ...by, watching: record.data.watching })
    case 'approval_unsnoozed':
      return say('timeline', 'unsnoozed', by)
    case 'approval_snoozed':
      return say('timeline', 'snoozed', { ...by, until: record.data.until, on_change: record.data.on_change })
    default:
      return assertNever(record)
  }
}

const byFor = (actor: Actor, principal: Named | null | undefined) => ({
  who: who(actor),
  whom: principal ? principal.name || principal.email : null,
})

/** How an approval ended; where a rule decided, with why it did. */
export function decided(record: JournalRecord<'approval_decided'>): Line {
  const line = toLine(decision(record))
  const because = record.content?.comment_said
  const { decision: how, rule } = record.data
  if (because === undefined || !rule || (how !== 'approved' && how !== 'rejected')) return line
  return { ...line, said: [say('timeline', `${how}_because`, { rule }).said, ...because] }
}

function decision(record: JournalRecord<'approval_decided'>): Sentence {
  const { decision: how, rule, self_approved: self, on_behalf_of, option, while_away } = record.data
  const words = tail(record, record.content?.comment)
  const by = { ...byFor(record.actor, on_behalf_of), rule: rule || null, option: option ?? null }
  switch (how) {
    case 'approved':
      return say('timeline', 'approved', { ...by, self, ...words })
    case 'rejected':
      return say('timeline', 'rejected', { ...by, ...words })
    case 'expired':
      return say('timeline', 'expired', { while_away: while_away ?? false })
    case 'cancelled':
      return say('timeline', 'cancelled', { by: record.actor.kind === 'person' ? who(record.actor) : null, ...words })
    default:
      return assertNever(how)
  }
}

function attempted(record: JournalRecord<'delivery_attempted'>): Sentence {
  const { state, attempt, next_at, status } = record.data
  if (state === 'delivered') return say('timeline', 'delivered', { attempt })
  const why = tail(record, record.content?.error ?? (status === null ? null : `HTTP ${status}`))
  if (state === 'dead') return say('timeline', 'delivery_dead', { attempt, ...why })
  return say('timeline', 'delivery_failed', { attempt, next_at, ...why })
}
