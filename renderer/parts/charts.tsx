import type { ReactNode } from 'react'

/** One part of a bar, from the bottom up. */
type Series = { readonly name: string; readonly ink: Ink; readonly values: readonly number[] }

/** How a part is drawn: each differs in more than its colour. */
export type Ink = 'solid' | 'dark' | 'hollow' | 'pale'

const inks: Readonly<Record<Ink, string>> = {
  solid: 'fill-accent',
  dark: 'fill-ink',
  hollow: 'fill-panel stroke-amber',
  pale: 'fill-line',
}

const step = 10
const high = 100

/**
 * Bars over each other, and a mark at each one's height of another figure. Drawn for the eye alone: whoever reads otherwise has the table beside it. It stretches
 * with its place, so letters are kept out of it.
 */
export function Bars({
  series,
  marks = [],
  titles,
  wide = 7,
}: {
  series: readonly Series[]
  marks?: readonly number[]
  /** What is said of each bar under the pointer. */
  titles: readonly string[]
  wide?: number
}) {
  const sums = titles.map((_, index) => series.reduce((sum, { values }) => sum + (values[index] ?? 0), 0))
  const most = Math.max(1, ...sums, ...marks)
  const y = (value: number) => high - (value / most) * high
  const path = marks
    .map((value, index) => (value === 0 ? '' : `M${index * step + 0.5} ${y(value)}H${(index + 1) * step - 0.5}`))
    .join('')
  return (
    <svg
      viewBox={`0 -2 ${titles.length * step} ${high + 4}`}
      preserveAspectRatio="none"
      className="h-36 w-full overflow-visible"
      aria-hidden="true"
    >
      {titles.map((title, index) => (
        <Bar
          key={title}
          title={title}
          x={index * step}
          wide={wide}
          y={y}
          parts={series.map((each) => [each.ink, each.values[index] ?? 0])}
        />
      ))}
      {marks.length > 0 && <path d={path} className="fill-none stroke-muted" strokeWidth={2} vectorEffect="non-scaling-stroke" />}
      <path d={`M0 ${high}H${titles.length * step}`} className="stroke-edge" strokeWidth={1} vectorEffect="non-scaling-stroke" />
    </svg>
  )
}

type BarProps = {
  readonly title: string
  readonly x: number
  readonly wide: number
  readonly y: (value: number) => number
  readonly parts: readonly (readonly [Ink, number])[]
}

function Bar({ title, x, wide, y, parts }: BarProps) {
  let below = 0
  return (
    <g>
      <title>{title}</title>
      <rect x={x} y={0} width={step} height={high} className="fill-transparent" />
      {parts.map(([ink, value]) => {
        if (value === 0) return null
        below += value
        return (
          <rect
            key={ink}
            x={x + (step - wide) / 2}
            y={y(below)}
            width={wide}
            height={y(below - value) - y(below)}
            className={inks[ink]}
            strokeWidth={1}
            vectorEffect="non-scaling-stroke"
          />
        )
      })}
    </g>
  )
}

/** What each ink means, as people read it beside the chart. */
export function Legend({
  entries,
}: {
  entries: readonly { readonly name: string; readonly ink: Ink | 'mark'; readonly n: string }[]
}) {
  return (
    <ul className="flex flex-wrap gap-x-4 gap-y-1 text-meta">
      {entries.map(({ name, ink, n }) => (
        <li key={name} className="flex items-center gap-1.5">
          <svg width="12" height="12" viewBox="0 0 12 12" aria-hidden="true">
            {ink === 'mark' ? (
              <path d="M0 6H12" className="stroke-muted" strokeWidth={2} />
            ) : (
              <rect x="1.5" y="1.5" width="9" height="9" className={inks[ink]} strokeWidth={1} />
            )}
          </svg>
          <span>{name}</span>
          <span className="text-muted tabular-nums">{n}</span>
        </li>
      ))}
    </ul>
  )
}

/** Names under a chart, spread over its width. */
export function Axis({ names }: { names: readonly string[] }) {
  return (
    <p className="flex justify-between text-meta text-muted tabular-nums" aria-hidden="true">
      {names.map((name) => (
        <span key={name}>{name}</span>
      ))}
    </p>
  )
}

/** The chart's own figures, for whoever would rather read them. */
export function AsTable({
  summary,
  caption,
  head,
  children,
}: {
  summary: string
  caption: string
  head: readonly string[]
  children: ReactNode
}) {
  return (
    <details>
      <summary className="w-fit rounded-control text-meta text-muted hover:text-ink">{summary}</summary>
      <section
        className="mt-2 max-h-80 overflow-auto rounded-card border border-line"
        aria-label={caption}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is scrolled with the keyboard too
        tabIndex={0}
        data-own-arrows
      >
        <table className="grid-table">
          <caption className="sr-only">{caption}</caption>
          <thead>
            <tr>
              {head.map((name, index) => (
                <th key={name} scope="col" className={index > 0 ? 'text-right' : ''}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>{children}</tbody>
        </table>
      </section>
    </details>
  )
}
