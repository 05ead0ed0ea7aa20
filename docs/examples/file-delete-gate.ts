import { realpath, rm } from 'node:fs/promises'
import { basename, delimiter, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { defineWorkflow } from 'countersign/workflow'
import * as z from 'zod'

/** Folders whose files nobody deletes alone; the environment can name others. */
const importantFolders = () => (process.env.IMPORTANT_FOLDERS ?? '/important').split(delimiter)

/** Deletes a file; under a folder that matters only after somebody has seen which one. */
export const fileDeleteGate = defineWorkflow({
  name: 'file-delete-gate',
  input: z.object({ path: z.string().min(1) }),
  async run(wf, { path }) {
    // What is asked about and what is deleted is this one, whatever becomes of links in the meantime.
    const target = await wf.step('resolve', async () => ({
      path: await realTarget(path),
      important: await Promise.all(importantFolders().map(realTarget)),
    }))
    return wf.gate('delete', { path: target.path }, (approved) => deleteOnly(approved.path, target.path), {
      when: (args) => target.important.some((folder) => isInside(args.path, folder)),
      title: (args) => `Delete ${args.path}?`,
      approvers: ['group:owners'],
      consequence: 'The file is gone for good.',
      timeout: '1d',
    })
  },
})

/** Where a path really leads: `..` resolved and links followed. The file itself need not be there. */
async function realTarget(path: string): Promise<string> {
  const absolute = resolve(path)
  const found = await realpath(absolute).catch(() => null)
  if (found !== null) return found
  const parent = dirname(absolute)
  return parent === absolute ? absolute : join(await realTarget(parent), basename(absolute))
}

/** By whole segments: `/important-not` is not inside `/important`, and `/tmp/../important/x` is. */
function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path)
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)
}

async function deleteOnly(path: string, expected: string): Promise<{ deleted: string }> {
  if ((await realTarget(path)) !== expected) throw new Error(`${path} leads somewhere else now; nothing was deleted`)
  await rm(path)
  return { deleted: path }
}
