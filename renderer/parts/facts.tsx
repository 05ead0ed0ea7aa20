import { Fragment, useState } from 'react'
import { count } from '../format.ts'
import { t } from '../strings.ts'
import { visibleJson } from '../visible-text.ts'
import { FactText } from './fact-text.tsx'
import { Plain } from './text.tsx'

type Bag = Readonly<Record<string, unknown>>

const isBag = (value: unknown): value is Bag => typeof value === 'object' && value !== null && !Array.isArray(value)
const isScalar = (value: unknown) => value === null || typeof value !== 'object' || Object.keys(value).length === 0
const deepest = 6
const firstRows = 40
const mostColumns = 8

/** A sender's data, drawn by code alone: each field there is, in the order it came, with nothing left out unsaid. */
export function Facts({ value }: { value: unknown }) {
  if (value === null || value === undefined) return <p className="text-muted">{t.detail.noFacts}</p>
  return <Fact value={value} name="" depth={0} />
}

function Fact({ value, name, depth }: { value: unknown; name: string; depth: number }) {
  if (typeof value === 'string') return <FactText text={value} name={name} />
  if (value === null) return <span className="text-muted">{t.facts.none}</span>
  if (typeof value === 'number' || typeof value === 'boolean') return <span className="tabular-nums">{String(value)}</span>
  if (depth >= deepest) return <pre className="font-mono text-meta whitespace-pre-wrap wrap-anywhere">{visibleJson(value)}</pre>
  if (Array.isArray(value)) return <FactList values={value} name={name} depth={depth} />
  if (isBag(value)) return <FactFields bag={value} depth={depth} />
  return <span>{String(value)}</span>
}

function FactFields({ bag, depth }: { bag: Bag; depth: number }) {
  const fields = Object.entries(bag)
  const [shown, more] = useShown(fields)
  if (fields.length === 0) return <span className="text-muted">{t.facts.emptyObject}</span>
  return (
    <>
      <dl className={depth === 0 ? 'divide-y divide-line' : 'border-l border-line pl-3'}>
        {shown.map(([name, value]) => (
          <div key={name} className={fieldShape(value, depth)}>
            <dt className={`wrap-anywhere ${depth > 0 && !isScalar(value) ? 'font-medium' : 'text-muted'}`}>
              <Name text={name} />
            </dt>
            <dd className="min-w-0 wrap-anywhere">
              <Fact value={value} name={name} depth={depth + 1} />
            </dd>
          </div>
        ))}
      </dl>
      {more}
    </>
  )
}

/** A long name breaks where its words end. */
function Name({ text }: { text: string }) {
  return text.split(/(?<=_)/).map((part, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: parts of a fixed text
    <Fragment key={index}>
      {index > 0 && <wbr />}
      <Plain text={part} oneLine />
    </Fragment>
  ))
}

/** Tables, and records with records in them, need the room. */
const isDeep = (value: unknown) =>
  Array.isArray(value) ? columnsOf(value) !== null : isBag(value) && Object.values(value).some((each) => !isScalar(each))

/** Plain values stand beside their name; a table, and what is nested, gets the whole width below it. */
function fieldShape(value: unknown, depth: number): string {
  const scalar = isScalar(value)
  if (depth > 0) return `py-0.5 ${scalar ? 'grid grid-cols-[minmax(72px,30%)_1fr] gap-x-4' : ''}`
  if (isDeep(value)) return 'grid grid-cols-[minmax(0,1fr)] gap-y-1.5 px-4 py-2'
  const columns = scalar
    ? 'grid-cols-[minmax(92px,26%)_minmax(0,1fr)]'
    : 'grid-cols-[minmax(0,1fr)] gap-y-1 lg:grid-cols-[minmax(92px,26%)_minmax(0,1fr)]'
  return `grid gap-x-4 px-4 py-2 ${columns}`
}

function FactList({ values, name, depth }: { values: readonly unknown[]; name: string; depth: number }) {
  const [shown, more] = useShown(values)
  const columns = columnsOf(values)
  if (values.length === 0) return <span className="text-muted">{t.facts.emptyList}</span>
  if (columns) {
    return (
      <>
        <FactTable rows={shown as readonly Bag[]} columns={columns} name={name} />
        {more}
      </>
    )
  }
  return (
    <>
      <ol className="grid gap-0.5">
        {shown.map((value, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a sender's list never changes its order
          <li key={index} className="grid grid-cols-[28px_1fr]">
            <span className="text-muted tabular-nums">{index + 1}</span>
            <div className="min-w-0">
              <Fact value={value} name={name} depth={depth + 1} />
            </div>
          </li>
        ))}
      </ol>
      {more}
    </>
  )
}

/** The columns of a list whose entries all have the same few plain fields; null when it is no table. */
function columnsOf(values: readonly unknown[]): readonly string[] | null {
  const first = values[0]
  if (values.length < 2 || !isBag(first)) return null
  const columns = Object.keys(first)
  if (columns.length === 0 || columns.length > mostColumns) return null
  const fits = values.every(
    (value) =>
      isBag(value) &&
      Object.keys(value).length === columns.length &&
      columns.every((column) => column in value && isScalar(value[column])),
  )
  return fits ? columns : null
}

/** A number, or a decimal written as text: such a column is read down its digits. */
const isNumeric = (value: unknown): boolean =>
  typeof value === 'number' || (typeof value === 'string' && /^-?\d+(?:\.\d+)?$/.test(value))

function FactTable({ rows, columns, name }: { rows: readonly Bag[]; columns: readonly string[]; name: string }) {
  const numeric = new Set(columns.filter((column) => rows.every((row) => isNumeric(row[column]))))
  return (
    <section
      className="overflow-x-auto rounded-card border border-line"
      aria-label={name || t.detail.facts}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is scrolled with the keyboard too
      tabIndex={0}
      data-own-arrows
    >
      <table className="w-full border-collapse text-left">
        <thead>
          <tr className="border-b border-line bg-well">
            {columns.map((column) => (
              <th
                key={column}
                scope="col"
                className={`px-2.5 py-1.5 text-meta font-medium text-muted ${numeric.has(column) ? 'text-right' : ''}`}
              >
                <Plain text={column} oneLine />
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {rows.map((row, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a sender's list never changes its order
            <tr key={index}>
              {columns.map((column) => (
                <td
                  key={column}
                  className={`max-w-80 px-2.5 py-1.5 align-top wrap-break-word [&_*]:wrap-break-word ${numeric.has(column) ? 'text-right tabular-nums' : ''}`}
                >
                  <Fact value={row[column]} name={column} depth={1} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

/** The first of many, and a button that says how many there are. */
function useShown<T>(all: readonly T[]) {
  const [whole, setWhole] = useState(false)
  const cut = !whole && all.length > firstRows
  const more = cut && (
    <button type="button" className="btn mt-2 ml-3.5" onClick={() => setWhole(true)}>
      {t.facts.showAll(count(all.length))}
    </button>
  )
  return [cut ? all.slice(0, firstRows) : all, more] as const
}
