import { join } from 'node:path'
import { appendAll } from './atomic-file.ts'
import type { Storage, StorageFile } from './port.ts'
import { segmentName } from './segments.ts'

/** A torn end: where it began, how long it was, and the name of its copy in the journal's folder. */
export type Torn = { readonly segment: string; readonly offset: number; readonly bytes: number; readonly copy: string }

const copyPattern = /^torn-(\d{8})-(\d+)(?:-\d+)?\.bin$/

/** Copies the unreadable end of a segment aside, and only when the copy is safe cuts it off. */
export async function cutTorn(options: {
  readonly folder: string
  readonly storage: Storage
  readonly file: StorageFile
  readonly segment: number
  readonly end: number
  readonly tail: Buffer
}): Promise<Torn> {
  const { folder, storage, file, segment, end, tail } = options
  const copy = await copyAside(storage, folder, `torn-${segmentName(segment).slice(0, 8)}-${end}`, tail)
  await file.truncate(end)
  return { segment: segmentName(segment), offset: end, bytes: tail.length, copy }
}

async function copyAside(storage: Storage, folder: string, stem: string, tail: Buffer): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    const name = attempt === 1 ? `${stem}.bin` : `${stem}-${attempt}.bin`
    const file = await storage.open(join(folder, name))
    try {
      const size = await file.size()
      const there = Buffer.alloc(size)
      file.readAt(there, 0)
      // An earlier attempt at this copy is completed; the copy of another accident at the same place is left alone.
      if (!tail.subarray(0, size).equals(there)) continue
      await appendAll(file, tail.subarray(size))
      await file.sync()
      await storage.syncDir(folder)
      return name
    } finally {
      await file.close()
    }
  }
}

/** Copies that no `recovered` record names: the application was stopped between cutting and noting. */
export async function unnoted(
  names: readonly string[],
  folder: string,
  noted: ReadonlySet<string>,
  storage: Storage,
): Promise<readonly Torn[]> {
  const found: Torn[] = []
  for (const copy of names) {
    const match = copyPattern.exec(copy)
    if (!match || noted.has(copy)) continue
    const bytes = (await storage.readFile(join(folder, copy))).length
    found.push({ segment: `${match[1]}.jsonl`, offset: Number(match[2]), bytes, copy })
  }
  return found
}
