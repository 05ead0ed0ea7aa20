import { readdirSync, readFileSync } from 'node:fs'

/** Milliseconds that a thread worked, and that it could have worked while others had the processor. Zero where the system does not tell. */
export type Processor = { readonly worked: number; readonly waited: number }

const nothing: Processor = { worked: 0, waited: 0 }

/** Of a process's first thread. */
export const processorOf = (pid: number | 'self'): Processor => read(`/proc/${pid}/schedstat`)

/** Of a process that starts: its first thread waits for the others, so that what the busiest of these waited is on its way too. */
export function processorOfStart(pid: number): Processor {
  const first = processorOf(pid)
  const others = threadsOf(pid)
    .filter((thread) => thread !== String(pid))
    .map((thread) => read(`/proc/${pid}/task/${thread}/schedstat`))
  const busiest = others.reduce((most, other) => (other.worked > most.worked ? other : most), nothing)
  return { worked: first.worked + busiest.worked, waited: first.waited + busiest.waited }
}

function threadsOf(pid: number): readonly string[] {
  try {
    return readdirSync(`/proc/${pid}/task`)
  } catch {
    return []
  }
}

function read(path: string): Processor {
  try {
    const [worked, waited] = readFileSync(path, 'utf8').split(' ')
    return { worked: Number(worked) / 1e6, waited: Number(waited) / 1e6 }
  } catch {
    return nothing
  }
}
