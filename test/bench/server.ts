import { startHeadless } from '../../electron/headless/host.ts'
import { type Client, clientFor, ownerEmail, silentLog } from '../support/app.ts'

/** A headless server as people run it, with credentials for a sender and for the owner. */
export type BenchServer = {
  readonly url: string
  readonly port: number
  /** In process, for what is not measured. */
  readonly owner: Client
  readonly submitToken: string
  readonly decideToken: string
  stop(): Promise<void>
}

/** Of the configuration of a home that is filled as fast as it takes it. */
export const noLimits = 'limits:\n  requests_per_minute: 10000000\n  burst: 10000000\n'

export async function openServer(home: string): Promise<BenchServer> {
  const host = await startHeadless({ home, port: 0, owner: ownerEmail, log: silentLog })
  const owner = clientFor(host.app, host.app.ownerCaller('http'))
  const submitter = await owner.tokens.create({ name: 'bench', scope: 'submit' })
  const decider = await owner.tokens.create({ name: 'bench-decider', scope: 'decide' })
  return {
    url: host.url,
    port: Number(new URL(host.url).port),
    owner,
    submitToken: submitter.token,
    decideToken: decider.token,
    stop: () => host.stop(),
  }
}
