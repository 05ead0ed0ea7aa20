import { readFileSync } from 'node:fs'

/** Milliseconds that a process's first thread worked, and that it could have worked while others had the processor. */
export type Processor = { readonly worked: number; readonly waited: number }

/** Zero where the system does not tell. */
export function processorOf(pid: number | 'self'): Processor {
  try {
    const [worked, waited] = readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')
    return { worked: Number(worked) / 1e6, waited: Number(waited) / 1e6 }
  } catch {
    return { worked: 0, waited: 0 }
  }
}
