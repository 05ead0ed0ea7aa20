import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineConfig, type Plugin } from 'vite'

/** Writes the declarations beside the bundle: those it exports, which lean on nothing but themselves. */
function declarations(): Plugin {
  const compiler = fileURLToPath(new URL('./node_modules/typescript/bin/tsc', import.meta.url))
  const project = fileURLToPath(new URL('./shared/client/tsconfig.types.json', import.meta.url))
  let folder = ''
  return {
    name: 'declarations',
    configResolved({ root, build }) {
      folder = join(resolve(root, build.outDir), 'types')
    },
    closeBundle() {
      const args = [compiler, '-p', project, '--outDir', folder]
      const { status, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' })
      if (status !== 0) throw new Error(`The declarations could not be written:\n${stdout}`)
      // Nothing that is exported names the contract, and its own types would need other packages.
      rmSync(join(folder, 'contract'), { recursive: true })
      rmSync(join(folder, 'client/link.d.ts'))
    },
  }
}

/** `countersign/client`: one file for Node and browsers that needs no other package. */
export default defineConfig({
  publicDir: false,
  plugins: [declarations()],
  build: {
    outDir: 'dist/client',
    emptyOutDir: true,
    target: 'es2023',
    lib: { entry: { client: 'shared/client/entry.ts' }, formats: ['es'] },
  },
})
