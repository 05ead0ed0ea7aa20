import { type FormEvent, type KeyboardEvent, useRef, useState } from 'react'
import type { AnswerOption, ApprovalItem, Difference } from '../../shared/model/approval.ts'
import { type FilledIn, formFields, readForm } from '../answer-form.ts'
import { levelOf } from '../asked.ts'
import { type Draft, readDraft } from '../edit-draft.ts'
import type { CallFailure } from '../failure.ts'
import { count, money } from '../format.ts'
import { readPart } from '../part-amount.ts'
import { ChangedNotice, useUnseen } from '../parts/changed-notice.tsx'
import { Sheet } from '../parts/dialog.tsx'
import { DifferenceList } from '../parts/differences.tsx'
import { AnswerFields, EditFields, Frame } from '../parts/fields.tsx'
import { RiskWords } from '../parts/risk.tsx'
import { Plain } from '../parts/text.tsx'
import { consequenceOf } from '../said.ts'
import { fieldProblems } from '../server-problems.ts'
import type { Choice } from '../store/decide.ts'
import { t } from '../strings.ts'
import { td } from '../strings-decide.ts'
import { tt } from '../strings-triage.ts'
import { ownTitle } from '../title.ts'
import { visible } from '../visible-text.ts'

/** What is given besides a plain yes. */
export type ApproveMode =
  | { readonly kind: 'approve' }
  | { readonly kind: 'edit' }
  | { readonly kind: 'part' }
  | { readonly kind: 'option'; readonly option: AnswerOption }

type Props = {
  readonly mode: ApproveMode
  readonly item: ApprovalItem
  /** Ids of the batch's items that were taken out. */
  readonly left: ReadonlySet<string>
  readonly comment: string
  readonly forWhom: string | null
  readonly onClose: () => void
  /** Resolves with what the host refused, or null. */
  readonly onSend: (choice: Choice) => Promise<CallFailure | null>
}

/** Approving with changes, in part, with a form or with an option: what will be sent is shown before it is. */
export function ApproveDialog(props: Props) {
  const { mode, item, left, onClose } = props
  const answer = useAnswer(props)
  const unseen = useUnseen(item)
  const form = useRef<HTMLFormElement>(null)
  const firstField = () => form.current?.querySelector<HTMLElement>('input, select, textarea') ?? null
  const takesAmount = mode.kind === 'part' && !item.items
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!unseen) void answer.send()
  }
  return (
    <Sheet open onClose={onClose} title={titleOf(mode)} wide focus={firstField}>
      <form ref={form} onSubmit={submit} onKeyDown={(event) => onEnter(event, form.current)} className="grid gap-4" noValidate>
        <ChangedNotice item={item} />
        <Subject item={item} forWhom={props.forWhom} />
        {mode.kind === 'edit' && (
          <div className="grid gap-3">
            <p className="text-muted">{td.approve.editHelp}</p>
            <EditFields item={item} draft={answer.draft} onDraft={answer.setDraft} problems={answer.problems} />
          </div>
        )}
        {takesAmount && (
          <AmountField item={item} value={answer.amount} onValue={answer.setAmount} problem={answer.problems['/amount']} />
        )}
        {left.size > 0 && <LeftOut item={item} left={left} />}
        {answer.fields.length > 0 && (
          <AnswerFields fields={answer.fields} filled={answer.filled} onFilled={answer.setFilled} problems={answer.problems} />
        )}
        {(mode.kind === 'edit' || takesAmount) && <Preview item={item} differences={answer.differences} />}
        <Frame
          label={item.risk === 'high' ? tt.high.reason : td.approve.comment}
          help={item.risk === 'high' ? tt.high.help : td.approve.commentHelp}
          problem={answer.problems['/comment']}
        >
          {(wiring) => (
            <textarea
              {...wiring}
              className="field min-h-14 resize-none [field-sizing:content]"
              maxLength={10_000}
              value={answer.comment}
              onChange={(event) => answer.setComment(event.target.value)}
            />
          )}
        </Frame>
        {answer.others.length > 0 && (
          <ul role="alert" className="grid gap-1 text-red">
            {answer.others.map((message) => (
              <li key={message} className="wrap-anywhere">
                <Plain text={message} oneLine />
              </li>
            ))}
          </ul>
        )}
        <div className="answers sheet-foot">
          <button type="button" className="btn" onClick={onClose}>
            {t.cancel}
          </button>
          <button type="submit" className="btn btn-accent" disabled={unseen !== null || answer.busy}>
            {answer.busy ? td.act.working : confirmOf(mode)}
          </button>
        </div>
      </form>
    </Sheet>
  )
}

const titleOf = (mode: ApproveMode) => (mode.kind === 'option' ? visible(mode.option.label) : td.approve.title[mode.kind])
const confirmOf = (mode: ApproveMode) => (mode.kind === 'option' ? visible(mode.option.label) : td.approve.confirm[mode.kind])

/** Enter in a field is a slip of the hand, not a decision; with Ctrl or ⌘ it is meant. */
function onEnter(event: KeyboardEvent, form: HTMLFormElement | null) {
  if (event.key !== 'Enter' || event.repeat || event.nativeEvent.isComposing) return
  if (event.ctrlKey || event.metaKey) {
    event.preventDefault()
    form?.requestSubmit()
    return
  }
  if (event.target instanceof HTMLInputElement) event.preventDefault()
}

function useAnswer({ mode, item, left, comment: written, onSend }: Props) {
  const [draft, setDraft] = useState<Draft>({})
  const [amount, setAmount] = useState('')
  const [filled, setFilled] = useState<FilledIn>({})
  const [comment, setComment] = useState(written)
  const [tried, setTried] = useState(false)
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<CallFailure | null>(null)
  const fields = item.form ? formFields(item.form) : []
  const edited = mode.kind === 'edit' ? readDraft(item, draft) : null
  const part = mode.kind === 'part' && !item.items ? readPart(item, amount) : null
  const form = readForm(fields, filled)
  const isUnchanged = edited !== null && edited.differences.length === 0 && Object.keys(edited.problems).length === 0
  const needsReason = item.risk === 'high' && comment.trim() === ''
  const own: Readonly<Record<string, string>> = {
    ...inWords(edited?.problems ?? {}),
    ...(tried ? inWords(form.problems) : {}),
    ...(tried && needsReason ? { '/comment': tt.high.needed } : {}),
    ...(part?.problem && (tried || amount !== '') ? { '/amount': partProblem(part.problem, item) } : {}),
  }
  const told = fieldProblems(
    failure,
    fields.map(({ pointer }) => pointer),
  )
  const send = async () => {
    setTried(true)
    const isWhole = Object.keys(edited?.problems ?? {}).length === 0 && Object.keys(form.problems).length === 0 && !part?.problem
    if (!isWhole || isUnchanged || needsReason || busy) return
    setBusy(true)
    setFailure(
      await onSend({
        decision: 'approve',
        comment,
        ...(mode.kind === 'option' ? { option: mode.option.id } : {}),
        ...(edited ? { changes: edited.changes } : {}),
        ...(part?.value !== undefined ? { amount: part.value } : {}),
        ...(left.size > 0 && item.items ? { items: item.items.filter(({ id }) => !left.has(id)).map(({ id }) => id) } : {}),
        ...(fields.length > 0 ? { answer: form.answer } : {}),
      }),
    )
    setBusy(false)
  }
  const differences: readonly Difference[] =
    edited?.differences ?? (part?.value === undefined ? [] : [{ pointer: '/amount', before: item.amount, after: part.value }])
  return {
    ...{ draft, setDraft, amount, setAmount, filled, setFilled, comment, setComment, busy, fields, differences, send },
    problems: { ...told.fields, ...own },
    others: isUnchanged && tried ? [td.approve.unchanged] : told.others,
  }
}

const inWords = (problems: Readonly<Record<string, keyof typeof td.approve.problem>>) =>
  Object.fromEntries(Object.entries(problems).map(([pointer, problem]) => [pointer, td.approve.problem[problem]]))

const partProblem = (problem: 'needed' | 'unclear' | 'too_large', item: ApprovalItem) => {
  if (problem === 'too_large') return td.approve.amountTooLarge(money(item.amount ?? 0, item.currency))
  return problem === 'needed' ? td.approve.amountNeeded : td.approve.amountUnclear
}

function Subject({ item, forWhom }: { item: ApprovalItem; forWhom: string | null }) {
  return (
    <div className="grid gap-1">
      <p className="font-semibold wrap-anywhere">
        <Plain text={ownTitle(item)} oneLine />
        {item.amount !== null && <span className="tabular-nums"> · {money(item.amount, item.currency)}</span>}
      </p>
      <p className="text-muted wrap-anywhere">
        <Plain text={consequenceOf(item)} oneLine />
      </p>
      {item.risk === 'high' && <RiskWords risk={item.risk} />}
      {forWhom && <p>{td.standing.onlyFor(forWhom)}</p>}
    </div>
  )
}

type AmountProps = {
  readonly item: ApprovalItem
  readonly value: string
  readonly onValue: (value: string) => void
  readonly problem: string | undefined
}

function AmountField({ item, value, onValue, problem }: AmountProps) {
  return (
    <Frame label={td.approve.amount} help={td.approve.amountHelp(money(item.amount ?? 0, item.currency))} problem={problem}>
      {(wiring) => (
        <div className="flex items-center gap-2">
          <input
            {...wiring}
            className="field max-w-48 tabular-nums"
            inputMode="decimal"
            autoComplete="off"
            value={value}
            onChange={(event) => onValue(event.target.value)}
          />
          {item.currency && <span className="text-muted">{item.currency}</span>}
        </div>
      )}
    </Frame>
  )
}

function LeftOut({ item, left }: { item: ApprovalItem; left: ReadonlySet<string> }) {
  const out = item.items?.filter(({ id }) => left.has(id)) ?? []
  return (
    <section aria-label={td.approve.leftOut}>
      <h3 className="head mb-1.5">
        {td.approve.leftOut} ({count(out.length)})
      </h3>
      <ul className="card max-h-48 divide-y divide-line overflow-y-auto">
        {out.map((each) => (
          <li key={each.id} className="flex justify-between gap-3 px-3 py-1.5">
            <span className="min-w-0 wrap-anywhere">
              <Plain text={each.title} oneLine />
            </span>
            {each.amount !== null && <span className="shrink-0 tabular-nums">{money(each.amount, each.currency)}</span>}
          </li>
        ))}
      </ul>
    </section>
  )
}

/** The difference, as it will be stored. */
function Preview({ item, differences }: { item: ApprovalItem; differences: readonly Difference[] }) {
  const note = levelOf(item) > 0 ? td.approve.restarts : item.votes.some(({ counts }) => counts) ? td.approve.resets : null
  return (
    <section aria-label={td.approve.difference} className="rounded-card bg-well px-4 py-3" aria-live="polite">
      <h3 className="head mb-1.5">{td.approve.difference}</h3>
      {differences.length === 0 ? (
        <p className="text-muted">{td.approve.unchanged}</p>
      ) : (
        <DifferenceList differences={differences} />
      )}
      {note && differences.length > 0 && <p className="mt-2 text-meta text-muted">{note}</p>}
    </section>
  )
}
