import { spawnSync } from 'node:child_process'
import { readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Builds the parts that are named (`web` by default) where a source is newer than what was built from it. */

const root = join(import.meta.dirname, '..')

type Part = { readonly text: string; readonly config: string; readonly out: string; readonly sources: readonly string[] }

const parts: Readonly<Record<string, Part>> = {
  web: { text: 'the inbox page', config: 'vite.config.ts', out: 'dist/web', sources: ['renderer', 'shared'] },
  main: {
    text: 'the application',
    config: 'vite.main.config.ts',
    out: 'dist/main',
    sources: ['electron/core', 'electron/desktop', 'electron/headless', 'electron/cli', 'shared'],
  },
  preload: {
    text: 'the preload script',
    config: 'vite.preload.config.ts',
    out: 'dist/preload',
    sources: ['electron/desktop/preload'],
  },
  client: { text: 'the client', config: 'vite.client.config.ts', out: 'dist/client', sources: ['shared'] },
}

/** When the youngest file or folder below this path changed; 0 when there is nothing. A removed file changes its folder. */
function youngest(path: string): number {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (!stat) return 0
  if (!stat.isDirectory()) return stat.mtimeMs
  return readdirSync(path).reduce((latest, name) => Math.max(latest, youngest(join(path, name))), stat.mtimeMs)
}

function build(part: Part): void {
  const stamp = join(root, part.out, '.built')
  const sources = [...part.sources, part.config, 'package-lock.json'].map((path) => join(root, path))
  const built = statSync(stamp, { throwIfNoEntry: false })?.mtimeMs ?? -1
  if (Math.max(...sources.map(youngest)) <= built) return
  console.error(`Building ${part.text} …`)
  rmSync(stamp, { force: true })
  // What changes while it is being built is newer than this instant, and is built the next time.
  const began = new Date()
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js')
  const { status, stdout, stderr } = spawnSync(process.execPath, [vite, 'build', '-c', part.config], {
    cwd: root,
    encoding: 'utf8',
  })
  if (status !== 0) {
    console.error(`${stdout}${stderr}\nBuilding ${part.text} failed.`)
    process.exit(1)
  }
  writeFileSync(stamp, '')
  utimesSync(stamp, began, began)
}

for (const name of process.argv.length > 2 ? process.argv.slice(2) : ['web']) {
  const part = parts[name]
  if (!part) {
    console.error(`There is no part "${name}"; there are ${Object.keys(parts).join(', ')}.`)
    process.exit(2)
  }
  build(part)
}
