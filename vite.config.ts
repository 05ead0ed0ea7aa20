import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { type AnyContractRouter, isContractProcedure } from '@orpc/contract'
import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import type { Plugin } from 'vite'
import { defineConfig } from 'vitest/config'
import { contract } from './shared/contract/contract.ts'

/** Of each procedure, where it is called: the host is the one that checks what is sent. */
function routesOf(router: AnyContractRouter): unknown {
  if (!isContractProcedure(router)) {
    return Object.fromEntries(Object.entries(router).map(([name, inner]) => [name, routesOf(inner)]))
  }
  const { method, path, inputStructure, outputStructure } = router['~orpc'].route
  return { '~orpc': { errorMap: {}, meta: {}, route: { method, path, inputStructure, outputStructure } } }
}

/** The built page carries no schemas and no code that checks them: a fifth of its size, and nothing it would use. */
const leanContract = (): Plugin => ({
  name: 'lean-contract',
  apply: 'build',
  load: (id) =>
    id === fileURLToPath(new URL('./shared/contract/contract.ts', import.meta.url))
      ? `export const contract = ${JSON.stringify(routesOf(contract))}`
      : null,
})

type Imports = { getModuleInfo(id: string): { readonly importedIds: readonly string[] } | null }

/** A module and everything that it imports. */
function reachOf(entry: string, graph: Imports): ReadonlySet<string> {
  const found = new Set([entry])
  for (const id of found) for (const next of graph.getModuleInfo(id)?.importedIds ?? []) found.add(next)
  return found
}

const first = fileURLToPath(new URL('./renderer/start.tsx', import.meta.url))
let firstScreen: ReadonlySet<string> | null = null
const isFirstScreen = (id: string, graph: Imports): boolean => {
  firstScreen ??= reachOf(first, graph)
  return firstScreen.has(id)
}

/** What the first screen needs is one file, however many later screens share parts of it. */
const codeSplitting = {
  groups: [
    { name: 'choice', tags: ['$initial' as const], priority: 2 },
    { debugName: 'inbox', name: (id: string, imports: Imports) => (isFirstScreen(id, imports) ? 'inbox' : null), priority: 1 },
  ],
}

/** The first script asks for the others; a page that names them all has them a round trip sooner. */
const earlyInbox = (): Plugin => ({
  name: 'early-inbox',
  transformIndexHtml: {
    order: 'post',
    handler: (_html, { bundle }) => {
      const file = Object.keys(bundle ?? {}).find((name) => /\/inbox-[\w-]+\.js$/.test(name))
      return file ? [{ tag: 'link', attrs: { rel: 'modulepreload', crossorigin: true, href: `./${file}` }, injectTo: 'head' }] : []
    },
  },
})

/** The inbox page, and the unit tests' runner. */
export default defineConfig({
  root: 'renderer',
  base: './',
  plugins: [leanContract(), earlyInbox(), react(), tailwindcss()],
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    target: 'chrome150',
    chunkSizeWarningLimit: 1000,
    rolldownOptions: { output: { codeSplitting } },
  },
  test: {
    root: '.',
    include: ['test/**/*.test.ts'],
    exclude: ['test/e2e/**'],
    environment: 'node',
    testTimeout: 20_000,
    // The longest of them wait for processes and disks: on two cores, two files side by side.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // Hundreds of processes are started from the sources: what Node makes of them is kept.
    env: { NODE_COMPILE_CACHE: fileURLToPath(new URL('./node_modules/.cache/node', import.meta.url)) },
    // There is no Electron in plain Node: the desktop's tests run against a double of it.
    alias: { electron: fileURLToPath(new URL('./test/support/electron-double/electron.ts', import.meta.url)) },
  },
})
