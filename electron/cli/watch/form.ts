import { plain } from '../output.ts'
import type { Terminal } from './terminal.ts'

/** What is asked for under one name of a form. */
type FormField = {
  readonly type?: string | readonly string[]
  readonly title?: string
  readonly description?: string
  readonly enum?: readonly unknown[]
  readonly default?: unknown
}

type Form = { readonly properties?: Readonly<Record<string, FormField>>; readonly required?: readonly string[] }

/** Asks for the members of a request's form, one after the other; null when it was thought better of. The server checks them. */
export async function askForm(
  form: Readonly<Record<string, unknown>>,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<Record<string, unknown> | null> {
  const { properties = {}, required = [] } = form as Form
  const answer: Record<string, unknown> = {}
  for (const [name, field] of Object.entries(properties)) {
    for (;;) {
      const typed = (await terminal.ask(`  ${labelOf(name, field, required.includes(name))}: `, signal))?.trim()
      if (typed === undefined || typed === '.') return null
      if (typed === '') {
        if (field.default !== undefined) answer[name] = field.default
        if (field.default !== undefined || !required.includes(name)) break
        terminal.say('  This is required; . goes back.')
        continue
      }
      const value = toValue(field, typed)
      if (value !== undefined) {
        answer[name] = value
        break
      }
      terminal.say(`  That is not ${field.enum === undefined ? kindOf(field) : 'one of them'}.`)
    }
  }
  return answer
}

function labelOf(name: string, field: FormField, isRequired: boolean): string {
  const choices = field.enum?.map(String).join(', ')
  const about = [
    choices ?? kindOf(field),
    isRequired ? 'required' : '',
    field.default === undefined ? '' : `default ${field.default}`,
  ]
  return plain(`${field.title ?? name} (${about.filter(Boolean).join('; ')})${field.description ? ` – ${field.description}` : ''}`)
}

const typesOf = ({ type = 'string' }: FormField): readonly string[] => (typeof type === 'string' ? [type] : type)

const names: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'yes or no',
  array: 'a list as JSON',
  object: 'an object as JSON',
  null: 'null',
}

const kindOf = (field: FormField): string =>
  typesOf(field)
    .map((type) => names[type] ?? type)
    .join(' or ')

/** What was typed as the field has it; undefined where it does not fit. */
function toValue(field: FormField, typed: string): unknown {
  if (field.enum !== undefined) return field.enum.find((one) => String(one) === typed)
  for (const type of typesOf(field)) {
    const value = asType(type, typed)
    if (value !== undefined) return value
  }
  return undefined
}

function asType(type: string, typed: string): unknown {
  switch (type) {
    case 'string':
      return typed
    case 'number':
      return Number.isFinite(Number(typed)) ? Number(typed) : undefined
    case 'integer':
      return Number.isSafeInteger(Number(typed)) ? Number(typed) : undefined
    case 'boolean':
      return /^(y|yes|true)$/i.test(typed) ? true : /^(n|no|false)$/i.test(typed) ? false : undefined
    default:
      try {
        return JSON.parse(typed) as unknown
      } catch {
        return undefined
      }
  }
}
