import * as z from 'zod'
import { requires } from './base.ts'

const nextAlert = z.object({
  at: z.string(),
  reason: z.enum(['new', 'back', 'half', 'renag', 'reminder', 'expired', 'watched', 'digest']),
  /** What it is about; null where it will be about several. */
  approval_id: z.string().nullable(),
  title: z.string().nullable(),
  amount: z.union([z.number(), z.string()]).nullable(),
  currency: z.string().nullable(),
  due_at: z.string().nullable(),
})
const nextView = z.object({
  /** Null when nothing that waits leads to one. */
  next: nextAlert.nullable(),
  /** Until when it is quiet; null when it is not. */
  quiet_until: z.string().nullable(),
})
export type NextAlertView = z.infer<typeof nextView>

/** When people are interrupted. */
export const alerts = {
  next: requires('read')
    .route({ method: 'GET', path: '/alerts/next', summary: 'When the next alert comes, and about what', tags: ['Events'] })
    .input(z.strictObject({}))
    .output(nextView),
}
