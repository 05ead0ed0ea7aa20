import { Plus, X } from 'lucide-react'
import { type FormEvent, useId, useState } from 'react'
import type { RetentionPreview, RetentionRules, RetentionView } from '../../shared/contract/erasure.ts'
import type { CallFailure } from '../failure.ts'
import { count, when } from '../format.ts'
import { useNow } from '../now.ts'
import { Field, Problem, toFieldErrors } from '../parts/form.tsx'
import { useActions } from '../store/context.ts'
import { useRetention, useRetentionPreview } from '../store/retention.ts'
import { t } from '../strings.ts'
import { te } from '../strings-erasure.ts'
import { visible } from '../visible-text.ts'
import { Group } from './settings.tsx'

const tx = te.retention

/** As it stands in the form: numbers are texts until they are numbers, and no text keeps it for ever. */
type Draft = {
  readonly days: string
  readonly types: readonly { readonly type: string; readonly days: string }[]
  readonly holdTypes: string
  readonly holdRuns: string
}

const toText = (days: number | null) => (days === null ? '' : String(days))

const toDraft = ({ rules: { days, types, hold } }: RetentionView): Draft => ({
  days: toText(days),
  types: Object.entries(types).map(([type, own]) => ({ type, days: toText(own) })),
  holdTypes: hold.types.join('\n'),
  holdRuns: hold.runs.join('\n'),
})

const linesOf = (text: string) =>
  text
    .split(/[\s,;]+/)
    .map((line) => line.trim())
    .filter(Boolean)

const isDays = (text: string) =>
  text.trim() === '' || (/^\d{1,5}$/.test(text.trim()) && Number(text) >= 1 && Number(text) <= 36_500)
const toDays = (text: string) => (text.trim() === '' ? null : Number(text))

/** Null where a number is none. */
function toRules({ days, types, holdTypes, holdRuns }: Draft): RetentionRules | null {
  if (![days, ...types.map((own) => own.days)].every(isDays)) return null
  const named = types.filter(({ type }) => type.trim() !== '')
  return {
    days: toDays(days),
    types: Object.fromEntries(named.map((own) => [own.type.trim(), toDays(own.days)])),
    hold: { runs: linesOf(holdRuns), types: linesOf(holdTypes) },
  }
}

/** How long what requests said is kept: with what a change would erase, before it is saved. */
export function RetentionSection({ mayEdit }: { mayEdit: boolean }) {
  const { view, failure, load, save } = useRetention()
  return (
    <Group title={tx.title} help={tx.help}>
      {view ? (
        // What was saved elsewhere meanwhile begins a new form.
        <RetentionForm key={JSON.stringify(view.rules)} view={view} mayEdit={mayEdit} onSave={save} />
      ) : (
        failure && (
          <p className="flex flex-wrap items-center gap-3">
            {tx.failed}
            <button type="button" className="btn" onClick={() => void load()}>
              {t.retry}
            </button>
          </p>
        )
      )}
    </Group>
  )
}

type FormProps = {
  readonly view: RetentionView
  readonly mayEdit: boolean
  readonly onSave: (rules: RetentionRules) => Promise<CallFailure | null>
}

function RetentionForm({ view, mayEdit, onSave }: FormProps) {
  const actions = useActions()
  const now = useNow(20_000)
  const [draft, setDraft] = useState(toDraft(view))
  const [failure, setFailure] = useState<CallFailure | null>(null)
  const rules = toRules(draft)
  const changed = rules === null || JSON.stringify(rules) !== JSON.stringify(toRules(toDraft(view)))
  const preview = useRetentionPreview(changed ? rules : null)
  const { errors, whole } = toFieldErrors(failure, ['types', 'hold', 'days'])
  const change = (part: Partial<Draft>) => {
    setDraft((before) => ({ ...before, ...part }))
    setFailure(null)
  }
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (rules === null) return
    const refused = await onSave(rules)
    setFailure(refused)
    if (!refused) actions.toast('good', tx.saved)
  }
  return (
    <form className="grid gap-4" onSubmit={submit} noValidate>
      <DaysRow label={tx.all} value={draft.days} disabled={!mayEdit} onChange={(days) => change({ days })} />
      <Types draft={draft} disabled={!mayEdit} problem={errors.get('types')} onChange={(types) => change({ types })} />
      <Field label={tx.holdTypes} help={tx.holdTypesHelp} error={errors.get('hold')}>
        {(tied) => (
          <Lines tied={tied} value={draft.holdTypes} disabled={!mayEdit} onChange={(holdTypes) => change({ holdTypes })} />
        )}
      </Field>
      <Field label={tx.holdRuns} help={tx.holdRunsHelp}>
        {(tied) => <Lines tied={tied} value={draft.holdRuns} disabled={!mayEdit} onChange={(holdRuns) => change({ holdRuns })} />}
      </Field>
      {changed ? (
        <Consequence preview={preview} bad={rules === null} />
      ) : (
        <p className="text-meta text-muted">{tx.next(when(view.next_at, now))}</p>
      )}
      {view.unfinished > 0 && <p className="text-amber">{tx.unfinished(view.unfinished, count(view.unfinished))}</p>}
      <Problem text={whole} />
      {changed && mayEdit && (
        <div className="flex flex-wrap justify-end gap-2">
          <button type="button" className="btn" onClick={() => change(toDraft(view))}>
            {tx.undo}
          </button>
          <button type="submit" className="btn btn-accent" disabled={rules === null}>
            {tx.save}
          </button>
        </div>
      )}
    </form>
  )
}

/** What would happen, said before it does. */
function Consequence({ preview, bad }: { preview: RetentionPreview | null; bad: boolean }) {
  if (bad) {
    return (
      <p role="alert" className="text-red">
        {tx.badDays}
      </p>
    )
  }
  return (
    <div role="status" className="grid gap-1 rounded-control bg-well px-3 py-2">
      {preview === null ? (
        <p className="text-muted">{tx.counting}</p>
      ) : (
        <>
          <p className={preview.due > 0 ? 'font-semibold text-red' : ''}>
            {preview.due > 0 ? tx.preview(count(preview.due), preview.of, count(preview.of)) : tx.previewNone(count(preview.of))}
          </p>
          {preview.held > 0 && <p>{tx.held(preview.held, count(preview.held))}</p>}
          {preview.due > 0 && <p className="text-muted">{tx.begins}</p>}
        </>
      )}
    </div>
  )
}

type DaysProps = { label: string; value: string; disabled: boolean; onChange: (value: string) => void }

/** Days, or nothing for ever. */
function DaysRow({ label, value, disabled, onChange }: DaysProps) {
  const id = useId()
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1">
      <label htmlFor={id} className="min-w-0 wrap-anywhere">
        {label}
      </label>
      <Days id={id} value={value} disabled={disabled} onChange={onChange} />
    </div>
  )
}

function Days({ id, label, value, disabled, onChange }: Omit<DaysProps, 'label'> & { id?: string; label?: string }) {
  return (
    <span className="flex items-center gap-2">
      <input
        id={id}
        aria-label={label}
        className="field w-24 text-right tabular-nums"
        inputMode="numeric"
        maxLength={5}
        placeholder={tx.forEver}
        disabled={disabled}
        aria-invalid={isDays(value) ? undefined : true}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
      <span className="text-muted">{tx.days}</span>
    </span>
  )
}

type TypesProps = {
  readonly draft: Draft
  readonly disabled: boolean
  readonly problem: string | undefined
  readonly onChange: (types: Draft['types']) => void
}

function Types({ draft: { types }, disabled, problem, onChange }: TypesProps) {
  const put = (at: number, part: Partial<Draft['types'][number]>) =>
    onChange(types.map((own, n) => (n === at ? { ...own, ...part } : own)))
  return (
    <fieldset className="grid gap-2">
      <legend className="mb-1 font-medium">{tx.types}</legend>
      {types.map((own, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row has no name but the one that is typed into it
        <div key={at} className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1">
          <input
            className="field min-w-0 flex-1 basis-36 font-mono"
            aria-label={tx.type}
            disabled={disabled}
            maxLength={64}
            spellCheck={false}
            autoCapitalize="none"
            value={own.type}
            onChange={(event) => put(at, { type: event.target.value })}
          />
          <Days label={tx.daysOf(visible(own.type))} value={own.days} disabled={disabled} onChange={(days) => put(at, { days })} />
          <button
            type="button"
            className="btn btn-quiet px-2"
            aria-label={tx.remove(visible(own.type))}
            disabled={disabled}
            onClick={() => onChange(types.filter((_, n) => n !== at))}
          >
            <X size={14} aria-hidden />
          </button>
        </div>
      ))}
      {problem && <p className="text-red wrap-anywhere">{visible(problem)}</p>}
      <button
        type="button"
        className="btn justify-self-start"
        disabled={disabled}
        onClick={() => onChange([...types, { type: '', days: '' }])}
      >
        <Plus size={14} aria-hidden /> {tx.add}
      </button>
    </fieldset>
  )
}

type LinesProps = {
  readonly tied: { id: string; 'aria-describedby'?: string; 'aria-invalid'?: true }
  readonly value: string
  readonly disabled: boolean
  readonly onChange: (value: string) => void
}

const Lines = ({ tied, value, disabled, onChange }: LinesProps) => (
  <textarea
    {...tied}
    className="field min-h-16 font-mono text-meta"
    disabled={disabled}
    spellCheck={false}
    value={value}
    onChange={(event) => onChange(event.target.value)}
  />
)
