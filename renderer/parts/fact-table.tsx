import { Check, X } from 'lucide-react'
import { memo, type ReactNode } from 'react'
import { money } from '../format.ts'
import { t } from '../strings.ts'
import { tf } from '../strings-facts.ts'
import { visible } from '../visible-text.ts'
import { type Bag, currencyFor, isNumeric } from './fact-shape.ts'
import { FactText } from './fact-text.tsx'
import { Plain } from './text.tsx'

type Tree = (props: { readonly value: unknown }) => ReactNode
type Props = {
  readonly rows: readonly Bag[]
  readonly columns: readonly string[]
  readonly label: string
  readonly tree: Tree
}

/** A list of like records: the head stays, numbers stand under each other; in a narrow place each row is a small record. */
export function FactTable({ rows, columns, label, tree }: Props) {
  const numeric = columns.map((column) => rows.every((row) => !Object.hasOwn(row, column) || isNumeric(row[column])))
  return (
    <section
      className="fact-table"
      aria-label={label || t.detail.facts}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is scrolled with the keyboard too
      tabIndex={0}
      data-own-arrows
    >
      <table>
        <thead>
          <tr>
            {columns.map((column, index) => (
              <th key={column} scope="col" className={numeric[index] ? 'fact-number' : ''}>
                <Plain text={column} oneLine />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a sender's list never changes its order
            <Row key={index} row={row} columns={columns} numeric={numeric} tree={tree} />
          ))}
        </tbody>
      </table>
    </section>
  )
}

type RowProps = Omit<Props, 'rows' | 'label'> & { readonly row: Bag; readonly numeric: readonly boolean[] }

const Row = memo(
  function Row({ row, columns, numeric, tree }: RowProps) {
    return (
      <tr>
        {columns.map((column, index) => (
          <td key={column} data-label={visible(column)} className={numeric[index] ? 'fact-number' : ''}>
            <Cell row={row} column={column} tree={tree} />
          </td>
        ))}
      </tr>
    )
  },
  (before, after) => before.row === after.row && before.numeric.join() === after.numeric.join(),
)

/** Plain values only: own members, so that a column called "constructor" finds nothing that is not there. */
function Cell({ row, column, tree }: { row: Bag; column: string; tree: Tree }) {
  if (!Object.hasOwn(row, column)) return <span className="text-muted italic">{tf.absent}</span>
  const value = row[column]
  const currency = currencyFor(row, column)
  if (currency !== null) return <span title={tf.written(`${value} ${currency}`)}>{money(value as number | string, currency)}</span>
  if (typeof value === 'string') return <FactText text={value} name={column} tree={tree} />
  if (value === null) return <span className="text-muted italic">{t.facts.none}</span>
  if (typeof value === 'boolean') return <YesNo value={value} />
  if (typeof value === 'number') return String(value)
  return <span className="text-muted italic">{Array.isArray(value) ? t.facts.emptyList : t.facts.emptyObject}</span>
}

/** A word with its sign: a text that says "yes" is no yes. */
export function YesNo({ value }: { value: boolean }) {
  const Icon = value ? Check : X
  return (
    <span className="inline-flex items-center gap-1">
      <Icon size={13} strokeWidth={2.5} className="text-muted" aria-hidden />
      {value ? tf.yes : tf.no}
    </span>
  )
}
