import { normalEmail } from '../../../shared/model/actor.ts'
import type { Version } from '../../../shared/model/approval.ts'
import type { EventMap, JournalRecord } from '../../../shared/model/event.ts'
import { nextInstant, type Standing } from '../../../shared/model/level.ts'
import { toInstant } from '../clock.ts'
import type { Position } from '../journal/port.ts'
import type { LiveRun } from './live.ts'

/** A vote as it is counted: who cast it, whose it is, and with which credential. */
export type Ballot = {
  readonly person: string
  readonly principal: string
  readonly credential: string
  readonly verdict: 'approved' | 'rejected'
  readonly level: number
  readonly version: number
}

/** What has happened to an approval since it was asked; most are decided before anything does. */
type Course = {
  readonly standing: Standing
  readonly votes: readonly Ballot[]
  /** Whoever made the present version by an edit: the next version excludes them. */
  readonly editor: string | null
  /** The deadline that passed while nobody could see it; null when none did. */
  readonly lapsed: number | null
  /** The record that holds what is asked now. */
  readonly asked: Position
  /** An answer that can still be taken back; null when there is none. */
  readonly held: Held | null
}

/** Who has answered, what, and until when it can be taken back (ms). Its record holds the events that it consists of. */
type Held = {
  readonly by: string
  readonly said: 'approved' | 'rejected' | 'sent_back' | 'cancelled'
  readonly until: number
  readonly position: Position
}

/** An approval that waits. Times are milliseconds since the epoch. */
export type OpenApproval = {
  readonly id: string
  readonly run_id: string
  readonly step: string
  readonly source: string
  readonly version: Version
  readonly created_at: number
  readonly due_at: number | null
  /** When something falls due next: a reminder, an escalation, the deadline. */
  readonly wake_at: number | null
  /** Whom it asks now, normalised. None: anybody who may decide. */
  readonly approvers: readonly string[]
  readonly requesters: readonly string[]
  /** How many approvals the present level needs. */
  readonly needed: number
  /** Its record has levels: vote rules, times and escalations beyond one answer until one deadline. */
  readonly chained: boolean
  readonly hard_limit: boolean
  /** An approval brings a form that was filled in. */
  readonly form: boolean
  readonly position: Position
  /** Null while nothing has happened to it. */
  readonly course: Course | null
}

/** Events that are about one approval. */
export type ApprovalEvent = { [T in keyof EventMap]: EventMap[T] extends { approval: true } ? T : never }[keyof EventMap]

export function toOpen(record: JournalRecord<'approval_requested'>, run: LiveRun, position: Position): OpenApproval {
  const { data } = record
  const created_at = Date.parse(record.at)
  const first = data.levels?.[0]
  const due_at = data.due_at === null ? null : Date.parse(data.due_at)
  const wake_at = first ? nextInstant(first, { started: created_at, due: due_at, escalations: 0, now: created_at }) : due_at
  return {
    id: record.approval_id,
    // What is the same as the run's is the very same: a text is not kept twice.
    run_id: run.id,
    step: data.step,
    source: run.source,
    version: data.version,
    created_at,
    due_at,
    wake_at,
    approvers: data.approvers.map(normalEmail),
    requesters: data.requesters,
    needed: data.needed ?? 1,
    chained: first !== undefined,
    hard_limit: data.hard_limit ?? false,
    form: data.form ?? false,
    position,
    course: null,
  }
}

/** What a record makes of an open approval. */
export function nextOpen(open: OpenApproval, record: JournalRecord<ApprovalEvent>, position: Position): OpenApproval {
  const course: Course = open.course ?? {
    standing: standingOf(open),
    votes: [],
    editor: null,
    lapsed: null,
    asked: open.position,
    held: null,
  }
  switch (record.type) {
    case 'approval_voted': {
      const { verdict, level, version, on_behalf_of, standing } = record.data
      const { id: person, credential = '' } = record.actor
      const principal = on_behalf_of ? normalEmail(on_behalf_of.email) : person
      const vote: Ballot = { person, principal, credential, verdict, level, version: version.number }
      // A new level has a time of its own.
      const lapsed = standing.level === course.standing.level ? course.lapsed : null
      return stood(open, { ...course, standing, lapsed, votes: [...course.votes, vote] })
    }
    case 'approval_changed': {
      const { by, version, requesters, standing } = record.data
      const editor = by === 'approver' ? record.actor.id : null
      return stood({ ...open, version, requesters }, { ...course, standing, votes: [], editor, asked: position, lapsed: null })
    }
    case 'approval_escalated':
    case 'approval_extended':
      return stood(open, { ...course, standing: record.data.standing, lapsed: null })
    case 'approval_reassigned':
      return stood(open, { ...course, standing: record.data.standing })
    case 'approval_lapsed':
      return stood(open, { ...course, standing: record.data.standing, lapsed: Date.parse(record.data.lapsed_at) })
    case 'approval_reminded':
      return stood(open, { ...course, standing: { ...course.standing, next_at: record.data.next_at } })
    case 'approval_held': {
      const { said, release_at } = record.data
      const until = Date.parse(release_at)
      return { ...open, course: { ...course, held: { by: record.actor.id, said, until, position } }, wake_at: until }
    }
    case 'approval_unheld':
      return stood(open, { ...course, standing: record.data.standing })
    case 'approval_sent_back':
      return open.course?.held ? stood(open, course) : open
    default:
      return open
  }
}

/** The facts of where it stands are on the approval itself too: they are looked at often. Whatever was held is carried out or void. */
const stood = (open: OpenApproval, course: Course): OpenApproval => ({
  ...open,
  course: { ...course, held: null },
  approvers: course.standing.people,
  needed: course.standing.needed,
  due_at: course.standing.due_at === null ? null : Date.parse(course.standing.due_at),
  wake_at: course.standing.next_at === null ? null : Date.parse(course.standing.next_at),
})

/** Where an approval stands, in the words of the journal. */
export const standingOf = (open: OpenApproval): Standing =>
  open.course?.standing ?? {
    level: 0,
    level_started_at: toInstant(open.created_at),
    people: open.approvers,
    needed: open.needed,
    due_at: open.due_at === null ? null : toInstant(open.due_at),
    escalations: 0,
    next_at: open.wake_at === null ? null : toInstant(open.wake_at),
  }
