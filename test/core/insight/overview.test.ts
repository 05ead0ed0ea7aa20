import { describe, expect, it } from 'vitest'
import { startFakeOllama } from '../../support/fake-ollama/fake-ollama.ts'
import { day, hour, minute, scene } from './scene.ts'

const refund = { type: 'refund', title: 'Refund', amount: 10, currency: 'EUR' }

describe('the overview', () => {
  it('counts what came and how it ended per day, for all types or one, until yesterday and today', async () => {
    const { owner, ask, decided, bo, clock } = await scene()
    await decided(refund, 'approve', 10 * minute)
    await decided(refund, 'reject', 20 * minute, bo)
    clock.advance(day)
    await decided({ type: 'deployment', title: 'Deploy' }, 'approve', 5 * minute, bo)
    const lapses = await ask({ ...refund, timeout_hours: 1 })
    clock.advance(2 * hour)
    await expect.poll(async () => (await owner.approvals.get({ approval_id: lapses })).status).toBe('expired')
    const view = await owner.insight.overview({ days: 7 })
    expect(view).toMatchObject({
      from: '2026-02-25',
      to: '2026-03-03',
      came: 4,
      approved: 2,
      rejected: 1,
      expired: 1,
      cancelled: 0,
    })
    expect(view.by_day.slice(-2)).toEqual([
      { day: '2026-03-02', came: 2, approved: 1, rejected: 1, expired: 0, cancelled: 0 },
      { day: '2026-03-03', came: 2, approved: 1, rejected: 0, expired: 1, cancelled: 0 },
    ])
    expect({ yours: view.yours, others: view.others }).toEqual({
      yours: { approved: 1, rejected: 0 },
      others: { approved: 1, rejected: 1 },
    })
    expect(view.types).toEqual(['refund', 'deployment'])
    expect(view.by_type.map(({ type, n }) => [type, n])).toEqual([
      ['refund', 2],
      ['deployment', 1],
    ])
    const ofOne = await owner.insight.overview({ days: 7, type: 'deployment' })
    expect(ofOne).toMatchObject({ came: 1, approved: 1, rejected: 0, expired: 0, by_type: [{ type: 'deployment', n: 1 }] })
    expect(await owner.insight.overview({ days: 1 })).toMatchObject({ came: 2, approved: 1, rejected: 0 })
  })

  it('says how long people took, within a few percent, and leaves out what rules decided', async () => {
    const policy = 'rules:\n  small:\n    - name: always\n      when: amount <= 100.0\n      action: auto_approve\n'
    const { owner, source, decided } = await scene(undefined, policy)
    for (const minutes of [5, 10, 15, 20, 600]) await decided(refund, 'approve', minutes * minute)
    await source.requests.submitRequest({ ...refund, type: 'small' })
    const view = await owner.insight.overview({ days: 7 })
    expect(view.automatic).toEqual({ approved: 1, rejected: 0 })
    expect(view.approved).toBe(6)
    expect(view.time_to_decide.n).toBe(5)
    expect(Math.abs(view.time_to_decide.median_ms! / (15 * minute) - 1)).toBeLessThan(0.1)
    expect(Math.abs(view.time_to_decide.p90_ms! / (600 * minute) - 1)).toBeLessThan(0.1)
    expect(view.by_type.map(({ type }) => type)).toEqual(['refund'])
  })

  it('puts hours into the days of the reader, over a change to summer time', async () => {
    const { owner, ask, clock } = await scene()
    await ask(refund)
    // To 29 March, 00:30 UTC: half past one in Berlin, before its clocks go on; and two hours later, half past four.
    clock.advance(26 * day + 15.5 * hour)
    await ask(refund)
    clock.advance(2 * hour)
    await ask(refund)
    const berlin = await owner.insight.overview({ days: 30, time_zone: 'Europe/Berlin' })
    expect(berlin.by_hour.flatMap((n, hour) => (n > 0 ? [[hour, n]] : []))).toEqual([
      [1, 1],
      [4, 1],
      [10, 1],
    ])
    const honolulu = await owner.insight.overview({ days: 30, time_zone: 'Pacific/Honolulu' })
    expect(honolulu.by_day.filter(({ came }) => came > 0).map(({ day, came }) => [day, came])).toEqual([
      ['2026-03-01', 1],
      ['2026-03-28', 2],
    ])
    await expect(owner.insight.overview({ time_zone: 'Mars/Olympus' })).rejects.toMatchObject({ code: 'invalid-input' })
  })

  it('says where people and the model agreed, about what it had read before they decided', async () => {
    const ollama = await startFakeOllama()
    try {
      const answer = (risk: string) => JSON.stringify({ summary: 'A refund of 10 EUR.', impact: 'Money is sent.', risk, flags: [] })
      const { owner, ask } = await scene(`model:\n  enabled: true\n  host: ${ollama.url}\n  name: llama3.2\n`)
      const judged = async (risk: string, decision: 'approve' | 'reject') => {
        ollama.setScenario({ kind: 'ok', text: answer(risk) })
        const id = await ask(refund)
        await expect
          .poll(async () => (await owner.approvals.get({ approval_id: id })).summary.state, { timeout: 10_000 })
          .toBe('ready')
        await owner.approvals.decide({ approval_id: id, decision, comment: 'Seen' })
      }
      await judged('low', 'approve')
      await judged('low', 'reject')
      await judged('high', 'reject')
      await judged('medium', 'approve')
      const { model } = await owner.insight.overview({ days: 7 })
      expect(model).toEqual({ judged: 3, agreed: 2, high_approved: 0, low_rejected: 1 })
    } finally {
      await ollama.close()
    }
  })

  it('is the same after the database was computed anew', async () => {
    const { owner, decided, bo, source } = await scene()
    const id = await decided(refund, 'approve', 7 * minute)
    await decided({ ...refund, type: 'travel' }, 'reject', 3 * hour, bo)
    await source.approvals.withdraw({ approval_id: id }).catch(() => {})
    const before = await owner.insight.overview({ days: 30 })
    await owner.system.rebuild({})
    expect(await owner.insight.overview({ days: 30 })).toEqual(before)
    expect(before).toMatchObject({ came: 2, approved: 1, rejected: 1 })
  })
})
