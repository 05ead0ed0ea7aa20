import type { Actor } from '../../../shared/model/actor.ts'
import type { Named } from '../../../shared/model/approval.ts'
import type { JournalRecord } from '../../../shared/model/event.ts'
import { assertNever } from '../../../shared/model/result.ts'
import type { TimelineEntry } from '../../../shared/model/run.ts'

/** Stands where something was that has been erased. */
export const erasedText = '(erased)'

/** What a record says, or that it was erased, or what stands for nothing. */
export const orErased = <T>(record: JournalRecord, value: T | undefined, otherwise: T): T | string =>
  record.erased ? erasedText : (value ?? otherwise)

const longestTextLength = 500

/** A sentence that quotes what may be long. */
export const shortened = (text: string): string =>
  text.length > longestTextLength ? `${text.slice(0, longestTextLength - 1)}…` : text

/** What happened, as one short sentence for a run's timeline. Erased content is named as such. */
const describe = (record: JournalRecord): string => shortened(sentence(record))

/** A record as a line of its run's timeline. */
export function toEntry(record: JournalRecord): TimelineEntry {
  const { seq, at, type } = record
  const { kind, id, name, via } = record.actor
  const actor = name === undefined ? { kind, id, via } : { kind, id, name, via }
  return { seq, at, type, actor, text: describe(record), approval_id: 'approval_id' in record ? record.approval_id : null }
}

export const who = (actor: Actor): string => actor.name || actor.id || actor.kind

/** ": what" behind a sentence; nothing when there is nothing, "(erased)" when there was something. */
const tail = (record: JournalRecord, text: string | null | undefined): string => {
  if (record.erased) return `: ${erasedText}`
  return text ? `: ${text.replace(/\s+/g, ' ').trim()}` : ''
}

function sentence(record: JournalRecord): string {
  switch (record.type) {
    case 'run_started':
      return `Submitted by ${who(record.actor)}${tail(record, record.content?.title)}`
    case 'step_completed':
      return `Step ${record.data.step} done${record.data.attempt > 1 ? ` (attempt ${record.data.attempt})` : ''}`
    case 'step_failed': {
      const { step, attempt, retry_at } = record.data
      return `Step ${step} failed (attempt ${attempt})${tail(record, record.content?.error)}${retry_at ? `; retries at ${retry_at}` : ''}`
    }
    case 'approval_requested': {
      const { approvers, due_at } = record.data
      return `Asked ${approvers.length > 0 ? approvers.join(', ') : 'for approval'}${due_at ? `, until ${due_at}` : ''}`
    }
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
    case 'approval_decided':
      return decided(record)
    case 'summary_recorded':
      return record.data.state === 'ready'
        ? `Summary written${record.data.risk ? `, risk ${record.data.risk}` : ''}`
        : `No summary by the model${tail(record, record.content?.summary.reason)}`
    case 'timer_set':
      return `Sleeps until ${record.data.due_at}`
    case 'timer_fired':
      return `Woke up from ${record.data.step}`
    case 'signal_awaited':
      return `Waits for ${record.data.signal}${record.data.due_at ? ` until ${record.data.due_at}` : ''}`
    case 'signal_received':
      return `Received ${record.data.signal} from ${who(record.actor)}`
    case 'signal_lapsed':
      return `Nothing came for ${record.data.step} in time`
    case 'child_started':
      return `Started ${record.data.workflow} and waits for it (${record.data.child_id})`
    case 'child_ended':
      return `${record.data.child_id} ${childEnds[record.data.status]}${tail(record, record.content?.error)}`
    case 'progress_reported': {
      const { done, total } = record.data
      const far = done === null ? '' : ` ${done}${total === null ? '' : ` of ${total}`}`
      return `Progress${far}${tail(record, record.content?.text)}`
    }
    case 'run_cancelling':
      return `Cancelled by ${who(record.actor)}${tail(record, record.content?.reason)}; cleans up`
    case 'run_completed':
      return 'Completed'
    case 'run_failed':
      return `Failed${tail(record, record.content?.error)}`
    case 'run_cancelled':
      return `Cancelled by ${who(record.actor)}${tail(record, record.content?.reason)}`
    case 'run_needs_review':
      return `Needs review${record.data.step ? ` at step ${record.data.step}` : ''}${tail(record, record.content?.error)}`
    case 'run_parked':
      return record.data.step ? `Goes on waiting for ${record.data.step}` : 'Goes on waiting'
    case 'cleanup_registered':
      return `Will do ${record.data.step} should it be cancelled`
    case 'run_resumed':
      return record.data.step ? `Works at ${record.data.step}` : 'Goes on with other work'
    case 'run_retried':
      return `Retried by ${who(record.actor)}`
    case 'delivery_queued':
      return `Outcome is sent to ${record.data.url}`
    case 'delivery_attempted':
      return attempted(record)
    case 'delivery_requeued':
      return `Delivery put back into the outbox by ${who(record.actor)}`
    case 'token_created':
      return record.data.kind === 'session'
        ? `${who(record.actor)} signed in`
        : `Token ${record.data.name} made by ${who(record.actor)}`
    case 'token_revoked':
      return `Token ${record.data.token_id} revoked by ${who(record.actor)}`
    case 'settings_changed':
      return `${who(record.actor)} changed ${record.data.paths.join(', ')}`
    case 'recovered':
      return `Recovered: ${record.data.bytes} unreadable bytes at the end of ${record.data.segment} were set aside`
    default:
      return assertNever(record)
  }
}

const childEnds = { completed: 'completed', failed: 'failed', cancelled: 'was cancelled' } as const

type Continuing = Extract<JournalRecord, { type: `approval_${string}` }>

/** What happened between the question and its end. */
function continued(record: Exclude<Continuing, { type: 'approval_requested' | 'approval_decided' }>): string {
  const by = who(record.actor)
  switch (record.type) {
    case 'approval_voted': {
      const { verdict, on_behalf_of, self_approved } = record.data
      return `${byFor(record.actor, on_behalf_of)} ${verdict}${self_approved ? ' (own request)' : ''}${tail(record, record.content?.comment)}`
    }
    case 'approval_changed':
      return `Changed by ${by}, version ${record.data.version.number}${tail(record, record.content?.comment)}`
    case 'approval_sent_back':
      return `Sent back by ${by}${tail(record, record.content?.question)}`
    case 'approval_answered':
      return `Answered by ${by}${tail(record, record.content?.comment)}`
    case 'approval_escalated': {
      const { reason, to, while_away } = record.data
      const why = reason === 'timeout' ? 'the time was up' : 'nobody had answered yet'
      return `Escalated to ${to.join(', ')}: ${why}${while_away ? ' (while nothing ran here)' : ''}`
    }
    case 'approval_reassigned':
      return `Handed to ${record.data.to.join(', ')} by ${by}${tail(record, record.content?.comment)}`
    case 'approval_extended': {
      const { due_at } = record.data.standing
      return `${due_at ? `Extended until ${due_at}` : 'Given all the time'} by ${by}${tail(record, record.content?.comment)}`
    }
    case 'approval_lapsed': {
      const { lapsed_at, standing } = record.data
      const open = standing.due_at ? `; can be answered until ${standing.due_at}` : ''
      return `The time was up at ${lapsed_at}, while nothing ran here${open}`
    }
    case 'approval_reminded':
      return `Reminded those asked: due ${record.data.due_at}`
    case 'approval_held':
      return `${byFor(record.actor, record.data.on_behalf_of)} answered: ${heldWords[record.data.said]}; can be undone until ${record.data.release_at}${tail(record, record.content?.comment)}`
    case 'approval_unheld':
      return record.data.why === 'undone' ? `${by} took the answer back` : 'The answer is void: what it said was erased'
    case 'approval_commented':
      return `${by} remarked${tail(record, record.content?.comment)}`
    case 'approval_snoozed':
    case 'approval_unsnoozed':
    case 'approval_watched':
      return aside(record)
    default:
      return assertNever(record)
  }
}

const heldWords = { approved: 'approve', rejected: 'reject', sent_back: 'send back', cancelled: 'cancel' } as const

/** What somebody does with it for themselves. */
function aside(record: JournalRecord<'approval_snoozed' | 'approval_unsnoozed' | 'approval_watched'>): string {
  const by = who(record.actor)
  if (record.type === 'approval_watched') return `${by} ${record.data.watching ? 'watches it' : 'no longer watches it'}`
  if (record.type === 'approval_unsnoozed') return `${by} took it up again`
  const { until, on_change } = record.data
  const ends = [until && `until ${until}`, on_change && 'until something changes'].filter(Boolean).join(' or ')
  return `${by} set it aside ${ends}`
}

const byFor = (actor: Actor, principal: Named | null | undefined): string =>
  principal ? `${who(actor)} for ${principal.name || principal.email}` : who(actor)

/** How an approval ended. */
export function decided(record: JournalRecord<'approval_decided'>): string {
  const { decision, rule, self_approved, on_behalf_of, option, while_away } = record.data
  const comment = tail(record, record.content?.comment)
  const chosen = option === undefined ? '' : `, ${option}`
  const by = rule ? `the rule ${rule}` : byFor(record.actor, on_behalf_of)
  switch (decision) {
    case 'approved':
      return `Approved by ${by}${self_approved ? ' (own request)' : ''}${chosen}${comment}`
    case 'rejected':
      return `Rejected by ${by}${chosen}${comment}`
    case 'expired':
      return `Expired: nobody answered in time${while_away ? ' (while nothing ran here)' : ''}`
    case 'cancelled':
      return `Approval cancelled${record.actor.kind === 'person' ? ` by ${who(record.actor)}` : ''}${comment}`
    default:
      return assertNever(decision)
  }
}

function attempted(record: JournalRecord<'delivery_attempted'>): string {
  const { state, attempt, next_at, status } = record.data
  if (state === 'delivered') return `Outcome delivered${attempt > 1 ? ` (attempt ${attempt})` : ''}`
  const why = tail(record, record.content?.error ?? (status === null ? null : `HTTP ${status}`))
  if (state === 'dead') return `Delivery given up (attempt ${attempt})${why}`
  return `Delivery failed (attempt ${attempt})${why}${next_at ? `; retries at ${next_at}` : ''}`
}
