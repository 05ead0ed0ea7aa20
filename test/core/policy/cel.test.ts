import { describe, expect, it } from 'vitest'
import { compileCondition, toFacts } from '../../../electron/core/policy/cel.ts'
import { matter } from './scene.ts'

const verdict = (source: string, more: Parameters<typeof matter>[0] = {}) => {
  const compiled = compileCondition(source)
  if (!compiled.ok) throw new Error(compiled.failure.message)
  return compiled.value.evaluate(toFacts(matter(more)))
}
const problem = (source: string) => {
  const compiled = compileCondition(source)
  return compiled.ok ? null : compiled.failure
}

describe('a condition', () => {
  it.each([
    ['amount > 100', {}, true],
    ['amount > 100.5 && currency == "EUR"', {}, true],
    ['amount > 120', {}, false],
    ['request_type == "refund" && source == "shop"', {}, true],
    ['department == "sales"', { department: ' Sales ' }, true],
    ['environment == "production"', { environment: 'PRODUCTION' }, true],
    ['requester == "ben@example.com"', { requester: 'Ben+x@Example.com' }, true],
    ['approver.endsWith("@example.com")', {}, true],
    ['priority in ["high", "urgent"]', { priority: 'urgent' }, true],
    ['data.cost < 100', { data: { cost: 99.5 } }, true],
    ['data.items.all(i, i.count > 0)', { data: { items: [{ count: 1 }, { count: 2 }] } }, true],
    ['data.items.filter(i, i.count > 1).exists(i, i.sku == "b")', { data: { items: [{ count: 2, sku: 'b' }] } }, true],
    ['data.tags.exists(tag, tag == "vip")', { data: { tags: ['new'] } }, false],
    ['has_amount && amount > 100', { amount: null }, false],
    ['true', {}, true],
  ])('%s', (source, more, holds) => {
    expect(verdict(source, more)).toEqual({ holds, note: null })
  })

  it('is false with a note where the request lacks what it compares, whichever way it compares', () => {
    const nothing = { amount: null, department: null, environment: null }
    expect(verdict('amount > 100', nothing)).toEqual({ holds: false, note: 'the request has no amount' })
    expect(verdict('amount <= 100', nothing)).toEqual({ holds: false, note: 'the request has no amount' })
    expect(verdict('department != "legal"', nothing)).toEqual({ holds: false, note: 'the request has no department' })
    expect(verdict('has_amount || environment != "production"', nothing)).toEqual({
      holds: false,
      note: 'the request has no environment',
    })
    expect(verdict('data.cost < 100')).toEqual({ holds: false, note: 'its data has no “cost”' })
  })

  it.each([
    ['a number where a text came', 'data.cost < 100', { data: { cost: '50' } }],
    ['no bool in the data', 'data.ok', { data: { ok: 'yes' } }],
    ['a number in the data', 'data.ok', { data: { ok: 1 } }],
    ['null', 'data.a.b == "c"', { data: { a: null } }],
    ['a whole number added to the data', 'data.cost + 1 > 3', { data: { cost: 5 } }],
  ])('is false with a note for %s', (_what, source, more) => {
    const { holds, note } = verdict(source, more)
    expect(holds).toBe(false)
    expect(note).toBeTruthy()
  })

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])('finds nothing behind %s in the data', (name) => {
    expect(verdict(`has(data.${name === '__proto__' ? 'x' : name})`).holds).toBe(false)
    expect(verdict(`data["${name}"] == "x"`)).toEqual({ holds: false, note: `its data has no “${name}”` })
    expect(verdict(`data["${name}"]["${name}"] == "x"`).holds).toBe(false)
    expect(problem(name)).not.toBeNull()
  })

  it.each([
    ['amout > 3', /“amout” is not known here; there are request_type, title, amount/, 0],
    ['amount > 3 && dept == "x"', /“dept” is not known/, 14],
    ['amount + 1 > 3', /write 1\.0 instead of 1/, 0],
    ['type == "expense"', /the type of a request is request_type/, 0],
    ['amount', /must say true or false; it is of type double/, 0],
    ['title', /of type string/, 0],
    ['amount >', /Unexpected token: EOF/, 8],
    ['title == 5', /overload/, 0],
    ['title.matches("(a+)+$")', /matches\(\) cannot be used/, 0],
    ['true && title.matches("a")', /matches\(\) cannot be used/, 8],
    ['data.a.all(x, data.b.exists(y, y == x))', /exists\(\) cannot stand inside another loop/, 14],
    ['[1].all(a, [1].map(b, b)[0] == a)', /cannot stand inside another loop/, 11],
    ['cel.bind(a, title + title, cel.bind(b, a + a, b == title))', /cannot stand inside another loop/, 27],
    [Array(6).fill('data.a.exists(x, x == 1)').join(' || '), /more than 5 loops/, 140],
    [`${'('.repeat(60)}true${')'.repeat(60)}`, /maxDepth/, 40],
    [Array(190).fill('amount>1').join('||'), /maxAstNodes|nodes/i, undefined],
    [`title == "${'x'.repeat(2000)}"`, /longer than 2000/, 0],
    [`amount in [${Array(300).fill('1.0').join(',')}]`, /maxListElements/, undefined],
  ])('is refused when it is written: %.60s', (source, message, offset) => {
    const found = problem(source)
    expect(found?.message).toMatch(message)
    if (offset !== undefined) expect(found?.offset).toBe(offset)
  })

  it('does not loop over more than can be looked through in a moment', () => {
    const data = { list: Array.from({ length: 30_000 }, (_, n) => n) }
    expect(verdict('data.list.all(n, n >= 0.0)', { data })).toEqual({
      holds: false,
      note: 'the request holds too many values to be looked through',
    })
    expect(verdict('size(data.list) > 3', { data }).holds).toBe(true)
  })
})
