import { enableCompileCache } from 'node:module'
import { join } from 'node:path'

/*
 * The `countersign` command. What Node makes of the sources is kept from one time to the next, beside the packages and not in the folder
 * for temporary files, where others could put something else: a command starts in half the time. Where that cannot be written, Node
 * does without; a bundle needs none.
 */
if (import.meta.filename.endsWith('.ts')) {
  // Its threads find it there.
  process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, '../../node_modules/.cache/node')
  enableCompileCache(process.env.NODE_COMPILE_CACHE)
}

const { run } = await import('./run.ts')
await run(process.argv.slice(2))
