import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openScene } from '../core/intake/scene.ts'
import type { Host } from './doors/host.ts'
import { combinations, expected, type Verdict } from './doors/origin-rules.ts'
import { signatureCases } from './doors/signature-cases.ts'
import { flood, floods } from './floods.ts'
import { type IntakeHost, intake, openIntake, sendCases, submitTogether } from './intake.ts'
import { openOrigins, origins, tryOrigins } from './origins.ts'
import { flipBits, openSignatures, signatures, tryCases } from './signatures.ts'

/** The short forms of four parts of the torture, against the real application in a process of its own. */

const seed = 20_261_121

const hosts: Host[] = []
const opened = async <H extends Host>(host: Promise<H>): Promise<H> => {
  hosts.push(await host)
  return host
}
afterAll(() => Promise.all(hosts.map((host) => host.stop())))

test('each part has the name of its file', () => {
  expect([floods, intake, origins, signatures].map(({ name }) => name)).toEqual(['floods', 'intake', 'origins', 'signatures'])
})

describe('the intake', () => {
  let host: IntakeHost
  beforeAll(async () => {
    host = await opened(openIntake())
  })

  test('answers 600 bodies and header sets, and none of them with a 5xx', { timeout: 60_000 }, async () => {
    const found: string[] = []
    const { statuses } = await sendCases(host, { seed, from: 0, to: 600, broken: false }, (index, problems, { door }) => {
      for (const problem of problems) found.push(`${index} ${door}: ${problem}`)
    })
    expect(found).toEqual([])
    // Some came through, and some were refused at each of the doors: of what is all refused at the first, nothing is learnt.
    expect([202, 400, 401, 403, 415, 422].filter((status) => !statuses.has(status))).toEqual([])
  })

  test('answers 200 damaged heads, or ends the connection', { timeout: 60_000 }, async () => {
    const found: string[] = []
    await sendCases(host, { seed, from: 0, to: 200, broken: true }, (index, problems) => {
      for (const problem of problems) if (problem !== 'silence') found.push(`${index}: ${problem}`)
    })
    expect(found).toEqual([])
    expect([host.ended(), (await host.condition()).errors]).toEqual([null, 0])
  })

  test('stores one of 50 identical submissions, whoever sends them', { timeout: 60_000 }, async () => {
    expect(await submitTogether(host, 6, seed)).toMatchObject({ cases: 6, failures: 0, found: [] })
  })
})

describe('Host, Origin, method and type', () => {
  let host: Host
  beforeAll(async () => {
    host = await opened(openOrigins())
  })

  test('make 1,440 combinations, and the written rules have every verdict for them', () => {
    const verdicts = new Map<Verdict, number>()
    for (const one of combinations('cookie')) verdicts.set(expected(one), (verdicts.get(expected(one)) ?? 0) + 1)
    expect(Object.fromEntries(verdicts)).toEqual({
      'host-not-allowed': 960,
      'origin-not-allowed': 320,
      'unsupported-media-type': 96,
      handled: 64,
    })
  })

  test.each(['token', 'cookie', 'bare cookie'] as const)(
    'are judged as it is written, by %s',
    { timeout: 60_000 },
    async (credential) => {
      expect(await tryOrigins(host, credential, seed)).toMatchObject({ cases: 1440, failures: 0, found: [] })
    },
  )
})

describe('a delivery', () => {
  let host: Host
  beforeAll(async () => {
    host = await opened(openSignatures())
  })

  test('is believed or not in every written case', async () => {
    const cases = signatureCases(0)
    expect(cases.filter(({ hook }) => hook === 'standard')).toHaveLength(33)
    expect(await tryCases(host, seed)).toMatchObject({ cases: cases.length, failures: 0, found: [] })
  })

  test.each(['standard', 'public', 'github', 'slack', 'stripe', 'bearer'])(
    'to %s is not believed with a bit flipped',
    async (hook) => {
      expect(await flipBits(host, hook, 100, seed)).toMatchObject({ cases: 101, failures: 0, found: [] })
    },
  )
})

test('slow clients are let go, and those who want something are answered all the while', { timeout: 60_000 }, async () => {
  const scene = await openScene({ receiveMs: 1000 })
  const { took, wrong, slow } = await flood(scene, { each: 20, dripMs: 100, limitMs: 30_000 })
  expect([wrong, slow.length, took.length > 50]).toEqual([[], 80, true])
  expect(slow.filter(({ closedAfter }) => closedAfter === null)).toEqual([])
  expect(slow.filter(({ said }) => !said.includes('"code":"request-timeout"'))).toEqual([])
  await scene.close()
})
