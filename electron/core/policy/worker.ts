import { parentPort, workerData } from 'node:worker_threads'
import { SettingsError } from '../settings/port.ts'
import { compilePolicy } from './compile.ts'
import { decideMatter } from './decide.ts'
import type { ForeignAnswer, ForeignWork } from './foreign.ts'

/* A policy that is not in force is read and asked here, where it can be stopped: it may be made to take for ever. */

const { file, text, matters } = workerData as ForeignWork

function work(): ForeignAnswer {
  try {
    const policy = compilePolicy(file, text)
    return { version: policy.version, drafts: matters.map((matter) => decideMatter(policy, matter)) }
  } catch (error) {
    if (error instanceof SettingsError) return { problems: error.problems }
    throw error
  }
}

// The time that counts begins here: loading is not the policy's doing.
parentPort?.postMessage('ready')
parentPort?.postMessage(work())
