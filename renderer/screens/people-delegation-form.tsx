import { type FormEvent, useState } from 'react'
import { type CallFailure, toFailure } from '../failure.ts'
import { fromLocal } from '../local-time.ts'
import { Field, Problem, toFieldErrors } from '../parts/form.tsx'
import { useActions, useInboxHandle } from '../store/context.ts'
import type { PeopleDesk } from '../store/people.ts'
import { t } from '../strings.ts'
import { tp } from '../strings-people.ts'
import { visible } from '../visible-text.ts'
import { allPicked, Pick, picked } from './people-pick.tsx'

const fields = ['to', 'starts_at', 'ends_at', 'types', 'max_amount', 'currency', 'reason', 'from']

/** Hands decisions to somebody for a time. Whoever administers can do it for others too. */
export function DelegationForm({ desk, onClose }: { desk: PeopleDesk; onClose: () => void }) {
  const { client } = useInboxHandle()
  const actions = useActions()
  const [form, setForm] = useState({
    from: desk.myEmail ?? '',
    to: '',
    starts: '',
    ends: '',
    types: picked([]),
    amount: '',
    currency: '',
    reason: '',
  })
  const [failure, setFailure] = useState<CallFailure | null>(null)
  const [endsError, setEndsError] = useState<string | undefined>()
  const { errors, whole } = toFieldErrors(failure, fields)
  const put = (change: Partial<typeof form>) => setForm((held) => ({ ...held, ...change }))
  const { people } = desk.view
  const isListed = people.some((each) => each.email === form.from)

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const ends = fromLocal(form.ends)
    const starts = fromLocal(form.starts)
    const wrong = ends === null ? tp.needUntil : starts !== null && ends <= starts ? tp.noOrder : undefined
    setEndsError(wrong)
    if (ends === null || wrong) return
    try {
      const { from, to, types, reason } = form
      const made = await client.people.delegate({
        from,
        to,
        ends_at: ends,
        types: allPicked(types),
        reason: reason.trim(),
        max_amount: form.amount.trim() || null,
        currency: form.currency.trim().toUpperCase() || null,
        ...(starts ? { starts_at: starts } : {}),
      })
      actions.toast('good', tp.delegation.made(visible(desk.nameOf(made.to))))
      await desk.change((each) => each.people.get({}))
      onClose()
    } catch (error) {
      setFailure(toFailure(error))
    }
  }

  return (
    <form className="grid gap-3" onSubmit={submit}>
      <p className="text-muted">{tp.delegation.help}</p>
      {desk.mayEdit && (
        <Field label={tp.delegation.from} error={errors.get('from')}>
          {(tied) => (
            <select {...tied} className="field" value={form.from} required onChange={(event) => put({ from: event.target.value })}>
              {!isListed && <option value={form.from}>{visible(form.from)}</option>}
              {people.map((each) => (
                <option key={each.email} value={each.email}>
                  {visible(each.name || each.email)}
                </option>
              ))}
            </select>
          )}
        </Field>
      )}
      <Field label={tp.delegation.to} error={errors.get('to')}>
        {(tied) => (
          <select {...tied} className="field" value={form.to} required onChange={(event) => put({ to: event.target.value })}>
            <option value="">{tp.delegation.choose}</option>
            {people
              .filter((each) => each.email !== form.from)
              .map((each) => (
                <option key={each.email} value={each.email}>
                  {visible(each.name || each.email)}
                </option>
              ))}
          </select>
        )}
      </Field>
      <div className="flex flex-wrap gap-3">
        <Field label={tp.delegation.starts} error={errors.get('starts_at')}>
          {(tied) => (
            <input
              {...tied}
              type="datetime-local"
              className="field"
              value={form.starts}
              onChange={(event) => put({ starts: event.target.value })}
            />
          )}
        </Field>
        <Field label={tp.delegation.ends} error={endsError ?? errors.get('ends_at')}>
          {(tied) => (
            <input
              {...tied}
              type="datetime-local"
              className="field"
              value={form.ends}
              onChange={(event) => put({ ends: event.target.value })}
            />
          )}
        </Field>
      </div>
      <Pick label={tp.delegation.typesLabel} error={errors.get('types')} value={form.types} onChange={(types) => put({ types })} />
      <div className="flex flex-wrap gap-3">
        <Field label={tp.delegation.amount} error={errors.get('max_amount')}>
          {(tied) => (
            <input
              {...tied}
              className="field tabular-nums"
              inputMode="decimal"
              value={form.amount}
              onChange={(event) => put({ amount: event.target.value })}
            />
          )}
        </Field>
        <Field label={tp.delegation.currency} error={errors.get('currency')}>
          {(tied) => (
            <input
              {...tied}
              className="field uppercase"
              maxLength={3}
              value={form.currency}
              onChange={(event) => put({ currency: event.target.value })}
            />
          )}
        </Field>
      </div>
      <Field label={tp.delegation.reason} error={errors.get('reason')}>
        {(tied) => (
          <input
            {...tied}
            className="field"
            value={form.reason}
            maxLength={500}
            onChange={(event) => put({ reason: event.target.value })}
          />
        )}
      </Field>
      <Problem text={whole} />
      <div className="answers flex justify-end gap-2">
        <button type="button" className="btn" onClick={onClose}>
          {t.cancel}
        </button>
        <button type="submit" className="btn btn-accent">
          {tp.delegation.make}
        </button>
      </div>
    </form>
  )
}
