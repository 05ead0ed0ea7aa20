import { fail, ok, type Result } from '../../../shared/model/result.ts'
import { readJson } from '../intake/body.ts'

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const mostFields = 200

/** What a verified delivery says: JSON, or a form. A form's `payload` is the JSON that some senders wrap in one. */
export function readDelivery(contentType: string | undefined, raw: Buffer): Result<unknown, string> {
  if (!isForm(contentType)) return readJson(raw)
  let text: string
  try {
    text = utf8.decode(raw)
    decodeURIComponent(text)
  } catch {
    return fail('The form is not validly encoded UTF-8.')
  }
  const fields: Record<string, string> = Object.create(null)
  let count = 0
  for (const [name, value] of new URLSearchParams(text)) {
    if (name in fields) return fail('A field occurs twice in the form.')
    if (name === '__proto__') return fail('The form has a field that is not allowed: it would reach an object’s prototype.')
    if (++count > mostFields) return fail(`The form has more than ${mostFields} fields.`)
    fields[name] = value
  }
  if (fields.payload !== undefined) return readJson(Buffer.from(fields.payload))
  return ok({ ...fields })
}

export const isForm = (contentType: string | undefined): boolean =>
  (contentType ?? '').split(';', 1)[0]!.trim().toLowerCase() === 'application/x-www-form-urlencoded'
