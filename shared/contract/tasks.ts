import * as z from 'zod'
import { requires } from './base.ts'
import { commaList, delivery, runItem, runStatus, runStep, taskStatus, timelineEntry } from './schemas.ts'

const taskId = z.string().min(1).max(100)
const read = requires('read')

/** A source may look at what it submitted itself; `read` sees everything. */
const own = requires('submit', 'read')

/** A source may act on what it submitted itself; people who decide may act on everything. */
const act = requires('submit', 'decide', 'admin')

export const tasks = {
  status: own
    .route({ method: 'GET', path: '/tasks/{task_id}/status', summary: 'Where a task is', tags: ['Tasks'] })
    .input(z.strictObject({ task_id: taskId }))
    .output(taskStatus),

  wait: own
    .route({
      method: 'GET',
      path: '/tasks/{task_id}/wait',
      summary: 'Wait until a task ends',
      description: 'Answers as soon as it has ended, or with its present state when the time is up.',
      tags: ['Tasks'],
    })
    .input(z.strictObject({ task_id: taskId, timeout_seconds: z.coerce.number().min(0).max(3600).default(30) }))
    .output(taskStatus),

  cancel: act
    .route({ method: 'POST', path: '/tasks/{task_id}/cancel', summary: 'Cancel a task that has not ended', tags: ['Tasks'] })
    .input(z.strictObject({ task_id: taskId, reason: z.string().max(1000).optional() }))
    .output(z.object({ message: z.string(), task_id: z.string(), status: runStatus })),

  retry: requires('decide', 'admin')
    .route({
      method: 'POST',
      path: '/tasks/{task_id}/retry',
      summary: 'Retry a task that needs review',
      description: 'Approvals already given are kept; finished steps are not run again.',
      tags: ['Tasks'],
    })
    .input(z.strictObject({ task_id: taskId }))
    .output(z.object({ message: z.string(), task_id: z.string(), status: runStatus })),

  list: read
    .route({ method: 'GET', path: '/tasks', summary: 'Tasks by filter, newest first, page by page', tags: ['Tasks'] })
    .input(
      z.strictObject({
        status: commaList(runStatus).optional(),
        workflow: z.string().max(64).optional(),
        limit: z.coerce.number().int().min(1).max(1000).default(50),
        cursor: z.string().max(500).optional(),
      }),
    )
    .output(z.object({ items: z.array(runItem).readonly(), total: z.number(), next_cursor: z.string().nullable() })),

  get: read
    .route({
      method: 'GET',
      path: '/tasks/{task_id}',
      summary: 'A task whole: what was asked and what came of it',
      tags: ['Tasks'],
    })
    .input(z.strictObject({ task_id: taskId }))
    .output(runItem),

  timeline: read
    .route({ method: 'GET', path: '/tasks/{task_id}/timeline', summary: 'What happened to a task', tags: ['Tasks'] })
    .input(z.strictObject({ task_id: taskId }))
    .output(z.object({ task_id: z.string(), steps: z.array(runStep).readonly(), entries: z.array(timelineEntry).readonly() })),

  pending: own
    .route({
      method: 'GET',
      path: '/tasks/{task_id}/approvals',
      summary: 'What a task waits for, by step key',
      tags: ['Tasks'],
    })
    .input(z.strictObject({ task_id: taskId }))
    .output(
      z.object({
        task_id: z.string(),
        pending: z
          .array(
            z.object({
              step_key: z.string(),
              approval_id: z.string(),
              title: z.string(),
              waits_for: z.array(z.string()).readonly(),
            }),
          )
          .readonly(),
      }),
    ),

  signal: act
    .route({ method: 'POST', path: '/tasks/{task_id}/signals/{name}', summary: 'Send a named message to a task', tags: ['Tasks'] })
    .input(z.strictObject({ task_id: taskId, name: z.string().min(1).max(100), payload: z.unknown().optional() }))
    .output(z.object({ message: z.string(), task_id: z.string(), name: z.string() })),

  resend: requires('decide', 'admin')
    .route({
      method: 'POST',
      path: '/deliveries/{delivery_id}/resend',
      summary: 'Put a dead delivery back into the outbox',
      tags: ['Tasks'],
    })
    .input(z.strictObject({ delivery_id: z.string().min(1).max(100) }))
    .output(z.object({ message: z.string(), delivery_id: z.string() })),

  deadDeliveries: read
    .route({ method: 'GET', path: '/deliveries', summary: 'Deliveries by state', tags: ['Tasks'] })
    .input(
      z.strictObject({
        state: commaList(z.enum(['pending', 'retrying', 'delivered', 'dead'])).default(['pending', 'retrying', 'dead']),
        limit: z.coerce.number().int().min(1).max(1000).default(100),
      }),
    )
    .output(z.object({ items: z.array(delivery).readonly() })),
}
