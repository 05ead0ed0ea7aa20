import { type FormEvent, useState } from 'react'
import type { CallFailure } from '../failure.ts'
import { fromLocal, toLocal } from '../local-time.ts'
import { Sheet } from '../parts/dialog.tsx'
import { Field, Problem, toFieldErrors } from '../parts/form.tsx'
import { useActions } from '../store/context.ts'
import type { PeopleDesk, PersonView } from '../store/people.ts'
import { t } from '../strings.ts'
import { tp } from '../strings-people.ts'
import { visible } from '../visible-text.ts'
import { allPicked, Pick, picked } from './people-pick.tsx'

type Props = { readonly editing: PersonView | 'new' | null; readonly desk: PeopleDesk; readonly onClose: () => void }

/** Enters or changes a person. */
export function PersonSheet({ editing, desk, onClose }: Props) {
  const person = editing === 'new' ? null : editing
  const title = person ? tp.person.editTitle(visible(person.name || person.email)) : tp.person.addTitle
  return (
    <Sheet open={editing !== null} onClose={onClose} title={title} wide>
      <PersonForm person={person} desk={desk} onClose={onClose} />
    </Sheet>
  )
}

const fields = ['name', 'email', 'aliases', 'backup', 'assistants', 'away']

/** What the form holds, each as its control has it. */
const startOf = (person: PersonView | null) => ({
  name: person?.name ?? '',
  email: person?.email ?? '',
  aliases: picked(person?.aliases ?? []),
  backup: person?.backup ?? '',
  assistants: picked(person?.assistants ?? []),
  from: toLocal(person?.away?.from),
  until: toLocal(person?.away?.until),
})

function PersonForm({ person, desk, onClose }: { person: PersonView | null; desk: PeopleDesk; onClose: () => void }) {
  const actions = useActions()
  const [form, setForm] = useState(() => startOf(person))
  const [failure, setFailure] = useState<CallFailure | null>(null)
  const [awayError, setAwayError] = useState<string | undefined>()
  const { errors, whole } = toFieldErrors(failure, fields)
  const others = desk.view.people.filter((each) => each.email !== form.email)
  const known = others.map((each) => ({ value: each.email, name: each.name || each.email }))
  const put = (change: Partial<typeof form>) => setForm((held) => ({ ...held, ...change }))
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const until = fromLocal(form.until)
    const from = fromLocal(form.from) ?? (until === null ? null : new Date().toISOString())
    const wrong =
      from !== null && until === null ? tp.needUntil : from !== null && until !== null && until <= from ? tp.noOrder : undefined
    setAwayError(wrong)
    if (wrong) return
    const refused = await desk.change((client) =>
      client.people.savePerson({
        email: form.email,
        name: form.name,
        aliases: allPicked(form.aliases),
        backup: form.backup || null,
        assistants: allPicked(form.assistants),
        away: from !== null && until !== null ? { from, until } : null,
      }),
    )
    setFailure(refused)
    if (refused) return
    actions.toast('good', tp.person.saved(visible(form.name)))
    onClose()
  }
  return (
    <form className="grid gap-3" onSubmit={submit}>
      <div className="flex flex-wrap gap-3">
        <Field label={tp.person.name} error={errors.get('name')}>
          {(tied) => (
            <input
              {...tied}
              className="field"
              value={form.name}
              required
              maxLength={200}
              onChange={(event) => put({ name: event.target.value })}
            />
          )}
        </Field>
        <Field label={tp.person.email} error={errors.get('email')} {...(person ? { help: tp.person.emailFixed } : {})}>
          {(tied) => (
            <input
              {...tied}
              type="email"
              className="field read-only:bg-well"
              value={form.email}
              readOnly={person !== null}
              required
              maxLength={254}
              onChange={(event) => put({ email: event.target.value })}
            />
          )}
        </Field>
      </div>
      <Pick
        label={tp.person.aliasesLabel}
        help={tp.person.aliasesHelp}
        error={errors.get('aliases')}
        value={form.aliases}
        onChange={(aliases) => put({ aliases })}
      />
      <Field label={tp.person.backupLabel} help={tp.person.backupHelp} error={errors.get('backup')}>
        {(tied) => (
          <select {...tied} className="field" value={form.backup} onChange={(event) => put({ backup: event.target.value })}>
            <option value="">{tp.person.noBackup}</option>
            {known.map((each) => (
              <option key={each.value} value={each.value}>
                {visible(each.name)}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Pick
        label={tp.person.assistantsLabel}
        help={tp.person.assistantsHelp}
        error={errors.get('assistants')}
        value={form.assistants}
        onChange={(assistants) => put({ assistants })}
        known={known}
      />
      <div className="flex flex-wrap gap-3">
        <Field label={tp.person.awayFromLabel}>
          {(tied) => (
            <input
              {...tied}
              type="datetime-local"
              className="field"
              value={form.from}
              onChange={(event) => put({ from: event.target.value })}
            />
          )}
        </Field>
        <Field label={tp.person.awayUntilLabel} error={awayError ?? errors.get('away')}>
          {(tied) => (
            <input
              {...tied}
              type="datetime-local"
              className="field"
              value={form.until}
              onChange={(event) => put({ until: event.target.value })}
            />
          )}
        </Field>
      </div>
      <Problem text={whole} />
      <div className="answers flex justify-end gap-2">
        <button type="button" className="btn" onClick={onClose}>
          {t.cancel}
        </button>
        <button type="submit" className="btn btn-accent">
          {tp.person.save}
        </button>
      </div>
    </form>
  )
}
