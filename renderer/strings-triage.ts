import { inLanguage } from './language.ts'

const said = { approved: 'Approved', rejected: 'Rejected', sent_back: 'Sent back', cancelled: 'Cancelled' } as const

const english = {
  undo: {
    label: 'Answers that can be undone',
    said,
    done: (verb: string, title: string) => `${verb}: ${title}`,
    leaves: (time: string) => `leaves in ${time}`,
    leaving: 'is leaving',
    undo: 'Undo',
    undone: (title: string) => `Taken back: ${title}. It waits again.`,
    nothing: 'There is no answer to undo.',
    heard: (verb: string, title: string, time: string) => `${verb}: ${title}. It can be undone for ${time}.`,
    mine: (verb: string) => `You answered: ${verb}.`,
    theirs: (who: string, verb: string) => `${who} answered: ${verb}.`,
    until: 'Nothing has left yet; the sender sees it as waiting.',
    row: (verb: string) => `${verb}, can be undone`,
  },
  advance: {
    title: 'After an answer, go on to the next request',
    help: 'Otherwise the request that was answered stays open.',
  },
  snooze: {
    act: 'Set aside',
    title: 'Set aside until',
    help: 'It leaves the inbox for you alone, and comes back unread.',
    hours: (n: number) => (n === 1 ? 'In one hour' : `In ${n} hours`),
    tomorrow: 'Tomorrow morning',
    monday: 'Monday morning',
    change: 'Until something happens to it',
    other: 'Another time',
    also: 'Or sooner, if something happens to it',
    set: 'Set aside',
    past: (due: string) => `Its deadline is before that, ${due}.`,
    pastSet: 'Set aside past its deadline',
    needed: 'Choose a time that is still to come.',
    until: (when: string) => `Set aside until ${when}.`,
    untilChange: 'Set aside until something happens to it.',
    chip: (when: string) => `back ${when}`,
    chipChange: 'back on change',
    back: 'Take up again',
    isBack: 'It is back in the inbox.',
    note: (when: string) => `You set this aside; it is back ${when}.`,
    noteChange: 'You set this aside; it is back when something happens to it.',
  },
  watch: {
    act: 'Tell me what becomes of it',
    stop: 'Stop telling me about it',
    on: 'You are told what becomes of it.',
    off: 'You are no longer told about it.',
    chip: 'watched',
    ended: (title: string, outcome: string) => `${title}: ${outcome}`,
  },
  remark: { post: 'Post without answering', posted: 'Your remark is in the timeline.' },
} as const

/** What is done with requests besides reading and answering them. */
export const tt = inLanguage('tt', english)
