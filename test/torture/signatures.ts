import { openLine, type RawAnswer, toBytes } from '../support/raw-http.ts'
import { type Host, openHost } from './doors/host.ts'
import {
  type Delivery,
  type SignatureCase,
  signatureCases,
  signatureConfig,
  signatureEnvironment,
} from './doors/signature-cases.ts'
import { type Part, type Row, random, Tally } from './part.ts'

const part = 'signatures'

export const openSignatures = (): Promise<Host> => openHost({ config: signatureConfig, env: signatureEnvironment })

const seconds = (): number => Math.floor(Date.now() / 1000)

type Line = ReturnType<typeof openLine>

function deliver(host: Host, line: Line, hook: string, { headers, raw }: Delivery): Promise<RawAnswer> {
  const all = [['host', `127.0.0.1:${host.port}`], ['content-type', 'application/json'], ...headers] as (readonly [
    string,
    string,
  ])[]
  return line.send(toBytes({ method: 'POST', path: `/hooks/${hook}`, headers: all, body: raw }))
}

/** Genuine is what is taken, and also what is told that it cannot be read: that was believed before it was looked at. */
const problemOf = ({ status, code }: RawAnswer, accepted: boolean): string[] => {
  const taken = status === 200 || status === 202
  if (accepted) return taken ? [] : [`refused with ${status} ${code}`]
  // Of two Authorization headers none is believed, wherever they are sent.
  const refused = (status === 401 && code === 'bad-signature') || (status === 400 && code === 'malformed-request')
  return refused ? [] : [`answered with ${status} ${code}`]
}

export async function tryCases(host: Host, seed: number, only?: string): Promise<Row> {
  const tally = new Tally(part, 'signature cases', seed)
  const line = openLine(host.port)
  for (const { hook, what, accepted, delivery } of signatureCases(seconds())) {
    const id = `${hook}: ${what}`
    if (only === undefined || only === id) tally.add(id, problemOf(await deliver(host, line, hook, delivery), accepted))
  }
  line.close()
  return tally.row()
}

/** What of a delivery is signed, or is the secret itself: a bit of anything else may be another one. */
const signedParts: Readonly<Record<string, { readonly headers: readonly string[]; readonly body: boolean }>> = {
  standard: { headers: ['webhook-id', 'webhook-timestamp', 'webhook-signature'], body: true },
  public: { headers: ['webhook-id', 'webhook-timestamp', 'webhook-signature'], body: true },
  github: { headers: ['x-hub-signature-256'], body: true },
  slack: { headers: ['x-slack-signature', 'x-slack-request-timestamp'], body: true },
  stripe: { headers: ['stripe-signature'], body: true },
  bearer: { headers: ['authorization'], body: false },
}

/** Where the bits are that must not change, as places in the headers' values and in the body. */
function placesOf({ hook, delivery }: SignatureCase): { header: number | null; byte: number }[] {
  const { headers, body } = signedParts[hook]!
  const inHeaders = delivery.headers.flatMap(([name, value], header) => {
    if (!headers.includes(name)) return []
    // How a scheme is written is not the secret.
    const from = name === 'authorization' ? 'Bearer '.length : 0
    return Array.from({ length: value.length - from }, (_, at) => ({ header, byte: from + at }))
  })
  return [...inHeaders, ...(body ? Array.from({ length: delivery.raw.length }, (_, byte) => ({ header: null, byte })) : [])]
}

function flip({ headers, raw }: Delivery, header: number | null, byte: number, bit: number): Delivery {
  const changed = (bytes: Buffer): Buffer => {
    const copy = Buffer.from(bytes)
    copy[byte]! ^= 1 << bit
    return copy
  }
  if (header === null) return { headers, raw: changed(raw) }
  const other = headers.map(([name, value], at): readonly [string, string] =>
    at === header ? [name, changed(Buffer.from(value, 'latin1')).toString('latin1')] : [name, value],
  )
  return { headers: other, raw }
}

/** Flips one bit at a time in what is right. Every time it has to be refused, and the right one is still taken behind it. */
export async function flipBits(host: Host, hook: string, count: number, seed: number, only?: string): Promise<Row> {
  const tally = new Tally(part, `${hook}: flipped bits`, seed)
  const numbers = random(seed)
  const line = openLine(host.port)
  let right = signatureCases(seconds()).find((one) => one.hook === hook)!
  const stored = host.journalled('run_started')
  let controls = 0
  for (let n = 0; n < count; n++) {
    const places = placesOf(right)
    const { header, byte } = places[numbers(places.length)]!
    const bit = numbers(8)
    const id = `${hook}/${n}`
    if (only !== undefined && only !== id) continue
    tally.add(
      id,
      problemOf(await deliver(host, line, hook, flip(right.delivery, header, byte, bit)), false).map(
        (problem) =>
          `bit ${bit} of byte ${byte} in ${header === null ? 'the body' : right.delivery.headers[header]![0]}: ${problem}`,
      ),
    )
    if (n % 100 !== 99) continue
    // Signed anew for this moment: a long row of flips must not fail because time went by.
    right = signatureCases(seconds()).find((one) => one.hook === hook)!
    controls++
    tally.add(`${hook}/${n} control`, problemOf(await deliver(host, line, hook, right.delivery), true))
  }
  line.close()
  const grown = host.journalled('run_started') - stored
  if (grown > controls) tally.add(`${hook} journal`, [`${grown} were stored, of ${controls} that were right`])
  return tally.row()
}

/** Deliveries that are signed, nearly signed, and signed until one bit was another. */
export const signatures: Part = {
  name: part,
  async run({ seed, quick, only }) {
    const host = await openSignatures()
    try {
      const rows = [await tryCases(host, seed, only)]
      for (const hook of Object.keys(signedParts)) rows.push(await flipBits(host, hook, quick ? 200 : 1000, seed, only))
      return rows
    } finally {
      await host.stop()
    }
  },
}
