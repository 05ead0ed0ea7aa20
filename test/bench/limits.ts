import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { measureCpu } from './limits/cpu.ts'
import { measureDisk } from './limits/disk.ts'
import { measureEcho } from './limits/http.ts'
import { measureProcess } from './limits/process.ts'
import { measureRows } from './limits/rows.ts'
import { takeSample } from './limits/sample.ts'
import type { Figure } from './report.ts'

/** What this machine can do at most, measured in the same run: every derived limit is made of these. */
export async function measureLimits(repeats: number, say: (text: string) => void): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'))
  say('  what the application writes')
  const sample = await takeSample()
  try {
    say('  disk')
    const disk = await measureDisk(folder, sample, repeats)
    say('  JSON and SHA-256')
    const cpu = await measureCpu(sample, repeats)
    say('  SQLite')
    const rows = await measureRows(folder, sample, repeats)
    say('  HTTP')
    const http = await measureEcho(folder, sample, repeats)
    return [...disk, ...cpu, ...rows, ...http, ...(await measureProcess(repeats))]
  } finally {
    await sample.remove()
    await rm(folder, { recursive: true, force: true })
  }
}
