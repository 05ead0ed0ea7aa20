import type { NewEvent } from '../../../shared/model/event.ts'
import { newId } from './ask.ts'
import { engineActor, toJson } from './attempts.ts'
import type { WorkflowSource } from './installed.ts'
import type { LiveRun, LiveState } from './live.ts'
import { checkInput } from './starts.ts'

/** What a run wants to start and wait for. */
export type ChildSpec = {
  readonly step: string
  readonly workflow: string
  readonly input: unknown
  readonly title: string | undefined
  /** The request type; the workflow's name where it is left out. */
  readonly type?: string | undefined
}

/** Runs that other runs start and wait for. */
export interface Children {
  /** The events that start one. Throws where that workflow does not exist or does not take the input: the author's mistake. */
  begin(parent: LiveRun, spec: ChildSpec): readonly NewEvent[]
  /** The events that are missing when a crash has let through only that the child was to start; none when it lives. */
  resume(parent: LiveRun, spec: ChildSpec, childId: string): readonly NewEvent[]
}

/** Whether a crash has let through that a child was to start, and not its start. */
export const lacksChild = (run: LiveRun, live: LiveState): boolean =>
  run.ties?.children.some((id) => live.runs.get(id) === undefined) ?? false

export function createChildren(deps: {
  readonly live: LiveState
  readonly workflows: WorkflowSource
  readonly now: () => number
}): Children {
  const started = (parent: LiveRun, { step, workflow: name, input, title, type }: ChildSpec, run_id: string): NewEvent => {
    const workflow = deps.workflows.get(name)
    if (!workflow) throw new Error(`"${step}" cannot start: there is no workflow "${name}".`)
    const checked = checkInput(workflow, toJson(input))
    if (!checked.ok) throw new Error(`"${step}" cannot start: ${checked.failure.message}`)
    return {
      type: 'run_started',
      // In the name of whoever submitted the parent: who may see the one may see the other.
      actor: { kind: 'source', id: parent.source, name: parent.source_name, via: 'engine' },
      run_id,
      data: {
        workflow: name,
        workflow_version: workflow.version,
        ...(workflow.code ? { workflow_code: workflow.code } : {}),
        type: type ?? name,
        source: parent.source,
        parent: { run_id: parent.id, step },
      },
      content: { title: title ?? name, input: checked.value, answer: { task_id: run_id } },
    }
  }
  return {
    begin(parent, spec) {
      const child_id = newId('run', deps.now())
      const { step, workflow } = spec
      const asked: NewEvent = {
        type: 'child_started',
        actor: engineActor,
        run_id: parent.id,
        data: { step, child_id, workflow },
        content: null,
      }
      // The parent's record comes first: cut off between the two, the child is missing and nobody's, instead of there and nobody's.
      return [asked, started(parent, spec, child_id)]
    },
    resume: (parent, spec, childId) => (deps.live.runs.get(childId) ? [] : [started(parent, spec, childId)]),
  }
}
