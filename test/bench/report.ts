import { cpus, totalmem } from 'node:os'

/** One measured figure: several readings of the same thing. `aim` is what it is held against; `better` says in which direction. */
export type Figure = {
  readonly group: string
  readonly name: string
  readonly unit: string
  readonly readings: readonly number[]
  readonly aim?: number
  readonly better?: 'more' | 'less'
}

const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** The value below which a share of the readings lies, 0..1. */
export const quantile = (values: readonly number[], share: number): number => {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!
}

const round = (value: number): string => (value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(3))

/** Whether the median reaches the aim; null where none is set. */
export function reaches(figure: Figure): boolean | null {
  if (figure.aim === undefined) return null
  const value = median(figure.readings)
  return figure.better === 'less' ? value <= figure.aim : value >= figure.aim
}

export function machine(): Record<string, string | number> {
  const [cpu] = cpus()
  return {
    cpu: cpu?.model ?? 'unknown',
    cores: cpus().length,
    memory_gib: Math.round(totalmem() / 2 ** 30),
    platform: `${process.platform}-${process.arch}`,
    node: process.versions.node,
    sqlite: process.versions.sqlite ?? 'bundled',
  }
}

/** A table for people: medians with their spread, and whether they reach the aim. */
export function toTable(figures: readonly Figure[]): string {
  const lines: string[] = []
  let group = ''
  for (const figure of figures) {
    if (figure.group !== group) lines.push('', `## ${figure.group}`)
    group = figure.group
    const spread =
      figure.readings.length > 1 ? ` (${round(Math.min(...figure.readings))} – ${round(Math.max(...figure.readings))})` : ''
    const verdict = reaches(figure)
    const aim =
      figure.aim === undefined
        ? ''
        : `   aim ${figure.better === 'less' ? '≤' : '≥'} ${round(figure.aim)} ${verdict ? 'reached' : 'MISSED'}`
    lines.push(`  ${figure.name.padEnd(58)} ${round(median(figure.readings)).padStart(10)} ${figure.unit}${spread}${aim}`)
  }
  return lines.join('\n')
}
