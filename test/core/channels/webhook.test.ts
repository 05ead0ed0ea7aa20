import { Webhook } from 'standardwebhooks'
import { expect, test } from 'vitest'
import { signWebhook, webhookHeaders } from '../../../electron/core/channels/webhook.ts'

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const id = 'msg_p5jXN8AQM9LWM0D4loKWxJek'

test.each([
  [1614265330, '{"test": 2432232314}', 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='],
  [
    1674087231,
    '{"type":"contact.created","timestamp":"2022-11-03T20:26:10.344522Z","data":{"id":"1f81eb52-5198-4599-803e-771906343485"}}',
    'v1,eJjZU7jSGbhRGTEXvSmtyy9Lib0P6UzgwIJ/VqGBH9g=',
  ],
])('signs the published example of %d', (timestampSeconds, body, signature) => {
  expect(signWebhook({ secret, id, timestampSeconds, body })).toBe(signature)
})

test('makes headers that the Standard Webhooks library verifies', () => {
  const body = '{"type":"expense.decided","data":{"who":"Zoë"}}'
  const headers = webhookHeaders({ secret, id, timestampSeconds: Math.floor(Date.now() / 1000), body })
  expect(new Webhook(secret).verify(body, { ...headers })).toEqual(JSON.parse(body))
  expect(() => new Webhook(secret).verify(body.replace('Zoë', 'Zoe'), { ...headers })).toThrow()
})
