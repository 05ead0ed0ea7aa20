import { normalEmail } from '../../../shared/model/actor.ts'
import type { ApprovalItem, Asked, Change, EscalationMark, Flag, Version, Vote } from '../../../shared/model/approval.ts'
import { heldAfter, nextSnoozes, nextWatchers } from '../../../shared/model/aside.ts'
import { differencesOf } from '../../../shared/model/difference.ts'
import type { JournalRecord } from '../../../shared/model/event.ts'
import { assertNever } from '../../../shared/model/result.ts'
import type { Summary } from '../../../shared/model/summary.ts'
import { askedAnew, askedOf, decisionOf } from './contents.ts'
import { orErased } from './describe.ts'

/** What can happen to an approval between the question and its end, as far as that changes how it stands. */
export type LaterRecord = JournalRecord<
  | 'approval_voted'
  | 'approval_changed'
  | 'approval_sent_back'
  | 'approval_answered'
  | 'approval_escalated'
  | 'approval_reassigned'
  | 'approval_extended'
  | 'approval_lapsed'
  | 'approval_held'
  | 'approval_unheld'
  | 'approval_snoozed'
  | 'approval_unsnoozed'
  | 'approval_watched'
  | 'approval_commented'
>

/** Those that say where it stands. */
export type StandingRecord = Extract<LaterRecord, { data: { standing: unknown } }>

type Requested = JournalRecord<'approval_requested'>
type Changed = JournalRecord<'approval_changed'>
type Decided = JournalRecord<'approval_decided'>

/** How an approval stands: the members of its item that its own records say, and what is asked, whole. */
export type ApprovalStanding = Pick<
  ApprovalItem,
  | 'version'
  | 'due_at'
  | 'waits_for'
  | 'excluded'
  | 'levels'
  | 'progress'
  | 'needed'
  | 'votes'
  | 'escalation'
  | 'sent_back'
  | 'lapsed_at'
  | 'held'
  | 'snoozes'
  | 'watchers'
  | 'changes'
  | 'ruling'
  | 'risk_floor'
  | 'risk_reasons'
  | 'risk_said'
  | 'consequence_said'
> & { readonly asked: Asked; readonly flags: readonly Flag[]; readonly summary: Summary }

/** One version of what is asked. `change` is null for the first. */
type AskedVersion = { readonly version: Version; readonly asked: Asked; readonly change: Change | null }

/** Where it is by now, besides its versions. */
type Course = {
  level: number
  people: readonly string[]
  voted: readonly string[]
  needed: number
  due_at: string | null
  votes: readonly Omit<Vote, 'counts'>[]
  escalation: EscalationMark | null
  /** The level that the escalation belongs to. */
  escalatedLevel: number
  sent_back: ApprovalItem['sent_back']
  lapsed_at: string | null
  held: ApprovalItem['held']
  snoozes: ApprovalItem['snoozes']
  watchers: ApprovalItem['watchers']
}

/** Folds an approval's own records, in order. `type` is the run's: it stays where content was erased. */
export function standingOf(
  requested: Requested,
  later: readonly LaterRecord[],
  decided: Decided | null,
  type: string,
): ApprovalStanding {
  const changed = later.filter((record) => record.type === 'approval_changed')
  const versions = versionsOf(requested, changed, type)
  const newest = changed.at(-1)
  const { asked, summary } = newest ? askedAnew(newest, type) : askedOf(requested, type)
  const { version, risk_floor, risk_reasons, risk_said, requesters } = (newest ?? requested).data
  const consequence_said = requested.content ? requested.data.consequence_said : undefined
  const levels = requested.data.levels ?? []
  const course = later.reduce(nextCourse, courseOf(requested))
  const last = decided && levels.length > 0 ? lastVote(decided) : []
  return {
    asked,
    summary,
    flags: (newest ?? requested).content?.flags ?? [],
    version,
    risk_floor,
    risk_reasons,
    ...(risk_said ? { risk_said } : {}),
    ...(consequence_said ? { consequence_said } : {}),
    excluded: requesters,
    levels,
    ruling: requested.data.ruling ?? null,
    due_at: course.due_at,
    waits_for: waitsFor(course.people, decided ? [] : course.voted),
    needed: course.needed,
    progress: progressOf(levels, course.level, decided),
    votes: [...course.votes, ...last].map((vote) => ({ ...vote, counts: vote.version.number === version.number })),
    escalation: course.escalation,
    sent_back: course.sent_back,
    lapsed_at: course.lapsed_at,
    held: decided ? null : course.held,
    snoozes: decided ? [] : course.snoozes,
    watchers: course.watchers,
    changes: versions.flatMap(({ change }) => change ?? []),
  }
}

/** Everything that was asked, oldest first, each with what it changed. */
export function versionsOf(requested: Requested, changed: readonly Changed[], type: string): readonly AskedVersion[] {
  const versions: AskedVersion[] = [{ version: requested.data.version, asked: askedOf(requested, type).asked, change: null }]
  let before: Requested | Changed = requested
  for (const record of changed) {
    const { by, version } = record.data
    const { asked } = askedAnew(record, type)
    const comment = orErased(record, record.content?.comment, null)
    // Beside what was erased, every value would look as if it had come or gone.
    const differences = before.content && record.content ? differencesOf(before.content.asked, asked) : []
    versions.push({ version, asked, change: { version, by, actor: record.actor, at: record.at, comment, differences } })
    before = record
  }
  return versions
}

/** Those asked who can answer now, normalised: not whoever has. When all have and more is needed, they are named rather than nobody. */
export function waitsFor(people: readonly string[], voted: readonly string[]): readonly string[] {
  const emails = [...new Set(people.map(normalEmail))]
  const left = emails.filter((email) => !voted.includes(email))
  return left.length > 0 ? left : emails
}

/** Whose votes the present level and version have. A change and the next level begin anew. */
export function nextVoted(voted: readonly string[], record: StandingRecord): readonly string[] {
  if (record.type === 'approval_changed') return []
  if (record.type !== 'approval_voted') return voted
  const { level, on_behalf_of, standing } = record.data
  return standing.level === level ? [...voted, normalEmail(on_behalf_of?.email ?? record.actor.id)] : []
}

function nextCourse(course: Course, record: LaterRecord): Course {
  return {
    ...moved(course, record),
    held: heldOf(course, record),
    snoozes: nextSnoozes(course.snoozes, record),
    watchers: nextWatchers(course.watchers, record),
  }
}

function heldOf({ held }: Course, record: LaterRecord): Course['held'] {
  if (record.type === 'approval_held') {
    const { said, on_behalf_of, release_at } = record.data
    const comment = orErased(record, record.content?.comment ?? undefined, null)
    return { said, actor: record.actor, on_behalf_of, at: record.at, release_at, comment }
  }
  return heldAfter(record) === 'same' ? held : null
}

const courseOf = ({ data }: Requested): Course => ({
  level: 0,
  people: data.approvers,
  voted: [],
  needed: data.needed ?? 1,
  due_at: data.due_at,
  votes: [],
  escalation: null,
  escalatedLevel: 0,
  sent_back: null,
  lapsed_at: null,
  held: null,
  snoozes: [],
  watchers: [],
})

function moved(course: Course, record: LaterRecord): Course {
  switch (record.type) {
    case 'approval_held':
    case 'approval_unheld':
    case 'approval_snoozed':
    case 'approval_unsnoozed':
    case 'approval_watched':
    case 'approval_commented':
      return course
    case 'approval_voted':
      return { ...placed(course, record), votes: [...course.votes, voteOf(record)] }
    case 'approval_changed':
      return { ...placed(course, record), sent_back: null, lapsed_at: null }
    case 'approval_sent_back': {
      const question = orErased(record, record.content?.question, '')
      return { ...course, sent_back: { question, actor: record.actor, at: record.at } }
    }
    case 'approval_answered':
      return { ...course, sent_back: null }
    case 'approval_escalated':
      return {
        ...placed(course, record),
        escalation: markOf(course, record),
        escalatedLevel: record.data.standing.level,
        lapsed_at: null,
      }
    case 'approval_reassigned':
      return placed(course, record)
    case 'approval_extended':
      return { ...placed(course, record), lapsed_at: null }
    case 'approval_lapsed':
      return { ...placed(course, record), lapsed_at: record.data.lapsed_at }
    default:
      return assertNever(record)
  }
}

/** The course where a record says that it stands. Another deadline than the grace period's end means that this is over. */
function placed(course: Course, record: StandingRecord): Course {
  const { standing } = record.data
  const { level, people, needed, due_at } = standing
  const voted = nextVoted(course.voted, record)
  return { ...course, level, people, voted, needed, due_at, lapsed_at: due_at === course.due_at ? course.lapsed_at : null }
}

const voteOf = (record: JournalRecord<'approval_voted'>): Omit<Vote, 'counts'> => ({
  verdict: record.data.verdict,
  actor: record.actor,
  on_behalf_of: record.data.on_behalf_of,
  level: record.data.level,
  version: record.data.version,
  at: record.at,
  comment: orErased(record, record.content?.comment, null),
})

/** The vote that ended a chain is no record of its own. What the clock, a rule or a withdrawal ended was not voted on. */
function lastVote(decided: Decided): readonly Omit<Vote, 'counts'>[] {
  const { decision, actor, on_behalf_of, level, version, at, comment } = decisionOf(decided)
  if (actor.kind !== 'person' || (decision !== 'approved' && decision !== 'rejected')) return []
  return [{ verdict: decision, actor, on_behalf_of, level, version, at, comment }]
}

function markOf(course: Course, record: JournalRecord<'approval_escalated'>): EscalationMark {
  const { number, reason, from, to, while_away, standing } = record.data
  const earlier = course.escalatedLevel === standing.level ? course.escalation : null
  return { number, reason, original_approvers: earlier?.original_approvers ?? from, to, at: record.at, while_away }
}

function progressOf(levels: ApprovalItem['levels'], level: number, decided: Decided | null): ApprovalItem['progress'] {
  const total = Math.max(1, levels.length)
  if (!decided) return { done: level, current: levels[level]?.name || null, total }
  const { decision } = decided.data
  return { done: decision === 'approved' ? total : (decided.data.level ?? level), current: null, total }
}
