import { inLanguage } from './language.ts'

const english = {
  next: 'Next request',
  previous: 'Previous request',
  open: 'Read the request',
  arrivals: 'Show new requests',
  search: 'Search',
  approve: 'Approve',
  reject: 'Reject, with a reason',
  comment: 'Write a comment',
  edit: 'Edit and approve',
  part: 'Approve a part, or some of the items',
  option: 'Answers of the sender’s own',
  send_back: 'Send back with a question',
  behalf: 'Choose for whom you answer',
  reassign: 'Hand to somebody else',
  extend: 'Give it more time',
  cancel: 'Cancel the request',
  more: 'What else can be done with it',
  look_again: 'Go on with a request that changed',
  inbox: 'Inbox',
  done: 'Done',
  review: 'Needs review',
  runs: 'Runs',
  policy: 'Policy',
  people: 'People',
  workflows: 'Workflows',
  settings: 'Settings',
  help: 'Show all keys',
  title: 'Keys',
  group: { Move: 'Move', Decide: 'Decide', Go: 'Go' },
  note: 'In a form, Ctrl or ⌘ with ↵ sends what is filled in. Esc closes what is open and never decides. Letter case does not matter.',
} as const

/** What each key does, and the sheet that lists them. */
export const tk = inLanguage('tk', english)
