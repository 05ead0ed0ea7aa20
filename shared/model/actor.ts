/** What a credential may do. `admin` manages tokens and settings; no credential holds both `submit` and `decide`. */
export type Scope = 'submit' | 'read' | 'decide' | 'admin'

/** The surface through which somebody acted. */
export type Via = 'http' | 'browser' | 'desktop' | 'cli' | 'engine'

/** Who did something: written on every journal record. `id` is stable: a person's normalised e-mail, a source's id, a rule's name. */
export type Actor = {
  readonly kind: 'person' | 'source' | 'policy' | 'system'
  readonly id: string
  readonly name?: string
  readonly via: Via
  /** Id of the token or session that was used. */
  readonly credential?: string
  /** Network address of the caller, where there is one. */
  readonly address?: string
}

/**
 * Every person that a free text names, each as a normalised e-mail where one stands beside the name, else as the name:
 * `Ada <ada@example.com>, Bob Ross` is `ada@example.com` and `bob ross`. Commas, semicolons and line ends part people; what has no
 * address is also taken as a whole.
 */
export function identitiesIn(text: string): readonly string[] {
  const [first = '', ...more] = text
    .normalize('NFKC')
    .split(/[;\r\n]+/)
    .map((some) => some.replaceAll(/[\p{Cf}\p{Cc}]/gu, ''))
  return [...new Set([...identitiesOf(first), ...more.flatMap(identitiesOf).filter((identity) => identity !== '')])]
}

/** Of people who are parted by commas. */
function identitiesOf(text: string): readonly string[] {
  const parts = text.split(',')
  const found = parts.flatMap((part, index) => {
    const addresses = addressesIn(part)
    if (addresses.length > 0) return addresses
    const name = normalName(part)
    // "Boss, Ada <ada@example.com>" is one person.
    const isSurname = !name.includes(' ') && /[^\s<]\s*<[^<]+@/.test(parts[index + 1] ?? '')
    return name === '' || isSurname ? [] : [name]
  })
  if (found.some((identity) => identity.includes('@'))) return found
  return [normalName(text), normalName(parts.toReversed().join(' ')), ...found]
}

const addressesIn = (text: string): readonly string[] =>
  (text.match(/[^\s@<>"'`,;:()[\]]+"?@[^\s@<>"'`,;:()[\]]+/g) ?? []).map((address) =>
    normalEmail(address.replaceAll('"', '').replace(/\.+$/, '')),
  )

/** Names compare without case, and one space is as good as several. */
export const normalName = (name: string): string => name.normalize('NFKC').trim().replaceAll(/\s+/g, ' ').toLowerCase()

/** Whether a person goes by one of these identities: by e-mail, by the part before its @, or by name. */
export function goesBy(person: Person, identities: readonly string[]): boolean {
  const email = normalEmail(person.email)
  const names = [email, email.slice(0, email.lastIndexOf('@')), normalName(person.name)]
  return identities.some((identity) => identity !== '' && names.includes(identity))
}

/** A person as requests and decisions name them. */
export type Person = { readonly email: string; readonly name: string }

/** Someone who calls a procedure, after authentication. `person` is who decides; `source` is who submits. */
export type Caller = {
  readonly scopes: readonly Scope[]
  readonly person: Person | null
  readonly source: { readonly id: string; readonly name: string } | null
  readonly credential: string
  readonly via: Via
  readonly address?: string
}

/** E-mail addresses compare without case and outer space; a plus-suffix is another spelling of the same person. */
export function normalEmail(email: string): string {
  const trimmed = email.trim().toLowerCase()
  const at = trimmed.lastIndexOf('@')
  if (at < 0) return trimmed
  const plus = trimmed.indexOf('+')
  return plus > 0 && plus < at ? trimmed.slice(0, plus) + trimmed.slice(at) : trimmed
}
