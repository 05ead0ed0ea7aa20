import * as z from 'zod'
import { requires } from './base.ts'

/** A workflow that can be started, or the file that should have had one. */
const workflowView = z.object({
  name: z.string(),
  version: z.number(),
  /** `built-in`, or the file under `workflows/` in the home. */
  origin: z.string(),
  /** JSON Schema of its input. */
  input: z.unknown(),
  /** Why the file could not be loaded; the last good version stays in force. */
  error: z.string().nullable(),
})
export type WorkflowView = z.infer<typeof workflowView>

export const workflows = {
  list: requires('read')
    .route({ method: 'GET', path: '/workflows', summary: 'Workflows that can be started', tags: ['Workflows'] })
    .input(z.strictObject({}))
    .output(z.object({ items: z.array(workflowView).readonly() })),
  start: requires('submit')
    .route({
      method: 'POST',
      path: '/workflows/{name}/start',
      successStatus: 202,
      summary: 'Start a workflow of your own',
      tags: ['Workflows'],
    })
    .input(
      z.strictObject({
        name: z.string().min(1).max(64),
        title: z.string().trim().min(1).max(300).optional(),
        input: z.unknown().optional(),
      }),
    )
    .output(z.object({ message: z.string(), task_id: z.string() })),
  reload: requires('admin')
    .route({ method: 'POST', path: '/workflows/reload', summary: 'Load the home’s workflow files again', tags: ['Workflows'] })
    .input(z.strictObject({}))
    .output(z.object({ items: z.array(workflowView).readonly() })),
}
