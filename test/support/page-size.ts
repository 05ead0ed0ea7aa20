import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

/** In bytes, as gzip sends them. */
export type PageSize = {
  /** What the browser fetches before the inbox can be used. */
  readonly first: number
  /** Everything there is, in every language. */
  readonly total: number
}

const gzipped = (file: string) => gzipSync(readFileSync(file)).length

/** What the page names, and what those scripts import before they run. */
function firstFiles(folder: string): ReadonlySet<string> {
  const html = readFileSync(join(folder, 'index.html'), 'utf8')
  const named = [...html.matchAll(/(?:src|href)="\.\/assets\/([\w.-]+\.(?:js|css))"/g)].map((match) => match[1]!)
  const found = new Set(named)
  for (const file of found) {
    if (!file.endsWith('.js')) continue
    const code = readFileSync(join(folder, 'assets', file), 'utf8')
    for (const match of code.matchAll(/(?:\bfrom|\bimport)\s*["']\.\/([\w.-]+\.js)["']/g)) found.add(match[1]!)
  }
  return found
}

/** How much a built page weighs. */
export function pageSize(folder: string): PageSize {
  const page = gzipped(join(folder, 'index.html'))
  const assets = join(folder, 'assets')
  const weigh = (files: Iterable<string>) => [...files].reduce((sum, file) => sum + gzipped(join(assets, file)), page)
  return { first: weigh(firstFiles(folder)), total: weigh(readdirSync(assets).filter((file) => /\.(js|css)$/.test(file))) }
}
