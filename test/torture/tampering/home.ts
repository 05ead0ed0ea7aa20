import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openCheckpoints } from '../../../electron/core/journal/checkpoints.ts'
import { fileStorage } from '../../../electron/core/journal/file-storage.ts'
import { openJournal } from '../../../electron/core/journal/journal.ts'
import { segmentOf } from '../../../electron/core/journal/port.ts'
import { type Verified, verifyJournal } from '../../../electron/core/journal/verify.ts'
import type { Actor } from '../../../shared/model/actor.ts'
import type { NewEvent } from '../../../shared/model/event.ts'

/** The journal's files and the checkpoints by name: `00000001.jsonl` and so on, and `checkpoints.jsonl`. */
export type Files = ReadonlyMap<string, Buffer>

export const pointsName = 'checkpoints.jsonl'
const segmentBytes = 6_000
const clock = { now: () => Date.UTC(2026, 10, 21, 9), after: () => () => undefined }
const ana: Actor = { kind: 'person', id: 'ana@example.com', name: 'Ana', via: 'browser', credential: 'tok_ana', address: '::1' }

/** A journal of several segments with signed heads, in a folder of its own. */
export class TamperedHome {
  readonly folder = mkdtempSync(join(tmpdir(), 'countersign-tampering-'))
  readonly journal = join(this.folder, 'journal')
  readonly checkpoints = { file: join(this.folder, pointsName), keyFile: join(this.folder, 'checkpoint.key') }

  /** Writes so many runs in one life of the application; the second one of each four is erased where that is wanted. */
  async live(runs: number, from: number, erase: boolean): Promise<void> {
    const { file, keyFile } = this.checkpoints
    const checkpoints = await openCheckpoints({ file, keyFile, storage: fileStorage, clock })
    const opened = await openJournal({
      folder: this.journal,
      storage: fileStorage,
      clock,
      replay: () => {},
      segmentBytes,
      checkpoints,
    })
    const { journal } = opened
    const gone: string[] = []
    const segments = new Set<number>()
    for (let n = from; n < from + runs; n++) {
      for (const event of eventsOf(n)) segments.add(segmentOf(journal.append(event).position))
      if (erase && n % 4 === 1) gone.push(`run_${n}`)
      await journal.synced(journal.head.seq)
    }
    if (gone.length > 0) {
      journal.startSegment()
      const data = { reason: 'They asked for it.' }
      for (const run_id of gone) journal.append({ type: 'run_erased', actor: ana, run_id, data, content: null })
      await journal.synced(journal.head.seq)
      await journal.blank([...segments], (record) => 'run_id' in record && gone.includes(record.run_id))
    }
    await journal.close()
  }

  files(): Files {
    const names = readdirSync(this.journal).filter((name) => name.endsWith('.jsonl'))
    const found = names.sort().map((name) => [name, readFileSync(join(this.journal, name))] as const)
    return new Map([...found, [pointsName, readFileSync(this.checkpoints.file)]])
  }

  /** Puts these files there instead of those that are. */
  put(before: Files, after: Files): void {
    for (const name of before.keys()) if (!after.has(name)) rmSync(this.#path(name))
    for (const [name, bytes] of after) if (before.get(name) !== bytes) writeFileSync(this.#path(name), bytes)
  }

  verify(): Promise<Verified> {
    return verifyJournal(this.journal, { checkpoints: this.checkpoints, erasures: 'recorded' })
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }

  #path(name: string): string {
    return name === pointsName ? this.checkpoints.file : join(this.journal, name)
  }
}

/** What a run writes: with content and without, with more than ASCII, and with what a flipped bit makes a zero or a line's end. */
function eventsOf(n: number): readonly NewEvent[] {
  const run_id = `run_${n}`
  const engine: Actor = { kind: 'system', id: 'engine', via: 'engine' }
  return [
    {
      type: 'step_completed',
      actor: engine,
      run_id,
      data: { step: `fetch ${n}`, attempt: 1 },
      content: { result: { to: `Zoë <zoe+${n}@example.com>`, note: 'J*J @ "quoted" – ✓', amount: n * 12.5 } },
    },
    { type: 'run_retried', actor: ana, run_id, data: {}, content: null },
    { type: 'step_completed', actor: engine, run_id, data: { step: `pay ${n}`, attempt: n }, content: { result: `Paid ${n}.` } },
  ]
}
