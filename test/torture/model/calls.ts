import type { Scenario } from '../../support/fake-ollama/scenarios.ts'
import { random, type Tally } from '../part.ts'
import { Desk, openSockets } from './desk.ts'

const kinds: readonly Scenario[] = [
  { kind: 'ok' },
  { kind: 'ok' },
  { kind: 'unstreamed', done: true },
  { kind: 'reset-mid', chunks: 3 },
  { kind: 'error-mid', chunks: 3 },
  { kind: 'clean-no-done' },
  { kind: 'length' },
  { kind: 'stall' },
  { kind: 'never' },
  { kind: 'slow-load', ms: 1e8 },
  { kind: 'huge-line' },
  { kind: 'bad-line' },
  { kind: 'thinking-only' },
  { kind: 'split-utf8' },
  { kind: 'forbidden' },
  { kind: 'html-proxy' },
  { kind: 'panic' },
  { kind: 'redirect' },
  { kind: 'cloud' },
  { kind: 'busy', times: 1 },
  { kind: 'error-before', status: 500, error: 'llama-server process has terminated: signal: killed' },
]

/** So many requests, one trouble after the other at random: every one is settled, and no connection is left of any. */
export async function callMany(tally: Tally, seed: number, count: number): Promise<void> {
  const draw = random(seed)
  const desk = await Desk.open({ scenario: { kind: 'ok' } })
  const sockets = openSockets()
  let most = 0
  try {
    for (let n = 0; n < count; n++) {
      const scenario = kinds[draw(kinds.length)]!
      desk.ollama.setScenario(scenario)
      const id = await desk.ask(`Request ${n}`)
      // Some are decided while the model reads them: that call is given up.
      if (draw(6) === 0) await desk.test.owner.approvals.decide({ approval_id: id, decision: 'approve' })
      const took = await desk.settled(id, true)
      most = Math.max(most, desk.ollama.sockets())
      tally.add(`request ${n}, ${scenario.kind}`, took > 180_000 ? [`settled after ${took / 1000} s`] : [])
    }
    for (let turn = 0; turn < 1000 && openSockets() > sockets; turn++) await new Promise((resolve) => setTimeout(resolve, 2))
    const left = openSockets() - sockets
    tally.add('connections afterwards', left > 0 ? [`${left} are left`] : [])
  } finally {
    await desk.close()
    tally.add('afterwards', desk.problems)
  }
  tally.note = `${desk.ollama.requests.length} calls, at most ${most} connections at once, none left`
}
