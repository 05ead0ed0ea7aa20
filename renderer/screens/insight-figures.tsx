import type { InsightView } from '../../shared/contract/insight.ts'
import { asWords, count, span } from '../format.ts'
import { locale } from '../language.ts'
import { Part } from '../parts/page.tsx'
import { ti } from '../strings-insight.ts'
import { visible } from '../visible-text.ts'

const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 })

/** A share in words; nothing of nothing is none. */
const share = (n: number, all: number): string => (all === 0 ? ti.figures.none : percent.format(n / all))

/** The period in six figures. Each share says of how many. */
export function Figures({ view }: { view: InsightView }) {
  const { came, approved, rejected, expired, cancelled, automatic, model, time_to_decide } = view
  const decided = approved + rejected
  const ended = decided + expired + cancelled
  const byRules = automatic.approved + automatic.rejected
  const of = (n: number, all: number) => (all === 0 ? null : ti.figures.of(count(n), count(all)))
  const figures = [
    [ti.figures.came, count(came), null],
    [ti.figures.decided, count(decided), null],
    [ti.figures.median, time_to_decide.median_ms === null ? ti.figures.none : span(time_to_decide.median_ms), null],
    [ti.figures.lapsed, share(expired, ended), of(expired, ended)],
    [ti.figures.automatic, share(byRules, decided), of(byRules, decided)],
    [ti.figures.agreed, share(model.agreed, model.judged), of(model.agreed, model.judged)],
  ] as const
  return (
    <section aria-label={ti.figures.label}>
      <dl className="grid grid-cols-2 gap-x-4 gap-y-4 md:grid-cols-3 lg:grid-cols-6">
        {figures.map(([label, figure, of]) => (
          <div key={label} className="grid grid-rows-[auto_auto_1fr] content-start">
            <dt className="row-start-2 text-meta text-muted text-pretty">{label}</dt>
            <dd className="row-start-1 text-title font-semibold tabular-nums">{figure}</dd>
            {of && <dd className="row-start-3 text-meta text-muted tabular-nums">{of}</dd>}
          </div>
        ))}
      </dl>
    </section>
  )
}

/** How long people take, by type. The bars compare what the figures say. */
export function Times({ view: { by_type } }: { view: InsightView }) {
  const longest = Math.max(1, ...by_type.map((each) => each.p90_ms ?? 0))
  return (
    <Part title={ti.times.title}>
      {by_type.length === 0 ? (
        <p className="card px-4 py-3 text-muted">{ti.times.none}</p>
      ) : (
        <div className="card overflow-hidden">
          <p className="border-b border-line px-4 py-2.5 text-meta text-muted text-pretty">{ti.times.help}</p>
          <table className="grid-table">
            <thead>
              <tr>
                <th scope="col">{ti.times.type}</th>
                <th scope="col" className="text-right max-md:hidden">
                  {ti.times.decisions}
                </th>
                <th scope="col" className="text-right">
                  {ti.times.median}
                </th>
                <th scope="col" className="text-right">
                  {ti.times.p90}
                </th>
                <th scope="col" className="w-1/3 max-md:hidden">
                  {ti.times.compared}
                </th>
              </tr>
            </thead>
            <tbody>
              {by_type.map(({ type, n, median_ms, p90_ms }) => (
                <tr key={type}>
                  <th scope="row" className="font-medium wrap-anywhere">
                    {visible(asWords(type))}
                  </th>
                  <td className="text-right tabular-nums max-md:hidden">{count(n)}</td>
                  <td className="text-right whitespace-nowrap tabular-nums">{span(median_ms ?? 0)}</td>
                  <td className="text-right whitespace-nowrap tabular-nums">{span(p90_ms ?? 0)}</td>
                  <td className="max-md:hidden">
                    <Range median={(median_ms ?? 0) / longest} p90={(p90_ms ?? 0) / longest} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Part>
  )
}

/** Whole where half are decided, outlined up to where nine of ten are. */
function Range({ median, p90 }: { median: number; p90: number }) {
  const least = 0.6
  const width = (share: number) => Math.max(least, share * 100)
  return (
    <svg viewBox="0 0 100 10" preserveAspectRatio="none" className="block h-3 w-full overflow-visible" aria-hidden="true">
      <rect
        x={0}
        y={1}
        width={width(p90)}
        height={8}
        className="fill-well stroke-edge"
        strokeWidth={1}
        vectorEffect="non-scaling-stroke"
      />
      <rect x={0} y={1} width={width(median)} height={8} className="fill-accent" />
    </svg>
  )
}

/** Who decided: oneself, other people, rules. */
export function People({ view: { yours, others, automatic } }: { view: InsightView }) {
  const rows = [
    [ti.people.you, yours],
    [ti.people.others, others],
    [ti.people.rules, automatic],
  ] as const
  return (
    <Part title={ti.people.title}>
      <div className="card overflow-hidden">
        <table className="grid-table">
          <thead>
            <tr>
              <th scope="col">{ti.people.who}</th>
              <th scope="col" className="text-right">
                {ti.people.approved}
              </th>
              <th scope="col" className="text-right">
                {ti.people.rejected}
              </th>
              <th scope="col" className="text-right">
                {ti.people.share}
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map(([who, { approved, rejected }]) => (
              <tr key={who}>
                <th scope="row" className="font-medium">
                  {who}
                </th>
                <td className="text-right tabular-nums">{count(approved)}</td>
                <td className="text-right tabular-nums">{count(rejected)}</td>
                <td className="text-right tabular-nums">{share(approved, approved + rejected)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Part>
  )
}

/** Where people and the model agreed, and what is meant by it. */
export function Model({ view: { model } }: { view: InsightView }) {
  const { judged, agreed, high_approved, low_rejected } = model
  return (
    <Part title={ti.model.title}>
      <div className="card grid gap-2 px-4 py-3">
        <p className={judged > 0 ? 'font-medium' : ''}>
          {judged > 0 ? ti.model.agreed(count(agreed), count(judged), share(agreed, judged)) : ti.model.none}
        </p>
        {high_approved > 0 && <p>{ti.model.highApproved(high_approved, count(high_approved))}</p>}
        {low_rejected > 0 && <p>{ti.model.lowRejected(low_rejected, count(low_rejected))}</p>}
        <p className="text-meta text-muted text-pretty">{ti.model.means}</p>
      </div>
    </Part>
  )
}
