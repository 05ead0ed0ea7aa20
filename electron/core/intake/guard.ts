import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import type { Failure } from '../../../shared/contract/errors.ts'
import { failure } from '../../../shared/contract/errors.ts'

/**
 * What is looked at before anything is believed: loopback can be reached from any web page and by any name that resolves to it. An
 * exact list of host names stops rebinding; origin checks stop pages of others; nothing here ever sends a CORS header.
 */

const mostHeaders = 64

/** The host names this listener answers to, lower-case, with their ports. */
export function allowedHosts(port: number, configured: readonly string[]): ReadonlySet<string> {
  const hosts = new Set([`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`])
  if (port === 80) for (const name of ['127.0.0.1', 'localhost', '[::1]']) hosts.add(name)
  for (const name of configured) {
    hosts.add(name.toLowerCase())
    if (!/:\d+$/.test(name)) hosts.add(`${name.toLowerCase()}:${port}`)
  }
  return hosts
}

/** Exactly one Host header, and one of ours. */
export function checkHost(request: IncomingMessage, hosts: ReadonlySet<string>): Failure | null {
  const raw = request.rawHeaders
  let seen = 0
  for (let at = 0; at < raw.length; at += 2) {
    const name = raw[at]!
    if (name.length === 4 && name.toLowerCase() === 'host') seen++
  }
  const host = request.headers.host
  if (seen === 1 && host !== undefined && hosts.has(host.toLowerCase())) return null
  return failure(
    'host-not-allowed',
    'Ask for 127.0.0.1 or localhost with the right port, or add the name to http.hosts in config.yaml.',
  )
}

/** Not too many, and one credential at most: of two, something in front of this listener might have believed the other one. */
export function checkHeaderCount(request: IncomingMessage): Failure | null {
  const raw = request.rawHeaders
  if (raw.length > mostHeaders * 2) return failure('headers-too-large', `Send at most ${mostHeaders} headers.`)
  let credentials = 0
  for (let at = 0; at < raw.length; at += 2) {
    const name = raw[at]!
    if (name.length === 13 && name.toLowerCase() === 'authorization') credentials++
  }
  return credentials <= 1 ? null : failure('malformed-request', 'Send one Authorization header.')
}

const refusedOrigin = () =>
  failure('origin-not-allowed', 'This came from another web page. Only the inbox itself and programs may call here.')

/** For what changes something, and for whatever carries the session cookie: it must not come from somebody else's page. */
export function checkOrigin(headers: IncomingHttpHeaders, configuredHosts: boolean): Failure | null {
  const site = headers['sec-fetch-site']
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return refusedOrigin()
  const origin = headers.origin
  if (origin === undefined) return null
  const host = headers.host!.toLowerCase()
  const own = origin.toLowerCase()
  // Behind a proxy that speaks TLS for a configured name, the page's own origin is https.
  return own === `http://${host}` || (configuredHosts && own === `https://${host}`) ? null : refusedOrigin()
}

/** The body must be plain UTF-8 JSON of a size that is worth reading. */
export function checkBodyHeaders(headers: IncomingHttpHeaders, bodyBytes: number): Failure | null {
  const length = Number(headers['content-length'] ?? 0)
  if (length > bodyBytes) return tooLarge(bodyBytes)
  if (length === 0 && headers['transfer-encoding'] === undefined && headers['content-type'] === undefined) return null
  if (isEncoded(headers)) return failure('unsupported-media-type', 'Send the body without Content-Encoding.')
  if (isUtf8(headers['content-type'], isJson)) return null
  return failure('unsupported-media-type', 'Send the body as Content-Type: application/json, in UTF-8.')
}

/** What a hook takes is for its senders to choose: JSON under any of its names, or a form. */
export function checkHookHeaders(headers: IncomingHttpHeaders, bodyBytes: number): Failure | null {
  if (Number(headers['content-length'] ?? 0) > bodyBytes) return tooLarge(bodyBytes)
  if (isEncoded(headers)) return failure('unsupported-media-type', 'Send the body without Content-Encoding.')
  if (isUtf8(headers['content-type'], isJsonOrForm)) return null
  return failure('unsupported-media-type', 'Send the body as application/json or application/x-www-form-urlencoded, in UTF-8.')
}

const isEncoded = ({ 'content-encoding': encoding }: IncomingHttpHeaders): boolean =>
  encoding !== undefined && encoding !== 'identity'

export const tooLarge = (bodyBytes: number): Failure =>
  failure('payload-too-large', `The body may have at most ${bodyBytes.toLocaleString('en')} bytes.`)

const isJson = (type: string): boolean => type === 'application/json'

const isJsonOrForm = (type: string): boolean =>
  /^application\/([\w.-]+\+)?json$/.test(type) || type === 'application/x-www-form-urlencoded'

/** A media type that is taken, and in no other encoding than UTF-8. */
function isUtf8(contentType: string | undefined, takes: (type: string) => boolean): boolean {
  if (contentType === undefined) return false
  const [type, ...parameters] = contentType.toLowerCase().split(';')
  if (!takes(type!.trim())) return false
  return parameters.every((parameter) => {
    const [name, value] = parameter.trim().split('=')
    return name !== 'charset' || value === 'utf-8' || value === '"utf-8"' || value === 'utf8'
  })
}

/** The token of an `Authorization: Bearer` header; null when the header is of another kind. */
export function bearer(authorization: string): string | null {
  const found = /^bearer +([^\s]+) *$/i.exec(authorization)
  return found ? found[1]! : null
}

/** Cookies know no ports: with the port in its name, two homes on one machine do not replace each other's session. */
export const sessionCookieName = (port: number): string => `countersign_session_${port}`

/** The session in the Cookie header, or null. */
export function sessionCookie(header: string | undefined, name: string): string | null {
  if (header === undefined || !header.includes(name)) return null
  for (const part of header.split(';')) {
    const trimmed = part.trim()
    if (trimmed.startsWith(`${name}=`)) return trimmed.slice(name.length + 1)
  }
  return null
}
