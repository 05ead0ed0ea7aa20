import { afterEach, describe, expect, it } from 'vitest'
import { createClient } from '../../shared/client/client.ts'
import type { GateOptions } from '../../shared/client/types.ts'
import { type Call, problem, type Reply, Stub, task } from './stub.ts'

const stubs: Stub[] = []
afterEach(async () => {
  for (const stub of stubs.splice(0)) await stub.close()
})

async function against(answer: (call: Call, number: number) => Reply) {
  const stub = await new Stub(answer).open()
  stubs.push(stub)
  return { stub, client: createClient({ url: stub.url, token: 'cs_s1' }) }
}

const accepted: Reply = { status: 202, body: { message: 'The request waits.', task_id: 'run_1', status: 'waiting' } }

describe('A request', () => {
  it('is sent again with its key while the server is away', async () => {
    const { stub, client } = await against((_, number) =>
      number === 1 ? 'cut' : number === 2 ? problem('read-only', 503) : accepted,
    )
    expect(await client.submit({ type: 'refund', editable: ['amount'] })).toMatchObject({ task_id: 'run_1' })
    expect(new Set(stub.calls.map(({ headers }) => headers['idempotency-key'])).size).toBe(1)
    expect(stub.calls.map(({ body }) => body)).toEqual(Array(3).fill({ type: 'refund', editable: ['amount'] }))
    expect(stub.calls[0]!.headers.authorization).toBe('Bearer cs_s1')
  })

  it('that has problems is refused once, with all of them', async () => {
    const errors = [
      { pointer: '/type', message: 'is required' },
      { pointer: '/currency', message: 'must be a three-letter code' },
    ]
    const { stub, client } = await against(() => problem('invalid-input', 422, { errors }))
    await expect(client.submit({ type: '' })).rejects.toMatchObject({
      name: 'CountersignError',
      code: 'invalid-input',
      status: 422,
      message: 'About invalid-input. /type: is required; /currency: must be a three-letter code',
      details: { errors },
    })
    expect(stub.calls).toHaveLength(1)
  })

  it('to nobody ends when its time is up', async () => {
    const { stub, client } = await against(() => accepted)
    await stub.close()
    await expect(client.submit({ type: 'refund' }, { timeoutMs: 20 })).rejects.toMatchObject({ code: 'unreachable', status: 0 })
    await stub.open()
  })

  it('can be given up', async () => {
    const { client } = await against(() => 'cut')
    const given = new AbortController()
    const asking = client.submit({ type: 'refund' }, { signal: given.signal })
    given.abort(new Error('Enough.'))
    await expect(asking).rejects.toThrow('Enough.')
  })
})

describe('Waiting', () => {
  it('asks again until the task has ended, over answers without an end and lost connections', async () => {
    const { stub, client } = await against((_, number) => {
      if (number === 2) return 'cut'
      return number === 3 ? problem('rate-limited', 429) : task(number < 5 ? 'waiting' : 'completed', { status: 'approved' })
    })
    expect(await client.wait('run_1')).toMatchObject({ status: 'completed' })
    expect(stub.calls.map(({ path }) => path)).toEqual(Array(5).fill('/tasks/run_1/wait?timeout_seconds=25'))
  })

  it('ends with the present state when the time is up', async () => {
    const { client } = await against(() => task('waiting'))
    expect(await client.wait('run_1', { timeoutMs: 0 })).toMatchObject({ status: 'waiting' })
  })

  it('ends at once where asking again would not help', async () => {
    const { client } = await against(() => problem('not-found', 404))
    await expect(client.wait('run_x')).rejects.toMatchObject({ code: 'not-found' })
  })
})

describe('A gated function', () => {
  type Refund = { order_id: string; amount: number }
  const refunded: unknown[] = []
  const run = (refund: Refund) => {
    refunded.push(refund)
    return `refunded ${refund.amount}`
  }
  const options: GateOptions<[Refund]> = { type: 'refund', title: ({ order_id }) => `Refund order ${order_id}` }
  const order = { order_id: '1042', amount: 50 }
  const answering = (result: unknown, status = 'completed') =>
    against((call) => (call.method === 'POST' ? accepted : task(status, result)))
  afterEach(() => refunded.splice(0))

  it('runs with what was asked once that is approved', async () => {
    const { stub, client } = await answering({ status: 'approved' })
    const asked: string[] = []
    const refund = client.gate(run, {
      ...options,
      amount: ({ amount }) => amount,
      currency: 'EUR',
      attachments: ({ order_id }) => [{ name: `${order_id}.pdf` }],
      evidence: [{ title: 'Photo', text: 'Broken' }],
      rollback: 'Charge it again.',
      key: ({ order_id }) => `refund-${order_id}`,
      onAsked: ({ task_id }) => asked.push(task_id),
    })
    expect(await refund(order)).toBe('refunded 50')
    expect([refunded, asked]).toEqual([[order], ['run_1']])
    expect(stub.calls[0]).toMatchObject({
      path: '/requests',
      body: {
        ...{ type: 'refund', title: 'Refund order 1042', amount: 50, currency: 'EUR', data: order },
        attachments: [{ name: '1042.pdf' }],
        evidence: [{ title: 'Photo', text: 'Broken' }],
        rollback: 'Charge it again.',
      },
      headers: { 'idempotency-key': 'refund-1042' },
    })
  })

  it('runs with what the approver made of it', async () => {
    const { client } = await answering({ status: 'approved', data: { order_id: '1042', amount: 45 } })
    expect(await client.gate(run, { ...options, editable: ['amount'] })(order)).toBe('refunded 45')
  })

  it('asks nothing that it could not carry out: an amount that may be changed, and is no argument', async () => {
    const { stub, client } = await answering({ status: 'approved', amount: 45 })
    const changeable = { type: 'refund', title: 'Refund', amount: 50, editable: ['amount'] }
    const pay = client.gate(({ total }: { total: number }) => refunded.push(total), changeable)
    await expect(pay({ total: 50 })).rejects.toThrow('the argument needs a member “amount” that says the same')
    expect([stub.calls, refunded]).toEqual([[], []])
  })

  it.each([
    ['rejected', { status: 'rejected', reason: 'No photo' }, 'completed', 'No photo'],
    ['expired', { status: 'expired', reason: null }, 'completed', null],
    ['rejected', { status: 'something new' }, 'completed', null],
    ['cancelled', null, 'cancelled', null],
    ['failed', null, 'failed', null],
  ])('does not run when it is %s: %j', async (outcome, result, status, reason) => {
    const { client } = await answering(result, status)
    await expect(client.gate(run, options)(order)).rejects.toMatchObject({
      name: 'NotApproved',
      outcome,
      reason,
      task_id: 'run_1',
    })
    expect(refunded).toEqual([])
  })

  it('asks nobody where its predicate says false, and only then', async () => {
    const { stub, client } = await answering({ status: 'approved' })
    const refund = client.gate(run, { ...options, when: async ({ amount }) => amount > 10 })
    await refund({ order_id: '1', amount: 5 })
    expect(stub.calls).toHaveLength(0)
    await refund(order)
    expect(stub.calls).toHaveLength(2)
  })

  it('takes any arguments that JSON carries unchanged', async () => {
    const { stub, client } = await answering({ status: 'approved', data: { arguments: ['a@example.com', ['x']] } })
    const send = client.gate((to: string, lines: string[]) => `${to}: ${lines}`, { type: 'mail', title: 'Mail' })
    expect(await send('b@example.com', ['y'])).toBe('a@example.com: x')
    expect(stub.calls[0]!.body).toMatchObject({ data: { arguments: ['b@example.com', ['y']] } })
  })

  it.each([
    ['a Date', [{ at: new Date(0) }], '/at'],
    ['a function', [() => 1], '/arguments/0'],
    ['undefined', [{ a: { 'b/c': undefined } }], '/a/b~1c'],
    ['NaN', [[Number.NaN]], '/arguments/0/0'],
    ['Map', [new Map()], '/arguments/0'],
    ['a bigint', [1n, 2], '/arguments/0'],
  ])('refuses %s, which no approver could see', async (_what, args, pointer) => {
    const { stub, client } = await answering({ status: 'approved' })
    const gated = client.gate((..._: unknown[]) => 1, { type: 'x', title: 'X' })
    await expect(gated(...args)).rejects.toThrow(`The argument at ${pointer} cannot be put to an approver`)
    expect(stub.calls).toHaveLength(0)
  })
})
