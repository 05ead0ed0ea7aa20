import { afterEach, beforeEach, expect, it } from 'vitest'
import { Alerts, type AlertsDeps } from '../../../electron/core/alerts/alerts.ts'
import { FakeClock } from '../../support/fake-clock.ts'

const unhandled: unknown[] = []
const note = (reason: unknown) => unhandled.push(reason)
beforeEach(() => void process.on('unhandledRejection', note))
afterEach(() => {
  process.off('unhandledRejection', note)
  expect(unhandled.splice(0)).toEqual([])
})

const quiet = { from: '00:00', until: '23:00', days: [] }
const rest = () => new Promise((resolve) => setTimeout(resolve, 20))

/** Alerts over an inbox that cannot be looked into. */
function scene(deps: Partial<Record<keyof AlertsDeps, unknown>>) {
  const clock = new FakeClock()
  const read = Promise.withResolvers<void>()
  const problems: string[] = []
  const alerts = new Alerts({
    clock,
    live: { approvals: new Map(), runs: new Map() },
    rules: () => ({ quiet: null }),
    audience: () => ({}),
    settled: () => read.promise,
    head: () => 0,
    endedSince() {
      throw new Error('It cannot be read.')
    },
    ranUntil: null,
    log: { error: (_: object, message: string) => problems.push(message) },
    ...deps,
  } as never)
  return { clock, read, alerts, problems }
}

it('what a quiet time has held back is not looked for any more once they are stopped', async () => {
  const { read, alerts, problems } = scene({ rules: () => ({ quiet }) })
  alerts.start()
  alerts.stop()
  read.reject(new Error('The projection was closed.'))
  await rest()
  expect(problems).toEqual([])
})

it('what a quiet time has held back and cannot be read ends nothing', async () => {
  const { read, alerts, problems } = scene({ rules: () => ({ quiet }) })
  alerts.start()
  read.reject(new Error('The inbox database cannot be written for now.'))
  await rest()
  expect(problems).toEqual(['an alert could not be told'])
  alerts.stop()
})

it('what came due while nothing ran and cannot be read ends nothing', async () => {
  const { clock, read, alerts, problems } = scene({ ranUntil: 1 })
  alerts.start()
  alerts.opened()
  alerts.met('ana@example.com')
  clock.advance(1500)
  read.reject(new Error('The inbox database cannot be written for now.'))
  await rest()
  expect(problems).toEqual(['an alert could not be told'])
  alerts.stop()
})
