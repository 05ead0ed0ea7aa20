import type { VoteRule } from '../shared/model/level.ts'
import { allOf, anyOf, inLanguage, many } from './language.ts'

/** What a vote rule means for so many people, in words. */
function ruleInWords(rule: VoteRule, needed: number, people: number): string {
  if (needed <= 1 && (rule === 'any' || people <= 1)) return people === 1 ? 'this answer decides' : 'the first answer decides'
  if (rule === 'all') return people === 2 ? 'both have to approve' : `all ${people} have to approve`
  if (rule === 'any') return 'one approval is enough'
  const share = typeof rule === 'string' ? ` (${rule})` : ''
  return people === 0 ? `${needed} different people have to approve` : `${needed} of ${people}${share} have to approve`
}

const english = {
  chain: {
    title: 'Who decides',
    alone: 'Anybody who may decide here',
    asked: (names: readonly string[]) => allOf(names),
    rule: ruleInWords,
    approvals: (given: number, needed: number) => `${given} of ${needed} ${many(needed, 'approval', 'approvals')}`,
    oneEnds: 'One refusal ends it.',
    state: {
      passed: 'passed',
      current: 'waits for answers now',
      next: 'comes later',
      refused: 'refused',
      unreached: 'was not reached',
      expired: 'was not answered in time',
    },
    votes: { approved: 'approved', rejected: 'refused' },
    forWhom: (who: string, whom: string) => `${who} for ${whom}`,
    lost: 'Given for an earlier version, so it counts no more.',
    row: (done: number, total: number) => `level ${Math.min(done + 1, total)} of ${total}`,
    rowVotes: (given: number, needed: number) => `${given} of ${needed} approved`,
  },
  standing: {
    voted: (verdict: 'approved' | 'rejected', more: number) =>
      verdict === 'approved'
        ? more > 0
          ? `You approved. It waits for ${more} more ${many(more, 'approval', 'approvals')}.`
          : 'You approved. It waits for the others.'
        : 'You refused. It waits for the others.',
    votedFor: (who: string, whom: string) => `${who} answered for ${whom}.`,
    decidesFor: 'Your answer is given',
    asYourself: 'in your own name',
    for: (name: string) => `for ${name}`,
    onlyFor: (name: string) => `You answer for ${name}; both names are recorded.`,
    own: {
      asked: 'This is your own request.',
      changed: 'You changed this request, so it counts as your own.',
      gains: 'You gain by this request, so it counts as your own.',
    },
    ownAllowed: 'The policy lets you approve it all the same; the record will say that requester and approver are one person.',
    ownRefused: 'Somebody else has to approve it; the policy does not let people approve their own.',
    ownUnknown: 'The host will say whether the policy lets you approve it.',
  },
  ruling: {
    none: 'No rule of the policy matched, so a person is asked.',
    asks: (rule: string, version: string) => `A person is asked by the rule “${rule}”, policy ${version}.`,
    row: (verb: string, rule: string) => `${verb} by the rule “${rule}”`,
    decided: (verb: string, rule: string, version: string | null) =>
      version ? `${verb} by the rule “${rule}”, policy ${version}` : `${verb} by the rule “${rule}”`,
  },
  escalation: {
    chip: 'escalated',
    title: (n: number) => (n === 1 ? 'Escalated' : `Escalated ${n} times`),
    besides: (from: readonly string[], to: readonly string[]) =>
      from.length === 0
        ? `${allOf(to)} ${many(to.length, 'is', 'are')} asked as well, because nobody had answered.`
        : `${allOf(from)} had not answered, so ${allOf(to)} ${many(to.length, 'is', 'are')} asked as well.`,
    instead: (from: readonly string[], to: readonly string[]) =>
      from.length === 0
        ? `Nobody answered in time, so ${allOf(to)} ${many(to.length, 'is', 'are')} asked now.`
        : `${allOf(from)} did not answer in time, so ${allOf(to)} ${many(to.length, 'is', 'are')} asked now.`,
    away: 'That moment passed while this computer slept or Countersign was closed.',
  },
  reach: {
    chip: 'too few left',
    title: 'It cannot be approved as it stands',
    card: (missing: number, people: number) =>
      `${missing} more ${many(missing, 'is', 'are')} needed, and ${people === 0 ? 'nobody' : `only ${people}`} of those asked can still approve.`,
  },
  escalates: 'Then others are asked; when nobody is left to ask, it is rejected.',
  lapsed: (at: string, until: string) => `Its time ran out ${at}, while nobody could see it. You can still decide until ${until}.`,
  sentBack: {
    row: (question: string) => `Sent back: ${question}`,
    title: 'Sent back with a question',
    waits: 'It waits for the requester’s answer. It can be decided meanwhile.',
    title2: 'Questions and answers',
  },
  changes: {
    title: 'What was changed',
    version: (n: number) => `Version ${n}`,
    by: { approver: 'changed by', requester: 'revised by' },
    before: 'Before',
    after: 'After',
    nothing: 'nothing',
    takenOut: (n: number) => `${n} ${many(n, 'item', 'items')} taken out`,
    items: 'items',
  },
  stale: {
    title: 'It changed while you were looking',
    text: 'Nothing was decided. This is what is different now:',
    unknown: 'The host knows another version than the one you looked at.',
    again: 'Go on with the changed request',
    hold: 'The request changed while you were looking. Read what is different first.',
    heard: 'You go on with the changed request.',
  },
  items: {
    title: (n: string) => `${n} items`,
    one: '1 item',
    all: (n: string) => `Show all ${n}`,
    fewer: 'Show the first three',
    more: (n: string) => `and ${n} more`,
    next: (n: string) => `Show ${n} more`,
    keep: (title: string) => `Keep ${title}`,
    kept: (kept: string, all: string) => `${kept} of ${all} stay`,
    leaveOut: 'Untick what should not be approved.',
    everything: 'Tick all',
    nothing: 'Untick all',
    data: (title: string) => `Data of ${title}`,
    approveSome: (kept: string, all: string) => `Approve ${kept} of ${all}`,
    noneKept: 'Nothing is ticked. Tick what should be approved, or reject the whole.',
  },
  act: {
    edit: 'Edit',
    part: 'Approve a part',
    partItems: 'Choose items',
    sendBack: 'Send back',
    reassign: 'Hand to somebody else',
    extend: 'Give it more time',
    cancel: 'Cancel the request',
    more: 'More',
    options: 'Other answers',
    working: 'Storing…',
    storing: { approved: 'Approving…', rejected: 'Rejecting…', sent_back: 'Sending back…', cancelled: 'Cancelling…' },
  },
  done: {
    approved: (title: string) => `Approved: ${title}`,
    rejected: (title: string) => `Rejected: ${title}`,
    counted: (title: string) => `Your answer counts; others are asked too: ${title}`,
    sent_back: (title: string) => `Sent back with your question: ${title}`,
    cancelled: (title: string) => `Cancelled: ${title}`,
    extended: (until: string) => `It can be decided until ${until}.`,
    reassigned: (names: readonly string[]) => `It waits for ${anyOf(names)} now.`,
  },
  approve: {
    title: { approve: 'Approve this request', edit: 'Edit and approve', part: 'Approve a part', option: 'Give this answer' },
    confirm: { approve: 'Approve it', edit: 'Approve with these changes', part: 'Approve this part' },
    unchanged: 'Nothing is changed yet.',
    editHelp: 'The request lets you change these. What you leave alone stays exactly as it came.',
    difference: 'What you change',
    leftOut: 'What you leave out',
    amount: 'Amount to approve',
    amountHelp: (all: string) => `At most ${all}.`,
    amountTooLarge: (all: string) => `It must be at most ${all}.`,
    amountNeeded: 'Write an amount larger than zero.',
    amountUnclear: 'Write it without separators between thousands, such as 1240.50.',
    form: 'The sender asks for',
    comment: 'Comment',
    commentHelp: 'Goes into the record and to the sender. May stay empty.',
    resets: 'Your change makes a new version: answers of others for this one count no more.',
    restarts: 'Your change makes a new version, which goes through every level again.',
    yes: 'Yes',
    no: 'No',
    choose: 'Choose…',
    json: 'Written as JSON',
    optional: 'optional',
    problem: {
      required: 'Fill this in.',
      number: 'Write a number, such as 1240.5.',
      digits: 'These are more digits than a number here can hold exactly.',
      integer: 'Write a whole number.',
      json: 'This is no valid JSON.',
    },
  },
  sendBack: {
    title: 'Send it back with a question',
    question: 'Question',
    help: 'The requester reads this and answers or changes the request. It stays open meanwhile.',
    needed: 'Write what you want to know.',
    confirm: 'Send back',
  },
  reassign: {
    title: 'Hand it to somebody else',
    to: 'To whom',
    help: (inYourPlace: boolean) =>
      `E-mail addresses or groups such as group:finance, with commas between them. They are asked ${inYourPlace ? 'in your place' : 'instead of those asked now'}.`,
    needed: 'Name at least one person or group.',
    known: 'Known here',
    confirm: 'Hand over',
  },
  cancel: {
    title: 'Cancel this request?',
    text: 'It ends as cancelled: neither approved nor rejected. The sender is told.',
    reason: 'Reason',
    confirm: 'Cancel the request',
    keep: 'Keep it',
  },
  extend: {
    label: 'More time',
    hours: [
      [1, '+1 h', 'one hour more'],
      [4, '+4 h', 'four hours more'],
      [24, '+1 day', 'one day more'],
    ] as readonly (readonly [number, string, string])[],
  },
  outcome: {
    for: (whom: string) => `for ${whom}`,
    level: (name: string, at: number, total: number) => (total > 1 ? `at level ${at} of ${total}, ${name}` : `at ${name}`),
    option: (label: string) => `Answer: ${label}`,
    form: 'What was filled in',
    away: 'Its time ran out while this computer slept or Countersign was closed.',
    unanswered: 'Rejected: nobody answered in time',
    results: 'Each item',
    itemStatus: {
      processed: 'done',
      completed: 'done',
      approved: 'approved',
      failed: 'failed',
      rejected: 'rejected',
      left_out: 'left out',
      expired: 'expired',
      cancelled: 'cancelled',
    } as Readonly<Record<string, string>>,
  },
} as const

/** Every sentence about deciding together, changing, and what else can be answered than yes and no. */
export const td = inLanguage('td', english)
