import { fail, ok, type Result } from '../../../shared/model/result.ts'
import type { LiveRun } from './live.ts'
import type { Workflow } from './workflow.ts'

/** Where the engine finds workflows by name. */
export interface WorkflowSource {
  /** Without a version: the one that new runs get. With one: exactly that version, of exactly that code. */
  get(name: string, version?: number, code?: string | null): Workflow | undefined
  /** Whether senders may start it by its name. Those built in have routes of their own, which apply policy. */
  mayStart?(name: string): boolean
}

/** The code that a run was started with, or why it is not to be had: it goes on with no other. */
export function findInstalled(workflows: WorkflowSource, run: LiveRun): Result<Workflow, string> {
  const code = run.ties?.code ?? null
  const found = workflows.get(run.workflow, run.workflow_version, code)
  if (found && found.version === run.workflow_version && (found.code ?? null) === code) return ok(found)
  const started = `The run was started by "${run.workflow}" version ${run.workflow_version}`
  const current = workflows.get(run.workflow)
  if (!current) return fail(`${started}, and it is not installed. Install it and retry, or cancel the run.`)
  if (current.version !== run.workflow_version) {
    return fail(
      `${started}, and version ${current.version} is installed. Install version ${run.workflow_version} beside it and retry, or cancel the run.`,
    )
  }
  return fail(
    `${started}, whose code was another one${code ? ` (SHA-256 ${code.slice(0, 12)}…)` : ''} under the same version, and that code is not kept any more. Put it back and retry, or cancel the run.`,
  )
}

/** What is said of a run whose records name something that its code does not come by any more. */
export function vanishedMessage({ name, version }: Workflow, kind: string, step: string): string {
  return `The workflow no longer comes by the ${kind} "${step}", which this run has in its records. Either the code of "${name}" version ${version} has changed since, or it depends on something besides its input and its steps. Put the code back and retry, or cancel the run.`
}
