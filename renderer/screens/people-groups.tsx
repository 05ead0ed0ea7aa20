import { Plus, Users } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import type { CallFailure } from '../failure.ts'
import { Sheet } from '../parts/dialog.tsx'
import { Field, Problem, toFieldErrors } from '../parts/form.tsx'
import { Notice } from '../parts/notice.tsx'
import { useActions } from '../store/context.ts'
import type { GroupView, PeopleDesk } from '../store/people.ts'
import { t } from '../strings.ts'
import { tp } from '../strings-people.ts'
import { visible } from '../visible-text.ts'
import { allPicked, Pick, picked } from './people-pick.tsx'
import { RemoveDialog } from './people-remove.tsx'

/** Groups and whom they stand for. */
export function GroupsPart({ desk }: { desk: PeopleDesk }) {
  const [editing, setEditing] = useState<GroupView | 'new' | null>(null)
  const [leaving, setLeaving] = useState<GroupView | null>(null)
  const { groups } = desk.view
  const shown = editing === 'new' ? null : editing
  return (
    <div className="grid gap-3">
      {desk.mayEdit && (
        <button type="button" className="btn justify-self-start" onClick={() => setEditing('new')}>
          <Plus size={14} aria-hidden /> {tp.group.add}
        </button>
      )}
      {groups.length === 0 ? (
        <Notice icon={<Users size={32} strokeWidth={1.5} aria-hidden />} title={tp.group.none} text={tp.group.noneHelp} />
      ) : (
        <ul className="card divide-y divide-line" aria-label={tp.tabs.groups}>
          {groups.map((group) => (
            <GroupRow
              key={group.name}
              group={group}
              desk={desk}
              onEdit={() => setEditing(group)}
              onRemove={() => setLeaving(group)}
            />
          ))}
        </ul>
      )}
      <Sheet
        open={editing !== null}
        onClose={() => setEditing(null)}
        title={shown ? tp.group.editTitle(visible(shown.label || shown.name)) : tp.group.addTitle}
      >
        <GroupForm group={shown} desk={desk} onClose={() => setEditing(null)} />
      </Sheet>
      <RemoveDialog
        name={leaving ? visible(leaving.label || leaving.name) : null}
        text={tp.group.removeText}
        onRemove={() => desk.change((client) => client.people.removeGroup({ name: leaving?.name ?? '' }))}
        onClose={() => setLeaving(null)}
      />
    </div>
  )
}

type RowProps = { readonly group: GroupView; readonly desk: PeopleDesk; readonly onEdit: () => void; readonly onRemove: () => void }

function GroupRow({ group, desk, onEdit, onRemove }: RowProps) {
  const name = visible(group.label || group.name)
  return (
    <li className="flex flex-wrap items-start justify-between gap-x-3 gap-y-1 px-4 py-3">
      <div className="min-w-0 flex-1 basis-56">
        <p className="wrap-anywhere">
          <span className="text-row font-semibold">{name}</span>{' '}
          <span className="font-mono text-meta text-muted">group:{visible(group.name)}</span>{' '}
          {group.members.length > 0 && <span className="text-meta text-muted">{tp.group.members(group.members.length)}</span>}
        </p>
        {group.members.length === 0 ? (
          <p className="text-amber">{tp.group.nobody}</p>
        ) : (
          <p className="mt-1 flex flex-wrap gap-1">
            {group.members.map((email) => (
              <span key={email} className="chip" title={visible(email)}>
                {visible(desk.nameOf(email))}
              </span>
            ))}
          </p>
        )}
      </div>
      {desk.mayEdit && (
        <div className="-mx-3 flex shrink-0 gap-1">
          <button type="button" className="btn btn-quiet" aria-label={`${tp.person.edit} ${name}`} onClick={onEdit}>
            {tp.person.edit}
          </button>
          <button
            type="button"
            className="btn btn-quiet btn-reject text-muted"
            aria-label={`${tp.person.remove} ${name}`}
            onClick={onRemove}
          >
            {tp.person.remove}
          </button>
        </div>
      )}
    </li>
  )
}

function GroupForm({ group, desk, onClose }: { group: GroupView | null; desk: PeopleDesk; onClose: () => void }) {
  const actions = useActions()
  const [name, setName] = useState(group?.name ?? '')
  const [label, setLabel] = useState(group?.label ?? '')
  const [members, setMembers] = useState(picked(group?.members ?? []))
  const [failure, setFailure] = useState<CallFailure | null>(null)
  const { errors, whole } = toFieldErrors(failure, ['name', 'label', 'members'])
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const refused = await desk.change((client) => client.people.saveGroup({ name, label, members: allPicked(members) }))
    setFailure(refused)
    if (refused) return
    actions.toast('good', tp.person.saved(visible(label || name)))
    onClose()
  }
  return (
    <form className="grid gap-3" onSubmit={submit}>
      <Field label={tp.group.name} help={group ? tp.group.nameFixed : tp.group.nameHelp} error={errors.get('name')}>
        {(tied) => (
          <input
            {...tied}
            className="field font-mono read-only:bg-well"
            value={name}
            readOnly={group !== null}
            required
            maxLength={64}
            spellCheck={false}
            onChange={(event) => setName(event.target.value)}
          />
        )}
      </Field>
      <Field label={tp.group.label} error={errors.get('label')}>
        {(tied) => (
          <input {...tied} className="field" value={label} maxLength={200} onChange={(event) => setLabel(event.target.value)} />
        )}
      </Field>
      <Pick
        label={tp.group.membersLabel}
        error={errors.get('members')}
        value={members}
        onChange={setMembers}
        known={desk.view.people.map((each) => ({ value: each.email, name: each.name || each.email }))}
      />
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
