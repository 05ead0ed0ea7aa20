import type { ServerResponse } from 'node:http'
import { goJson } from './models.ts'
import type { Scenario } from './scenarios.ts'

const digest = 'sha256:6a0746a1ec1aef3e7ec53868f220ff6e389f6f8ef87a01d77c96807de94ca2aa'
const layer = { status: 'pulling 6a0746a1ec1a', digest, total: 4661211424 }

/** `POST /api/pull`: progress lines, or the failure that comes after a 200. */
export function answerPull(name: string, stream: boolean, scenario: Scenario, response: ServerResponse): void {
  const unknown = scenario.kind === 'pull-unknown' || name === ''
  const error = { error: 'pull model manifest: file does not exist' }
  if (!stream) {
    response.writeHead(unknown ? 500 : 200, { 'content-type': 'application/json; charset=utf-8' })
    response.end(goJson(unknown ? error : { status: 'success' }))
    return
  }
  response.writeHead(200, { 'content-type': 'application/x-ndjson' })
  const line = (value: unknown) => response.write(`${goJson(value)}\n`)
  line({ status: 'pulling manifest' })
  if (unknown) return void response.end(`${goJson(error)}\n`)
  line(layer)
  line({ ...layer, completed: 241970 })
  if (scenario.kind === 'pull-stall') return
  // A download that begins anew reports less than it did.
  if (scenario.kind === 'pull-restart') line({ ...layer, completed: 0 })
  line({ ...layer, completed: layer.total })
  for (const status of ['verifying sha256 digest', 'writing manifest', 'success']) line({ status })
  response.end()
}
