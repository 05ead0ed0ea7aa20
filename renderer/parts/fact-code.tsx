import { Check, Copy } from 'lucide-react'
import { Fragment, memo, useEffect, useState } from 'react'
import { count } from '../format.ts'
import { t } from '../strings.ts'
import { tf } from '../strings-facts.ts'
import { visiblePieces } from '../visible-text.ts'
import { useGrowing } from './fact-growing.ts'
import { Plain } from './text.tsx'

const mostLines = 60
const lineStep = 250
const longLine = 4000
const tooLong = 20_000

/** A command or a piece of code: in a fixed width, with its line breaks and tabs seen, and a way to copy what is seen. */
export function Code({ text, name }: { text: string; name: string }) {
  const isBlock = text.length > 48 || text.includes('\n')
  if (!isBlock) {
    return (
      <span className="inline-flex max-w-full items-center gap-1">
        <code className="font-mono text-meta whitespace-pre-wrap wrap-anywhere">
          <Plain text={text} place="code" />
        </code>
        <CopyCode text={text} name={name} />
      </span>
    )
  }
  return (
    <div className="fact-code">
      <CodeLines text={text} />
      <div className="fact-code-copy">
        <CopyCode text={text} name={name} />
      </div>
    </div>
  )
}

/** Lines, the first of many; one line that is too long to read is folded in its middle. */
function CodeLines({ text }: { text: string }) {
  const lines = text.split('\n')
  const { shown, folded, showAll } = useGrowing(lines.length, mostLines, lineStep)
  return (
    <>
      <pre className="font-mono text-meta whitespace-pre-wrap wrap-anywhere">
        {lines.slice(0, shown).map((line, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines of a fixed text
          <CodeLine key={index} line={line} isLast={index === lines.length - 1} />
        ))}
      </pre>
      {folded && (
        <div className="fact-edge mt-1">
          <button type="button" className="fact-more" onClick={showAll}>
            {tf.showLines(count(lines.length))}
          </button>
        </div>
      )}
    </>
  )
}

/** A line break matters in a command, so it is seen. */
const CodeLine = memo(function CodeLine({ line, isLast }: { line: string; isLast: boolean }) {
  const [open, setOpen] = useState(false)
  const cut = !open && line.length > tooLong
  return (
    <span className="fact-code-line">
      {cut ? <Tabs text={line.slice(0, longLine)} /> : <Tabs text={line} />}
      {cut && (
        <>
          <span className="fact-edge my-1 font-sans">
            {tf.shows(count(longLine + 500), count(line.length))}
            <button type="button" className="fact-more" onClick={() => setOpen(true)}>
              {tf.showText(count(line.length))}
            </button>
          </span>
          <Tabs text={line.slice(-500)} />
        </>
      )}
      {!isLast && <span className="text-muted select-none">{'⏎'}</span>}
    </span>
  )
})

function Tabs({ text }: { text: string }) {
  if (!text.includes('\t')) return <Plain text={text} place="code" />
  return text.split('\t').map((part, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: parts of a fixed text
    <Fragment key={index}>
      {index > 0 && <span className="text-muted select-none">{'⇥\t'}</span>}
      <Plain text={part} place="code" />
    </Fragment>
  ))
}

/** What is seen is what is copied: a character that hides is copied by its code point, so that it does nothing where it is put. */
function asShown(text: string): string {
  return text
    .split('\n')
    .map((line) =>
      visiblePieces(line, 'code')
        .map((piece) => (piece.kind === 'hidden' ? piece.label : piece.text))
        .join(''),
    )
    .join('\n')
}

/** A small way to copy, beside what is copied. */
export function CopyCode({ text, name, label = tf.copyLabel(name) }: { text: string; name: string; label?: string }) {
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), 2000)
    return () => clearTimeout(timer)
  }, [copied])
  const copy = async () =>
    setCopied(
      await navigator.clipboard.writeText(asShown(text)).then(
        () => true,
        () => false,
      ),
    )
  const Icon = copied ? Check : Copy
  return (
    <button
      type="button"
      className="fact-copy"
      aria-label={copied ? t.copied : label.trim()}
      title={copied ? t.copied : tf.copyShown}
      onClick={copy}
    >
      <Icon size={13} aria-hidden />
    </button>
  )
}
