import { Plus, Trash2 } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import type { PolicyForm, PolicyUsual } from '../../shared/contract/policy-form.ts'
import type { CallFailure } from '../failure.ts'
import { count, money } from '../format.ts'
import { allOf } from '../language.ts'
import { Sheet } from '../parts/dialog.tsx'
import { Field, Problem, toFieldErrors } from '../parts/form.tsx'
import { useActions } from '../store/context.ts'
import type { FormDesk } from '../store/policy-form.ts'
import { ty } from '../strings-policy.ts'
import { visible } from '../visible-text.ts'
import { HoursField, Steps, toStepForms, toSteps } from './policy-steps.tsx'

const f = ty.form
const types = ['expense', 'deployment', 'batch', 'request'] as const

/** What counts where no rule says otherwise, in sentences. */
export function UsualWords({ usual }: { usual: PolicyUsual }) {
  const { threshold, currency, departments, hours, escalation, self_approval } = usual
  const says = [
    f.says.threshold(money(threshold, currency)),
    ...departments.map(({ name, threshold: own }) => f.says.department(visible(name), money(own, currency))),
    f.says.hours(count(hours.request), count(hours.expense), count(hours.deployment), count(hours.batch)),
    ...escalation.map(({ to, after_hours }) => {
      const names = allOf(to.map((each) => visible(each)))
      return after_hours === null ? f.says.atDeadline(names) : f.says.after(names, count(after_hours))
    }),
    ...(escalation.length === 0 ? [f.says.nobody] : []),
    ty.rules.self[self_approval],
  ]
  return (
    <ul className="grid gap-1">
      {says.map((sentence) => (
        <li key={sentence} className="wrap-anywhere">
          {sentence}
        </li>
      ))}
    </ul>
  )
}

type Props = {
  readonly open: boolean
  readonly form: PolicyForm
  readonly change: FormDesk['change']
  readonly onClose: () => void
}

export function UsualSheet({ open, onClose, ...given }: Props) {
  return (
    <Sheet open={open} onClose={onClose} title={f.usualTitle} wide>
      <UsualForm {...given} onClose={onClose} />
    </Sheet>
  )
}

const startOf = (usual: PolicyUsual) => ({
  threshold: String(usual.threshold),
  currency: usual.currency ?? '',
  departments: usual.departments.map(({ name, threshold }) => ({ name, threshold: String(threshold) })),
  hours: Object.fromEntries(types.map((type) => [type, String(usual.hours[type])])) as Record<(typeof types)[number], string>,
  self: usual.self_approval,
  grace: String(usual.grace_minutes),
  steps: toStepForms(usual.escalation),
})
type Form = ReturnType<typeof startOf>

const toUsual = (form: Form): PolicyUsual => ({
  threshold: Number(form.threshold),
  currency: form.currency.trim().toUpperCase() || null,
  departments: form.departments
    .filter(({ name }) => name.trim() !== '')
    .map(({ name, threshold }) => ({ name: name.trim(), threshold: Number(threshold) })),
  hours: {
    expense: Number(form.hours.expense),
    deployment: Number(form.hours.deployment),
    batch: Number(form.hours.batch),
    request: Number(form.hours.request),
  },
  self_approval: form.self,
  grace_minutes: Number(form.grace),
  escalation: toSteps(form.steps),
})

function UsualForm({ form: policy, change, onClose }: Omit<Props, 'open'>) {
  const actions = useActions()
  const [form, setForm] = useState(() => startOf(policy.usual))
  const [failure, setFailure] = useState<CallFailure | null>(null)
  const { errors, whole } = toFieldErrors(failure, ['escalation', 'grace_minutes'])
  const put = (changed: Partial<Form>) => setForm((held) => ({ ...held, ...changed }))
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const refused = await change({ kind: 'usual', usual: toUsual(form) })
    setFailure(refused)
    if (refused) return
    actions.toast('good', f.taken)
    onClose()
  }
  return (
    <form className="grid gap-4" onSubmit={submit}>
      <div className="flex flex-wrap gap-3">
        <Field label={f.threshold}>
          {(tied) => <Amount tied={tied} value={form.threshold} onChange={(threshold) => put({ threshold })} />}
        </Field>
        <Field label={f.currency}>
          {(tied) => (
            <input
              {...tied}
              className="field uppercase"
              value={form.currency}
              maxLength={3}
              pattern="[A-Za-z]{3}"
              spellCheck={false}
              onChange={(event) => put({ currency: event.target.value })}
            />
          )}
        </Field>
      </div>
      <Departments departments={form.departments} onChange={(departments) => put({ departments })} />
      <fieldset>
        <legend className="mb-1 font-medium">{f.times}</legend>
        <div className="grid grid-cols-2 gap-3 md:grid-cols-4">
          {types.map((type) => (
            <HoursField
              key={type}
              label={f.hoursOf[type]}
              value={form.hours[type]}
              required
              onChange={(hours) => put({ hours: { ...form.hours, [type]: hours } })}
            />
          ))}
        </div>
      </fieldset>
      <fieldset className="grid gap-2">
        <legend className="mb-1 font-medium">{f.escalate}</legend>
        <Steps steps={form.steps} error={errors.get('escalation')} onChange={(steps) => put({ steps })} />
        {policy.departments.length > 0 && (
          <p className="text-meta text-muted">{f.others(allOf(policy.departments.map((each) => visible(each))))}</p>
        )}
      </fieldset>
      <div className="flex flex-wrap gap-3">
        <Field label={f.self}>
          {(tied) => (
            <select
              {...tied}
              className="field"
              value={form.self}
              onChange={(event) => put({ self: event.target.value as Form['self'] })}
            >
              {(['never', 'sole_operator'] as const).map((each) => (
                <option key={each} value={each}>
                  {f.selfs[each]}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label={f.grace} error={errors.get('grace_minutes')}>
          {(tied) => (
            <input
              {...tied}
              className="field tabular-nums"
              type="number"
              min={0}
              max={1440}
              step="any"
              required
              value={form.grace}
              onChange={(event) => put({ grace: event.target.value })}
            />
          )}
        </Field>
      </div>
      <Problem text={whole} />
      <div className="flex justify-end gap-2">
        <button type="button" className="btn" onClick={onClose}>
          {f.cancel}
        </button>
        <button type="submit" className="btn btn-accent">
          {f.apply}
        </button>
      </div>
    </form>
  )
}

type AmountProps = {
  readonly tied: { readonly id?: string; readonly 'aria-label'?: string }
  readonly value: string
  readonly onChange: (value: string) => void
}

const Amount = ({ tied, value, onChange }: AmountProps) => (
  <input
    {...tied}
    className="field tabular-nums"
    type="number"
    min={0}
    step="any"
    required
    value={value}
    onChange={(event) => onChange(event.target.value)}
  />
)

type DepartmentsProps = { readonly departments: Form['departments']; readonly onChange: (departments: Form['departments']) => void }

function Departments({ departments, onChange }: DepartmentsProps) {
  const set = (index: number, changed: Partial<Form['departments'][number]>) =>
    onChange(departments.map((each, at) => (at === index ? { ...each, ...changed } : each)))
  return (
    <fieldset className="grid gap-2">
      <legend className="mb-1 font-medium">{f.departments}</legend>
      {departments.map(({ name, threshold }, index) => {
        const n = count(index + 1)
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place
          <div key={index} className="grid grid-cols-[1.4fr_1fr_auto] gap-2">
            <input
              className="field min-w-0"
              aria-label={f.department(n)}
              value={name}
              maxLength={100}
              spellCheck={false}
              onChange={(event) => set(index, { name: event.target.value })}
            />
            <Amount tied={{ 'aria-label': f.upTo(n) }} value={threshold} onChange={(own) => set(index, { threshold: own })} />
            <button
              type="button"
              className="btn btn-quiet px-2"
              aria-label={f.removeDepartment(n)}
              onClick={() => onChange(departments.filter((_, at) => at !== index))}
            >
              <Trash2 size={15} aria-hidden />
            </button>
          </div>
        )
      })}
      <button
        type="button"
        className="btn justify-self-start"
        onClick={() => onChange([...departments, { name: '', threshold: '0' }])}
      >
        <Plus size={15} aria-hidden /> {f.addDepartment}
      </button>
    </fieldset>
  )
}
