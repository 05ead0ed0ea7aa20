import { type ReactNode, useId } from 'react'
import type { CallFailure } from '../failure.ts'
import { t } from '../strings.ts'
import { visible } from '../visible-text.ts'

/** What was wrong with an input, by the field it is about. */
type FieldErrors = ReadonlyMap<string, string>

type Entry = { readonly pointer: string; readonly message: string }

const isEntry = (value: unknown): value is Entry =>
  typeof value === 'object' && value !== null && 'pointer' in value && typeof value.pointer === 'string' && 'message' in value

/** A refusal's problems by their first field, and what is left to say under the form. */
export function toFieldErrors(failure: CallFailure | null, known: readonly string[]) {
  const errors = new Map<string, string>()
  const rest: string[] = []
  const entries = Array.isArray(failure?.data.errors) ? failure.data.errors.filter(isEntry) : []
  for (const { pointer, message } of entries) {
    const [, field = '', ...inner] = pointer.split('/')
    const place = inner.filter((part) => /^\d+$/.test(part)).map((part) => `${t.place(String(Number(part) + 1))} `)
    const words = `${place.join('')}${message}`
    if (known.includes(field)) errors.set(field, [errors.get(field), words].filter(Boolean).join('; '))
    else rest.push(`${pointer} ${message}`.trim())
  }
  const whole = failure === null || (errors.size > 0 && rest.length === 0) ? null : rest.join('; ') || failure.message
  return { errors: errors as FieldErrors, whole }
}

type FieldProps = {
  readonly label: string
  readonly help?: string
  readonly error?: string | undefined
  /** Given what the control needs to be tied to its label, its help and its error. */
  readonly children: (tied: { id: string; 'aria-describedby'?: string; 'aria-invalid'?: true }) => ReactNode
}

/** A labelled control with its explanation, and beneath it what was wrong with it. */
export function Field({ label, help, error, children }: FieldProps) {
  const id = useId()
  const notes = [help ? `${id}-help` : '', error ? `${id}-error` : ''].filter(Boolean).join(' ')
  return (
    <div className="grid min-w-0 flex-1 basis-44 content-start gap-1">
      <label htmlFor={id} className="font-medium">
        {label}
      </label>
      {children({ id, ...(notes ? { 'aria-describedby': notes } : {}), ...(error ? { 'aria-invalid': true as const } : {}) })}
      {help && (
        <p id={`${id}-help`} className="text-meta text-muted">
          {help}
        </p>
      )}
      {error && (
        <p id={`${id}-error`} className="text-red wrap-anywhere">
          {visible(error)}
        </p>
      )}
    </div>
  )
}

/** What went wrong with a whole form, read out at once. */
export function Problem({ text }: { text: string | null }) {
  if (!text) return null
  return (
    <p role="alert" className="text-red wrap-anywhere">
      {t.failed(visible(text))}
    </p>
  )
}
