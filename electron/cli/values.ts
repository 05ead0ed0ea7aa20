import { readFile } from 'node:fs/promises'
import { text as readAll } from 'node:stream/consumers'
import { type Duration, toMs } from '../core/engine/workflow.ts'
import { usage } from './program.ts'

/** One value of the command line: `name=text`, or `name:=json` for everything that is not text. */
export type Pair = { readonly name: string; readonly value: unknown; readonly typed: boolean }

/** Reads `name=text` and `name:=json`. */
export function toPair(given: string, option: string): Pair {
  const at = given.indexOf('=')
  if (at < 1) throw usage(`${option} ${given}: write name=text, or name:=json for numbers, true, false and lists.`)
  const typed = given[at - 1] === ':'
  const name = given.slice(0, typed ? at - 1 : at)
  if (name === '') throw usage(`${option} ${given}: there is no name before the =.`)
  const text = given.slice(at + 1)
  return { name, value: typed ? parseJson(text, `${option} ${name}`) : text, typed }
}

/** The members that pairs name, with dots between nested ones, added to what is there. */
export function withPairs(
  start: Readonly<Record<string, unknown>>,
  pairs: readonly Pair[],
  option: string,
): Record<string, unknown> {
  const all = structuredClone(start) as Record<string, unknown>
  for (const { name, value } of pairs) {
    const path = name.split('.')
    if (path.some((part) => part === '' || part === '__proto__')) throw usage(`${option} ${name}: that is not a name.`)
    let at = all
    for (const part of path.slice(0, -1)) {
      const next = Object.hasOwn(at, part) ? at[part] : {}
      if (typeof next !== 'object' || next === null || Array.isArray(next)) {
        throw usage(`${option} ${name}: ${part} has a value of its own already.`)
      }
      at[part] = next
      at = next as Record<string, unknown>
    }
    at[path.at(-1)!] = value
  }
  return all
}

/** Milliseconds of `90s`, `15m`, `2h`, `7d`. */
export function duration(text: string): number {
  try {
    return toMs(text as Duration)
  } catch {
    throw usage(`"${text}" is not a length of time: write for example 90s, 15m, 2h or 7d.`)
  }
}

/** An instant: one as ISO text, a day (its end, here), or a length of time from now. */
export function instant(text: string, now = Date.now()): string {
  if (/^\d+(\.\d+)?(s|m|h|d)$/.test(text)) return new Date(now + duration(text)).toISOString()
  const day = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text)
  const at = day ? new Date(Number(day[1]), Number(day[2]) - 1, Number(day[3]), 23, 59, 59) : new Date(text)
  // There is no 30th of February, and no 13th month: a date that becomes another one was mistyped.
  const same = day === null || (at.getDate() === Number(day[3]) && at.getMonth() === Number(day[2]) - 1)
  if (Number.isNaN(at.getTime()) || !same || !/^\d{4}-\d\d-\d\d/.test(text)) {
    throw usage(`"${text}" is not a time: write 2026-12-24, 2026-12-24T18:00, or 3d from now.`)
  }
  return at.toISOString()
}

/** Collects an option that may be given several times. */
export const several = (given: string, before: readonly string[] | undefined): readonly string[] => [...(before ?? []), given]

/** The same, where each may also hold several with commas between them. */
export const commas = (given: string, before: readonly string[] | undefined): readonly string[] => [
  ...(before ?? []),
  ...given
    .split(',')
    .map((one) => one.trim())
    .filter(Boolean),
]

/** A number where it comes through unchanged, else the text as it was typed: money loses no digits. */
export const exact = (text: string): number | string => (String(Number(text)) === text ? Number(text) : text)

export function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw usage(`${what} could not be read as JSON: ${(error as Error).message}`)
  }
}

/** A file's text; `-` is standard input. */
export async function readText(path: string, option: string): Promise<string> {
  try {
    return path === '-' ? await readAll(process.stdin) : await readFile(path, 'utf8')
  } catch (error) {
    throw usage(`${option} could not be read: ${(error as Error).message}`)
  }
}

/** A file that holds one JSON object; `-` is standard input. */
export async function readObject(path: string, option: string): Promise<Record<string, unknown>> {
  return toObject(parseJson(await readText(path, option), option), option)
}

export function toObject(value: unknown, what: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw usage(`${what} must be a JSON object.`)
  return value as Record<string, unknown>
}
