import { X } from 'lucide-react'
import { type KeyboardEvent, useId } from 'react'
import { Field } from '../parts/form.tsx'
import { tp } from '../strings-people.ts'
import { visible } from '../visible-text.ts'

/** What was chosen, and what is written and not added yet: it counts when the form is sent. */
export type Picked = { readonly chosen: readonly string[]; readonly written: string }

export const picked = (chosen: readonly string[]): Picked => ({ chosen, written: '' })

/** All of it, as a list of names that each occur once. */
export function allPicked({ chosen, written }: Picked): string[] {
  const parts = written
    .split(/[,;\n]/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
  return [...new Set([...chosen, ...parts])]
}

type Props = {
  readonly label: string
  readonly help?: string
  readonly error?: string | undefined
  readonly value: Picked
  readonly onChange: (value: Picked) => void
  /** What may be chosen from: a value and what it is called. Others can be written. */
  readonly known?: readonly { readonly value: string; readonly name: string }[]
}

/** A list of names that grows by writing and shrinks by a press. */
export function Pick({ label, help, error, value: held, onChange, known = [] }: Props) {
  const { chosen, written } = held
  const listId = useId()
  const nameOf = new Map(known.map((each) => [each.value, each.name]))
  const add = () => onChange(picked(allPicked(held)))
  const onKeyDown = (event: KeyboardEvent) => {
    // Enter adds what was written; with nothing written it saves the form as everywhere.
    if (event.key !== 'Enter' || written.trim() === '') return
    event.preventDefault()
    add()
  }
  return (
    <Field label={label} {...(help ? { help } : {})} error={error}>
      {(tied) => (
        <div className="grid gap-1.5">
          {chosen.length > 0 && (
            <ul className="flex flex-wrap gap-1.5" aria-label={label}>
              {chosen.map((value) => (
                <li key={value} className="chip pr-0.5">
                  {visible(nameOf.get(value) ?? value)}
                  <button
                    type="button"
                    className="grid size-6 shrink-0 place-items-center rounded-control text-muted hover:text-red"
                    aria-label={tp.pick.remove(visible(nameOf.get(value) ?? value))}
                    onClick={() => onChange({ ...held, chosen: chosen.filter((each) => each !== value) })}
                  >
                    <X size={13} aria-hidden />
                  </button>
                </li>
              ))}
            </ul>
          )}
          <div className="flex gap-2">
            <input
              {...tied}
              className="field"
              list={listId}
              value={written}
              spellCheck={false}
              autoComplete="off"
              onChange={(event) => onChange({ chosen, written: event.target.value })}
              onKeyDown={onKeyDown}
            />
            <datalist id={listId}>
              {known
                .filter((each) => !chosen.includes(each.value))
                .map((each) => (
                  <option key={each.value} value={each.value}>
                    {each.name}
                  </option>
                ))}
            </datalist>
            <button type="button" className="btn" disabled={written.trim() === ''} onClick={add} aria-label={tp.pick.addTo(label)}>
              {tp.pick.add}
            </button>
          </div>
        </div>
      )}
    </Field>
  )
}
