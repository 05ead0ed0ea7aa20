import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createAccess, type LocalAccess } from '../../../electron/core/access/access.ts'
import { type Commit, joinFollowers } from '../../../electron/core/commit.ts'
import { fileStorage } from '../../../electron/core/journal/file-storage.ts'
import { openJournal } from '../../../electron/core/journal/journal.ts'
import type { Journal, Storage } from '../../../electron/core/journal/port.ts'
import { UndoLog } from '../../../electron/core/table.ts'
import type { Actor, Person } from '../../../shared/model/actor.ts'
import { FakeClock } from '../../support/fake-clock.ts'

export const ana: Person = { email: 'ana@example.com', name: 'Ana' }
export const admin: Actor = { kind: 'person', id: ana.email, name: ana.name, via: 'cli' }

export type AccessScene = {
  readonly access: LocalAccess
  readonly clock: FakeClock
  readonly journal: Journal
  readonly home: string
  close(): Promise<void>
}

const newHome = (): string => mkdtempSync(join(tmpdir(), 'countersign-access-'))

/** Access over a real journal in a real folder. Opened again over the same home, it knows what the journal knows. */
export async function openAccessScene(
  options: { readonly home?: string; readonly owner?: Person | null; readonly storage?: Storage; readonly clock?: FakeClock } = {},
): Promise<AccessScene> {
  const { home = newHome(), owner = ana, storage = fileStorage, clock = new FakeClock() } = options
  const undo = new UndoLog()
  let commit!: Commit
  const access = createAccess({ home, undo, commit: () => commit, owner: () => owner, clock, storage })
  const { journal } = await openJournal({
    folder: join(home, 'journal'),
    storage,
    clock,
    replay: (record, position) => access.apply(record, position),
  })
  commit = joinFollowers(journal, undo, [access])
  return { access, clock, journal, home, close: () => journal.close() }
}

export const removeHome = (home: string): Promise<void> => rm(home, { recursive: true, force: true })
