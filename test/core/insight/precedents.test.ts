import { describe, expect, it } from 'vitest'
import { day, hour, minute, scene } from './scene.ts'

const refund = (amount: number, more: Readonly<Record<string, unknown>> = {}) => ({
  type: 'refund',
  title: `Refund of ${amount}`,
  requester: 'ada@example.com',
  amount,
  currency: 'EUR',
  data: { order: `A-${amount}`, iban: 'DE75512108001245126199' },
  ...more,
})

describe('precedents', () => {
  it('are the latest of the requester and the type first, then those of the type, with what differs', async () => {
    const { owner, ask, decided, bo, clock } = await scene()
    await decided(refund(10, { requester: 'cem@example.com' }), 'reject', minute, bo)
    const older = await decided(refund(20), 'approve')
    clock.advance(day)
    const newer = await decided(refund(30), 'reject', minute, bo)
    await decided({ type: 'deployment', title: 'Deploy', requester: 'ada@example.com' }, 'approve')
    await ask(refund(40))
    const id = await ask(refund(50, { data: { iban: 'FR1420041010050500013M02606', order: 'A-50' } }))
    const { precedents, looked_at } = await owner.insight.precedents({ approval_id: id })
    expect(looked_at).toEqual({ of_requester: 2, of_type: 3 })
    expect(precedents.map(({ title, decision, by, same_requester }) => [title, decision, by, same_requester])).toEqual([
      ['Refund of 30', 'rejected', 'Bo', true],
      ['Refund of 20', 'approved', expect.any(String), true],
      ['Refund of 10', 'rejected', 'Bo', false],
    ])
    expect(precedents.slice(0, 2).map((each) => each.id)).toEqual([newer, older])
    expect(precedents[0]).toMatchObject({ comment: 'No', amount: 30, currency: 'EUR', routine: 1, more: 0 })
    expect(precedents[0]?.differences).toEqual([
      { pointer: '/amount', before: 30, after: 50 },
      { pointer: '/data/iban', before: 'DE75512108001245126199', after: 'FR1420041010050500013M02606' },
    ])
  })

  it('say what is unusual: the amount, the payee, and that the same was asked a short time ago', async () => {
    const { owner, ask, decided, clock } = await scene()
    for (let n = 0; n < 8; n++) await decided(refund(290 + n), 'approve')
    clock.advance(2 * day)
    const id = await ask(refund(1240, { data: { iban: 'FR1420041010050500013M02606' } }))
    const { notes } = await owner.insight.precedents({ approval_id: id })
    expect(notes.map(({ message, tone }) => [message, tone])).toEqual([
      ['4.2 times the usual amount (median EUR 293.50 of 8)', 'attention'],
      ['First time to this payee: FR1420041010050500013M02606', 'attention'],
      ['Usual: you approved 8 of 8', 'calm'],
    ])
    const again = await owner.insight.precedents({ approval_id: await ask(refund(297)) })
    expect(again.notes[0]).toMatchObject({ code: 'same-again', message: expect.stringContaining('2 days ago: approved by') })
  })

  it('of somebody who asks for the first time are those of the type', async () => {
    const { owner, ask, decided } = await scene()
    await decided(refund(10), 'approve')
    const id = await ask(refund(11, { requester: 'cem@example.com' }))
    const { notes, precedents } = await owner.insight.precedents({ approval_id: id })
    expect(notes.map(({ message }) => message)).toEqual(['First request of this type by Cem'])
    expect(precedents).toMatchObject([{ same_requester: false }])
    // One that waits is not decided, and yet they have asked before.
    const next = await owner.insight.precedents({ approval_id: await ask(refund(12, { requester: 'cem@example.com' })) })
    expect(next.notes).toEqual([])
  })

  it('are those that were known when it was decided, and none where nothing was', async () => {
    const { owner, ask, decided, clock } = await scene()
    const first = await ask(refund(10))
    const second = await decided(refund(20), 'approve')
    expect(await owner.insight.precedents({ approval_id: first })).toMatchObject({ notes: [], precedents: [] })
    await owner.approvals.decide({ approval_id: first, decision: 'approve' })
    clock.advance(hour)
    const seen = await owner.insight.precedents({ approval_id: second })
    expect(seen).toMatchObject({ notes: [], precedents: [], looked_at: { of_requester: 0, of_type: 0 } })
    await expect(owner.insight.precedents({ approval_id: 'apr_none' })).rejects.toMatchObject({ code: 'not-found' })
  })

  it('take the version that was decided, after a change', async () => {
    const { owner, source, ask } = await scene()
    const id = await ask(refund(10))
    await source.approvals.revise({ approval_id: id, amount: 8 })
    await owner.approvals.decide({ approval_id: id, decision: 'approve' })
    const { precedents } = await owner.insight.precedents({ approval_id: await ask(refund(10)) })
    expect(precedents).toMatchObject([{ amount: 8, differences: [{ pointer: '/amount', before: 8, after: 10 }] }])
  })
})
