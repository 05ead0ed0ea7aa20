import { basename, dirname } from 'node:path'
import { type DiskState, take } from './disk.ts'

/** What makes each legal outcome: `pick` one of so many, and where inside of a sector the write broke off. */
export type Choices = { pick(options: number): number; cut(): number }

const sector = 512

/**
 * One of the disks that a power cut may leave. Of the names that changed since their folder was synced any may be there or not; of the
 * sectors that were written since their file was synced each is as before, as at any time since, or torn; and a file may be as long as
 * it ever was since, whatever of its content arrived.
 */
export function afterPowerCut({ files, folders }: DiskState, choices: Choices): DiskState {
  const left = new Map<string, { safe: Map<string, number | 'folder'>; since: [] }>()
  for (const [path, { safe, since }] of folders) {
    const parent = folders.has(dirname(path)) && path !== dirname(path) ? left.get(dirname(path)) : undefined
    if (folders.has(dirname(path)) && parent?.safe.get(basename(path)) !== 'folder') continue
    const names = new Map(safe)
    for (const step of since) if (choices.pick(2) === 0) take(names, step)
    left.set(path, { safe: names, since: [] })
  }
  const named = new Set([...left.values()].flatMap(({ safe }) => [...safe.values()]))
  const kept = new Map<number, { safe: Buffer; since: [] }>()
  for (const [inode, { safe, since }] of files) {
    if (named.has(inode)) kept.set(inode, { safe: contentAfter(safe, since, choices), since: [] })
  }
  return { files: kept, folders: left }
}

function contentAfter(safe: Buffer, since: readonly Buffer[], choices: Choices): Buffer {
  if (since.length === 0) return safe
  // The latest first: the first of all choices is that everything arrived, the last that nothing did.
  const contents = [...since].reverse().concat([safe])
  const lengths = contents.map(({ length }) => length)
  const longest = Math.max(...lengths)
  const shortest = Math.min(...lengths)
  const sizes = new Set(lengths.slice(0, -1))
  for (let at = (Math.floor(shortest / sector) + 1) * sector; at < longest; at += sector) sizes.add(at)
  sizes.add(safe.length)
  const size = [...sizes][choices.pick(sizes.size)]!
  const content = Buffer.alloc(size)
  for (let from = 0; from < size; from += sector) {
    const to = Math.min(size, from + sector)
    sectorAfter(contents, from, to, choices).copy(content, from)
  }
  return content
}

/** What was never written reads as zeros. */
function sectorOf(content: Buffer, from: number, to: number): Buffer {
  const bytes = Buffer.alloc(to - from)
  if (from < content.length) content.copy(bytes, 0, from, Math.min(to, content.length))
  return bytes
}

function sectorAfter(contents: readonly Buffer[], from: number, to: number, choices: Choices): Buffer {
  const versions: Buffer[] = []
  for (const content of contents) {
    const bytes = sectorOf(content, from, to)
    if (!versions.some((known) => known.equals(bytes))) versions.push(bytes)
  }
  if (versions.length === 1) return versions[0]!
  const picked = choices.pick(versions.length + 2)
  if (picked === 0) return versions[0]!
  if (picked > 2) return versions[picked - 2]!
  const cut = Math.min(choices.cut(), to - from)
  const [newest, oldest] = [versions[0]!, versions.at(-1)!]
  const [head, tail] = picked === 1 ? [newest, oldest] : [oldest, newest]
  return Buffer.concat([head.subarray(0, cut), tail.subarray(cut)])
}

/** Nothing arrived but what had to. */
export const nothingArrived: Choices = { pick: (options) => options - 1, cut: () => 0 }

/** Any of them, each as likely as the others. */
export const randomChoices = (next: (below: number) => number): Choices => ({ pick: next, cut: () => 1 + next(sector - 1) })

/** Every combination of choices, one after the other: calls `visit` for each until there is none left or it answers false. */
export async function everyChoice(visit: (choices: Choices) => Promise<boolean | undefined>): Promise<void> {
  const taken: { picked: number; of: number }[] = []
  for (;;) {
    let at = 0
    const choices: Choices = {
      pick(options) {
        const known = taken[at]
        if (!known) taken.push({ picked: 0, of: options })
        return taken[at++]!.picked
      },
      cut: () => 200,
    }
    if ((await visit(choices)) === false) return
    while (taken.length > 0 && taken.at(-1)!.picked + 1 >= taken.at(-1)!.of) taken.pop()
    const last = taken.at(-1)
    if (!last) return
    last.picked++
  }
}
