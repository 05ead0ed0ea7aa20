import { X } from 'lucide-react'
import { type KeyboardEvent, useId, useState } from 'react'
import { Field } from '../parts/form.tsx'
import { tp } from '../strings-people.ts'
import { visible } from '../visible-text.ts'

type Props = {
  readonly label: string
  readonly help?: string
  readonly error?: string | undefined
  readonly values: readonly string[]
  readonly onChange: (values: readonly string[]) => void
  /** What may be chosen from: a value and what it is called. Others can be written. */
  readonly known?: readonly { readonly value: string; readonly name: string }[]
}

/** A list of names that grows by writing and shrinks by a press. */
export function Pick({ label, help, error, values, onChange, known = [] }: Props) {
  const [text, setText] = useState('')
  const listId = useId()
  const nameOf = new Map(known.map((each) => [each.value, each.name]))
  const add = () => {
    const fresh = text
      .split(/[,;\n]/)
      .map((part) => part.trim())
      .filter((part) => part !== '' && !values.includes(part))
    if (fresh.length > 0) onChange([...values, ...fresh])
    setText('')
  }
  const onKeyDown = (event: KeyboardEvent) => {
    // Enter adds what was written; with nothing written it saves the form as everywhere.
    if (event.key !== 'Enter' || text.trim() === '') return
    event.preventDefault()
    add()
  }
  return (
    <Field label={label} {...(help ? { help } : {})} error={error}>
      {(tied) => (
        <div className="grid gap-1.5">
          {values.length > 0 && (
            <ul className="flex flex-wrap gap-1.5" aria-label={label}>
              {values.map((value) => (
                <li key={value} className="chip pr-0.5">
                  {visible(nameOf.get(value) ?? value)}
                  <button
                    type="button"
                    className="grid size-6 shrink-0 place-items-center rounded-control text-muted hover:text-red"
                    aria-label={tp.pick.remove(visible(nameOf.get(value) ?? value))}
                    onClick={() => onChange(values.filter((each) => each !== value))}
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
              value={text}
              spellCheck={false}
              autoComplete="off"
              onChange={(event) => setText(event.target.value)}
              onKeyDown={onKeyDown}
              onBlur={add}
            />
            <datalist id={listId}>
              {known
                .filter((each) => !values.includes(each.value))
                .map((each) => (
                  <option key={each.value} value={each.value}>
                    {each.name}
                  </option>
                ))}
            </datalist>
            <button type="button" className="btn" disabled={text.trim() === ''} onClick={add} aria-label={tp.pick.addTo(label)}>
              {tp.pick.add}
            </button>
          </div>
        </div>
      )}
    </Field>
  )
}
