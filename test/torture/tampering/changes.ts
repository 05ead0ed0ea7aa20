import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { blankContent } from '../../../electron/core/journal/record.ts'
import { type Files, pointsName } from './home.ts'

/** One way to change a journal: the files as somebody left them. */
export type Change = { readonly id: string; readonly make: () => Files }

type Line = { readonly name: string; readonly index: number }

const linesOf = (bytes: Buffer): readonly string[] => bytes.toString('latin1').match(/[^\n]*\n/g) ?? []
const joined = (lines: readonly string[]): Buffer => Buffer.from(lines.join(''), 'latin1')
const segmentsOf = (files: Files): readonly string[] => [...files.keys()].filter((name) => name !== pointsName)
const withFile = (files: Files, name: string, bytes: Buffer): Files => new Map([...files, [name, bytes]])
const placesIn = (files: Files): readonly Line[] =>
  segmentsOf(files).flatMap((name) => linesOf(files.get(name)!).map((_, index) => ({ name, index })))

/** One bit of all that is there, the checkpoints included. */
export function flippedBit(files: Files, bit: number): Files {
  let at = bit >> 3
  for (const [name, bytes] of files) {
    if (at >= bytes.length) at -= bytes.length
    else {
      const flipped = Buffer.from(bytes)
      flipped[at]! ^= 1 << (bit & 7)
      return withFile(files, name, flipped)
    }
  }
  throw new Error(`There is no bit ${bit}.`)
}

/** Each record deleted, duplicated, swapped, blanked, and given what another one said. */
export function recordChanges(files: Files): readonly Change[] {
  const places = placesIn(files)
  const lineAt = ({ name, index }: Line): string => linesOf(files.get(name)!)[index]!
  const edited = ({ name, index }: Line, ...instead: readonly string[]): Files =>
    withFile(files, name, joined(linesOf(files.get(name)!).toSpliced(index, 1, ...instead)))
  return places.flatMap((place, n) => {
    const line = lineAt(place)
    const other = places[(n + 1) % places.length]!
    const far = places[(n + 7) % places.length]!
    const swap = (one: Line, two: Line): Files => {
      const first = edited(one, lineAt(two))
      return withFile(first, two.name, joined(linesOf(first.get(two.name)!).with(two.index, lineAt(one))))
    }
    const changes: Change[] = [
      { id: `delete ${n + 1}`, make: () => edited(place) },
      { id: `duplicate ${n + 1}`, make: () => edited(place, line, line) },
      { id: `copy ${n + 1} to the end`, make: () => appended(files, line) },
      { id: `swap ${n + 1} with the next`, make: () => swap(place, other) },
      { id: `swap ${n + 1} with one further on`, make: () => swap(place, far) },
    ]
    const blank = blankContent(Buffer.from(line, 'latin1'))!.toString('latin1')
    if (blank !== line) changes.push({ id: `blank ${n + 1}`, make: () => edited(place, blank) })
    const said = contentOf(line)
    const else_ = places
      .map(lineAt)
      .map(contentOf)
      .find((text) => text !== null && said !== null && text !== said)
    if (said && else_)
      changes.push({
        id: `other words in ${n + 1}`,
        make: () =>
          edited(
            place,
            line.replace(said, () => else_),
          ),
      })
    return changes
  })
}

const contentOf = (line: string): string | null => /,"content":(\{.*\})\}\n$/.exec(line)?.[1] ?? null

function appended(files: Files, line: string): Files {
  const last = segmentsOf(files).at(-1)!
  return withFile(files, last, Buffer.concat([files.get(last)!, Buffer.from(line, 'latin1')]))
}

/** The end cut off behind each record and in the middle of it; segments deleted, emptied, swapped and doubled. */
export function cuts(files: Files): readonly Change[] {
  const names = segmentsOf(files)
  const without = (gone: readonly string[]): Files => new Map([...files].filter(([name]) => !gone.includes(name)))
  const ends = placesIn(files).flatMap(({ name, index }, n): Change[] => {
    const later = names.slice(names.indexOf(name) + 1)
    const bytes = files.get(name)!
    const at = linesOf(bytes).slice(0, index).join('').length
    const cut = (to: number) => () => withFile(without(later), name, bytes.subarray(0, to))
    return [
      { id: `cut before ${n + 1}`, make: cut(at) },
      { id: `cut in ${n + 1}`, make: cut(at + 40) },
    ]
  })
  const wholes = names.flatMap((name, n): Change[] => [
    { id: `delete segment ${n + 1}`, make: () => without([name]) },
    { id: `empty segment ${n + 1}`, make: () => withFile(files, name, Buffer.alloc(0)) },
    { id: `cut the end of segment ${n + 1}`, make: () => withFile(files, name, files.get(name)!.subarray(0, -1)) },
    {
      id: `double segment ${n + 1}`,
      make: () => withFile(files, `${String(names.length + 1).padStart(8, '0')}.jsonl`, files.get(name)!),
    },
  ])
  const swaps = names.slice(1).map((name, n): Change => {
    const before = names[n]!
    return {
      id: `swap segments ${n + 1} and ${n + 2}`,
      make: () => withFile(withFile(files, name, files.get(before)!), before, files.get(name)!),
    }
  })
  return [...ends, ...wholes, ...swaps, { id: 'delete the journal', make: () => without(names) }]
}

/** From each record on the chain written anew around other words, as somebody does who knows the format but has not the key. */
export function rebuilds(files: Files): readonly Change[] {
  return placesIn(files).flatMap((_, n): Change[] => [
    { id: `rebuild from ${n + 1}`, make: () => rebuilt(files, n) },
    { id: `rebuild from ${n + 1}, signed by another key`, make: () => resigned(rebuilt(files, n)) },
  ])
}

const sha256 = (text: string): string => createHash('sha256').update(text, 'latin1').digest('hex')

function rebuilt(files: Files, from: number): Files {
  let prev = '0'.repeat(64)
  let n = 0
  const made = segmentsOf(files).map((name) => {
    const lines = linesOf(files.get(name)!).map((line) => {
      const [start, hash, length] = /^\{"hash":"([0-9a-f]{64})","head":(\d+),/.exec(line)!
      const end = start.length + Number(length)
      const chained = line.slice(start.length, end)
      if (n++ < from) {
        prev = hash!
        return line
      }
      // The time is always there, and equally long whatever it says.
      const told = chained.replace(/"at":"2026/, '"at":"2025').replace(/"prev":"[0-9a-f]{64}"$/, `"prev":"${prev}"`)
      prev = sha256(prev + told)
      return `{"hash":"${prev}","head":${told.length},${told}${line.slice(end)}`
    })
    return [name, joined(lines)] as const
  })
  return new Map([...files, ...made])
}

/** The checkpoints as another installation would have signed this journal. */
function resigned(files: Files): Files {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const hashes = segmentsOf(files).flatMap((name) => linesOf(files.get(name)!).map((line) => line.slice(9, 73)))
  const points = linesOf(files.get(pointsName)!).map((line) => signed(JSON.parse(line), hashes, privateKey, publicKey))
  return withFile(files, pointsName, joined(points))
}

function signed({ seq, at }: { seq: number; at: string }, hashes: readonly string[], own: KeyObject, open: KeyObject): string {
  const hash = hashes[seq - 1]!
  const text = ['countersign checkpoint 1', seq, hash, at].join('\n')
  const signature = sign(null, Buffer.from(text), own).toString('base64url')
  return `${JSON.stringify({ seq, hash, at, key: open.export({ format: 'jwk' }).x, signature })}\n`
}
