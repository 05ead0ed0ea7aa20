import { openLine, type RawAnswer, toBytes } from '../support/raw-http.ts'
import { type Host, openHost } from './doors/host.ts'
import {
  type Combination,
  type Credential,
  combinations,
  configuredName,
  expected,
  hosts,
  type Method,
  senders,
  types,
  type Verdict,
} from './doors/origin-rules.ts'
import { type Part, type Row, Tally } from './part.ts'

const part = 'origins'

/** What each method is tried on. All of it is an administrator's, and every change of it is journalled. */
const targets: Readonly<Record<Method, { readonly path: string; readonly body: (n: number) => object; readonly handled: number }>> =
  {
    GET: { path: '/tokens', body: () => ({}), handled: 200 },
    POST: { path: '/tokens', body: (n) => ({ name: `made ${n}`, scope: 'read' }), handled: 201 },
    PUT: { path: '/groups/finance', body: (n) => ({ label: `Finance ${n}`, members: [] }), handled: 200 },
    PATCH: { path: '/settings', body: (n) => ({ undo: { seconds: 1 + (n % 50) } }), handled: 200 },
    DELETE: { path: '/tokens/tok_none', body: () => ({}), handled: 404 },
  }

export const openOrigins = (): Promise<Host> => openHost({ config: `http: { hosts: [${configuredName}] }\n` })

function toRequest(host: Host, cookie: string, one: Combination, n: number): Buffer {
  const names = hosts[one.host]!.says(host.port)
  const { path, body } = targets[one.method]
  const type = types[one.type] ?? null
  const credential: [string, string][] =
    one.credential === 'token'
      ? [['authorization', `Bearer ${host.tokens.admin}`]]
      : [['cookie', cookie], ...(one.credential === 'cookie' ? [['x-countersign', '1'] as [string, string]] : [])]
  const headers = [
    ...names.map((name): [string, string] => ['host', name]),
    ...senders[one.sender]!.headers(names[0] ?? ''),
    ...credential,
    ...(type === null ? [] : [['content-type', type] as [string, string]]),
  ]
  return toBytes({ method: one.method, path, headers, ...(one.method === 'GET' ? {} : { body: JSON.stringify(body(n)) }) })
}

const idOf = ({ host, sender, method, type, credential }: Combination): string => [credential, host, sender, method, type].join('/')

function toVerdict({ status, code }: RawAnswer, { method }: Combination): Verdict | string {
  if (code === 'host-not-allowed' || code === 'origin-not-allowed') return status === 403 ? code : `${status} ${code}`
  if (code === 'unsupported-media-type') return status === 415 ? code : `${status} ${code}`
  return status === targets[method].handled ? 'handled' : `${status} ${code}`
}

/** Sends every combination; each has to be answered as the written rules say, and only what is handled may leave a record. */
export async function tryOrigins(host: Host, credential: Credential, seed: number, only?: string): Promise<Row> {
  const tally = new Tally(part, `Host × Origin × method × type, by ${credential}`, seed)
  const cookie = await host.signIn()
  const line = openLine(host.port)
  const made = host.journalled('token_created')
  let created = 0
  for (const [n, one] of combinations(credential).entries()) {
    const id = idOf(one)
    if (only !== undefined && only !== id) continue
    const answer = await line.send(toRequest(host, cookie, one, n))
    const [verdict, wanted] = [toVerdict(answer, one), expected(one)]
    if (one.method === 'POST' && wanted === 'handled') created++
    const cors = /^access-control-/im.test(answer.head)
    tally.add(id, [...(verdict === wanted ? [] : [`${verdict} instead of ${wanted}`]), ...(cors ? ['a CORS header'] : [])])
  }
  line.close()
  const stored = host.journalled('token_created') - made
  tally.note = `${created} tokens were to be made, and ${stored} were`
  if (stored !== created) tally.add('journal', [tally.note])
  return tally.row()
}

/** Who may call from where: what is written about it, against what is done. */
export const origins: Part = {
  name: part,
  async run({ seed, only }) {
    const host = await openOrigins()
    try {
      const rows: Row[] = []
      for (const credential of ['token', 'cookie', 'bare cookie'] as const) {
        if (only === undefined || only.startsWith(`${credential}/`)) rows.push(await tryOrigins(host, credential, seed, only))
      }
      return rows
    } finally {
      await host.stop()
    }
  },
}
