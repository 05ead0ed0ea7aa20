import { existsSync } from 'node:fs'
import { defineConfig } from 'vite'

const sources = {
  desktop: 'electron/desktop/main.ts',
  cli: 'electron/cli/main.ts',
  'projection-worker': 'electron/core/projection/worker.ts',
  'policy-worker': 'electron/core/policy/worker.ts',
}

/** Everything that runs in Node or in Electron's main process, bundled: only what has native code stays outside. */
export default defineConfig({
  publicDir: false,
  build: {
    ssr: true,
    outDir: 'dist/main',
    emptyOutDir: true,
    target: 'node24',
    rolldownOptions: {
      input: Object.fromEntries(Object.entries(sources).filter(([, file]) => existsSync(file))),
      external: ['electron', 'better-sqlite3'],
      // Every file in one folder: paths relative to the running file are the same for entries and shared parts.
      output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
    },
  },
  ssr: { noExternal: true, external: ['electron', 'better-sqlite3'] },
})
