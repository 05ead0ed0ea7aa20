import { count } from '../format.ts'
import { tf } from '../strings-facts.ts'
import { CopyCode } from './fact-code.tsx'
import { useGrowing } from './fact-growing.ts'
import type { DiffLine } from './fact-lines.ts'
import { Plain } from './text.tsx'

const firstLines = 60
const step = 400
const signs = { added: '+', removed: '-', kept: ' ', head: '', place: '' } as const

/** A difference: each line with its sign, so that colour is not all that tells them apart. */
export function DiffView({ lines, copied }: { lines: readonly DiffLine[]; copied?: string }) {
  const { shown, folded, showAll } = useGrowing(lines.length, firstLines, step)
  const added = lines.filter(({ kind }) => kind === 'added').length
  const removed = lines.filter(({ kind }) => kind === 'removed').length
  return (
    <figure className="fact-diff" aria-label={tf.diff}>
      <figcaption className="flex items-center justify-between gap-2 border-b border-line px-2.5 py-1 text-meta text-muted tabular-nums">
        {tf.diffSum(count(added), count(removed))}
        {copied !== undefined && <CopyCode text={copied} name={tf.diff} />}
      </figcaption>
      <pre className="overflow-x-auto py-1 font-mono text-meta whitespace-pre-wrap wrap-anywhere">
        {lines.slice(0, shown).map(({ kind, text }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines of a fixed text
          <span key={index} className={`diff-line diff-${kind}`}>
            {signs[kind] !== '' && <span className="diff-sign">{signs[kind]}</span>}
            <span className="min-w-0">
              <Plain text={text} place="code" />
            </span>
          </span>
        ))}
      </pre>
      {folded && (
        <div className="fact-edge m-1.5">
          <button type="button" className="fact-more" onClick={showAll}>
            {tf.showLines(count(lines.length))}
          </button>
        </div>
      )}
    </figure>
  )
}
