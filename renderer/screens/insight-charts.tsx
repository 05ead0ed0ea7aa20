import type { InsightView } from '../../shared/contract/insight.ts'
import { count } from '../format.ts'
import { locale } from '../language.ts'
import { AsTable, Axis, Bars, type Ink, Legend } from '../parts/charts.tsx'
import { Part } from '../parts/page.tsx'
import { ti } from '../strings-insight.ts'

type Day = InsightView['by_day'][number]

const dayName = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', timeZone: 'UTC' })
const nameOf = (day: string) => dayName.format(new Date(`${day}T00:00:00Z`))

const parts: readonly (readonly [name: 'approved' | 'rejected' | 'expired' | 'cancelled', ink: Ink])[] = [
  ['approved', 'solid'],
  ['rejected', 'dark'],
  ['expired', 'hollow'],
  ['cancelled', 'pale'],
]
const kinds = ['came', 'approved', 'rejected', 'expired', 'cancelled'] as const
const mostBars = 92

/** What came and how it ended, day by day; week by week where days would be too thin to see. */
export function Volume({ view }: { view: InsightView }) {
  const weekly = view.by_day.length > mostBars
  const rows = weekly ? toWeeks(view.by_day) : view.by_day
  const title = weekly ? ti.volume.weeks : ti.volume.title
  const middle = rows[Math.floor(rows.length / 2)]
  const most = Math.max(...rows.map((row) => Math.max(row.came, row.approved + row.rejected + row.expired + row.cancelled)))
  return (
    <Part title={title}>
      <div className="card grid gap-3 p-4">
        <div className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
          <Legend
            entries={[
              ...parts.map(([name, ink]) => ({ name: ti.volume[name], ink, n: count(view[name]) })),
              { name: ti.volume.came, ink: 'mark' as const, n: count(view.came) },
            ]}
          />
          <span className="ml-auto text-meta text-muted tabular-nums">{ti.volume.most(count(most))}</span>
        </div>
        <div className="grid gap-1">
          <Bars
            series={parts.map(([name, ink]) => ({ name, ink, values: rows.map((row) => row[name]) }))}
            marks={rows.map((row) => row.came)}
            titles={rows.map(
              (row) => `${nameOf(row.day)}: ${kinds.map((kind) => `${ti.volume[kind]} ${count(row[kind])}`).join(', ')}`,
            )}
          />
          <Axis
            names={[rows[0], rows.length > 2 ? middle : undefined, rows.length > 1 ? rows.at(-1) : undefined].flatMap((row) =>
              row ? [nameOf(row.day)] : [],
            )}
          />
        </div>
        <AsTable
          summary={ti.volume.table}
          caption={title}
          head={[weekly ? ti.volume.week : ti.volume.day, ...kinds.map((kind) => ti.volume[kind])]}
        >
          {rows.toReversed().map((row) => (
            <tr key={row.day}>
              <th scope="row" className="font-normal whitespace-nowrap">
                {nameOf(row.day)}
              </th>
              {kinds.map((kind) => (
                <td key={kind} className="text-right tabular-nums">
                  {count(row[kind])}
                </td>
              ))}
            </tr>
          ))}
        </AsTable>
      </div>
    </Part>
  )
}

/** Weeks that end with the last day, so that the present one is whole. */
function toWeeks(days: readonly Day[]): readonly Day[] {
  const weeks: Day[] = []
  for (let end = days.length; end > 0; end -= 7) {
    const week = days.slice(Math.max(0, end - 7), end)
    const sum = (kind: (typeof kinds)[number]) => week.reduce((all, day) => all + day[kind], 0)
    weeks.unshift({
      day: week[0]!.day,
      came: sum('came'),
      approved: sum('approved'),
      rejected: sum('rejected'),
      expired: sum('expired'),
      cancelled: sum('cancelled'),
    })
  }
  return weeks
}

const clock = new Intl.DateTimeFormat(locale, { hour: 'numeric', timeZone: 'UTC' })
const hourName = (hour: number) => clock.format(new Date(Date.UTC(2026, 0, 1, hour)))
const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 })

/** When in the day requests come. */
export function Hours({ view: { by_hour, came } }: { view: InsightView }) {
  if (came === 0) return null
  const most = by_hour.indexOf(Math.max(...by_hour))
  const sentence = ti.hours.most(hourName(most), hourName((most + 1) % 24), percent.format(by_hour[most]! / came))
  return (
    <Part title={ti.hours.title}>
      <div className="card grid gap-3 p-4">
        <p>{sentence}</p>
        <div className="grid gap-1">
          <Bars
            series={[{ name: 'came', ink: 'solid', values: by_hour }]}
            titles={by_hour.map((n, hour) => `${hourName(hour)}: ${count(n)}`)}
          />
          <Axis names={[hourName(0), hourName(6), hourName(12), hourName(18), hourName(23)]} />
        </div>
        <AsTable summary={ti.volume.table} caption={ti.hours.title} head={[ti.hours.hour, ti.hours.came]}>
          {by_hour.map((n, hour) => (
            <tr key={hourName(hour)}>
              <th scope="row" className="font-normal whitespace-nowrap">
                {hourName(hour)}
              </th>
              <td className="text-right tabular-nums">{count(n)}</td>
            </tr>
          ))}
        </AsTable>
      </div>
    </Part>
  )
}
