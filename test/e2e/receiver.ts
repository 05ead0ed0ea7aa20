import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'

type Received = { readonly headers: IncomingHttpHeaders; readonly body: string }
type Answer = { readonly status: number; readonly body: unknown }

/** The systems around the inbox: one that asked and is told the outcome at `url`, and one that carries out payments. */
export type Receiver = {
  /** Where outcomes are POSTed to. */
  readonly url: string
  /** Where the action of the type `payment` is POSTed to. */
  readonly actionUrl: string
  readonly outcomes: Received[]
  readonly actions: Received[]
  /** How the next calls are answered; 200 at first. */
  answers: { outcome: Answer; action: Answer }
  close(): void
}

export async function startReceiver(): Promise<Receiver> {
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    const isAction = request.url === '/pay'
    const kept = isAction ? receiver.actions : receiver.outcomes
    kept.push({ headers: request.headers, body })
    const answer = isAction ? receiver.answers.action : receiver.answers.outcome
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const receiver: Receiver = {
    url: `${base}/outcome`,
    actionUrl: `${base}/pay`,
    outcomes: [],
    actions: [],
    answers: { outcome: { status: 200, body: {} }, action: { status: 200, body: { payment_id: 'pay_1' } } },
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
  return receiver
}
