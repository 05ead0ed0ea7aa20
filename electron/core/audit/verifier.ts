/** What the program is called where it is handed out. */
export const verifierName = 'verify.mjs'

/**
 * Proves a journal without a line of ours: it is handed out with the records, and docs/security.md shows it for whoever wants to read
 * it first. It knows the format from that page alone, so a mistake here is not repeated there.
 */
export const verifier = String.raw`// Proves a Countersign journal with nothing of Countersign: it needs Node alone.
//   node verify.mjs                                   proves audit.jsonl and checkpoints.jsonl beside this file
//   node verify.mjs RECORDS [CHECKPOINTS] [--key KEY]  RECORDS is a file of records, or a journal folder
import { createHash, createPublicKey, verify } from 'node:crypto'
import { createReadStream, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

const words = process.argv.slice(2)
const keyAt = words.indexOf('--key')
const [, ownKey] = keyAt < 0 ? [] : words.splice(keyAt, 2)
const beside = (name) => join(import.meta.dirname, name)
const [records, checkpoints] = words.length > 0 ? words : [beside('audit.jsonl'), beside('checkpoints.jsonl')]

const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest('hex')
const stop = (where, why) => {
  console.log('CHANGED ' + where + ': ' + why)
  process.exit(1)
}

/** Each line with where it begins; the last one has no end where it was never completely written. */
async function* linesOf(file) {
  let rest = Buffer.alloc(0)
  let at = 0
  for await (const chunk of createReadStream(file)) {
    const bytes = Buffer.concat([rest, chunk])
    let from = 0
    for (let end = bytes.indexOf(0x0a); end >= 0; end = bytes.indexOf(0x0a, from)) {
      yield { where: file + ' byte ' + at, line: bytes.subarray(from, end), whole: true }
      at += end + 1 - from
      from = end + 1
    }
    rest = bytes.subarray(from)
  }
  if (rest.length > 0) yield { where: file + ' byte ' + at, line: rest, whole: false }
}

function filesOf(path) {
  if (!statSync(path).isDirectory()) return [path]
  const names = readdirSync(path).filter((name) => /^\d{8}\.jsonl$/.test(name)).sort()
  names.forEach((name, n) => Number(name.slice(0, 8)) === n + 1 || stop(name, 'a segment before this one is missing'))
  return names.map((name) => join(path, name))
}

/** What was signed, by the number of the record. Every signature is checked, and all are by one key. */
async function signedHeads(file) {
  const heads = new Map()
  let key = ownKey
  for await (const { where, line, whole } of file ? linesOf(file) : []) {
    if (!whole && !line.includes('}')) break
    let point = {}
    try {
      point = JSON.parse(line)
    } catch {
      stop(where, 'is not a checkpoint')
    }
    const { seq, hash, at, signature } = point
    key ??= point.key
    if (JSON.stringify({ seq, hash, at, key, signature }) !== String(line)) stop(where, 'is not a checkpoint of the key ' + key)
    const publicKey = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: key }, format: 'jwk' })
    const bytes = Buffer.from(signature, 'base64url')
    const signed = Buffer.from(['countersign checkpoint 1', seq, hash, at].join('\n'))
    const genuine = bytes.toString('base64url') === signature && verify(null, signed, publicKey, bytes)
    if (!genuine) stop(where, 'the signature of ' + seq + ' is not valid')
    heads.set(seq, hash)
  }
  return { heads, key }
}

const { heads, key } = await signedHeads(checkpoints)
const blanked = new Map()
let [seq, head, erased, unfinished] = [0, '0'.repeat(64), 0, 0]
const files = filesOf(records)
for (const file of files) {
  for await (const { where, line, whole } of linesOf(file)) {
    if (!whole) {
      if (file !== files.at(-1)) stop(where, 'a line has no end')
      console.log(where + ': the last line is not complete; written just now, or torn')
      break
    }
    const [start, hash, length] = /^\{"hash":"([0-9a-f]{64})","head":([1-9]\d*),/.exec(line.toString('latin1')) ?? stop(where, 'no record')
    const end = start.length + Number(length)
    const chained = line.subarray(start.length, end)
    if (sha256(head, chained) !== hash) stop(where, 'does not match its hash, or does not follow the record before it')
    const record = JSON.parse('{' + chained + '}')
    if (record.seq !== seq + 1 || record.prev !== head) stop(where, 'is not the next record')
    const content = /^,"content":([^]*)\}$/.exec(line.toString('latin1', end))?.[1]
    const own = record.content_sha256
    if (own === undefined ? line.toString('latin1', end) !== '}' : content === undefined) stop(where, 'content was added or taken away')
    if (content !== undefined && /^null *$/.test(content)) {
      erased++
      blanked.set(record.run_id, where)
    } else if (own !== undefined && sha256(Buffer.from(content, 'latin1')) !== own) stop(where, 'its content was changed')
    if (record.type === 'run_erased') blanked.delete(record.run_id)
    if (heads.has(record.seq) && heads.get(record.seq) !== hash) stop(where, 'record ' + record.seq + ' is missing or another one')
    seq = record.seq
    head = hash
    unfinished = record.more > 0 ? unfinished + 1 : 0
  }
}
for (const where of blanked.values()) stop(where, 'its content was blanked, and no record says that it was erased')
for (const signed of heads.keys()) if (signed > seq) stop(checkpoints, 'record ' + signed + ' is missing or another one')
console.log('OK ' + seq + ' records, head ' + head)
if (unfinished > 0) console.log('The last ' + unfinished + ' belong to a commit that is not complete; written just now, or torn')
if (erased > 0) console.log(erased + ' of them say nothing any more: records behind them say who erased that, and why')
console.log(heads.size > 0 ? heads.size + ' signed heads, by the key ' + key : 'No checkpoints were given: a cut end would not be seen')
`
