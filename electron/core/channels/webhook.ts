import { createHmac } from 'node:crypto'

/** What is signed: the delivery's id (the same at each attempt), the attempt's time and the exact bytes of the body. */
export type WebhookMessage = {
  /** `whsec_` and base64, as the source was given it. */
  readonly secret: string
  readonly id: string
  readonly timestampSeconds: number
  readonly body: string
}

/** The `webhook-signature` of Standard Webhooks: `v1,` and the base64 HMAC-SHA256 of `id.timestamp.body`. */
export function signWebhook({ secret, id, timestampSeconds, body }: WebhookMessage): string {
  const key = Buffer.from(secret.startsWith('whsec_') ? secret.slice('whsec_'.length) : secret, 'base64')
  return `v1,${createHmac('sha256', key).update(`${id}.${timestampSeconds}.${body}`).digest('base64')}`
}

/** The headers a receiver needs to check a message, and to recognise one it has seen. */
export function webhookHeaders(message: WebhookMessage): Readonly<Record<string, string>> {
  return {
    'webhook-id': message.id,
    'webhook-timestamp': String(message.timestampSeconds),
    'webhook-signature': signWebhook(message),
  }
}
