import { readFileSync } from 'node:fs'
import { cpus, loadavg, release, tmpdir, totalmem } from 'node:os'
import Database from 'better-sqlite3'

/** Where the figures come from. Homes are in the folder for temporary files, so its disk is the one that is measured. */
export function machine(): Record<string, string | number> {
  const [cpu] = cpus()
  const db = new Database(':memory:')
  const sqlite = db.prepare<[], string>('SELECT sqlite_version()').pluck().get()!
  db.close()
  return {
    cpu: cpu?.model ?? 'unknown',
    cores: cpus().length,
    memory_gib: Math.round(totalmem() / 2 ** 30),
    platform: `${process.platform}-${process.arch}`,
    kernel: release(),
    disk: diskOf(tmpdir()),
    node: process.versions.node,
    sqlite,
  }
}

/** How many programs wanted a core in the last minute: above the number of cores, the figures are those of a busy machine. */
export const load = (): number => Math.round((loadavg()[0] ?? 0) * 100) / 100

/** The file system that a folder is on. On `tmpfs` a sync costs nothing, and means nothing. */
function diskOf(folder: string): string {
  try {
    const mounts = readFileSync('/proc/mounts', 'utf8').split('\n')
    const fitting = mounts
      .map((line) => line.split(' '))
      .filter(([, at]) => at !== undefined && (at === '/' || folder === at || folder.startsWith(`${at}/`)))
      .sort(([, one], [, other]) => other!.length - one!.length)
    return fitting[0]?.[2] ?? 'unknown'
  } catch {
    return 'unknown'
  }
}
