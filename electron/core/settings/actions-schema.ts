import * as z from 'zod'

/* `actions` of `config.yaml`: what is done once a request of a type is approved. */

export const seconds = z.number().positive().max(3600)

export const callSchema = z.strictObject({
  url: z.url({ protocol: /^https?$/, error: 'must be an http or https address' }).max(2000),
  headers: z
    .record(z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'must be the name of a header, such as Authorization'), z.string())
    .optional(),
  timeout_seconds: seconds.optional(),
})

export const commandSchema = z.strictObject({
  command: z.tuple([z.string().min(1, 'must begin with a program')], z.string()),
  cwd: z.string().min(1).optional(),
  timeout_seconds: seconds.optional(),
})

export const requestType = z
  .string()
  .regex(/^[a-z][a-z0-9_-]*$/, 'must be a request type: lower-case letters, digits, - and _, starting with a letter')

const action = z.union([callSchema, commandSchema], {
  error: 'must be an HTTP call (url, headers, timeout_seconds) or a command (command as a list of words, cwd, timeout_seconds)',
})

export const actionsSchema = z
  .record(requestType, action)
  .default({})
  // Looked up by a type that a sender chose: `constructor` must find nothing.
  .transform((actions): typeof actions => Object.assign(Object.create(null), actions))
