type Who = { readonly who: string }
/** What somebody wrote, behind the sentence; `erased` where it was. */
type Tail = { readonly words: string | null; readonly erased?: boolean | undefined }
type Step = { readonly step: string }
type Attempt = { readonly attempt: number }
/** Whoever acts, and for whom where it is somebody else. */
type For = Who & { readonly whom: string | null }
type Maybe = string | null

const tail = ({ words, erased }: Tail): string => (erased ? ': (erased)' : words ? `: ${words}` : '')
const byFor = ({ who, whom }: For): string => (whom === null ? who : `${who} for ${whom}`)
const onceMore = (attempt: number): string => (attempt > 1 ? ` (attempt ${attempt})` : '')
const own = (self: boolean): string => (self ? ' (own request)' : '')
const away = (while_away: boolean): string => (while_away ? ' (while nothing ran here)' : '')
const heldWords = { approved: 'approve', rejected: 'reject', sent_back: 'send back', cancelled: 'cancel' } as const
const childEnds = { completed: 'completed', failed: 'failed', cancelled: 'was cancelled' } as const

/** What happened between a question and its end. */
const approvals = {
  asked: ({ whom, due_at }: { readonly whom: readonly string[]; readonly due_at: Maybe }) =>
    `Asked ${whom.length > 0 ? whom.join(', ') : 'for approval'}${due_at ? `, until ${due_at}` : ''}`,
  voted: ({ verdict, self, ...rest }: For & Tail & { readonly verdict: 'approved' | 'rejected'; readonly self: boolean }) =>
    `${byFor(rest)} ${verdict}${own(self)}${tail(rest)}`,
  changed: ({ who, version, ...rest }: Who & Tail & { readonly version: number }) =>
    `Changed by ${who}, version ${version}${tail(rest)}`,
  sent_back: ({ who, ...rest }: Who & Tail) => `Sent back by ${who}${tail(rest)}`,
  answered: ({ who, ...rest }: Who & Tail) => `Answered by ${who}${tail(rest)}`,
  escalated: ({ to, reason, while_away }: Escalated) =>
    `Escalated to ${to.join(', ')}: ${reason === 'timeout' ? 'the time was up' : 'nobody had answered yet'}${away(while_away)}`,
  reassigned: ({ who, to, ...rest }: Who & Tail & { readonly to: readonly string[] }) =>
    `Handed to ${to.join(', ')} by ${who}${tail(rest)}`,
  extended: ({ who, due_at, ...rest }: Who & Tail & { readonly due_at: Maybe }) =>
    `${due_at ? `Extended until ${due_at}` : 'Given all the time'} by ${who}${tail(rest)}`,
  lapsed: ({ lapsed_at, due_at }: { readonly lapsed_at: string; readonly due_at: Maybe }) =>
    `The time was up at ${lapsed_at}, while nothing ran here${due_at ? `; can be answered until ${due_at}` : ''}`,
  reminded: ({ due_at }: { readonly due_at: string }) => `Reminded those asked: due ${due_at}`,
  held: ({ said, release_at, ...rest }: For & Tail & { readonly said: keyof typeof heldWords; readonly release_at: string }) =>
    `${byFor(rest)} answered: ${heldWords[said]}; can be undone until ${release_at}${tail(rest)}`,
  undone: ({ who }: Who) => `${who} took the answer back`,
  void: () => 'The answer is void: what it said was erased',
  remarked: ({ who, ...rest }: Who & Tail) => `${who} remarked${tail(rest)}`,
  watched: ({ who, watching }: Who & { readonly watching: boolean }) =>
    `${who} ${watching ? 'watches it' : 'no longer watches it'}`,
  unsnoozed: ({ who }: Who) => `${who} took it up again`,
  snoozed: ({ who, until, on_change }: Who & { readonly until: Maybe; readonly on_change: boolean }) => {
    const ends = [until && `until ${until}`, on_change && 'until something changes'].filter(Boolean).join(' or ')
    return `${who} set it aside ${ends}`
  },
  approved: ({ self, option, ...rest }: Decided & { readonly self: boolean }) =>
    `Approved by ${decider(rest)}${own(self)}${option === null ? '' : `, ${option}`}${tail(rest)}`,
  rejected: ({ option, ...rest }: Decided) => `Rejected by ${decider(rest)}${option === null ? '' : `, ${option}`}${tail(rest)}`,
  approved_because: ({ rule }: { readonly rule: string }) => `Approved by the rule ${rule}:`,
  rejected_because: ({ rule }: { readonly rule: string }) => `Rejected by the rule ${rule}:`,
  expired: ({ while_away }: { readonly while_away: boolean }) => `Expired: nobody answered in time${away(while_away)}`,
  cancelled: ({ by, ...rest }: Tail & { readonly by: Maybe }) => `Approval cancelled${by === null ? '' : ` by ${by}`}${tail(rest)}`,
  summarised: ({ risk }: { readonly risk: 'low' | 'medium' | 'high' | null }) =>
    `Summary written${risk === null ? '' : `, risk ${risk}`}`,
  no_summary_because: () => 'No summary by the model:',
  no_summary: (rest: Tail) => `No summary by the model${tail(rest)}`,
}

type Escalated = { readonly to: readonly string[]; readonly reason: 'no_answer' | 'timeout'; readonly while_away: boolean }
type Decided = For & Tail & { readonly rule: Maybe; readonly option: Maybe }

const decider = ({ rule, ...rest }: For & { readonly rule: Maybe }): string => (rule === null ? byFor(rest) : `the rule ${rule}`)

/** What happened to a run besides. */
const runs = {
  submitted: ({ who, ...rest }: Who & Tail) => `Submitted by ${who}${tail(rest)}`,
  step_done: ({ step, attempt }: Step & Attempt) => `Step ${step} done${onceMore(attempt)}`,
  step_failed: ({ step, attempt, retry_at, ...rest }: Step & Attempt & Tail & { readonly retry_at: Maybe }) =>
    `Step ${step} failed (attempt ${attempt})${tail(rest)}${retry_at ? `; retries at ${retry_at}` : ''}`,
  sleeps: ({ due_at }: { readonly due_at: string }) => `Sleeps until ${due_at}`,
  woke: ({ step }: Step) => `Woke up from ${step}`,
  signal_awaited: ({ signal, due_at }: { readonly signal: string; readonly due_at: Maybe }) =>
    `Waits for ${signal}${due_at ? ` until ${due_at}` : ''}`,
  signal_received: ({ signal, who }: Who & { readonly signal: string }) => `Received ${signal} from ${who}`,
  signal_lapsed: ({ step }: Step) => `Nothing came for ${step} in time`,
  child_started: ({ workflow, child }: { readonly workflow: string; readonly child: string }) =>
    `Started ${workflow} and waits for it (${child})`,
  child_ended: ({ child, status, ...rest }: Tail & { readonly child: string; readonly status: keyof typeof childEnds }) =>
    `${child} ${childEnds[status]}${tail(rest)}`,
  progress: ({ done, total, ...rest }: Tail & { readonly done: number | null; readonly total: number | null }) =>
    `Progress${done === null ? '' : ` ${done}${total === null ? '' : ` of ${total}`}`}${tail(rest)}`,
  cancelling: ({ who, ...rest }: Who & Tail) => `Cancelled by ${who}${tail(rest)}; cleans up`,
  completed: () => 'Completed',
  failed: (rest: Tail) => `Failed${tail(rest)}`,
  run_cancelled: ({ who, ...rest }: Who & Tail) => `Cancelled by ${who}${tail(rest)}`,
  needs_review: ({ step, ...rest }: Tail & { readonly step: Maybe }) =>
    `Needs review${step ? ` at step ${step}` : ''}${tail(rest)}`,
  parked: ({ step }: { readonly step: Maybe }) => (step ? `Goes on waiting for ${step}` : 'Goes on waiting'),
  cleanup: ({ step }: Step) => `Will do ${step} should it be cancelled`,
  resumed: ({ step }: { readonly step: Maybe }) => (step ? `Works at ${step}` : 'Goes on with other work'),
  retried: ({ who }: Who) => `Retried by ${who}`,
  delivery_queued: ({ url }: { readonly url: string }) => `Outcome is sent to ${url}`,
  delivered: ({ attempt }: Attempt) => `Outcome delivered${onceMore(attempt)}`,
  delivery_dead: ({ attempt, ...rest }: Attempt & Tail) => `Delivery given up (attempt ${attempt})${tail(rest)}`,
  delivery_failed: ({ attempt, next_at, ...rest }: Attempt & Tail & { readonly next_at: Maybe }) =>
    `Delivery failed (attempt ${attempt})${tail(rest)}${next_at ? `; retries at ${next_at}` : ''}`,
  delivery_requeued: ({ who }: Who) => `Delivery put back into the outbox by ${who}`,
  signed_in: ({ who }: Who) => `${who} signed in`,
  token_created: ({ who, name }: Who & { readonly name: string }) => `Token ${name} made by ${who}`,
  token_revoked: ({ who, token }: Who & { readonly token: string }) => `Token ${token} revoked by ${who}`,
  settings_changed: ({ who, paths }: Who & { readonly paths: readonly string[] }) => `${who} changed ${paths.join(', ')}`,
  erased: ({ who, reason, days }: Who & { readonly reason: string; readonly days: number | null }) =>
    days === null ? `Erased by ${who}: ${reason}` : `Erased: kept for ${days} days`,
  erasure_completed: ({ records }: { readonly records: number }) => `What was erased is gone from the files (${records} records)`,
  recovered: ({ bytes, segment }: { readonly bytes: number; readonly segment: string }) =>
    `Recovered: ${bytes} unreadable bytes at the end of ${segment} were set aside`,
  clock_skew: ({ last_at }: { readonly last_at: string }) => `The clock went back: the record before is of ${last_at}`,
}

type Waiting = { readonly people: readonly string[]; readonly more: number; readonly level: Maybe; readonly at: number }

const ordinal = (n: number): string => `${n}${n === 2 ? 'nd' : n === 3 ? 'rd' : 'th'}`
const timesText = (n: number): string => (n === 1 ? 'once' : n === 2 ? 'twice' : `${n} times`)

/** Where a stage of a run is. */
export const stage = {
  given_up: () => 'Given up',
  ended_before: () => 'The run ended before',
  done: ({ attempts }: { readonly attempts: number }) => (attempts === 1 ? 'Done' : `Done at the ${ordinal(attempts)} attempt`),
  failed: ({ attempts, again }: { readonly attempts: number; readonly again: boolean }) =>
    `Failed ${timesText(attempts)}${again ? ', tries again' : ''}`,
  at_work: () => 'At work',
  tried_again: ({ who }: Who) => `Tried again by ${who}`,
  waits_for_answer: ({ who }: Who) => `Waits for an answer to ${who}`,
  waits_for_people: ({ people, more, level, at, of }: Waiting & { readonly of: number }) => {
    const where = of > 1 ? ` (${level ?? 'level'}, ${at} of ${of})` : ''
    return `Waits for ${people.join(', ') || 'anybody who may decide'}${more > 0 ? ` and ${more} more` : ''}${where}`
  },
  sleeps: () => 'Sleeps',
  slept: () => 'Slept',
  waits_for: ({ what }: { readonly what: string }) => `Waits for ${what}`,
  nothing_came: () => 'Nothing came in time',
  child_completed: () => 'Completed',
  child_failed: () => 'Failed',
  child_cancelled: () => 'Cancelled',
  received: ({ who, early }: Who & { readonly early: boolean }) => `From ${who}${early ? ', before it was waited for' : ''}`,
} as const

/** One line of a run's timeline. */
export const timeline = { ...approvals, ...runs } as const
