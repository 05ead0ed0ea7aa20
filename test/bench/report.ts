/** One measured figure: several readings of the same thing. `aim` is what it is held against; `better` says in which direction. */
export type Figure = {
  readonly group: string
  readonly name: string
  readonly unit: string
  readonly readings: readonly number[]
  readonly aim?: number
  readonly better?: 'more' | 'less'
  /** What derivations call it, and of how many things it tells. */
  readonly key?: string
  readonly size?: number
  /** What the machine itself would reach, derived from what was measured in the same run; and what holds it there. */
  readonly limit?: { readonly value: number; readonly by: string }
}

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** The value below which a share of the readings lies, 0..1. */
export const quantile = (values: readonly number[], share: number): number => {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!
}

/** Whether the median reaches the aim; null where none is set. */
export function reaches(figure: Figure): boolean | null {
  if (figure.aim === undefined) return null
  const value = median(figure.readings)
  return figure.better === 'less' ? value <= figure.aim : value >= figure.aim
}

/** How many times the limit is away: 1 is at the limit, 2 is half as fast or twice as long. Null where none was derived. */
export function timesLimit({ limit, readings, better }: Figure): number | null {
  if (limit === undefined) return null
  return better === 'less' ? median(readings) / limit.value : limit.value / median(readings)
}

const round = (value: number): string => (Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(3))

/** Everything a table says about one figure, as text. */
function toCells(figure: Figure) {
  const { aim, better, limit, readings, unit } = figure
  const times = timesLimit(figure)
  const sign = better === 'less' ? '≤' : '≥'
  return {
    value: `${round(median(readings))} ${unit}`.trim(),
    spread: readings.length > 1 ? `${round(Math.min(...readings))} – ${round(Math.max(...readings))}` : '',
    aim: aim === undefined ? '' : `${sign} ${round(aim)} ${reaches(figure) ? 'reached' : 'MISSED'}`,
    limit: limit === undefined ? '' : round(limit.value),
    times: times === null ? '' : `${times.toFixed(1)}×`,
    by: limit?.by ?? '',
  }
}

/** The figures in their order, each group once. */
function* groupsOf(figures: readonly Figure[]): Generator<readonly [group: string, figures: readonly Figure[]]> {
  for (const group of new Set(figures.map((figure) => figure.group))) {
    yield [group, figures.filter((figure) => figure.group === group)]
  }
}

/** A table for people: medians with their spread, whether they reach the aim, and how far the machine's own limit is. */
export function toTable(figures: readonly Figure[]): string {
  const lines: string[] = []
  for (const [group, members] of groupsOf(figures)) {
    lines.push('', `## ${group}`)
    for (const figure of members) {
      const { value, spread, aim, limit, times, by } = toCells(figure)
      const words = [
        ...(spread ? [`(${spread})`] : []),
        ...(aim ? [`aim ${aim}`] : []),
        ...(limit ? [`limit ${limit}, ${times} away: ${by}`] : []),
      ]
      lines.push(`  ${figure.name.padEnd(58)} ${value.padStart(16)}  ${words.join('   ')}`.trimEnd())
    }
  }
  return lines.join('\n')
}

const cell = (text: string): string => text.replaceAll('|', '\\|')

/** The same in Markdown, for docs/performance.md. */
export function toMarkdown(figures: readonly Figure[]): string {
  const lines: string[] = []
  for (const [group, members] of groupsOf(figures)) {
    const limited = members.some(({ limit }) => limit !== undefined)
    const aimed = members.some(({ aim }) => aim !== undefined)
    const heads = ['figure', 'median', 'spread', ...(aimed ? ['aim'] : []), ...(limited ? ['limit', 'away', 'held by'] : [])]
    lines.push('', `### ${group}`, '', `| ${heads.join(' | ')} |`, `|${heads.map(() => '---').join('|')}|`)
    for (const figure of members) {
      const { value, spread, aim, limit, times, by } = toCells(figure)
      const cells = [figure.name, value, spread, ...(aimed ? [aim] : []), ...(limited ? [limit, times, by] : [])]
      lines.push(`| ${cells.map(cell).join(' | ')} |`)
    }
  }
  return lines.join('\n').trim()
}
