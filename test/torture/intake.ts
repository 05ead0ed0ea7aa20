import { createHmac } from 'node:crypto'
import { catalogue } from '../../shared/contract/errors.ts'
import { openLine, type RawAnswer, toBytes } from '../support/raw-http.ts'
import { type Host, openHost } from './doors/host.ts'
import { anyRequest, brokenHead, hookConfig, hookSecret, type Made, type Target } from './doors/requests.ts'
import { type Options, type Part, type Row, random, Tally } from './part.ts'

const part = 'intake'
const lines = 16
const mostGrowth = 50 * 1024 * 1024

export type IntakeHost = Host & Target

/** A host with hooks, and with some requests that wait, for doors to be tried on. */
export async function openIntake(): Promise<IntakeHost> {
  const host = await openHost({ config: hookConfig, env: { COUNTERSIGN_TORTURE: hookSecret } })
  const known: string[] = []
  const headers = { authorization: `Bearer ${host.tokens.submit}`, 'content-type': 'application/json' }
  for (let count = 0; count < 20; count++) {
    const body = JSON.stringify({ type: 'refund', title: `Waits ${count}`, amount: 5 })
    const { task_id } = (await (await fetch(`${host.url}/requests`, { method: 'POST', headers, body })).json()) as {
      task_id: string
    }
    const status = (await (await fetch(`${host.url}/tasks/${task_id}/status`, { headers })).json()) as {
      pending_approvals: { id: string }[]
    }
    known.push(task_id, ...status.pending_approvals.map(({ id }) => id))
  }
  return { ...host, known }
}

/** What is wrong with an answer to something that nobody should send: that it is none, that it is our mistake, or that it says nothing. */
function problemsOf({ status, code }: RawAnswer, host: Host): string[] {
  const ended = host.ended()
  if (ended !== null) return [ended]
  if (status === 0) return ['silence']
  if (status >= 500) return [`answered with ${status} ${code}`]
  if (status >= 400 && (code === null || !Object.hasOwn(catalogue, code))) return [`a ${status} without a code that is known`]
  return []
}

/** Each case has its own numbers, so that it can be made again alone. */
const makeCase = (seed: number, index: number, host: IntakeHost): Made => anyRequest(random(seed + index * 7919), host)

type Sent = { readonly statuses: Map<number, number>; readonly took: number[] }

/** Sends so many cases on a few connections, from one index on. */
export async function sendCases(
  host: IntakeHost,
  { seed, from, to, broken }: { readonly seed: number; readonly from: number; readonly to: number; readonly broken: boolean },
  found: (index: number, problems: readonly string[], made: Made) => void,
): Promise<Sent> {
  const sent: Sent = { statuses: new Map(), took: [] }
  let next = from
  const work = async (): Promise<void> => {
    const line = openLine(host.port)
    for (let index = next++; index < to && host.ended() === null; index = next++) {
      const made = makeCase(seed, index, host)
      const began = performance.now()
      const answer = await send(host, line, made, broken ? brokenHead(random(seed ^ index), made) : null)
      sent.took.push(performance.now() - began)
      sent.statuses.set(answer.status, (sent.statuses.get(answer.status) ?? 0) + 1)
      found(index, problemsOf(answer, host), made)
    }
    line.close()
  }
  await Promise.all(Array.from({ length: lines }, work))
  return sent
}

/** What does not say where it ends has a connection of its own, which is closed behind a damaged one. */
async function send(host: Host, line: ReturnType<typeof openLine>, made: Made, bytes: Buffer | null): Promise<RawAnswer> {
  if (bytes === null && made.framed) return line.send(made.bytes)
  const own = openLine(host.port)
  const answer = await own.send(bytes ?? made.bytes, { ends: bytes !== null, waitMs: 15_000 })
  own.close()
  return answer
}

const inOrder = ({ statuses }: Sent): string =>
  [...statuses]
    .sort(([one], [other]) => one - other)
    .map(([status, count]) => `${status}×${count}`)
    .join(' ')

async function fuzz(host: IntakeHost, { seed, quick, say, only }: Options): Promise<Row[]> {
  const cases = quick ? 5000 : 100_000
  const bodies = new Tally(part, 'bodies and header sets: no 5xx, no silence', seed)
  const single = only === undefined ? null : Number(only)
  const warm = single === null ? Math.floor(cases / 10) : 0
  const note = (index: number, problems: readonly string[], made: Made) =>
    bodies.add(
      String(index),
      problems.map((problem) => `${made.door}: ${problem}`),
    )
  const range = single === null ? { from: warm, to: cases } : { from: single, to: single + 1 }
  if (single === null) await sendCases(host, { seed, from: 0, to: warm, broken: false }, note)
  const before = await host.condition()
  const sent = await sendCases(host, { seed, ...range, broken: false }, note)
  const after = await host.condition()
  const p99 = sent.took.sort((one, other) => one - other)[Math.floor(sent.took.length * 0.99)] ?? 0
  bodies.note = `p99 ${p99.toFixed(1)} ms; ${inOrder(sent)}`
  say(`  ${bodies.note}`)

  const heads = new Tally(part, 'damaged heads: an answer, whatever comes', seed)
  const some = single === null ? { from: 0, to: Math.floor(cases / 10) } : range
  // Where nothing but the beginning of a line arrives and then the end, there is nobody left to answer to.
  const broken = await sendCases(host, { seed, ...some, broken: true }, (index, problems, made) =>
    heads.add(
      String(index),
      problems.filter((problem) => problem !== 'silence').map((problem) => `${made.door}: ${problem}`),
    ),
  )
  heads.note = inOrder(broken)
  const memory = new Tally(part, 'memory is flat, nothing was logged as a mistake', seed)
  const grown = after.heap - before.heap
  const megabytes = (bytes: number) => `${(bytes / 2 ** 20).toFixed(1)} MB`
  memory.note = `${megabytes(before.heap)} before, ${megabytes(after.heap)} after, ${host.journalled('run_started')} requests stored`
  memory.add('heap', grown > mostGrowth ? [`the heap grew by ${megabytes(grown)}`] : [])
  memory.add('log', after.errors > 0 ? [`${after.errors} mistakes in the log`] : [])
  return [bodies.row(), heads.row(), memory.row()]
}

/** One request as three kinds of sender repeat it: under a key, as a Standard Webhook, and as a signed delivery to a hook. */
function repeated(host: Host, round: number, note: string): Buffer {
  const body = JSON.stringify({ type: 'refund', title: `Refund ${note}`, amount: 5 })
  const to = [
    ['host', `127.0.0.1:${host.port}`],
    ['content-type', 'application/json'],
  ] as [string, string][]
  if (round % 3 === 2) {
    const signature = `sha256=${createHmac('sha256', hookSecret).update(body).digest('hex')}`
    const headers = [...to, ['x-hub-signature-256', signature], ['x-github-delivery', note]] as [string, string][]
    return toBytes({ method: 'POST', path: '/hooks/signed', headers, body })
  }
  const key: [string, string] = [round % 3 === 0 ? 'idempotency-key' : 'webhook-id', note]
  return toBytes({
    method: 'POST',
    path: '/requests',
    headers: [...to, ['authorization', `Bearer ${host.tokens.submit}`], key],
    body,
  })
}

/** Fifty at once, the same bytes: one is stored, and all are told of that one. */
export async function submitTogether(host: Host, rounds: number, seed: number, only?: string): Promise<Row> {
  const tally = new Tally(part, '50 identical submissions at once: one is stored', seed)
  const senders = Array.from({ length: 50 }, () => openLine(host.port))
  for (let round = 0; round < rounds; round++) {
    if (only !== undefined && only !== `round ${round}`) continue
    const before = host.journalled('run_started')
    const bytes = repeated(host, round, `${seed}-${round}`)
    const answers = await Promise.all(senders.map((line) => line.send(bytes)))
    const stored = host.journalled('run_started') - before
    const told = new Set(answers.filter(({ status }) => status === 202).map(({ body }) => /"task_id":"(\w+)"/.exec(body)?.[1]))
    const others = answers.filter(({ status, code }) => status !== 202 && !(status === 409 && code !== null))
    tally.add(`round ${round}`, [
      ...(stored === 1 ? [] : [`${stored} were stored`]),
      ...(told.size === 1 && !told.has(undefined) ? [] : [`${told.size} were told`]),
      ...others.slice(0, 1).map(({ status, body }) => `one was answered with ${status}: ${body.slice(0, 200)}`),
    ])
  }
  for (const line of senders) line.close()
  return tally.row()
}

/** Everything that anybody could post, and the same thing posted again and again at once. */
export const intake: Part = {
  name: part,
  async run(options) {
    const { seed, quick, only } = options
    const host = await openIntake()
    try {
      const isRound = only?.startsWith('round') === true
      const rows = isRound ? [] : await fuzz(host, options)
      // Less is stored here than above: what counts the records reads the whole journal.
      const other = only === undefined || isRound ? await openIntake() : null
      if (other === null) return rows
      try {
        return [...rows, await submitTogether(other, quick ? 20 : 200, seed, only)]
      } finally {
        await other.stop()
      }
    } finally {
      await host.stop()
    }
  },
}
