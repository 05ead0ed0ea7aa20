import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { onTestFinished } from 'vitest'
import type { Clock } from '../../../electron/core/clock.ts'
import { fileStorage } from '../../../electron/core/journal/file-storage.ts'
import { type OpenJournal, openJournal } from '../../../electron/core/journal/journal.ts'
import type { Opened, Position } from '../../../electron/core/journal/port.ts'
import type { JournalRecord, NewEvent } from '../../../shared/model/event.ts'

/** Stands still: the journal never looks at the time but to write it down. */
export const stillClock: Clock = { now: () => Date.UTC(2026, 10, 21, 9), after: () => () => undefined }

export function tempFolder(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'countersign-journal-'))
  onTestFinished(() => fs.rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** The n-th step of a run, with text that is more than ASCII. */
export const stepEvent = (n: number, result: unknown = `Ergebnis ${n} – ✓`): NewEvent => ({
  type: 'step_completed',
  actor: { kind: 'system', id: 'engine', via: 'engine' },
  run_id: `run_${n}`,
  data: { step: `step ${n}`, attempt: 1 },
  content: { result },
})

/** An event without content. */
export const retryEvent = (n: number): NewEvent => ({
  type: 'run_retried',
  actor: { kind: 'person', id: 'ada@example.com', name: 'Ada', via: 'browser' },
  run_id: `run_${n}`,
  data: {},
  content: null,
})

export type Replayed = { readonly record: JournalRecord; readonly position: Position }

/** Opens a journal and keeps what it replays. */
export async function open(
  folder: string,
  options: Partial<OpenJournal> = {},
): Promise<Opened & { readonly replayed: readonly Replayed[] }> {
  const replayed: Replayed[] = []
  const opened = await openJournal({
    folder,
    storage: fileStorage,
    clock: stillClock,
    replay: (record, position) => replayed.push({ record, position }),
    ...options,
  })
  return { ...opened, replayed }
}

/** Writes steps 1 to `count` one by one, so that each has its own write, and closes. */
export async function writeSteps(folder: string, count: number, options: Partial<OpenJournal> = {}): Promise<void> {
  const { journal } = await open(folder, options)
  for (let n = 1; n <= count; n++) await journal.synced(journal.append(stepEvent(n)).record.seq)
  await journal.close()
}

export const segment = (folder: string, number: number): string => path.join(folder, `${String(number).padStart(8, '0')}.jsonl`)

/** The lines of a segment, newlines included. */
export const linesOf = (file: string): string[] => fs.readFileSync(file, 'utf8').match(/[^\n]*\n/g) ?? []

/** What was asked for, without what the journal adds. */
export const asWritten = ({ seq: _seq, at: _at, ...event }: JournalRecord): NewEvent => event as NewEvent
