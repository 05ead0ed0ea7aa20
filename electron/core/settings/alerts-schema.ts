import * as z from 'zod'
import { alertMinutes, alertRules, quietHours } from '../../../shared/contract/settings.ts'

/** `alerts` of `config.yaml`: when people are interrupted, and where operators are told that a run needs review. */
export const alertsSchema = z
  .strictObject({
    webhook: z
      .url({ protocol: /^https?$/, error: 'must be an http or https address' })
      .max(2000)
      .nullable()
      .default(null),
    sound: z.boolean().default(false),
    renag_minutes: alertMinutes.default(15),
    digest_minutes: alertMinutes.default(60),
    quiet: quietHours.nullable().default(null),
    rules: alertRules.default([]),
  })
  .prefault({})

export type AlertsConfig = z.output<typeof alertsSchema>
