import { fileURLToPath } from 'node:url'
import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'

/** The inbox page, and the unit tests' runner. */
export default defineConfig({
  root: 'renderer',
  base: './',
  plugins: [react(), tailwindcss()],
  build: { outDir: '../dist/web', emptyOutDir: true, target: 'chrome150', chunkSizeWarningLimit: 1000 },
  test: {
    root: '.',
    include: ['test/**/*.test.ts'],
    exclude: ['test/e2e/**'],
    environment: 'node',
    testTimeout: 20_000,
    // Hundreds of processes are started from the sources: what Node makes of them is kept.
    env: { NODE_COMPILE_CACHE: fileURLToPath(new URL('./node_modules/.cache/node', import.meta.url)) },
    // There is no Electron in plain Node: the desktop's tests run against a double of it.
    alias: { electron: fileURLToPath(new URL('./test/support/electron-double/electron.ts', import.meta.url)) },
  },
})
