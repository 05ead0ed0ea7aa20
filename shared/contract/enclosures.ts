import * as z from 'zod'

/**
 * What a sender lays beside a request: files by name, what speaks for it, and how it can be taken back. All of it is part of what is
 * asked, and so of the version that people agree to. Addresses are shown and never fetched by the host.
 */

const title = z.string().trim().min(1).max(300)
const address = z.url({ protocol: /^https?$/, error: 'must be an http or https address' }).max(2000)

export const attachment = z.strictObject({
  name: title,
  url: address.optional(),
  media_type: z
    .string()
    .max(127)
    .regex(/^[\w.+-]+\/[\w.+-]+$/, 'must be a media type such as application/pdf')
    .optional(),
  size_bytes: z.int().min(0).optional(),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'must be 64 lower-case hexadecimal digits')
    .optional(),
})

export const evidence = z
  .strictObject({ title, text: z.string().min(1).max(10_000).optional(), url: address.optional() })
  .refine(({ text, url }) => text !== undefined || url !== undefined, 'needs a text or an url')

const rollback = z.string().trim().min(1).max(10_000)

export const enclosures = {
  attachments: z.array(attachment).min(1).max(50).readonly().optional(),
  evidence: z.array(evidence).min(1).max(20).readonly().optional(),
  /** How it can be taken back once it is done. */
  rollback: rollback.optional(),
}

/** The same where a request is changed: each is replaced as a whole; an empty list and null take it away. */
export const changedEnclosures = {
  attachments: z.array(attachment).max(50).readonly().optional(),
  evidence: z.array(evidence).max(20).readonly().optional(),
  rollback: rollback.nullable().optional(),
}
