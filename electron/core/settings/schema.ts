import * as z from 'zod'
import { retentionRules } from '../../../shared/contract/erasure.ts'
import { savedFilters } from '../../../shared/contract/filters.ts'
import { email } from '../../../shared/contract/schemas.ts'
import { normalEmail } from '../../../shared/model/actor.ts'
import { languages } from '../../../shared/model/language.ts'
import { isCloudName, ollamaUrl } from '../summary/host.ts'
import { actionsSchema, seconds } from './actions-schema.ts'
import { alertsSchema } from './alerts-schema.ts'
import { hookSchema } from './hooks-schema.ts'
import { crossCheck, peopleMembers } from './people-schema.ts'

/* `config.yaml` as a schema: every member has its default here, and nowhere else. */

const positive = z.int().min(1)

const person = z.strictObject({ email: email.transform(normalEmail), name: z.string().trim().min(1).max(200) })

const hookName = z
  .string()
  .max(64)
  .regex(/^[a-z][a-z0-9_-]*$/, 'must be a name: lower-case letters, digits, - and _, starting with a letter')

export const configSchema = (defaultHost: string) => {
  const host = z
    .string()
    .trim()
    .transform((written, context) => {
      const url = ollamaUrl(written)
      if (url === null) context.addIssue({ code: 'custom', message: `must be an address such as ${defaultHost}` })
      return url ?? z.NEVER
    })
  const name = z
    .string()
    .trim()
    .min(1)
    .max(200)
    .regex(/^[\w./:-]+$/, 'must be the name of a model such as llama3.2')
    .refine((model) => !isCloudName(model), 'must be a model on this machine: cloud models send requests to a hosted service')
  const members = z.strictObject({
    owner: person.nullable().default(null),
    language: z.enum(languages).default('en'),
    http: z
      .strictObject({
        port: z.int().min(0).max(65535).default(7171),
        hosts: z.array(z.string().trim().min(1).max(253)).default([]),
      })
      .prefault({}),
    limits: z
      .strictObject({
        requests_per_minute: positive.default(60_000),
        burst: positive.default(20_000),
        body_bytes: z
          .int()
          .min(1024)
          .max(16 * 1024 * 1024)
          .default(262_144),
        pending: positive.default(200_000),
      })
      .prefault({}),
    model: z
      .strictObject({ enabled: z.boolean().default(true), host: host.default(defaultHost), name: name.default('llama3.2') })
      .prefault({}),
    notifications: z.strictObject({ new_requests: z.boolean().default(true), deadlines: z.boolean().default(true) }).prefault({}),
    actions: actionsSchema,
    undo: z.strictObject({ seconds: z.number().min(0).max(60).default(5) }).prefault({}),
    deliveries: z.strictObject({ timeout_seconds: seconds.default(20) }).prefault({}),
    ...peopleMembers,
    hooks: z
      .record(hookName, hookSchema)
      .default({})
      .transform((hooks): typeof hooks => Object.assign(Object.create(null), hooks)),
    alerts: alertsSchema,
    filters: savedFilters.default([]),
    retention: retentionRules.prefault({}),
  })
  return members.superRefine(crossCheck)
}
