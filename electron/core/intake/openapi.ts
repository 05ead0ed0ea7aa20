import { OpenAPIGenerator } from '@orpc/openapi'
import { ZodToJsonSchemaConverter } from '@orpc/zod/zod4'
import * as z from 'zod'
import { catalogue, problem } from '../../../shared/contract/errors.ts'
import { listProcedures, type Tree } from './procedures.ts'

/** A JSON schema, as far as the documentation page reads it. */
export type Schema = {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly description?: string
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly default?: unknown
  readonly format?: string
  readonly pattern?: string
  readonly minLength?: number
  readonly maxLength?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly exclusiveMinimum?: number
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
}

type Content = { readonly content?: Readonly<Record<string, { readonly schema?: Schema }>> }

export type Operation = {
  readonly operationId: string
  readonly summary?: string
  readonly description?: string
  readonly tags?: readonly string[]
  readonly security?: readonly object[]
  /** Any one of these scopes of the credential is enough. */
  readonly 'x-scopes'?: readonly string[]
  readonly parameters?: readonly {
    readonly name: string
    readonly in: string
    readonly required?: boolean
    readonly schema?: Schema
  }[]
  readonly requestBody?: Content
  readonly responses?: Readonly<Record<string, Content & { readonly description: string }>>
}

export type OpenApiDocument = {
  readonly openapi: string
  readonly info: { readonly title: string; readonly version: string; readonly description?: string }
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
}

const message = { type: 'object', properties: { message: { type: 'string' } }, required: ['message'] } as const

const json = (schema: object) => ({ 'application/json': { schema } })
const problemContent = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } }

/** Signing in and out belongs to HTTP alone, so the contract does not know it. */
const signIn = {
  operationId: 'session.signIn',
  summary: 'Exchange the key of a one-time link for the session cookie',
  tags: ['System'],
  security: [],
  requestBody: {
    required: true,
    content: json({ type: 'object', properties: { key: { type: 'string' } }, required: ['key'], additionalProperties: false }),
  },
  responses: {
    '200': {
      description: 'Signed in; the answer sets the cookie',
      content: json({ type: 'object', properties: { expires_at: { type: 'string' } }, required: ['expires_at'] }),
    },
    '401': { description: '`unauthorized`', content: problemContent },
  },
}

const signOut = {
  operationId: 'session.signOut',
  summary: 'Sign the browser out',
  tags: ['System'],
  responses: { '200': { description: 'Signed out', content: json(message) } },
}

/** What comes to a hook is its sender's own; the configuration says what it means. */
const receiveHook = {
  operationId: 'hooks.receive',
  summary: 'Take a delivery of another system and make a request of it',
  description:
    'Any JSON, or a form. The hook of this name in config.yaml says how the delivery is signed (Standard Webhooks, GitHub, Slack, Stripe, or a bearer token) and how it becomes a request. The same delivery again gets the same answer.',
  tags: ['Requests'],
  security: [{ signature: [] }],
  parameters: [{ name: 'source', in: 'path', required: true, schema: { type: 'string' } }],
  requestBody: {
    required: true,
    content: { ...json({ type: 'object' }), 'application/x-www-form-urlencoded': { schema: { type: 'object' } } },
  },
  responses: {
    '202': {
      description: 'Stored, or of no interest and left alone',
      content: json({
        type: 'object',
        properties: {
          message: { type: 'string' },
          task_id: { type: 'string' },
          status: { type: 'string' },
          ignored: { type: 'boolean', description: 'with a reason, in place of the others' },
          reason: { type: 'string' },
        },
      }),
    },
    ...Object.fromEntries(
      [400, 401, 404, 413, 415, 422, 429, 503, 507].map((status) => [status, { description: '', content: problemContent }]),
    ),
  },
}

/** Another name for the stream of an approval. */
function toKeyStream(stream: Operation): Operation {
  return {
    ...stream,
    operationId: 'approvals.streamByKey',
    summary: 'One approval by its id, or by a run id and a step key, and every change of it',
    description: 'Server-sent events; the same address takes a WebSocket. The key of a step is `run id:step key`.',
    parameters: [{ name: 'key', in: 'path', required: true, schema: { type: 'string', minLength: 1, maxLength: 300 } }],
  }
}

/** The contract as an OpenAPI document, with what HTTP adds to it: credentials, problem documents and signing in. */
export async function toOpenApi(contract: Tree, version: string): Promise<OpenApiDocument> {
  const generator = new OpenAPIGenerator({ schemaConverters: [new ZodToJsonSchemaConverter()] })
  const generated = await generator.generate(contract as Parameters<typeof generator.generate>[0], {
    info: {
      title: 'Countersign',
      version,
      description: 'Programs ask, people answer. Requests are stored durably before they are acknowledged.',
    },
    security: [{ bearer: [] }],
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'A token made with `npx countersign token create`.' },
        signature: {
          type: 'apiKey',
          in: 'header',
          name: 'webhook-signature',
          description: 'The signature that the hook’s scheme asks for; each scheme has a header of its own.',
        },
      },
      schemas: { Problem: z.toJSONSchema(problem, { target: 'draft-2020-12' }) as object },
    },
  })
  const document = structuredClone(generated) as unknown as {
    paths: Record<
      string,
      Record<string, Operation & { responses: Record<string, object>; security?: object[]; 'x-scopes'?: string[] }>
    >
  }
  for (const { method, path, meta } of listProcedures(contract)) {
    const operation = document.paths[path]?.[method.toLowerCase()]
    if (operation === undefined) continue
    describeFailures(operation.responses)
    if (meta.scope === null) operation.security = []
    else operation['x-scopes'] = [meta.scope, ...(meta.also ?? [])]
  }
  const hook = structuredClone(receiveHook)
  describeFailures(hook.responses)
  document.paths['/hooks/{source}'] = { post: hook } as never
  const stream = document.paths['/approvals/{approval_id}/stream']?.get
  if (stream !== undefined) document.paths['/api/approvals/{key}/stream'] = { get: toKeyStream(stream) } as never
  document.paths['/session'] = { ...document.paths['/session'], post: signIn, delete: signOut } as never
  return document as unknown as OpenApiDocument
}

/** Every failure is a problem document; its codes are what tells it apart. */
function describeFailures(responses: Record<string, object>): void {
  for (const status of Object.keys(responses)) {
    if (Number(status) < 400) continue
    const codes = Object.entries(catalogue).filter(([, [each]]) => each === Number(status))
    responses[status] = {
      description: codes.map(([code, [, title]]) => `\`${code}\`: ${title}`).join('. '),
      content: problemContent,
    }
  }
}
