import * as z from 'zod'
import { languages } from '../model/language.ts'
import { base, requires } from './base.ts'
import { health } from './events.ts'
import { savedFilters } from './filters.ts'
import { actionsInput, hooksInput, outgoingView } from './outgoing.ts'
import { email, said, scope } from './schemas.ts'

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day such as "20:00"')

/** No interruption at night and on these days; a week that is quiet all through would be no alerts at all. */
export const quietHours = z.strictObject({
  from: timeOfDay.default('20:00'),
  until: timeOfDay.default('07:00'),
  days: z
    .array(z.enum(['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']))
    .max(6, 'must leave one day of the week: turn notifications off instead')
    .readonly()
    .default([]),
  let_through: z.enum(['high', 'urgent', 'none']).default('urgent'),
})

const alertRule = z.strictObject({
  type: z
    .string()
    .regex(/^[a-z][a-z0-9_-]*$/, 'must be a request type: lower-case letters, digits, - and _, starting with a letter')
    .max(64)
    .optional(),
  risk: z.enum(['low', 'medium', 'high']).optional(),
  new: z.enum(['now', 'digest', 'never']).default('now'),
  sound: z.boolean().optional(),
})
export const alertRules = z.array(alertRule).max(100)
export const alertMinutes = z.int().min(1).max(1440)

/** The settings people touch in the application; `config.yaml` holds them and more. */
const settingsView = z.object({
  owner: z.object({ name: z.string(), email: z.string() }).nullable(),
  /** What the host itself speaks: notifications, tray, menus, and what the model is asked to write. */
  language: z.enum(languages),
  /** What the machine suggests for a first start: account name and, where known, an address. */
  suggested_owner: z.object({ name: z.string(), email: z.string() }),
  model: z.object({ enabled: z.boolean(), host: z.string(), name: z.string() }),
  notifications: z.object({ new_requests: z.boolean(), deadlines: z.boolean() }),
  /** When people are interrupted. */
  alerts: z.object({
    sound: z.boolean(),
    renag_minutes: z.number(),
    digest_minutes: z.number(),
    quiet: quietHours.nullable(),
    rules: z.array(alertRule).readonly(),
  }),
  /** How long an answer can be taken back; a high risk twice as long. */
  undo: z.object({ seconds: z.number() }),
  /** How long a program has to take the outcome it wanted. */
  deliveries: z.object({ timeout_seconds: z.number() }),
  limits: z.object({ requests_per_minute: z.number(), burst: z.number(), body_bytes: z.number(), pending: z.number() }),
  /** As written: the port is the one of the next start, `url` has the present one. */
  http: z.object({ port: z.number(), hosts: z.array(z.string()).readonly() }),
  /** Lists that were saved under a name, in their order. */
  filters: savedFilters.readonly(),
  /** What is wrong with `config.yaml` as it stands on disk; what was in force before stays so. */
  problems: z.array(z.object({ pointer: z.string(), message: z.string() })).readonly(),
  home: z.string(),
  version: z.string(),
  /** Base URL of the HTTP listener, for copy-paste examples; null when it is off. */
  url: z.string().nullable(),
})
export type SettingsView = z.infer<typeof settingsView>

const settingsInput = z.strictObject({
  owner: z.strictObject({ name: z.string().trim().min(1).max(200), email }).optional(),
  language: z.enum(languages).optional(),
  model: z
    .strictObject({
      enabled: z.boolean().optional(),
      host: z.string().trim().min(1).max(200).optional(),
      name: z.string().trim().min(1).max(200).optional(),
    })
    .optional(),
  notifications: z.strictObject({ new_requests: z.boolean().optional(), deadlines: z.boolean().optional() }).optional(),
  alerts: z
    .strictObject({
      sound: z.boolean().optional(),
      renag_minutes: alertMinutes.optional(),
      digest_minutes: alertMinutes.optional(),
      quiet: quietHours.nullable().optional(),
      rules: alertRules.optional(),
      webhook: z.string().trim().min(1).max(2000).nullable().optional(),
    })
    .optional(),
  undo: z.strictObject({ seconds: z.number().optional() }).optional(),
  deliveries: z.strictObject({ timeout_seconds: z.number().optional() }).optional(),
  limits: z
    .strictObject({
      requests_per_minute: z.number().optional(),
      burst: z.number().optional(),
      body_bytes: z.number().optional(),
      pending: z.number().optional(),
    })
    .optional(),
  /** The port is taken at the next start; the names count at once. */
  http: z
    .strictObject({ port: z.number().optional(), hosts: z.array(z.string().trim().min(1).max(253)).max(100).optional() })
    .optional(),
  actions: actionsInput.optional(),
  hooks: hooksInput.optional(),
  /** All of them, in their order. */
  filters: savedFilters.optional(),
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
  /** Which sentences they are. */
  said: z.object({ name: said, detail: z.array(said).readonly(), fix: said.nullable() }),
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
  outgoing: requires('admin')
    .route({ method: 'GET', path: '/settings/outgoing', summary: 'What is called by itself, without secrets', tags: ['Settings'] })
    .input(z.strictObject({}))
    .output(outgoingView),
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

/** How far a model's download is. */
const pullView = z.discriminatedUnion('state', [
  z.object({
    state: z.literal('running'),
    name: z.string(),
    /** `checking`: everything is here and is being verified and put in place. */
    phase: z.enum(['starting', 'downloading', 'checking']),
    completed: z.number(),
    /** Bytes there are, as far as they are known yet. */
    total: z.number(),
    bytes_per_second: z.number().nullable(),
  }),
  z.object({ state: z.literal('done'), name: z.string() }),
  z.object({ state: z.literal('cancelled'), name: z.string(), completed: z.number(), total: z.number() }),
  z.object({
    state: z.literal('failed'),
    name: z.string(),
    completed: z.number(),
    total: z.number(),
    reason: z.string(),
    fix: z.string().nullable(),
    /** Which sentences reason and fix are, in this order; the same beside the other ones. */
    said: z.array(said).readonly(),
    /** Whether trying again goes on where it stopped. */
    resumes: z.boolean(),
  }),
])
export type PullView = z.infer<typeof pullView>

const modelStatus = z.object({
  state: z.enum(['off', 'unreachable', 'model_missing', 'ready']),
  host: z.string(),
  name: z.string(),
  detail: z.string().nullable(),
  fix: z.string().nullable(),
  said: z.array(said).readonly(),
  version: z.string().nullable(),
  /** What is installed and stays on this machine. */
  installed: z.array(z.object({ name: z.string(), bytes: z.number().nullable() })).readonly(),
  /** The last download since the start; null when there was none. */
  pull: pullView.nullable(),
})
export type ModelView = z.infer<typeof modelStatus>

const modelName = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .regex(/^[\w./:-]+$/, 'must be the name of a model such as llama3.2')

/** The local model: whether it is there, fetching one, trying it out. */
export const model = {
  status: requires('read')
    .route({ method: 'GET', path: '/model', summary: 'Whether Ollama and its model are there', tags: ['Settings'] })
    .input(z.strictObject({}))
    .output(modelStatus),
  pull: requires('admin')
    .route({
      method: 'POST',
      path: '/model/pull',
      summary: 'Let Ollama fetch a model, or go on where it stopped',
      tags: ['Settings'],
    })
    .input(z.strictObject({ name: modelName }))
    .output(pullView),
  cancel: requires('admin')
    .route({ method: 'DELETE', path: '/model/pull', summary: 'Stop fetching; what is here already is kept', tags: ['Settings'] })
    .input(z.strictObject({}))
    .output(z.object({ message: z.string() })),
  test: requires('admin')
    .route({ method: 'POST', path: '/model/test', summary: 'Summarise a sample request now', tags: ['Settings'] })
    .input(z.strictObject({}))
    .output(
      z.object({
        model: z.string(),
        summary: z.string().nullable(),
        impact: z.string().nullable(),
        risk: z.string().nullable(),
        ms: z.number(),
        /** Why there is no summary, and what to do about it. */
        reason: z.string().nullable(),
        fix: z.string().nullable(),
        said: z.array(said).readonly(),
      }),
    ),
}

const usage = z.object({
  requests: z.number(),
  requests_today: z.number(),
  /** Approvals that wait for people. */
  waiting: z.number(),
  decided: z.number(),
  last_run_id: z.string().nullable(),
  last_approval_id: z.string().nullable(),
  /** Outcomes for its callback URL: on their way, taken, given up. */
  deliveries: z.object({
    pending: z.number(),
    delivered: z.number(),
    dead: z.number(),
    last_error: z.string().nullable(),
  }),
})
export type UsageView = z.infer<typeof usage>

const sourceView = z.object({
  id: z.string(),
  name: z.string(),
  /** `source`: a program that asks; `key`: decides, reads or administers; `session`: a browser that is signed in. */
  kind: z.enum(['source', 'key', 'session']),
  scopes: z.array(scope).readonly(),
  person_email: z.string().nullable(),
  created_at: z.string(),
  expires_at: z.string().nullable(),
  last_used_at: z.string().nullable(),
  callback_url: z.string().nullable(),
  /** Who asks is using this one right now. */
  current: z.boolean(),
  /** Makes sample requests for people who look around. */
  sample: z.boolean(),
  usage,
})
export type SourceView = z.infer<typeof sourceView>

const hookView = z.object({
  name: z.string(),
  path: z.string(),
  scheme: z.enum(['standard-webhooks', 'github', 'slack', 'stripe', 'bearer']),
  type: z.string(),
  /** Where its secret is kept, by name: environment variables, files, or the home's own `secrets.json`. */
  secret: z.object({ in: z.enum(['environment', 'file', 'home']), names: z.array(z.string()).readonly() }),
  /** Why it takes nothing at the moment. */
  problem: z.string().nullable(),
  /** When a delivery last became a request. */
  last_at: z.string().nullable(),
  /** Where it stands in `config.yaml`. */
  line: z.int().nullable(),
  usage,
})
export type HookView = z.infer<typeof hookView>

/** Whatever may ask here, and every other credential, with what came of it. */
export const sources = {
  list: requires('admin')
    .route({ method: 'GET', path: '/sources', summary: 'Sources, keys, sessions and hooks, with their use', tags: ['Settings'] })
    .input(z.strictObject({}))
    .output(
      z.object({
        items: z.array(sourceView).readonly(),
        hooks: z.array(hookView).readonly(),
        /** What is wrong with `config.yaml` as it stands on disk. */
        config_problems: z.array(z.object({ pointer: z.string(), message: z.string() })).readonly(),
      }),
    ),
  sample: requires('admin')
    .route({
      method: 'POST',
      path: '/sources/sample',
      successStatus: 201,
      summary: 'Send a sample request to oneself, as a source of its own',
      tags: ['Settings'],
    })
    .input(z.strictObject({ title: z.string().trim().min(1).max(300), description: z.string().trim().min(1).max(2000) }))
    .output(z.object({ task_id: z.string(), approval_id: z.string().nullable() })),
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
