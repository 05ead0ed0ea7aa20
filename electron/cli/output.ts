/** What every command takes. */
export type Common = { readonly home?: string; readonly json?: boolean }

/** Answers go to stdout, everything else to stderr, so that a script can use what it gets. */
export const print = (text: string): void => {
  process.stdout.write(`${text}\n`)
}

export const note = (text: string): void => {
  process.stderr.write(`${text}\n`)
}

/** The answer of a command: as JSON where that was asked for, else as text for people. */
export function answer(options: Common, value: unknown, text: () => string): void {
  print(options.json ? JSON.stringify(value, null, 2) : text())
}

/** Foreign text made safe to show: a terminal obeys control characters, and invisible ones hide what is there. */
export function plain(text: string): string {
  return text.replace(/[^\P{C}\n]/gu, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`)
}

/** The same on one line, cut to a width. */
export function short(text: string, width: number): string {
  const line = plain(text.replace(/\s+/g, ' ').trim())
  return line.length > width ? `${line.slice(0, width - 1)}…` : line
}

/** Columns as wide as their widest cell. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows]
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]!.length)))
  const line = (row: readonly string[]) => row.map((cell, column) => cell.padEnd(widths[column]!)).join('  ')
  return all.map((row) => line(row).trimEnd()).join('\n')
}

/** A moment for people: the machine's own time, and how far away it is. */
export function moment(instant: string, now = Date.now()): string {
  const at = new Date(instant)
  const two = (value: number) => String(value).padStart(2, '0')
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
  return `${day} ${two(at.getHours())}:${two(at.getMinutes())} (${distance(at.getTime() - now)})`
}

function distance(ms: number): string {
  const minutes = Math.round(Math.abs(ms) / 60_000)
  if (minutes === 0) return 'now'
  const text =
    minutes < 60 ? `${minutes} min` : minutes < 48 * 60 ? `${Math.round(minutes / 60)} h` : `${Math.round(minutes / 1440)} d`
  return ms < 0 ? `${text} ago` : `in ${text}`
}
