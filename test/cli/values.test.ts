import { describe, expect, it } from 'vitest'
import { toRequest } from '../../electron/cli/request.ts'
import { commas, duration, exact, instant, toPair, withPairs } from '../../electron/cli/values.ts'

const pairs = (...given: string[]) =>
  withPairs(
    {},
    given.map((one) => toPair(one, '--field')),
    '--field',
  )

describe('A field', () => {
  it('is text behind =, JSON behind :=, and nested behind dots', () => {
    expect(
      pairs('name=Ana', 'note=a=b', 'empty=', 'count:=3', 'ok:=true', 'list:=[1,"x"]', 'order.id=7', 'order.paid:=false'),
    ).toEqual({
      name: 'Ana',
      note: 'a=b',
      empty: '',
      count: 3,
      ok: true,
      list: [1, 'x'],
      order: { id: '7', paid: false },
    })
  })

  it.each([
    ['name', 'write name=text'],
    ['=x', 'write name=text'],
    [':=1', 'there is no name'],
    ['n:=oops', 'could not be read as JSON'],
    ['a..b=1', 'that is not a name'],
    ['__proto__.x=1', 'that is not a name'],
  ])('that is wrong is refused: %s', (given, message) => {
    expect(() => pairs(given)).toThrow(message)
  })

  it('does not go below a value of its own', () => {
    expect(() => pairs('a=1', 'a.b=2')).toThrow('a has a value of its own already')
  })
})

it('A length of time has a unit', () => {
  expect([duration('90s'), duration('1.5h'), duration('7d')]).toEqual([90_000, 5_400_000, 604_800_000])
  for (const wrong of ['', '5', 'soon', '-1h']) expect(() => duration(wrong)).toThrow('is not a length of time')
})

it('A time is an instant, a day to its end, or so long from now', () => {
  const now = Date.parse('2026-03-02T09:00:00.000Z')
  expect(instant('3d', now)).toBe('2026-03-05T09:00:00.000Z')
  expect(instant('2026-12-24T18:00:00Z', now)).toBe('2026-12-24T18:00:00.000Z')
  expect(new Date(instant('2026-12-24', now)).toString()).toContain('Dec 24 2026 23:59:59')
  for (const wrong of ['tomorrow', '2026-02-30', '2026-13-01', '12']) expect(() => instant(wrong, now)).toThrow('is not a time')
})

it('Lists may be written with commas and repeated', () => {
  expect(commas('c', commas('a, b', undefined))).toEqual(['a', 'b', 'c'])
})

it('Money keeps its digits', () => {
  expect([exact('49.50'), exact('49.5'), exact('1e3')]).toEqual(['49.50', 49.5, '1e3'])
})

describe('A request of the command line', () => {
  it('says everything that a request can say', async () => {
    const request = await toRequest({
      type: 'refund',
      title: 'Refund',
      amount: '49.50',
      currency: 'EUR',
      approver: 'ana@example.com',
      beneficiary: 'bob@example.com',
      department: 'sales',
      timeout: 7_200_000,
      hardLimit: true,
      partial: true,
      editable: ['amount', 'reason'],
      option: ['half=Refund half: now:approved'],
      data: '{"order":{"id":"1042"}}',
      field: ['order.paid:=true'],
    })
    expect(request).toEqual({
      type: 'refund',
      title: 'Refund',
      amount: '49.50',
      currency: 'EUR',
      approver_email: 'ana@example.com',
      beneficiary: 'bob@example.com',
      department: 'sales',
      timeout_hours: 2,
      hard_limit: true,
      partial: true,
      editable: ['amount', 'reason'],
      options: [{ id: 'half', label: 'Refund half: now', outcome: 'approved' }],
      data: { order: { id: '1042', paid: true } },
    })
  })

  it('refuses an option that does not say what it counts as', async () => {
    await expect(toRequest({ type: 'x', option: ['half=Half'] })).rejects.toThrow('write id=label:approved')
  })
})
