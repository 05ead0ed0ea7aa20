import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Random } from './random.ts'

type Payment = { readonly id: string; readonly task: string; calls: number }

export type Bank = {
  /** Takes what was approved. */
  readonly url: string
  /** Takes outcomes. */
  readonly callback: string
  /** By idempotency key: a repeated call gets the same payment, as a careful receiver does it. */
  readonly payments: ReadonlyMap<string, Payment>
  /** By id of the delivery, the task that it is about. */
  readonly told: ReadonlyMap<string, string>
  close(): Promise<void>
}

/** The world outside: carries out what was approved, and is told outcomes. It answers 503 to one call in so many. */
export async function openBank(options: { readonly random?: Random; readonly oneIn?: number } = {}): Promise<Bank> {
  const { random = () => 1, oneIn = 100 } = options
  const payments = new Map<string, Payment>()
  const told = new Map<string, string>()
  const server = createServer(async (request, response) => {
    try {
      let body = ''
      for await (const chunk of request) body += chunk
      if (random(oneIn) === 0) return void response.writeHead(503).end()
      const { task_id: task } = JSON.parse(body) as { task_id: string }
      response.setHeader('content-type', 'application/json')
      if (request.url === '/told') {
        told.set(String(request.headers['webhook-id']), task)
        return void response.end('{}')
      }
      const key = String(request.headers['idempotency-key'])
      const payment = payments.get(key) ?? { id: `pay_${payments.size + 1}`, task, calls: 0 }
      payment.calls++
      payments.set(key, payment)
      response.end(JSON.stringify({ payment_id: payment.id, deployment_id: payment.id }))
    } catch {
      // The caller was killed in the middle of a sentence.
      response.destroy()
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url: `${address}/pay`,
    callback: `${address}/told`,
    payments,
    told,
    async close() {
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}
