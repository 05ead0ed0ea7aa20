import { execFileSync } from 'node:child_process'
import fs from 'node:fs'

/** A disk that can be filled. */
export type SmallDisk = {
  /** Takes all space but this. */
  fill(left: number): void
  /** Gives it back. */
  free(): void
  unmount(): void
}

/** Mounts a disk of so many bytes on an empty folder; null where that is not allowed. */
export function mountSmallDisk(folder: string, bytes: number): SmallDisk | null {
  const filler = `${folder}/filler`
  try {
    execFileSync('/bin/mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', folder], { stdio: 'ignore' })
  } catch {
    return null
  }
  return {
    fill(keep) {
      const { bavail, bsize } = fs.statfsSync(folder)
      const fd = fs.openSync(filler, 'a')
      const piece = Buffer.alloc(4096, 1)
      try {
        for (let left = bavail * bsize - keep; left > 0; left -= piece.length) fs.writeSync(fd, piece)
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
      } finally {
        fs.closeSync(fd)
      }
    },
    free: () => fs.rmSync(filler, { force: true }),
    unmount: () => void execFileSync('/bin/umount', ['-l', folder]),
  }
}
