import type { Workflow } from '../engine/workflow.ts'
import { approval } from './approval.ts'
import { deployment } from './deployment.ts'
import { expense } from './expense.ts'

/** The workflows that ship with the application, by name. */
export const builtinWorkflows: ReadonlyMap<string, Workflow> = new Map(
  [approval, expense, deployment].map((workflow) => [workflow.name, workflow]),
)
