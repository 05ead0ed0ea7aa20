import { createORPCClient } from '@orpc/client'
import type { ContractRouterClient } from '@orpc/contract'
import { OpenAPILink } from '@orpc/openapi-client/fetch'
import { type Contract, contract } from '../contract/contract.ts'
import { fromProblem } from '../contract/problem.ts'

/** A call may carry an idempotency key, so that a repeated one does nothing twice. */
type CallContext = { idempotencyKey?: string }

/** Every procedure of the contract, typed from it. */
export type Procedures = ContractRouterClient<Contract, CallContext>

type LinkOptions = {
  readonly url: string
  readonly token: string
  readonly fetch?: ((request: Request) => Promise<Response>) | undefined
}

/** The procedures of a server, over its HTTP API. */
export function connectOver({ url, token, fetch: send }: LinkOptions): Procedures {
  const link = new OpenAPILink<CallContext>(contract, {
    url,
    headers: ({ context }) => ({
      authorization: `Bearer ${token}`,
      ...(context.idempotencyKey === undefined ? {} : { 'idempotency-key': context.idempotencyKey }),
    }),
    fetch: async (request, init) => readable(await (send === undefined ? fetch(request, init) : send(request))),
    customErrorResponseBodyDecoder: (body, response) => fromProblem(body, response.status),
  })
  return createORPCClient(link)
}

/** The link reads JSON only where it is called so; a problem document is JSON under its own name. */
function readable(response: Response): Response {
  if (!response.headers.get('content-type')?.startsWith('application/problem+json')) return response
  return new Response(response.body, { status: response.status, headers: { 'content-type': 'application/json' } })
}
