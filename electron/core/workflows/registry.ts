import type { Workflow } from '../engine/workflow.ts'
import { approval } from './approval.ts'
import { batch } from './batch.ts'
import { deployment } from './deployment.ts'
import { expense } from './expense.ts'

/** The workflows that ship with the application, by name. */
export const builtinWorkflows: ReadonlyMap<string, Workflow> = new Map(
  [approval, expense, deployment, batch].map((workflow) => [workflow.name, workflow]),
)
