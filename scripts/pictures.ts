import { spawnSync } from 'node:child_process'
import { dirname, join, resolve } from 'node:path'
import { provideBrowser } from './browser.ts'
import { shrinkPictures } from './shrink-pictures.ts'

/**
 * `npm run pictures`: takes the reference pictures anew where the page looks different now. With a folder, puts every screen in every
 * width and theme there, to be looked at, and keeps the references.
 */

const root = dirname(import.meta.dirname)
const { path } = provideBrowser()
const [folder] = process.argv.slice(2)
const { status } = spawnSync(
  join(root, 'node_modules', '.bin', 'playwright'),
  ['test', 'pictures.spec.ts', ...(folder === undefined ? ['--update-snapshots=changed'] : [])],
  {
    cwd: root,
    stdio: 'inherit',
    env: {
      ...process.env,
      ...(path === null ? {} : { CHROMIUM_PATH: path }),
      ...(folder === undefined ? {} : { PICTURES: resolve(folder) }),
    },
  },
)
if (folder === undefined) {
  const { pictures, bytes } = shrinkPictures(join(root, 'test', 'e2e', 'pictures', 'references'))
  console.log(`${pictures} reference pictures, ${(bytes / 1e6).toFixed(1)} MB. Look at each that changed before it is kept.`)
}
process.exitCode = status ?? 1
