import { ChevronRight } from 'lucide-react'
import { Fragment, memo, useId, useMemo, useState } from 'react'
import { count, money, span } from '../format.ts'
import { t } from '../strings.ts'
import { tf } from '../strings-facts.ts'
import { visible, visibleJson } from '../visible-text.ts'
import { DiffView } from './fact-diff.tsx'
import { useGrowing } from './fact-growing.ts'
import { namedDuration } from './fact-kind.ts'
import { diffOf } from './fact-lines.ts'
import { type Bag, columnsOf, currencyFor, firstRows, isBag, isScalar, moneyOf, openAtFirst, pairIn } from './fact-shape.ts'
import { FactTable, YesNo } from './fact-table.tsx'
import { FactText } from './fact-text.tsx'
import { Plain } from './text.tsx'

const rowStep = 120
/** Deeper than that a record moves no further to the right. */
const deepestIndent = 5

/** A sender's data, drawn by code alone: each field there is, in the order it came, with nothing left out unsaid. */
export function Facts({ value }: { value: unknown }) {
  const open = useMemo(() => openAtFirst(value), [value])
  if (value === null || value === undefined) return <p className="text-muted">{t.detail.noFacts}</p>
  if (isBag(value) && Object.keys(value).length > 0) return <FactFields bag={value} depth={0} open={open} />
  const fact = <Fact value={value} name="" depth={0} open={open} />
  return isScalar(value) ? fact : <div className="px-4 py-2">{fact}</div>
}

type FactProps = {
  readonly value: unknown
  readonly name: string
  readonly depth: number
  /** What is open at first. */
  readonly open: ReadonlySet<object>
  /** Of an amount whose currency stands beside it. */
  readonly currency?: string | null
}

function Fact({ value, name, depth, open, currency = null }: FactProps) {
  if (currency !== null) return <Money amount={value as number | string} currency={currency} />
  if (typeof value === 'string') return <FactText text={value} name={name} tree={Facts} />
  if (value === null) return <span className="text-muted italic">{t.facts.none}</span>
  if (typeof value === 'number') return <FactNumber value={value} name={name} />
  if (typeof value === 'boolean') return <YesNo value={value} />
  if (Array.isArray(value)) return <FactList values={value} name={name} depth={depth} open={open} />
  return isBag(value) ? <FactRecord bag={value} depth={depth} open={open} /> : <span>{String(value)}</span>
}

/** A number as it was received; a length of time by its name's unit is said in words too. */
function FactNumber({ value, name }: { value: number; name: string }) {
  const ms = namedDuration(value, name)
  return (
    <span className="tabular-nums">
      {String(value)}
      {ms !== null && <span className="text-muted"> · {tf.durationOf(span(ms))}</span>}
    </span>
  )
}

/** An amount as the reader writes money, with its code; as it was sent, on hover. */
function Money({ amount, currency }: { amount: number | string; currency: string }) {
  return (
    <span className="font-medium tabular-nums" title={tf.written(`${amount} ${currency}`)}>
      {money(amount, currency)}
    </span>
  )
}

/** A record inside of another: a single amount, what changed, or its fields. */
function FactRecord({ bag, depth, open }: { bag: Bag; depth: number; open: ReadonlySet<object> }) {
  const amount = moneyOf(bag)
  if (amount) return <Money {...amount} />
  return <FactFields bag={bag} depth={depth} open={open} />
}

function FactFields({ bag, depth, open }: { bag: Bag; depth: number; open: ReadonlySet<object> }) {
  const pair = pairIn(bag)
  const fields = useMemo(() => Object.entries(bag), [bag])
  const { shown, folded, showAll } = useGrowing(fields.length, firstRows, rowStep)
  if (fields.length === 0) return <span className="text-muted italic">{t.facts.emptyObject}</span>
  return (
    <>
      <dl className={depth === 0 ? 'fact-fields' : depth <= deepestIndent ? 'fact-nested' : 'fact-nested fact-deep'}>
        {pair && <FactPair before={bag[pair[0]]} after={bag[pair[1]]} names={pair} depth={depth} open={open} />}
        {fields
          .slice(0, shown)
          .map(
            ([name, value]) =>
              !pair?.some((each) => each === name) && (
                <FactField key={name} name={name} value={value} depth={depth} open={open} currency={currencyFor(bag, name)} />
              ),
          )}
      </dl>
      {folded && <ShowAllButton total={fields.length} onShow={showAll} />}
    </>
  )
}

function ShowAllButton({ total, onShow }: { total: number; onShow: () => void }) {
  return (
    <button type="button" className="btn m-2 ml-4" onClick={onShow}>
      {t.facts.showAll(count(total))}
    </button>
  )
}

/** Plain values stand beside their name; a table, and what is nested, gets the whole width below it. */
const FactField = memo(function FactField({ name, value, depth, open, currency = null }: FactProps) {
  const isPlain = isScalar(value) || (isBag(value) && moneyOf(value) !== null)
  if (!isPlain) return <NestedField name={name} value={value as object} depth={depth} open={open} />
  return (
    <div className={depth === 0 ? 'fact-row fact-top' : 'fact-row'}>
      <dt className="fact-name">
        <Name text={name} />
      </dt>
      <dd className="min-w-0 wrap-anywhere">
        <Fact value={value} name={name} depth={depth + 1} open={open} currency={currency} />
      </dd>
    </div>
  )
})

/** What is nested can be folded, and says how much it is when it is. */
function NestedField({ name, value, depth, open }: { name: string; value: object; depth: number; open: ReadonlySet<object> }) {
  const id = useId()
  const [isOpen, setOpen] = useState(open.has(value))
  return (
    <div className={`fact-wide ${depth === 0 ? 'fact-top' : ''}`}>
      <dt>
        <button type="button" className="fact-fold" aria-expanded={isOpen} aria-controls={id} onClick={() => setOpen(!isOpen)}>
          <ChevronRight
            size={13}
            className={`shrink-0 transition-transform duration-120 ${isOpen ? 'rotate-90' : ''}`}
            aria-hidden
          />
          <span className="min-w-0 wrap-anywhere">
            <Name text={name} />
          </span>
        </button>
      </dt>
      <dd id={id} className="min-w-0 wrap-anywhere">
        {isOpen ? <Fact value={value} name={name} depth={depth + 1} open={open} /> : <Size value={value} />}
      </dd>
    </div>
  )
}

function Size({ value }: { value: object }) {
  const text = Array.isArray(value) ? tf.entries(count(value.length)) : tf.fields(count(Object.keys(value).length))
  return <span className="pl-[19px] text-muted tabular-nums">{text}</span>
}

const longName = 120

/** A name as it was sent. A long one breaks where its words end; one that is too long for a name is cut in its middle. */
function Name({ text }: { text: string }) {
  if (text === '') return <span className="italic">{tf.noName}</span>
  if (text.length > longName) {
    const left = text.length - longName + 20
    return (
      <>
        <Plain text={text.slice(0, longName - 40)} place="part" />
        <span className="glyph">⟨…{count(left)}…⟩</span>
        <Plain text={text.slice(-20)} place="part" />
      </>
    )
  }
  // A name that hides nothing is broken; any other is drawn as a whole, so that its edges are seen.
  if (!/^\w+$/.test(text)) return <Plain text={text} oneLine />
  return text.split(/(?<=_)(?=[^_])/).map((part, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: parts of a fixed text
    <Fragment key={index}>
      {index > 0 && <wbr />}
      <Plain text={part} place="part" />
    </Fragment>
  ))
}

type PairProps = {
  readonly before: unknown
  readonly after: unknown
  readonly names: readonly [string, string]
  readonly depth: number
  readonly open: ReadonlySet<object>
}

/** How something was and how it will be: long texts as a difference, the rest beside each other. */
function FactPair({ before, after, names, depth, open }: PairProps) {
  const texts = toTexts(before, after)
  const lines = texts && diffOf(...texts)
  if (lines) {
    return (
      <div className={`fact-wide ${depth === 0 ? 'fact-top' : ''}`}>
        <dt className="fact-name">
          {names[0]} → {names[1]}
        </dt>
        <dd className="min-w-0">
          <DiffView lines={lines} />
        </dd>
      </div>
    )
  }
  return (
    <>
      <div className={`fact-row ${depth === 0 ? 'fact-top' : ''}`}>
        <dt className="fact-name">{names[0]}</dt>
        <dd className="fact-before min-w-0 wrap-anywhere">
          <span className="diff-sign">-</span>
          <Fact value={before} name={names[0]} depth={depth + 1} open={open} />
        </dd>
      </div>
      <div className={`fact-row ${depth === 0 ? 'fact-top' : ''}`}>
        <dt className="fact-name">{names[1]}</dt>
        <dd className="fact-after min-w-0 wrap-anywhere">
          <span className="diff-sign">+</span>
          <Fact value={after} name={names[1]} depth={depth + 1} open={open} />
        </dd>
      </div>
    </>
  )
}

/** Both as lines that can be compared; null where they are short, or of different kinds. */
function toTexts(before: unknown, after: unknown): readonly [string, string] | null {
  const isText = typeof before === 'string' && typeof after === 'string'
  if (isText) return before.includes('\n') || after.includes('\n') ? [before, after] : null
  const isTree = [before, after].every((each) => typeof each === 'object' && each !== null)
  return isTree ? [visibleJson(before), visibleJson(after)] : null
}

function FactList({
  values,
  name,
  depth,
  open,
}: {
  values: readonly unknown[]
  name: string
  depth: number
  open: ReadonlySet<object>
}) {
  const columns = useMemo(() => columnsOf(values), [values])
  const { shown, folded, showAll } = useGrowing(values.length, firstRows, rowStep)
  if (values.length === 0) return <span className="text-muted italic">{t.facts.emptyList}</span>
  const more = folded && <ShowAllButton total={values.length} onShow={showAll} />
  if (columns) {
    return (
      <>
        <FactTable rows={values.slice(0, shown) as readonly Bag[]} columns={columns} label={visible(name)} tree={Facts} />
        {more}
      </>
    )
  }
  return (
    <>
      <ol className="grid gap-0.5">
        {values.slice(0, shown).map((value, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a sender's list never changes its order
          <FactEntry key={index} value={value} name={name} number={index + 1} depth={depth} open={open} />
        ))}
      </ol>
      {more}
    </>
  )
}

const FactEntry = memo(function FactEntry({ value, name, number, depth, open }: FactProps & { readonly number: number }) {
  const [isOpen, setOpen] = useState(isScalar(value) || open.has(value as object))
  return (
    <li className="fact-entry">
      <span className="text-muted tabular-nums">{number}</span>
      <div className="min-w-0 wrap-anywhere">
        {isOpen ? (
          <Fact value={value} name={name} depth={depth + 1} open={open} />
        ) : (
          <button type="button" className="fact-more" aria-expanded={false} onClick={() => setOpen(true)}>
            <Size value={value as object} />
          </button>
        )}
      </div>
    </li>
  )
})
