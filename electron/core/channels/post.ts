import { request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { isIP } from 'node:net'
import type { Clock } from '../clock.ts'
import { checkCallbackUrl, type Resolve, resolveTarget, systemResolve, type Target } from './guard.ts'

const answerLimit = 64 * 1024

/** One POST to a callback address. `timeoutMs` is for everything: looking up, connecting, sending and the answer. */
type Post = {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly timeoutMs: number
  readonly signal: AbortSignal
}

/** What came of it. `refused` is an address that will never be sent to; `failed` may work another time. */
export type PostResult =
  | { readonly kind: 'answered'; readonly status: number; readonly retryAfter: string | null; readonly text: string }
  | { readonly kind: 'failed'; readonly error: string }
  | { readonly kind: 'refused'; readonly error: string }

export type SendPost = (post: Post) => Promise<PostResult>

/** Sends through the address guard, to the very address that was checked; redirects are answers, never followed. */
export function createSendPost({ clock, resolve = systemResolve }: { clock: Clock; resolve?: Resolve }): SendPost {
  return async (post) => {
    const checked = checkCallbackUrl(post.url)
    if (!checked.ok) return { kind: 'refused', error: `Not sent: ${checked.failure}.` }
    const expiry = new AbortController()
    const disarm = clock.after(post.timeoutMs, () => expiry.abort())
    const signal = AbortSignal.any([post.signal, expiry.signal])
    try {
      const target = await untilAborted(resolveTarget(checked.value, resolve), signal)
      if (!target.ok) return { kind: 'failed', error: `Not sent: ${target.failure}.` }
      return await exchange(target.value, post, signal)
    } catch (error) {
      if (expiry.signal.aborted) return { kind: 'failed', error: `No answer within ${post.timeoutMs / 1000} seconds.` }
      return { kind: 'failed', error: describe(error) }
    } finally {
      disarm()
    }
  }
}

function exchange({ url, address }: Target, post: Post, signal: AbortSignal): Promise<PostResult> {
  const secure = url.protocol === 'https:'
  return new Promise((resolve, reject) => {
    const outgoing = (secure ? httpsRequest : httpRequest)({
      method: 'POST',
      host: address,
      port: url.port || (secure ? 443 : 80),
      path: url.pathname + url.search,
      headers: { ...post.headers, host: url.host, 'content-length': Buffer.byteLength(post.body) },
      // The certificate must be the name's, though the connection goes to its address.
      ...(secure && isIP(address) !== 0 && isIP(url.hostname) === 0 ? { servername: url.hostname } : {}),
      agent: false,
      signal,
    })
    outgoing.on('error', reject)
    outgoing.on('response', (answer) => {
      readText(answer).then((text) => resolve(toResult(answer, text)), reject)
    })
    outgoing.end(post.body)
  })
}

/** Reads up to the limit; what comes after it is not wanted. */
async function readText(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    chunks.push(chunk)
    size += chunk.length
    if (size >= answerLimit) break
  }
  return Buffer.concat(chunks).subarray(0, answerLimit).toString('utf8')
}

function toResult(answer: IncomingMessage, text: string): PostResult {
  return { kind: 'answered', status: answer.statusCode ?? 0, retryAfter: answer.headers['retry-after'] ?? null, text }
}

/** A name lookup cannot be cancelled; what waits for it can go on. */
function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(new Error('aborted'))
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}

function describe(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  switch (code) {
    case 'ECONNREFUSED':
      return 'Nobody listens at this address (ECONNREFUSED).'
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `The host name was not found (${code}).`
    case 'ECONNRESET':
      return 'The connection was cut (ECONNRESET).'
    default:
      return message
  }
}
