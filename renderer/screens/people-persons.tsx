import { Plus, Users } from 'lucide-react'
import { useState } from 'react'
import { absenceOf } from '../absence.ts'
import { when } from '../format.ts'
import { useNow } from '../now.ts'
import { Notice } from '../parts/notice.tsx'
import { ShowAll, useShown } from '../parts/shown.tsx'
import type { PeopleDesk, PersonView } from '../store/people.ts'
import { tp } from '../strings-people.ts'
import { visible } from '../visible-text.ts'
import { PersonSheet } from './people-person-form.tsx'
import { RemoveDialog } from './people-remove.tsx'

const fewPeople = 8
const mostPeople = 100

/** Whether somebody goes by these words, in any spelling that is known. */
function isMeant({ name, email, aliases, groups }: PersonView, words: string): boolean {
  const text = [name, email, ...aliases, ...groups].join(' ').toLowerCase()
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word))
}

/** Everybody who is known here. */
export function PersonsPart({ desk }: { desk: PeopleDesk }) {
  const [editing, setEditing] = useState<PersonView | 'new' | null>(null)
  const [leaving, setLeaving] = useState<PersonView | null>(null)
  const [words, setWords] = useState('')
  const { people } = desk.view
  const found = people.filter((person) => isMeant(person, words))
  const { shown, hidden, showAll } = useShown(found, mostPeople)
  return (
    <div className="grid gap-3">
      <div className="flex flex-wrap items-center justify-between gap-2">
        {desk.mayEdit && (
          <button type="button" className="btn" onClick={() => setEditing('new')}>
            <Plus size={14} aria-hidden /> {tp.person.add}
          </button>
        )}
        {people.length > fewPeople && (
          <input
            type="search"
            className="field max-w-64 flex-1 basis-40"
            aria-label={tp.person.find}
            placeholder={tp.person.findHint}
            value={words}
            onChange={(event) => setWords(event.target.value)}
          />
        )}
      </div>
      {people.length === 0 ? (
        <Notice icon={<Users size={32} strokeWidth={1.5} aria-hidden />} title={tp.person.none} text={tp.person.noneHelp} />
      ) : found.length === 0 ? (
        <p className="text-muted">{tp.person.noMatch}</p>
      ) : (
        <ul className="card divide-y divide-line" aria-label={tp.tabs.people}>
          {shown.map((person) => (
            <PersonRow
              key={person.email}
              person={person}
              desk={desk}
              onEdit={() => setEditing(person)}
              onRemove={() => setLeaving(person)}
            />
          ))}
        </ul>
      )}
      <ShowAll hidden={hidden} onShow={showAll} />
      <PersonSheet editing={editing} desk={desk} onClose={() => setEditing(null)} />
      <RemoveDialog
        name={leaving ? visible(leaving.name || leaving.email) : null}
        text={tp.person.removeText}
        onRemove={() => desk.change((client) => client.people.removePerson({ email: leaving?.email ?? '' }))}
        onClose={() => setLeaving(null)}
      />
    </div>
  )
}

type RowProps = {
  readonly person: PersonView
  readonly desk: PeopleDesk
  readonly onEdit: () => void
  readonly onRemove: () => void
}

function PersonRow({ person, desk, onEdit, onRemove }: RowProps) {
  const name = visible(person.name || person.email)
  return (
    <li className="flex flex-wrap items-start justify-between gap-x-3 gap-y-1 px-4 py-3">
      <div className="min-w-0 flex-1 basis-56">
        <p className="wrap-anywhere">
          <span className="text-row font-semibold">{name}</span>
          {person.name && <span className="text-muted"> {visible(person.email)}</span>}
        </p>
        <Facts person={person} desk={desk} />
        {person.groups.length > 0 && (
          <p className="mt-1 flex flex-wrap gap-1">
            {person.groups.map((group) => (
              <span key={group} className="chip font-mono text-meta text-muted">
                {visible(group)}
              </span>
            ))}
          </p>
        )}
      </div>
      {desk.mayEdit && (
        <div className="-mx-3 flex shrink-0 gap-1">
          <button
            type="button"
            className="btn btn-quiet"
            aria-label={`${person.contact ? tp.person.enter : tp.person.edit} ${name}`}
            onClick={onEdit}
          >
            {person.contact ? tp.person.enter : tp.person.edit}
          </button>
          {!person.contact && (
            <button
              type="button"
              className="btn btn-quiet btn-reject text-muted"
              aria-label={`${tp.person.remove} ${name}`}
              onClick={onRemove}
            >
              {tp.person.remove}
            </button>
          )}
        </div>
      )}
    </li>
  )
}

/** What is special about somebody, in a few words; nothing where nothing is. */
function Facts({ person, desk }: { person: PersonView; desk: PeopleDesk }) {
  const now = useNow(20_000)
  const away = absenceOf(person, now)
  const names = (emails: readonly string[]) => emails.map((email) => visible(desk.nameOf(email)))
  const facts = [
    person.contact ? tp.person.contact : null,
    person.aliases.length > 0 ? tp.person.aliases(person.aliases.map((alias) => visible(alias))) : null,
    person.backup ? tp.person.backup(visible(desk.nameOf(person.backup))) : null,
    person.assistants.length > 0 ? tp.person.assistants(names(person.assistants)) : null,
  ].filter((fact) => fact !== null)
  if (facts.length === 0 && away === null) return null
  return (
    <p className="dots text-meta text-muted">
      {away && (
        <span className={away.begun ? 'font-semibold text-amber' : ''}>
          {away.begun ? tp.person.away(when(away.until, now)) : tp.person.awayFrom(when(away.from, now), when(away.until, now))}
        </span>
      )}
      {facts.map((fact) => (
        <span key={fact} className="wrap-anywhere">
          {fact}
        </span>
      ))}
    </p>
  )
}
