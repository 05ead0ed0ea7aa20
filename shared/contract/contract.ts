import { approvals } from './approvals.ts'
import { events } from './events.ts'
import { requests } from './requests.ts'
import { settings, system, tokens } from './settings.ts'
import { tasks } from './tasks.ts'

/** Every procedure of Countersign. HTTP, MessagePort and in-process callers all end in the one router that implements this. */
export const contract = { requests, approvals, tasks, events, settings, tokens, system }
export type Contract = typeof contract
