import { readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import type { FastifyInstance, FastifyReply } from 'fastify'

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

/**
 * Serves the built inbox: its page at `/` (where the page is, is in its fragment) and each file that is in the folder at start under
 * its own name. Only these names are routes, so no path that a client makes up reaches the file system.
 */
export function registerInbox(app: FastifyInstance, web: { readonly folder: string } | null, taken: ReadonlySet<string>): void {
  const files = web === null ? [] : listFiles(web.folder, '')
  const built = web !== null && files.includes('/index.html')
  const page = async (_request: unknown, reply: FastifyReply): Promise<FastifyReply> => {
    reply.headers(pageHeaders).header('cache-control', 'no-store').type(types['.html']!)
    return reply.send(built ? await readFile(join(web.folder, 'index.html')) : notBuilt)
  }
  app.get('/', page)

  const byName = new Map(files.filter((name) => name !== '/index.html').map((name) => [name, join(web!.folder, name)]))
  const send = async (name: string, path: string, reply: FastifyReply): Promise<FastifyReply> => {
    reply.headers(pageHeaders).header('cache-control', name.startsWith('/assets/') ? immutable : 'no-cache')
    return reply.type(types[extname(name)] ?? 'application/octet-stream').send(await readFile(path))
  }
  for (const [name, path] of byName) if (!taken.has(name)) app.get(encodeURI(name), (_request, reply) => send(name, path, reply))
}

function listFiles(folder: string, prefix: string): string[] {
  try {
    return readdirSync(join(folder, prefix), { withFileTypes: true }).flatMap((entry) => {
      const name = `${prefix}/${entry.name}`
      if (entry.isDirectory()) return listFiles(folder, name)
      return entry.isFile() ? [name] : []
    })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}
