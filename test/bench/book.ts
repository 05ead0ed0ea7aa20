import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { systemClock } from '../../electron/core/clock.ts'
import { fileStorage } from '../../electron/core/journal/file-storage.ts'
import { createDirectory } from '../../electron/core/people/directory.ts'
import { openPolicyBook } from '../../electron/core/policy/book.ts'
import type { PolicyBook } from '../../electron/core/policy/port.ts'
import { openSettings } from '../../electron/core/settings/settings.ts'
import { ok } from '../../shared/model/result.ts'
import { ownerEmail, silentLog } from '../support/app.ts'

/** The policy of a home as the application reads it, with the people of that home; `text` is put in its place first. */
export async function openBook(home: string, text?: string): Promise<PolicyBook> {
  const file = join(home, 'policy.yaml')
  if (text !== undefined) writeFileSync(file, text)
  const settings = await openSettings({
    configFile: join(home, 'config.yaml'),
    storage: fileStorage,
    owner: ownerEmail,
  })
  return openPolicyBook({
    file,
    clock: systemClock,
    directory: createDirectory(settings, systemClock),
    owner: () => settings.config.owner,
    record: async () => ok(null),
    log: silentLog,
  })
}
