import { defineConfig } from 'vite'

/** The preload script: one CommonJS file, the only kind that a sandboxed preload can be. */
export default defineConfig({
  publicDir: false,
  build: {
    ssr: true,
    outDir: 'dist/preload',
    emptyOutDir: true,
    target: 'chrome150',
    rolldownOptions: {
      input: { preload: 'electron/desktop/preload/preload.ts' },
      external: ['electron'],
      output: { format: 'cjs', entryFileNames: '[name].cjs' },
    },
  },
  ssr: { noExternal: true, external: ['electron'] },
})
