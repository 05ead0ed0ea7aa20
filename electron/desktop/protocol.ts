import { readFile } from 'node:fs/promises'
import { extname, isAbsolute, join, relative, sep } from 'node:path'
import { protocol, type Session } from 'electron'
import { isOurs, origin, scheme } from './origin.ts'

/** Nothing but our own files may load, run or be asked; the page talks to the application over its message port alone. */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join('; ')

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.webmanifest': 'application/manifest+json',
}

const commonHeaders = {
  'content-security-policy': contentSecurityPolicy,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
}

/** Must run before the app is ready. The scheme does not bypass the CSP and takes no service workers. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([{ scheme, privileges: { standard: true, secure: true, supportFetchAPI: true } }])
}

/** Built files have plain names: nothing to decode, no way up, nothing hidden, nothing that names a drive or a stream. */
const plainPath = /^\/(?:[A-Za-z0-9_-][A-Za-z0-9._-]*\/)*(?:[A-Za-z0-9_-][A-Za-z0-9._-]*)?$/

/** The file an address stands for, or null when it is not one of ours. */
export function resolveAsset(root: string, address: string): string | null {
  // The text itself is judged, not what parsing makes of it: that turns backslashes into slashes and folds dots away.
  if (!address.startsWith(`${origin}/`) || !isOurs(address)) return null
  const path = address.slice(origin.length).split(/[?#]/, 1)[0]!
  if (!plainPath.test(path)) return null
  const file = join(root, path === '/' ? 'index.html' : path.slice(1))
  const inside = relative(root, file)
  if (inside === '' || inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside)) return null
  return contentTypes[extname(file).toLowerCase()] ? file : null
}

/** Answers one request of the page from the folder of built files. */
export async function answerFromFolder(root: string, request: Pick<Request, 'url' | 'method'>): Promise<Response> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(405, 'Only GET is answered')
  const file = resolveAsset(root, request.url)
  if (!file) return refuse(404, 'There is no such file')
  try {
    const body = await readFile(file)
    return new Response(request.method === 'HEAD' ? null : new Uint8Array(body), {
      headers: { ...commonHeaders, 'content-type': contentTypes[extname(file).toLowerCase()]! },
    })
  } catch {
    return refuse(404, 'There is no such file')
  }
}

const refuse = (status: number, text: string) =>
  new Response(text, { status, headers: { ...commonHeaders, 'content-type': 'text/plain; charset=utf-8' } })

/** Serves the built page under its own scheme in this session. */
export function serveApp(session: Session, root: string): void {
  session.protocol.handle(scheme, (request) => answerFromFolder(root, request))
}
