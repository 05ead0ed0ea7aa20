import { type ReactNode, useId } from 'react'
import type { ApprovalItem } from '../../shared/model/approval.ts'
import type { FilledIn, FormField } from '../answer-form.ts'
import { placeName } from '../difference.ts'
import { asTyped, type Draft, type EditField, editFields } from '../edit-draft.ts'
import { td } from '../strings-decide.ts'
import { visible } from '../visible-text.ts'

/** Where a control finds its help and its problem. */
type Wiring = { readonly id: string; readonly 'aria-describedby': string | undefined; readonly 'aria-invalid': boolean }

type FrameProps = {
  readonly label: string
  readonly help?: string | null
  readonly problem?: string | undefined
  readonly optional?: boolean
  readonly children: (wiring: Wiring) => ReactNode
}

/** A label, its control, and below it what helps or what is wrong. */
export function Frame({ label, help, problem, optional, children }: FrameProps) {
  const id = useId()
  const note = problem ?? help
  return (
    <div className="grid gap-1">
      <label htmlFor={id} className="font-medium wrap-anywhere">
        {label} {optional && <span className="font-normal text-muted">({td.approve.optional})</span>}
      </label>
      {children({ id, 'aria-describedby': note ? `${id}-note` : undefined, 'aria-invalid': problem !== undefined })}
      {note && (
        <p id={`${id}-note`} className={`text-meta wrap-anywhere ${problem ? 'text-red' : 'text-muted'}`} aria-live="polite">
          {note}
        </p>
      )}
    </div>
  )
}

type LinesProps = {
  readonly wiring: Wiring
  readonly value: string
  readonly onValue: (value: string) => void
  readonly code?: boolean
}

function Lines({ wiring, value, onValue, code = false }: LinesProps) {
  return (
    <textarea
      {...wiring}
      className={`field min-h-16 resize-none [field-sizing:content] ${code ? 'font-mono text-meta' : ''}`}
      spellCheck={!code}
      value={value}
      onChange={(event) => onValue(event.target.value)}
    />
  )
}

function Line({ wiring, value, onValue, ...rest }: LinesProps & { readonly type?: string; readonly inputMode?: 'decimal' }) {
  return (
    <input
      {...wiring}
      {...rest}
      className="field tabular-nums"
      autoComplete="off"
      value={value}
      onChange={(event) => onValue(event.target.value)}
    />
  )
}

function Tick({ wiring, checked, onChecked }: { wiring: Wiring; checked: boolean; onChecked: (checked: boolean) => void }) {
  return (
    <label className="flex w-fit items-center gap-2">
      <input {...wiring} type="checkbox" className="tick" checked={checked} onChange={(event) => onChecked(event.target.checked)} />
      {checked ? td.approve.yes : td.approve.no}
    </label>
  )
}

type EditProps = {
  readonly item: ApprovalItem
  readonly draft: Draft
  readonly onDraft: (draft: Draft) => void
  readonly problems: Readonly<Record<string, string>>
}

/** The values that an approver may change, each in a field of its own kind. */
export function EditFields({ item, draft, onDraft, problems }: EditProps) {
  return (
    <div className="grid gap-3">
      {editFields(item).map((field) => (
        <Frame key={field.pointer} label={visible(placeName(field.pointer))} problem={problems[field.pointer]}>
          {(wiring) => (
            <EditControl
              field={field}
              wiring={wiring}
              value={draft[field.pointer] ?? asTyped(field)}
              onValue={(value) => onDraft({ ...draft, [field.pointer]: value })}
            />
          )}
        </Frame>
      ))}
    </div>
  )
}

type ControlProps = {
  readonly field: EditField
  readonly wiring: Wiring
  readonly value: string | boolean
  readonly onValue: (value: string | boolean) => void
}

const oneLine = 80

function EditControl({ field, wiring, value, onValue }: ControlProps) {
  if (typeof value === 'boolean') return <Tick wiring={wiring} checked={value} onChecked={onValue} />
  const original = String(asTyped(field))
  if (field.kind === 'json') return <Lines wiring={wiring} value={value} onValue={onValue} code />
  if (field.kind === 'text' && (original.includes('\n') || original.length > oneLine)) {
    return <Lines wiring={wiring} value={value} onValue={onValue} />
  }
  return <Line wiring={wiring} value={value} onValue={onValue} {...(field.kind === 'number' ? { inputMode: 'decimal' } : {})} />
}

type AnswerProps = {
  readonly fields: readonly FormField[]
  readonly filled: FilledIn
  readonly onFilled: (filled: FilledIn) => void
  readonly problems: Readonly<Record<string, string>>
}

/** The form that the sender asks to be filled in. */
export function AnswerFields({ fields, filled, onFilled, problems }: AnswerProps) {
  return (
    <fieldset className="grid gap-3">
      <legend className="head mb-1.5">{td.approve.form}</legend>
      {fields.map((field) => (
        <Frame
          key={field.pointer}
          label={visible(field.label)}
          help={field.help === null ? (field.kind === 'json' ? td.approve.json : null) : visible(field.help)}
          problem={problems[field.pointer]}
          optional={!field.required && field.kind !== 'boolean'}
        >
          {(wiring) => (
            <AnswerControl
              field={field}
              wiring={wiring}
              value={filled[field.pointer] ?? field.initial}
              onValue={(value) => onFilled({ ...filled, [field.pointer]: value })}
            />
          )}
        </Frame>
      ))}
    </fieldset>
  )
}

type AnswerControlProps = {
  readonly field: FormField
  readonly wiring: Wiring
  readonly value: FilledIn[string] | undefined
  readonly onValue: (value: FilledIn[string]) => void
}

function AnswerControl({ field, wiring, value, onValue }: AnswerControlProps) {
  if (field.kind === 'boolean') return <Tick wiring={wiring} checked={value === true} onChecked={onValue} />
  if (field.kind === 'choices') return <Choices field={field} wiring={wiring} value={value} onValue={onValue} />
  const typed = typeof value === 'string' ? value : ''
  if (field.kind === 'choice') {
    return (
      <select {...wiring} className="field" value={typed} onChange={(event) => onValue(event.target.value)}>
        <option value="">{td.approve.choose}</option>
        {field.choices.map(({ label }, index) => (
          <option key={label} value={index}>
            {visible(label)}
          </option>
        ))}
      </select>
    )
  }
  if (field.kind === 'lines' || field.kind === 'json') {
    return <Lines wiring={wiring} value={typed} onValue={onValue} code={field.kind === 'json'} />
  }
  if (field.kind === 'date') return <Line wiring={wiring} value={typed} onValue={onValue} type="date" />
  const isNumber = field.kind === 'number' || field.kind === 'integer'
  return <Line wiring={wiring} value={typed} onValue={onValue} {...(isNumber ? { inputMode: 'decimal' } : {})} />
}

function Choices({ field, wiring, value, onValue }: AnswerControlProps) {
  const chosen = Array.isArray(value) ? (value as readonly number[]) : []
  return (
    <fieldset
      id={wiring.id}
      aria-describedby={wiring['aria-describedby']}
      aria-label={visible(field.label)}
      className="flex flex-wrap gap-x-4 gap-y-1"
    >
      {field.choices.map(({ label }, index) => (
        <label key={label} className="flex items-center gap-2">
          <input
            type="checkbox"
            className="tick"
            checked={chosen.includes(index)}
            onChange={(event) => onValue(event.target.checked ? [...chosen, index] : chosen.filter((each) => each !== index))}
          />
          {visible(label)}
        </label>
      ))}
    </fieldset>
  )
}
