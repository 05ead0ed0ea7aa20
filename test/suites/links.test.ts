import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/message-port'
import { RPCHandler } from '@orpc/server/message-port'
import { connectServer } from '../../electron/cli/server.ts'
import { startListener } from '../../electron/core/intake/listener.ts'
import type { Caller, Scope } from '../../shared/model/actor.ts'
import { type Client, clientFor, ownerEmail, sourceCaller } from '../support/app.ts'
import { linkSuite } from './link-suite.ts'

const owner = { email: ownerEmail, name: 'Owner' }

const callerWith = (scope: Scope): Caller =>
  scope === 'submit'
    ? { ...sourceCaller, source: { id: 'src_link', name: 'Link' } }
    : { scopes: [scope], person: scope === 'decide' ? owner : null, source: null, credential: `tok_${scope}`, via: 'http' }

linkSuite('an in-process call', async ({ app }) => ({
  client: async (scope) => clientFor(app, callerWith(scope)),
  close: async () => {},
}))

linkSuite('a MessagePort', async ({ app }) => {
  const ports: MessagePort[] = []
  return {
    async client(scope) {
      const { port1, port2 } = new MessageChannel()
      new RPCHandler(app.router).upgrade(port1, { context: { caller: callerWith(scope) } })
      port1.start()
      port2.start()
      ports.push(port1, port2)
      return createORPCClient(new RPCLink({ port: port2 })) as Client
    },
    close: async () => {
      for (const port of ports) port.close()
    },
  }
})

linkSuite('HTTP', async ({ app }) => {
  const listener = await startListener(app, { web: null, port: 0 })
  const admin = clientFor(app, app.ownerCaller('http'))
  return {
    async client(scope) {
      const { token } = await admin.tokens.create({ name: scope, scope })
      return connectServer({ url: listener.url, pid: process.pid }, token) as Client
    },
    close: () => listener.stop(),
  }
})
