import fs from 'node:fs'
import { join } from 'node:path'
import type { Figure } from '../report.ts'
import { readings } from './readings.ts'
import type { Lines, Sample } from './sample.ts'

const group = "The machine's limits: its disk"
const mostMs = 500

/** How often bytes can be written and made durable, one after the other. */
function syncsPerSecond(file: string, bytes: Buffer, overwrites: boolean): number {
  const fd = fs.openSync(file, 'w')
  const room = overwrites ? 4 * 2 ** 20 : 0
  if (overwrites) {
    fs.writeSync(fd, Buffer.alloc(room, 0x62))
    fs.fsyncSync(fd)
  }
  const startedAt = performance.now()
  let count = 0
  for (; performance.now() - startedAt < mostMs; count++) {
    fs.writeSync(fd, bytes, 0, bytes.length, overwrites ? (count * 4096) % room : null)
    fs.fdatasyncSync(fd)
  }
  const seconds = (performance.now() - startedAt) / 1000
  fs.closeSync(fd)
  fs.rmSync(file)
  return count / seconds
}

/** A group of runs that are acknowledged together: their lines in one write, and one sync. Microseconds of one run. */
const perRun = (file: string, lines: Lines, runs: number): number =>
  1e6 / syncsPerSecond(file, Buffer.from(`${lines.join('\n')}\n`.repeat(runs)), false) / runs

export async function measureDisk(folder: string, sample: Sample, repeats: number): Promise<Figure[]> {
  const file = join(folder, 'disk.bin')
  const syncs = async (name: string, length: number, overwrites: boolean): Promise<Figure> => ({
    group,
    name,
    unit: '/s',
    readings: await readings(repeats, () => syncsPerSecond(file, Buffer.alloc(length, 0x61), overwrites)),
    better: 'more',
  })
  const grouped = async (what: string, key: string, lines: Lines, runs: number, acknowledged = 1): Promise<Figure> => {
    // Who is asked three times is acknowledged four times: each time with a part of the lines.
    const part = Math.ceil(lines.length / acknowledged)
    const parts = Array.from({ length: acknowledged }, (_, n) => lines.slice(n * part, (n + 1) * part)).filter(
      (of) => of.length > 0,
    )
    const read = () => parts.reduce((sum, of) => sum + perRun(file, of, runs), 0)
    const name = `${what}, ${runs} together: append + fdatasync, each`
    return { group, name, key: `${key}.disk.${runs}`, unit: 'µs', readings: await readings(repeats, read), better: 'less' }
  }
  const figures = [
    await syncs('append 600 B + fdatasync', 600, false),
    await syncs('append 4 KiB + fdatasync', 4096, false),
    await syncs('overwrite 4 KiB that are there + fdatasync', 4096, true),
  ]
  for (const runs of [1, 64, 256]) {
    figures.push(await grouped('starts', 'start', sample.start, runs), await grouped('ends', 'end', sample.end, runs))
    if (runs === 1) continue
    figures.push(await grouped('chains', 'chain', sample.chain, runs, 4))
    figures.push(await grouped('runs with steps until they wait', 'steps.start', sample.stepsStart, runs))
    figures.push(await grouped('their ends', 'steps.end', sample.stepsEnd, runs))
  }
  return figures
}
