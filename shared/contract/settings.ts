import * as z from 'zod'
import { base, requires } from './base.ts'
import { health } from './events.ts'
import { email, scope } from './schemas.ts'

/** The settings people touch in the application; `config.yaml` holds them and more. */
const settingsView = z.object({
  owner: z.object({ name: z.string(), email: z.string() }).nullable(),
  /** What the machine suggests for a first start: account name and, where known, an address. */
  suggested_owner: z.object({ name: z.string(), email: z.string() }),
  model: z.object({ enabled: z.boolean(), host: z.string(), name: z.string() }),
  notifications: z.object({ new_requests: z.boolean(), deadlines: z.boolean() }),
  home: z.string(),
  version: z.string(),
  /** Base URL of the HTTP listener, for copy-paste examples; null when it is off. */
  url: z.string().nullable(),
})
export type SettingsView = z.infer<typeof settingsView>

const settingsInput = z.strictObject({
  owner: z.strictObject({ name: z.string().trim().min(1).max(200), email }).optional(),
  model: z
    .strictObject({
      enabled: z.boolean().optional(),
      host: z.string().trim().min(1).max(200).optional(),
      name: z.string().trim().min(1).max(200).optional(),
    })
    .optional(),
  notifications: z.strictObject({ new_requests: z.boolean().optional(), deadlines: z.boolean().optional() }).optional(),
})
export type SettingsInput = z.infer<typeof settingsInput>

const tokenView = z.object({
  id: z.string(),
  name: z.string(),
  scopes: z.array(scope).readonly(),
  person_email: z.string().nullable(),
  callback_url: z.string().nullable(),
  created_at: z.string(),
  last_used_at: z.string().nullable(),
})
export type TokenView = z.infer<typeof tokenView>

const tokenInput = z.strictObject({
  name: z.string().trim().min(1).max(100),
  scope: z.enum(['submit', 'read', 'decide', 'admin']),
  /** Whose decisions a deciding token makes; the owner's by default. */
  person: email.optional(),
  /** Where outcomes of what this source submits are POSTed, signed. */
  callback_url: z
    .url({ protocol: /^https?$/, error: 'must be an http or https address' })
    .max(2000)
    .optional(),
})
export type TokenInput = z.infer<typeof tokenInput>

/** One thing `doctor` looked at. */
export const check = z.object({
  name: z.string(),
  state: z.enum(['ok', 'warning', 'problem']),
  detail: z.string(),
  /** What to do about it; null when there is nothing to do. */
  fix: z.string().nullable(),
})

export const settings = {
  get: requires('read')
    .route({ method: 'GET', path: '/settings', summary: 'Settings of this home', tags: ['Settings'] })
    .input(z.strictObject({}))
    .output(settingsView),
  update: requires('admin')
    .route({ method: 'PATCH', path: '/settings', summary: 'Change settings; each change is journalled', tags: ['Settings'] })
    .input(settingsInput)
    .output(settingsView),
}

export const tokens = {
  list: requires('admin')
    .route({ method: 'GET', path: '/tokens', summary: 'Sources and other credentials', tags: ['Settings'] })
    .input(z.strictObject({}))
    .output(z.object({ items: z.array(tokenView).readonly() })),
  create: requires('admin')
    .route({
      method: 'POST',
      path: '/tokens',
      successStatus: 201,
      summary: 'Make a credential; it is shown this once',
      tags: ['Settings'],
    })
    .input(tokenInput)
    .output(z.object({ token: z.string(), callback_secret: z.string().nullable(), item: tokenView })),
  revoke: requires('admin')
    .route({ method: 'DELETE', path: '/tokens/{token_id}', summary: 'Revoke a credential at once', tags: ['Settings'] })
    .input(z.strictObject({ token_id: z.string().min(1).max(100) }))
    .output(z.object({ message: z.string(), token_id: z.string() })),
}

export const system = {
  health: base
    .route({ method: 'GET', path: '/healthz', summary: 'Whether the service is up', tags: ['System'] })
    .input(z.strictObject({}))
    .output(z.object({ status: health.shape.status, version: z.string() })),
  session: requires('read')
    .route({ method: 'GET', path: '/session', summary: 'Who this credential is', tags: ['System'] })
    .input(z.strictObject({}))
    .output(
      z.object({
        person: z.object({ email: z.string(), name: z.string() }).nullable(),
        scopes: z.array(scope).readonly(),
        via: z.string(),
      }),
    ),
  /** A one-time link that signs the owner in to the browser inbox. */
  link: requires('admin')
    .route({ method: 'POST', path: '/session/link', summary: 'Make a one-time sign-in link for the owner', tags: ['System'] })
    .input(z.strictObject({}))
    .output(z.object({ url: z.string(), expires_at: z.string() })),
  doctor: requires('read')
    .route({ method: 'GET', path: '/doctor', summary: 'What works here and what does not', tags: ['System'] })
    .input(z.strictObject({}))
    .output(z.object({ checks: z.array(check).readonly() })),
  verify: requires('admin')
    .route({ method: 'POST', path: '/audit/verify', summary: 'Check every record of the journal', tags: ['System'] })
    .input(z.strictObject({}))
    .output(
      z.object({
        ok: z.boolean(),
        records: z.number(),
        segments: z.number(),
        erased: z.number(),
        /** Signed heads that the journal was compared with. */
        checkpoints: z.number(),
        /** An end that was never completely written, or is being written right now. */
        torn: z.object({ file: z.string(), offset: z.number(), bytes: z.number() }).nullable(),
        head: z.object({ seq: z.number(), hash: z.string() }),
        problems: z.array(z.object({ segment: z.string(), offset: z.number(), message: z.string() })).readonly(),
      }),
    ),
  rebuild: requires('admin')
    .route({ method: 'POST', path: '/projection/rebuild', summary: 'Compute the database anew from the journal', tags: ['System'] })
    .input(z.strictObject({}))
    .output(z.object({ message: z.string(), records: z.number() })),
}
