/**
 * What docs/security.md says about Host, Origin, method and type, as a table of its own: nothing of the application is read here. The
 * rules, in their order:
 *
 * - exactly one Host header, and it is 127.0.0.1, localhost or [::1] with the right port, or a name from `http.hosts`;
 * - what changes something, or carries the session cookie, is refused when the browser says that another page sent it;
 * - a change by cookie needs the header X-Countersign: 1;
 * - a body is JSON.
 */

export type Verdict = 'host-not-allowed' | 'origin-not-allowed' | 'unsupported-media-type' | 'handled'

export const configuredName = 'inbox.example'

/** Twelve ways to say whom one asks for, given the port that is listened on; the last two are no single header. */
export const hosts: readonly { readonly says: (port: number) => readonly string[]; readonly ours: boolean }[] = [
  { says: (port) => [`127.0.0.1:${port}`], ours: true },
  { says: (port) => [`LocalHost:${port}`], ours: true },
  { says: (port) => [`[::1]:${port}`], ours: true },
  { says: () => [configuredName], ours: true },
  { says: () => ['127.0.0.1'], ours: false },
  { says: (port) => [`localhost:${port + 1}`], ours: false },
  { says: (port) => [`evil.example:${port}`], ours: false },
  { says: (port) => [`127.0.0.1.evil.example:${port}`], ours: false },
  { says: (port) => [`${configuredName}.evil.example:${port}`], ours: false },
  { says: (port) => [`localhost.:${port}`], ours: false },
  { says: () => [], ours: false },
  { says: (port) => [`127.0.0.1:${port}`, `127.0.0.1:${port}`], ours: false },
]

/** Six senders, by what a browser adds for them. `own` is the page that the asked host itself would have served. */
export const senders: readonly {
  readonly what: string
  readonly headers: (host: string) => readonly (readonly [string, string])[]
  readonly own: boolean
}[] = [
  { what: 'a program', headers: () => [], own: true },
  {
    what: 'our page',
    headers: (host) => [
      ['origin', `http://${host.toLowerCase()}`],
      ['sec-fetch-site', 'same-origin'],
    ],
    own: true,
  },
  {
    what: 'another site',
    headers: () => [
      ['origin', 'https://evil.example'],
      ['sec-fetch-site', 'cross-site'],
    ],
    own: false,
  },
  { what: 'a sandboxed page', headers: () => [['origin', 'null']], own: false },
  {
    what: 'another port of this machine',
    headers: () => [
      ['origin', 'http://127.0.0.1:1'],
      ['sec-fetch-site', 'same-site'],
    ],
    own: false,
  },
  { what: 'a form or a link of another site', headers: () => [['sec-fetch-site', 'cross-site']], own: false },
]

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const
export type Method = (typeof methods)[number]

export const types = ['application/json', 'text/plain', 'application/x-www-form-urlencoded', null] as const

export type Credential = 'token' | 'cookie' | 'bare cookie'

export type Combination = {
  readonly host: number
  readonly sender: number
  readonly method: Method
  readonly type: number
  readonly credential: Credential
}

export function expected({ host, sender, method, type, credential }: Combination): Verdict {
  const changes = method !== 'GET'
  const byCookie = credential !== 'token'
  if (!hosts[host]!.ours) return 'host-not-allowed'
  if ((changes || byCookie) && !senders[sender]!.own) return 'origin-not-allowed'
  // Whose credential it is comes after what the body is.
  if (changes && types[type] !== 'application/json') return 'unsupported-media-type'
  if (changes && credential === 'bare cookie') return 'origin-not-allowed'
  return 'handled'
}

/** Every combination with one credential: 12 × 6 × 5 × 4 = 1,440. */
export const combinations = (credential: Credential): readonly Combination[] =>
  hosts.flatMap((_host, host) =>
    senders.flatMap((_sender, sender) =>
      methods.flatMap((method) => types.map((_type, type) => ({ host, sender, method, type, credential }))),
    ),
  )
