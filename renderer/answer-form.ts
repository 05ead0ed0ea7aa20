import { pointerSegment, toPath, withValueAt } from '../shared/contract/pointer.ts'
import { readNumber } from './edit-draft.ts'

type Schema = Readonly<Record<string, unknown>>

/** One field of a form that the sender describes as JSON Schema. */
export type FormField = {
  /** Where its value belongs in the answer. */
  readonly pointer: string
  readonly label: string
  readonly help: string | null
  readonly kind: 'text' | 'lines' | 'date' | 'number' | 'integer' | 'boolean' | 'choice' | 'choices' | 'json'
  readonly required: boolean
  /** Of a choice: what is shown and what is sent. */
  readonly choices: readonly { readonly label: string; readonly value: unknown }[]
  readonly initial: Filled | undefined
  readonly maxLength: number
}

/** What a field holds while it is being filled in: a text, a tick, or the numbers of the chosen ones. */
type Filled = string | boolean | readonly number[]
export type FilledIn = Readonly<Record<string, Filled>>

const isBag = (value: unknown): value is Schema => typeof value === 'object' && value !== null && !Array.isArray(value)
const text = (value: unknown): string | null => (typeof value === 'string' && value.trim() !== '' ? value : null)
const longText = 200

/** Every field of a schema, groups within groups in one list. What has no field of its own is written as JSON. */
export function formFields(schema: Schema): readonly FormField[] {
  return fieldsOf(schema, '', '', true)
}

function fieldsOf(schema: Schema, pointer: string, name: string, required: boolean): readonly FormField[] {
  const { properties } = schema
  if (isBag(properties)) {
    const needed = Array.isArray(schema.required) ? schema.required : []
    return Object.entries(properties).flatMap(([key, each]) =>
      isBag(each) ? fieldsOf(each, pointer + pointerSegment(key), key, required && needed.includes(key)) : [],
    )
  }
  return [
    {
      pointer,
      label: text(schema.title) ?? name.replace(/[_-]+/g, ' '),
      help: text(schema.description),
      required,
      ...shapeOf(schema),
      initial: initialOf(schema),
      maxLength: typeof schema.maxLength === 'number' ? schema.maxLength : 'pattern' in schema ? 250 : 10_000,
    },
  ]
}

const types = (schema: Schema): readonly unknown[] =>
  (Array.isArray(schema.type) ? schema.type : [schema.type]).filter((each) => each !== 'null')

function shapeOf(schema: Schema): Pick<FormField, 'kind' | 'choices'> {
  const choices = choicesOf(schema)
  if (choices.length > 0) return { kind: 'choice', choices }
  const [type, ...others] = types(schema)
  if (others.length > 0) return { kind: 'json', choices }
  if (type === 'array' && isBag(schema.items) && choicesOf(schema.items).length > 0) {
    return { kind: 'choices', choices: choicesOf(schema.items) }
  }
  if (type === 'string') return { kind: textKind(schema), choices }
  if (type === 'number' || type === 'integer' || type === 'boolean') return { kind: type, choices }
  return { kind: 'json', choices }
}

const textKind = ({ format, maxLength, multiline }: Schema): FormField['kind'] => {
  if (format === 'date') return 'date'
  const isLong = typeof maxLength === 'number' && maxLength > longText
  return isLong || multiline === true || ['multiline', 'textarea', 'markdown'].includes(String(format)) ? 'lines' : 'text'
}

/** `enum`, or `oneOf` with a `const` each, whose titles are shown. */
function choicesOf(schema: Schema): FormField['choices'] {
  if (Array.isArray(schema.enum)) return schema.enum.map((value: unknown) => ({ label: String(value), value }))
  const listed = [schema.oneOf, schema.anyOf].find(Array.isArray) as readonly unknown[] | undefined
  const named = listed?.filter((each): each is Schema => isBag(each) && 'const' in each) ?? []
  if (!listed || named.length !== listed.length) return []
  return named.map((each) => ({ label: text(each.title) ?? String(each.const), value: each.const }))
}

function initialOf(schema: Schema): Filled | undefined {
  const { default: given } = schema
  if (given === undefined || given === null) return undefined
  const choices = choicesOf(schema)
  if (choices.length > 0) {
    const at = choices.findIndex(({ value }) => value === given)
    return at < 0 ? undefined : String(at)
  }
  if (typeof given === 'boolean') return given
  return typeof given === 'object' ? JSON.stringify(given) : String(given)
}

export type FormProblem = 'required' | 'number' | 'digits' | 'integer' | 'json'

/** What was filled in, as the answer that is sent; the host checks it against the whole schema. */
export function readForm(
  fields: readonly FormField[],
  filled: FilledIn,
): { readonly answer: unknown; readonly problems: Readonly<Record<string, FormProblem>> } {
  let answer: unknown = fields.some(({ pointer }) => pointer !== '') ? {} : undefined
  const problems: Record<string, FormProblem> = {}
  for (const field of fields) {
    const read = readField(field, filled[field.pointer] ?? field.initial)
    if (read === null) continue
    if ('problem' in read) problems[field.pointer] = read.problem
    else answer = withValueAt(answer, toPath(field.pointer), read.value)
  }
  return { answer, problems }
}

type FieldRead = { readonly value: unknown } | { readonly problem: FormProblem } | null

/** Null where an optional field was left empty: then the answer does not have it. */
function readField(field: FormField, held: Filled | undefined): FieldRead {
  if (field.kind === 'boolean') return held === undefined && !field.required ? null : { value: held === true }
  if (field.kind === 'choices') {
    const chosen = Array.isArray(held) ? (held as readonly number[]) : []
    if (chosen.length === 0 && !field.required) return null
    return { value: chosen.map((at) => field.choices[at]?.value) }
  }
  const typed = typeof held === 'string' ? held : ''
  if (typed.trim() === '') return field.required ? { problem: 'required' } : null
  if (field.kind === 'choice') return { value: field.choices[Number(typed)]?.value }
  if (field.kind === 'json') return readJson(typed)
  if (field.kind !== 'number' && field.kind !== 'integer') return { value: typed }
  const read = readNumber(typed)
  if ('value' in read && field.kind === 'integer' && !Number.isInteger(read.value)) return { problem: 'integer' }
  return read
}

function readJson(typed: string): FieldRead {
  try {
    return { value: JSON.parse(typed) as unknown }
  } catch {
    return { problem: 'json' }
  }
}
