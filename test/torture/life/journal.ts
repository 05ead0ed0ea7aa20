import { createReadStream, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { JournalRecord } from '../../../shared/model/event.ts'

/** What the files of a journal say, counted without a line of the application's own reading. */
export type Counted = {
  readonly records: number
  /** Runs by the key that was somewhere in what was sent. */
  readonly started: ReadonlyMap<string, readonly string[]>
  /** Ends by run, answers by approval, and texts of remarks and revisions, by how often each is there. */
  readonly ended: ReadonlyMap<string, number>
  readonly decided: ReadonlyMap<string, number>
  readonly voted: ReadonlyMap<string, number>
  readonly said: ReadonlyMap<string, number>
  readonly steps: ReadonlyMap<string, number>
}

const add = (counts: Map<string, number>, key: string) => counts.set(key, (counts.get(key) ?? 0) + 1)

export async function countJournal(home: string): Promise<Counted> {
  const started = new Map<string, string[]>()
  const ended = new Map<string, number>()
  const decided = new Map<string, number>()
  const voted = new Map<string, number>()
  const said = new Map<string, number>()
  const steps = new Map<string, number>()
  let records = 0
  const count = (record: JournalRecord, line: string) => {
    records++
    switch (record.type) {
      case 'run_started': {
        const key = record.data.parent === undefined ? /ask-[0-9a-f-]{36}/.exec(line)?.[0] : undefined
        if (key !== undefined) started.set(key, [...(started.get(key) ?? []), record.run_id])
        return
      }
      case 'run_completed':
      case 'run_cancelled':
      case 'run_failed':
        return void add(ended, record.run_id)
      case 'step_completed':
        return void add(steps, `${record.run_id} ${record.data.step}`)
      case 'approval_decided':
        return void add(decided, record.approval_id)
      case 'approval_voted':
        return void add(voted, record.approval_id)
      case 'approval_commented':
        return void add(said, record.content?.comment ?? '')
      case 'approval_changed':
        // What an approver edits later still has the sender's words.
        return record.data.by === 'requester' ? void add(said, record.content?.asked.description ?? '') : undefined
      default:
    }
  }
  const folder = join(home, 'journal')
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.jsonl'))) {
    for await (const line of createInterface({ input: createReadStream(join(folder, file)) })) {
      // The last line may have been cut off by a kill; recovery has not run yet, or has cut it.
      try {
        count(JSON.parse(line) as JournalRecord, line)
      } catch {}
    }
  }
  return { records, started, ended, decided, voted, said, steps }
}

export function journalBytes(home: string): number {
  const folder = join(home, 'journal')
  return readdirSync(folder).reduce((sum, file) => sum + statSync(join(folder, file)).size, 0)
}
