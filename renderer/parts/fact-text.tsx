import { Fragment, memo, type ReactNode, useState } from 'react'
import { bytes, count } from '../format.ts'
import { t } from '../strings.ts'
import { tf } from '../strings-facts.ts'
import { Address, Email } from './fact-address.tsx'
import { Code } from './fact-code.tsx'
import { DiffView } from './fact-diff.tsx'
import { useGrowing } from './fact-growing.ts'
import { isNeverCut, textKind } from './fact-kind.ts'
import { readDiff } from './fact-lines.ts'
import { numberDoubt } from './fact-shape.ts'
import { Day, Duration, Instant } from './fact-time.tsx'
import { Plain } from './text.tsx'

/** Facts draw texts, and a text may hold facts: the outer hands itself to the inner. */
type Tree = (props: { readonly value: unknown }) => ReactNode

/** A text as it came, drawn by what it is: an instant, an address, a command, a difference, encoded data, or words. */
export const FactText = memo(function FactText({ text, name, tree }: { text: string; name: string; tree: Tree }) {
  const known = textKind(text, name)
  switch (known.kind) {
    case 'empty':
      return <span className="text-muted italic">{t.facts.empty}</span>
    case 'instant':
      return <Instant text={text} />
    case 'date':
      return <Day text={text} date={known.date} />
    case 'duration':
      return <Duration text={text} ms={known.ms} />
    case 'address':
      return <Address text={text} url={known.url} />
    case 'email':
      return <Email text={text} at={known.at} />
    case 'diff':
      return <DiffView lines={readDiff(text)} copied={text} />
    case 'blob':
      return <Blob text={text} size={known.bytes} media={known.media} />
    case 'json':
      return <Json text={text} value={known.value} tree={tree} />
    case 'code':
      return <Code text={text} name={name} />
    case 'prose':
      return <Words text={text} name={name} />
  }
})

/** Words, and below an amount that is no plain decimal, what it could be taken for. */
function Words({ text, name }: { text: string; name: string }) {
  const doubt = numberDoubt(text, name)
  return (
    <>
      <Prose text={text} whole={isNeverCut(name)} />
      {doubt && (
        <span className="block text-meta text-amber">
          {doubt.kind === 'grouping' ? tf.oddGrouping : tf.twoWays(doubt.one, doubt.other)}
        </span>
      )}
    </>
  )
}

/** Data that nobody can read: what it is and how much, in place of it. */
function Blob({ text, size, media }: { text: string; size: number; media: string | null }) {
  const [open, setOpen] = useState(false)
  return (
    <div className="grid gap-1.5">
      <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <span>{media ? tf.blobOf(media, bytes(size)) : tf.blob(bytes(size))}</span>
        <span className="text-muted">{tf.blobHelp}</span>
        <button type="button" className="fact-more" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? tf.foldText : tf.blobShow}
        </button>
      </span>
      {open && <Code text={text} name="" />}
    </div>
  )
}

/** JSON inside a text, as the text it is; read as a tree on demand. */
function Json({ text, value, tree: Facts }: { text: string; value: object; tree: Tree }) {
  const [tree, setTree] = useState(false)
  return (
    <div className="grid gap-1">
      <span className="flex flex-wrap items-center gap-x-2 text-meta text-muted">
        {tf.isJson}
        <button type="button" className="fact-more" aria-pressed={tree} onClick={() => setTree(!tree)}>
          {tree ? tf.asText : tf.asTree}
        </button>
      </span>
      {tree ? (
        <div className="fact-tree">
          <Facts value={value} />
        </div>
      ) : (
        <Code text={text} name="" />
      )}
    </div>
  )
}

const chunk = 4000
const longText = 2000
const keptStart = 1500
const keptEnd = 500
/** More than anybody reads: then even what is acted upon is folded, and says so. */
const tooLong = 20_000

/** Words with their lines. What is long is folded in its middle, at an edge that says how much is seen; opened, it grows frame by frame. */
export function Prose({ text, whole = false }: { text: string; whole?: boolean }) {
  const { shown, folded, open, showAll, fold } = useGrowing(text.length, longText, 2 * chunk)
  const isWhole = text.length <= (whole ? tooLong : longText)
  if (isWhole) {
    return (
      <span className="fact-words">
        <Lines text={text} />
      </span>
    )
  }
  if (folded) {
    const [start, end] = [cutAt(text, keptStart), cutAt(text, text.length - keptEnd)]
    return (
      <div className="fact-words grid gap-1.5">
        <span>
          <Plain text={text.slice(0, start)} place="part" />
        </span>
        <span className="fact-edge">
          <span>{tf.shows(count(start + text.length - end), count(text.length))}</span>
          <button type="button" className="fact-more" onClick={showAll}>
            {tf.showText(count(text.length))}
          </button>
        </span>
        <span>
          <Plain text={text.slice(end)} place="part" />
        </span>
      </div>
    )
  }
  return (
    <div className="fact-words">
      {open && (
        <span className="fact-edge mb-1.5">
          <span>{tf.shows(count(shown), count(text.length))}</span>
          <button type="button" className="fact-more" onClick={fold}>
            {tf.foldText}
          </button>
        </span>
      )}
      <Chunks text={text} upTo={shown} />
    </div>
  )
}

/** Never between the halves of a character. */
function cutAt(text: string, at: number): number {
  const unit = text.charCodeAt(at)
  return unit >= 0xdc00 && unit <= 0xdfff ? at - 1 : at
}

const Chunk = memo(function Chunk({ text }: { text: string }) {
  return <Plain text={text} place="part" />
})

function Chunks({ text, upTo }: { text: string; upTo: number }) {
  const cuts = [0]
  while (cuts.at(-1)! < upTo) cuts.push(upTo - cuts.at(-1)! <= chunk ? upTo : cutAt(text, cuts.at(-1)! + chunk))
  return cuts.slice(1).map((end, index) => (
    <span key={end}>
      <Chunk text={text.slice(cuts[index], end)} />
    </span>
  ))
}

const inText = /https?:\/\/[^\s<>"'’”)\]}]+/gi
const mostAddresses = 30

/** Words in which addresses show their host. */
function Lines({ text }: { text: string }) {
  const found = /https?:\/\//i.test(text)
    ? [...text.matchAll(inText)].filter(([each]) => URL.canParse(each)).slice(0, mostAddresses)
    : []
  if (found.length === 0) return <Plain text={text} />
  let from = 0
  const parts = found.map((match) => {
    const address = match[0].replace(/[.,;:!?]+$/, '')
    const before = text.slice(from, match.index)
    from = match.index + address.length
    return (
      <Fragment key={match.index}>
        {before && <Plain text={before} place="part" />}
        <Address text={address} url={new URL(address)} inline />
      </Fragment>
    )
  })
  return (
    <>
      {parts}
      {from < text.length && <Plain text={text.slice(from)} place="part" />}
    </>
  )
}
