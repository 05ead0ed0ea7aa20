import { readFile, realpath } from 'node:fs/promises'
import { extname, join, sep } from 'node:path'
import type { FastifyInstance } from 'fastify'

/** What a page of ours may do: load its own files and talk to its own server. Nothing inline, nothing from elsewhere. */
const contentSecurityPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; " +
  "manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"

export const pageHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': contentSecurityPolicy,
  'x-content-type-options': 'nosniff',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
}

const immutable = 'public, max-age=31536000, immutable'

const notBuilt = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Countersign</title></head>
<body><h1>The inbox page is not built yet</h1>
<p>Run <code>npm run build</code> and start Countersign again. The HTTP API works already: see <a href="/docs">its documentation</a>.</p>
</body></html>
`

/** A file of the built inbox, ready to be sent. */
type PageFile = { readonly bytes: Buffer; readonly headers: Readonly<Record<string, string>> }

export type Inbox = {
  /** The file at an address that belongs to nothing else; null when there is none. Never rejects. */
  fileAt(url: string): Promise<PageFile | null>
}

/**
 * Serves the built inbox: its page at `/` (where the page is, is in its fragment) and each file of its folder under its own name.
 * Files are looked for when they are asked for, so that a page built anew under a running server is served whole. Only plain names
 * are looked for, and what is found must lie in the folder: no path that a client makes up leads out of it.
 */
export function registerInbox(app: FastifyInstance, web: { readonly folder: string } | null): Inbox {
  app.get('/', async (_request, reply) => {
    const page = web === null ? null : await readPlain(web.folder, '/index.html')
    return reply
      .headers(pageHeaders)
      .header('cache-control', 'no-store')
      .type(types['.html']!)
      .send(page ?? notBuilt)
  })
  return {
    async fileAt(url) {
      const name = url.split('?', 1)[0]!
      if (web === null || name === '/index.html' || !/^(\/[\w-][\w.-]*)+$/.test(name)) return null
      const bytes = await readPlain(web.folder, name)
      const cached = name.startsWith('/assets/') ? immutable : 'no-cache'
      const type = types[extname(name)] ?? 'application/octet-stream'
      return bytes && { bytes, headers: { ...pageHeaders, 'cache-control': cached, 'content-type': type } }
    },
  }
}

/** Null for whatever is not a file inside of the folder. */
async function readPlain(folder: string, name: string): Promise<Buffer | null> {
  try {
    const [inside, path] = await Promise.all([realpath(folder), realpath(join(folder, name))])
    return path.startsWith(inside + sep) ? await readFile(path) : null
  } catch {
    return null
  }
}
