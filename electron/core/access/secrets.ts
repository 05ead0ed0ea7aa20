import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { replaceFile } from '../journal/atomic-file.ts'
import type { Storage } from '../journal/port.ts'

/** The `whsec_…` secrets that sign outcomes, by source. They are needed in clear, so they live beside the journal and never in it. */
export type Secrets = {
  get(sourceId: string): string | null
  set(sourceId: string, secret: string): Promise<void>
  delete(sourceId: string): Promise<void>
}

/** Reads `<home>/secrets.json` (a missing one is empty); each change replaces the file whole, one after the other. */
export function openSecrets(home: string, storage: Storage): Secrets {
  const path = join(home, 'secrets.json')
  const secrets = new Map(Object.entries(read(path)))
  let writing: Promise<void> = Promise.resolve()
  const write = (): Promise<void> => {
    const next = writing.then(() => replaceFile(storage, path, `${JSON.stringify(Object.fromEntries(secrets), null, 2)}\n`))
    writing = next.catch(() => undefined)
    return next
  }
  return {
    get: (sourceId) => secrets.get(sourceId) ?? null,
    async set(sourceId, secret) {
      secrets.set(sourceId, secret)
      await write().catch((error: unknown) => {
        secrets.delete(sourceId)
        throw error
      })
    },
    async delete(sourceId) {
      if (secrets.delete(sourceId)) await write()
    },
  }
}

function read(path: string): Record<string, string> {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {}
    throw error
  }
  const found: unknown = parse(text)
  const usable = typeof found === 'object' && found !== null && Object.values(found).every((value) => typeof value === 'string')
  if (!usable || Array.isArray(found)) {
    throw new Error(
      `${path} cannot be read. It holds the secrets that sign outcomes; put its last good copy back, or move it away.`,
    )
  }
  return found as Record<string, string>
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
