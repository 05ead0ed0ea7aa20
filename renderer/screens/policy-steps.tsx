import { Plus, Trash2 } from 'lucide-react'
import type { PolicyRuleFields, PolicyStep } from '../../shared/contract/policy-form.ts'
import { count } from '../format.ts'
import { Field } from '../parts/form.tsx'
import { usePeople } from '../store/people.ts'
import { ty } from '../strings-policy.ts'
import { visible } from '../visible-text.ts'
import { allPicked, Pick, type Picked, picked } from './people-pick.tsx'

const f = ty.form

/** Whom a policy can name: people by address, and groups. */
export function useKnown(sender: boolean) {
  const people = usePeople()
  if (people.state !== 'ready') return sender ? [{ value: 'sender', name: 'sender' }] : []
  const { view } = people.desk
  return [
    ...(sender ? [{ value: 'sender', name: 'sender' }] : []),
    ...view.groups.map(({ name, label }) => ({
      value: `group:${name}`,
      name: label ? `group:${name} (${label})` : `group:${name}`,
    })),
    ...view.people.map(({ email, name }) => ({ value: email, name: name ? `${email} (${name})` : email })),
  ]
}

/** A number that may be left out, as its field has it. */
export const toNumber = (written: string): number | null => (written.trim() === '' ? null : Number(written))
export const toWritten = (n: number | null): string => (n === null ? '' : String(n))

/** One step as the form holds it. */
export type StepForm = { readonly to: Picked; readonly after: string; readonly hours: string }

export const toStepForms = (steps: readonly PolicyStep[]): readonly StepForm[] =>
  steps.map(({ to, after_hours, timeout_hours }) => ({
    to: picked(to),
    after: toWritten(after_hours),
    hours: toWritten(timeout_hours),
  }))

export const toSteps = (forms: readonly StepForm[]): PolicyStep[] =>
  forms.map(({ to, after, hours }) => ({ to: allPicked(to), after_hours: toNumber(after), timeout_hours: toNumber(hours) }))

type StepsProps = {
  readonly steps: readonly StepForm[]
  readonly error: string | undefined
  readonly onChange: (steps: readonly StepForm[]) => void
}

/** Whom else to ask while nobody answers, one after the other. */
export function Steps({ steps, error, onChange }: StepsProps) {
  const known = useKnown(false)
  const set = (index: number, change: Partial<StepForm>) =>
    onChange(steps.map((step, at) => (at === index ? { ...step, ...change } : step)))
  return (
    <div className="grid gap-3">
      {steps.length === 0 && <p className="text-muted">{f.nobody}</p>}
      {steps.map((step, index) => {
        const n = count(index + 1)
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a step is its place
          <fieldset key={index} className="card grid gap-3 p-3">
            <legend className="sr-only">{f.step(n)}</legend>
            <Pick label={f.to(n)} value={step.to} onChange={(to) => set(index, { to })} known={known} />
            <div className="flex flex-wrap items-start gap-3">
              <HoursField label={f.after(n)} help={f.afterHelp} value={step.after} onChange={(after) => set(index, { after })} />
              <HoursField label={f.stepHours(n)} value={step.hours} onChange={(hours) => set(index, { hours })} />
              <button
                type="button"
                className="btn btn-quiet mt-6 px-2"
                aria-label={f.removeStep(n)}
                onClick={() => onChange(steps.filter((_, at) => at !== index))}
              >
                <Trash2 size={15} aria-hidden />
              </button>
            </div>
          </fieldset>
        )
      })}
      {error && (
        <p role="alert" className="text-red wrap-anywhere">
          {visible(error)}
        </p>
      )}
      <button
        type="button"
        className="btn justify-self-start"
        onClick={() => onChange([...steps, { to: picked([]), after: '8', hours: '' }])}
      >
        <Plus size={15} aria-hidden /> {f.addStep}
      </button>
    </div>
  )
}

type HoursProps = {
  readonly label: string
  readonly help?: string
  readonly value: string
  readonly error?: string | undefined
  readonly required?: boolean
  readonly onChange: (value: string) => void
}

export function HoursField({ label, help, value, error, required = false, onChange }: HoursProps) {
  return (
    <Field label={label} {...(help ? { help } : {})} error={error}>
      {(tied) => (
        <input
          {...tied}
          className="field tabular-nums"
          type="number"
          min={0.01}
          max={8784}
          step="any"
          required={required}
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  )
}

type Votes = PolicyRuleFields['votes']

/** How many have to agree, as the form holds it. */
export type VoteForm = { readonly how: 'any' | 'all' | 'number' | 'share'; readonly n: string }

export function toVoteForm(votes: Votes): VoteForm {
  if (typeof votes === 'number') return { how: 'number', n: String(votes) }
  if (votes === 'all') return { how: 'all', n: '2' }
  return votes?.endsWith('%') ? { how: 'share', n: votes.slice(0, -1) } : { how: 'any', n: '2' }
}

/** One of them is what nobody has to write; it stays where somebody did. */
export function toVotes({ how, n }: VoteForm, before: Votes): Votes {
  if (how === 'any') return before === 'any' ? 'any' : null
  if (how === 'all') return 'all'
  return how === 'number' ? Number(n) : (`${Number(n)}%` as const)
}

export function VotesField({
  value,
  error,
  onChange,
}: {
  value: VoteForm
  error: string | undefined
  onChange: (value: VoteForm) => void
}) {
  const counted = value.how === 'number' || value.how === 'share'
  return (
    <div className="flex flex-wrap gap-3">
      <Field label={f.votes} error={error}>
        {(tied) => (
          <select
            {...tied}
            className="field"
            value={value.how}
            onChange={(event) => onChange({ ...value, how: event.target.value as VoteForm['how'] })}
          >
            {(['any', 'all', 'number', 'share'] as const).map((how) => (
              <option key={how} value={how}>
                {f.vote[how]}
              </option>
            ))}
          </select>
        )}
      </Field>
      {counted && (
        <Field label={value.how === 'number' ? f.number : f.share}>
          {(tied) => (
            <input
              {...tied}
              className="field tabular-nums"
              type="number"
              min={1}
              max={100}
              required
              value={value.n}
              onChange={(event) => onChange({ ...value, n: event.target.value })}
            />
          )}
        </Field>
      )}
    </div>
  )
}
