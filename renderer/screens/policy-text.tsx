import { CircleCheck, TriangleAlert } from 'lucide-react'
import { type RefObject, useEffect, useRef } from 'react'
import type { PolicyProblem } from '../../shared/contract/policy.ts'
import { Part } from '../parts/page.tsx'
import { Plain } from '../parts/text.tsx'
import { useInbox } from '../store/context.ts'
import { type PolicyView, usePolicy, usePolicyDesk } from '../store/policy.ts'
import { ty } from '../strings-policy.ts'
import { useSaving } from './policy-bar.tsx'

const lineHeight = 20
const linesAbove = 4

/** Puts the cursor on a place of the text, a few lines from the top of what is seen. */
function jump(area: HTMLTextAreaElement, line: number, column = 1): void {
  const before = area.value.split('\n').slice(0, line - 1)
  const at = before.reduce((sum, each) => sum + each.length + 1, 0) + column - 1
  area.focus()
  area.setSelectionRange(at, at)
  area.scrollTop = Math.max(0, (line - 1 - linesAbove) * lineHeight)
}

/** The file's text in a plain editor, checked as it is written. */
export function PolicyText({ view }: { view: PolicyView }) {
  const desk = usePolicyDesk()
  const save = useSaving()
  const draft = usePolicy((state) => state.draft)
  const line = usePolicy((state) => state.line)
  const checked = usePolicy((state) => state.checked)
  const mayEdit = useInbox((state) => state.scopes.includes('admin'))
  const area = useRef<HTMLTextAreaElement>(null)
  useEffect(() => {
    if (line === null || !area.current) return
    jump(area.current, line)
    desk.show(null)
  }, [desk, line])
  const saveIt = async () => {
    const isReady = draft !== null && mayEdit && checked.state === 'done' && checked.problems.length === 0
    if (isReady) await save(desk.save)
  }
  const problems = draft === null ? view.problems : checked.state === 'done' ? checked.problems : []
  return (
    <div className="grid gap-4 xl:grid-cols-[minmax(0,1fr)_280px] xl:items-start">
      <div className="grid min-w-0 gap-2">
        {!mayEdit && <p className="text-muted">{ty.text.readOnly}</p>}
        <Editor area={area} text={draft ?? view.text} problems={problems} onWrite={desk.write} onSave={() => void saveIt()} />
      </div>
      <Problems problems={problems} area={area} />
    </div>
  )
}

type EditorProps = {
  readonly area: RefObject<HTMLTextAreaElement | null>
  readonly text: string
  readonly problems: readonly PolicyProblem[]
  readonly onWrite: (text: string) => void
  /** Where a person tries the key for saving, it works. */
  readonly onSave: () => void
}

function Editor({ area, text, problems, onWrite, onSave }: EditorProps) {
  const lines = useRef<HTMLDivElement>(null)
  const wrong = new Set(problems.map((problem) => problem.line))
  const numbers = Array.from({ length: text.split('\n').length }, (_, index) => index + 1)
  return (
    <div className="editor">
      <div ref={lines} className="editor-lines" aria-hidden="true">
        {numbers.map((number) => (
          <div key={number} className={wrong.has(number) ? 'font-semibold text-red' : ''}>
            {wrong.has(number) ? `▸${number}` : number}
          </div>
        ))}
      </div>
      <textarea
        ref={area}
        className="editor-text"
        aria-label={ty.text.label}
        aria-describedby="policy-problems"
        value={text}
        wrap="off"
        spellCheck={false}
        autoCapitalize="off"
        autoCorrect="off"
        onChange={(event) => onWrite(event.target.value)}
        onKeyDown={(event) => {
          if (event.key.toLowerCase() !== 's' || !(event.ctrlKey || event.metaKey) || event.altKey) return
          event.preventDefault()
          onSave()
        }}
        onScroll={(event) => {
          if (lines.current) lines.current.scrollTop = event.currentTarget.scrollTop
        }}
      />
    </div>
  )
}

function Problems({ problems, area }: { problems: readonly PolicyProblem[]; area: RefObject<HTMLTextAreaElement | null> }) {
  const draft = usePolicy((state) => state.draft)
  const checked = usePolicy((state) => state.checked)
  const busy = draft !== null && checked.state === 'checking'
  return (
    <Part title={ty.text.problems}>
      <div id="policy-problems" role="status" className="word text-meta">
        {busy ? (
          <span className="text-muted">{ty.text.checking}</span>
        ) : checked.state === 'failed' && draft !== null ? (
          <span className="text-red whitespace-normal">{ty.text.checkFailed(checked.why)}</span>
        ) : problems.length === 0 ? (
          <>
            <CircleCheck size={14} className="text-accent" aria-hidden /> {ty.text.good}
          </>
        ) : (
          <span className="word font-semibold text-red">
            <TriangleAlert size={14} aria-hidden /> {ty.text.count(problems.length)}
          </span>
        )}
      </div>
      {problems.length > 0 && (
        <ol className="card divide-y divide-line overflow-hidden">
          {problems.map((problem, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a list that is replaced as a whole
            <li key={index}>
              <ProblemLine problem={problem} area={area} />
            </li>
          ))}
        </ol>
      )}
    </Part>
  )
}

function ProblemLine({ problem, area }: { problem: PolicyProblem; area: RefObject<HTMLTextAreaElement | null> }) {
  const { line, column, pointer, message } = problem
  const words = (
    <>
      <span className="font-mono text-meta text-muted tabular-nums">
        {line === null ? ty.text.whole : ty.text.place(line, column ?? 1)}
        {pointer && ` ${pointer}`}
      </span>
      <span className="block wrap-anywhere">
        <Plain text={message} />
      </span>
    </>
  )
  if (line === null) return <div className="px-3 py-2">{words}</div>
  return (
    <button
      type="button"
      className="block w-full px-3 py-2 text-left hover:bg-hover focus-visible:-outline-offset-2"
      title={ty.text.jump(line)}
      onClick={() => area.current && jump(area.current, line, column ?? 1)}
    >
      {words}
    </button>
  )
}
