import { type Failure, failure } from '../../../shared/contract/errors.ts'
import { fail, ok, type Result } from '../../../shared/model/result.ts'
import { toEntries } from '../intake/problem.ts'
import { messageOf, toJson } from './attempts.ts'
import type { StartSpec } from './deps.ts'
import type { WorkflowSource } from './installed.ts'
import type { Workflow } from './workflow.ts'

/** What a sender wants started, checked against the workflow's schema. */
export function toStartSpec(
  workflows: WorkflowSource,
  name: string,
  input: unknown,
  title: string | undefined,
): Result<StartSpec, Failure> {
  const workflow = workflows.get(name)
  if (workflow && workflows.mayStart?.(name) === false) {
    return fail(failure('forbidden', `"${name}" is built in. It is started by a route of its own, where policy applies.`))
  }
  if (!workflow) return fail(failure('not-found', `There is no workflow "${name}" that can be started.`))
  const checked = checkInput(workflow, input)
  if (!checked.ok) return checked
  return ok({
    workflow: name,
    type: name,
    title: title ?? name,
    input: checked.value,
    answer: (task_id) => ({ message: `The workflow ${name} was started.`, task_id }),
  })
}

/** The input as the run will have it: with the schema's defaults, as JSON. Every problem at once where it does not fit. */
export function checkInput(workflow: Workflow, input: unknown): Result<unknown, Failure> {
  try {
    const parsed = workflow.input.safeParse(input)
    if (parsed.success) return ok(toJson(parsed.data))
    const errors = toEntries(parsed.error.issues as Parameters<typeof toEntries>[0]).map(({ pointer, message }) => ({
      pointer: `/input${pointer}`,
      message,
    }))
    const said = errors.map((entry) => `${entry.pointer} ${entry.message}`).join('; ')
    return fail(failure('invalid-input', `The input does not fit "${workflow.name}": ${said}.`, { errors }))
  } catch (error) {
    return fail(failure('invalid-input', `The input of "${workflow.name}" could not be checked: ${messageOf(error)}`))
  }
}
