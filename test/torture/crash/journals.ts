import { createHash } from 'node:crypto'
import type { Checkpoints } from '../../../electron/core/journal/checkpoints.ts'
import { openJournal } from '../../../electron/core/journal/journal.ts'
import { type ErasableJournal, JournalError } from '../../../electron/core/journal/port.ts'
import type { JournalRecord, NewEvent } from '../../../shared/model/event.ts'
import { contentsOf, type DiskState } from './disk.ts'
import type { Life } from './lives.ts'

export const home = '/home'
const journalFolder = '/home/journal'

/** Stands still: a disk does not care about the time. */
export const stillClock = { now: () => Date.UTC(2026, 10, 21, 9), after: () => () => undefined }

/** Some sectors long, and of another length each. */
export const step = (run: string, length = 0): NewEvent => ({
  type: 'step_completed',
  actor: { kind: 'system', id: 'engine', via: 'engine' },
  run_id: run,
  data: { step: `step ${length} of ${run}`, attempt: 1 },
  content: { result: `said by ${run} – ✓${'.'.repeat(length)}` },
})

/** What a record is known by. Its content is bound to it by the chain. */
const nameOf = (record: JournalRecord): string => {
  const what = record.type === 'step_completed' ? record.data.step : 'run_id' in record ? record.run_id : ''
  return `${record.seq} ${record.type} ${what}`
}

type Open = { readonly journal: ErasableJournal; readonly records: readonly JournalRecord[] }

/** Opens the journal with the real recovery and compares what it found with what was asked for and acknowledged before. */
export async function openChecked(life: Life, options: { segmentBytes?: number; checkpoints?: Checkpoints } = {}): Promise<Open> {
  const records: JournalRecord[] = []
  const { journal } = await openJournal({
    folder: journalFolder,
    storage: life.storage,
    clock: stillClock,
    replay: (record) => void records.push(record),
    ...options,
  })
  const names = records.map(nameOf)
  const there = new Set(names)
  for (const fact of life.kept.filter((name) => /^\d/.test(name)))
    if (!there.has(fact)) life.wrong(`acknowledged and lost: ${fact}`)
  for (const record of records) {
    if (record.type === 'recovered') life.keep(nameOf(record))
    else if (life.refused.has(nameOf(record))) life.wrong(`refused, and it is there: ${nameOf(record)}`)
    else if (!life.tried.has(nameOf(record))) life.wrong(`nobody wrote ${nameOf(record)}`)
  }
  for (const fact of life.tried) {
    if (!fact.startsWith('commit ')) continue
    const parts = fact.slice(7).split('|')
    const found = parts.filter((name) => there.has(name)).length
    if (found > 0 && found < parts.length) life.wrong(`half a commit, ${found} of ${parts.length}: ${parts[0]}`)
  }
  for (const problem of chainProblems(life.state())) life.wrong(problem)
  return { journal, records }
}

/** Appends these in one turn; they are acknowledged or refused together. Answers which. */
export async function append(life: Life, journal: ErasableJournal, events: readonly NewEvent[]): Promise<boolean> {
  const names: string[] = []
  try {
    for (const [n, event] of events.entries()) names.push(nameOf(journal.append(event, events.length - 1 - n).record))
    for (const name of names) life.try(name)
    life.try(`commit ${names.join('|')}`)
    await journal.synced(journal.head.seq)
    for (const name of names) life.keep(name)
    return true
  } catch (error) {
    if (!life.faulty || !(error instanceof JournalError)) throw error
    // A disk that broke may keep what it said it would not; a full one, or one that refused a write, must not.
    if (error.code === 'read-only') return false
    for (const name of names) life.refuse(name)
    return false
  }
}

const hashOf = (text: string | Buffer) => createHash('sha256').update(text).digest('hex')

/** Follows the chain through the bytes of the segments, with nothing of the application's own reader. */
export function chainProblems(state: DiskState): readonly string[] {
  const files = [...contentsOf(state)].filter(([path]) => /\/\d{8}\.jsonl$/.test(path)).sort(([a], [b]) => (a < b ? -1 : 1))
  let before = '0'.repeat(64)
  let seq = 0
  const problems: string[] = []
  for (const [path, bytes] of files) {
    const lines = bytes.toString('latin1').split('\n')
    if (lines.pop() !== '') problems.push(`${path} ends in the middle of a line`)
    for (const line of lines) {
      seq++
      const match = /^\{"hash":"([0-9a-f]{64})","head":(\d+),/.exec(line)
      const chained = match && line.slice(match[0].length, match[0].length + Number(match[2]))
      const own = match && hashOf(Buffer.from(before + chained, 'latin1'))
      if (!match || own !== match[1] || !chained!.startsWith(`"seq":${seq},`)) {
        problems.push(`${path}: the chain breaks at record ${seq}`)
        return problems
      }
      const said = /"content_sha256":"([0-9a-f]{64})"/.exec(chained!)?.[1]
      const content = line.slice(match[0].length + chained!.length, -1).replace(/^,"content":/, '')
      const blank = content.trimEnd() === 'null'
      if (said && !blank && hashOf(Buffer.from(content, 'latin1')) !== said)
        problems.push(`${path}: record ${seq} says something else`)
      before = own
    }
  }
  return problems
}
