import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/message-port'
import { OpenAPILink } from '@orpc/openapi-client/fetch'
import { contract } from '../shared/contract/contract.ts'
import { fromProblem } from '../shared/contract/problem.ts'
import type { Client } from './client.ts'

/** Marks calls as coming from this page; no other page can set it without being asked first. */
const ownHeader = { 'x-countersign': '1' }

/** The browser's way: the HTTP API of the address the page came from, with its session cookie. */
export function httpClient(origin: string): Client {
  return createORPCClient(
    new OpenAPILink(contract, {
      url: origin,
      headers: () => ownHeader,
      fetch: async (request, init) => readable(await fetch(request, { ...init, credentials: 'same-origin', cache: 'no-store' })),
      customErrorResponseBodyDecoder: (body, response) => fromProblem(body, response.status),
    }),
  )
}

/** The link reads JSON only where it is called so; a problem document is JSON under its own name. */
function readable(response: Response): Response {
  if (response.body && response.headers.get('content-type')?.startsWith('text/event-stream')) {
    return new Response(heard(response.body), response)
  }
  if (!response.headers.get('content-type')?.startsWith('application/problem+json')) return response
  const headers = new Headers(response.headers)
  headers.set('content-type', 'application/json')
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers })
}

/** The host says something every 15 s. Who hears nothing for so long is connected to nobody, whatever the network believes. */
const silenceMs = 45_000
const lookMs = 5000

/** A stream that breaks when nothing comes any more: after a sleep, or when a network lost its way without a word. */
function heard(stream: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
  const reader = stream.getReader()
  let heardAt = Date.now()
  let timer: ReturnType<typeof setInterval>
  const end = () => clearInterval(timer)
  return new ReadableStream<Uint8Array>({
    start(controller) {
      timer = setInterval(() => {
        if (Date.now() - heardAt < silenceMs) return
        end()
        controller.error(new TypeError('The network went silent.'))
        void reader.cancel().catch(() => {})
      }, lookMs)
    },
    async pull(controller) {
      try {
        const { done, value } = await reader.read()
        heardAt = Date.now()
        if (!done) return controller.enqueue(value)
        end()
        controller.close()
      } catch (error) {
        end()
        controller.error(error)
      }
    },
    cancel(reason) {
      end()
      return reader.cancel(reason)
    },
  })
}

/** Exchanges the key of a one-time link for a session cookie. */
export async function signIn(origin: string, key: string): Promise<boolean> {
  const answer = await fetch(new URL('/session', origin), {
    method: 'POST',
    headers: { ...ownHeader, 'content-type': 'application/json' },
    body: JSON.stringify({ key }),
    credentials: 'same-origin',
  })
  return answer.ok
}

/** One end of a channel to the router, and whether the other end is gone. */
type Port = { readonly link: RPCLink<Record<never, never>>; readonly closed: AbortSignal }

/**
 * The desktop's way. The page says `countersign:ready`; the preload answers `countersign:port` with one end of a channel to the
 * router. Asked again, a fresh port takes the old one's place, so a restarted host is met without a reload.
 */
export function desktopClient(page: Window): { client: Client; renew: () => Promise<void> } {
  let current = nextPort(page)
  const client: Client = createORPCClient({
    call: async (path, input, options) => {
      const { link, closed } = await current
      // A closed port answers nothing more: without this a call on its way would wait for ever.
      const signal = options.signal ? AbortSignal.any([options.signal, closed]) : closed
      return link.call(path, input, { ...options, signal })
    },
  })
  const renew = async () => {
    const next = await Promise.race([nextPort(page), after(longestPortWaitMs)])
    if (next) current = Promise.resolve(next)
  }
  return { client, renew }
}

const longestPortWaitMs = 5000

const after = (milliseconds: number) => new Promise<null>((resolve) => setTimeout(resolve, milliseconds, null))

function nextPort(page: Window): Promise<Port> {
  return new Promise((resolve) => {
    const onMessage = (event: MessageEvent) => {
      const port = event.ports[0]
      if (event.source !== page || event.data?.type !== 'countersign:port' || !port) return
      page.removeEventListener('message', onMessage)
      const closed = new AbortController()
      port.addEventListener('close', () => closed.abort(new Error('The port was closed.')))
      port.start()
      resolve({ link: new RPCLink({ port }), closed: closed.signal })
    }
    page.addEventListener('message', onMessage)
    page.postMessage({ type: 'countersign:ready' }, '*')
  })
}
