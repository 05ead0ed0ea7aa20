import { describe, expect, it } from 'vitest'
import { answerProblems, formProblem } from '../../electron/core/answer-form.ts'
import { checkForm } from '../../electron/core/engine/answers.ts'

type Form = Readonly<Record<string, unknown>>
const withWhy = (why: Form): Form => ({ type: 'object', properties: { why } })
const withPattern = (pattern: string, maxLength?: number): Form =>
  withWhy({ type: 'string', pattern, ...(maxLength === undefined ? {} : { maxLength }) })

function slowest(form: Form, texts: readonly string[]): number {
  const times = texts.map((why) => {
    const started = performance.now()
    answerProblems(form, { why })
    return performance.now() - started
  })
  return Math.max(...times)
}

describe('a form with patterns', () => {
  it.each([
    ['^.*.*.*.*.*.*.*=$', undefined],
    ['^.*.*.*=$', undefined],
    ['^.*.*=$', 1000],
    ['^(?:.{0,10}){5}=$', undefined],
    ['(?:(?:a{1000}){1000}){1000}', undefined],
    ['^(?:a|aa){16}$', undefined],
    ['^(?=(?:a+)+$)', undefined],
    ['[^x]*\\$[^x]*\\$=', undefined],
  ])('is refused where %s may take too long', (pattern, maxLength) => {
    expect(formProblem(withPattern(pattern, maxLength))).toMatch(/at \/properties\/why\/pattern a pattern that may take too long/)
  })

  it('is refused where patterns that are quick by themselves are slow together', () => {
    const properties = Object.fromEntries(['a', 'b', 'c'].map((name) => [name, { type: 'string', pattern: '[a-z]+x' }]))
    expect(formProblem({ type: 'object', properties })).toMatch(/together/)
  })

  it.each([
    { type: 'array', items: { type: 'string', pattern: '^a$' } },
    { type: 'object', additionalProperties: { type: 'string', pattern: '^a$' } },
    { type: 'object', patternProperties: { '^a': { type: 'string' } } },
    { type: 'object', propertyNames: { pattern: '^a$' } },
  ])('is refused where a pattern is held against as many texts as an answer likes: %j', (form) => {
    expect(formProblem(withWhy(form))).toMatch(/pattern/)
  })

  it.each(['(\\w)\\1', '\\p{L}', '[\\p{L}]', '\\u{10000}', '(?i:a)'])(
    'is refused where a pattern cannot be judged: %s',
    (pattern) => {
      expect(formProblem(withPattern(pattern))).toMatch(/a pattern that/)
    },
  )

  it.each([
    '^[^@]+@[^@]+\\.[a-z]{2,}$',
    '^https?://[^\\s/]+/.*$',
    '^(?:EUR|USD) \\d+$',
    '^(?:[^,]+,)*$',
    '\\d+x',
    '^.*.*=$',
    '^\\x41+$',
  ])('is answered within milliseconds: %s', (pattern) => {
    const form = withPattern(pattern)
    expect(formProblem(form)).toBeNull()
    const texts = ['a', '1', 'a,', '@', 'é'].flatMap((each) =>
      [37, 250, 1_000_000].map((length) => each.repeat(length).slice(0, length)),
    )
    // 5 ms on a quiet machine.
    expect(slowest(form, texts)).toBeLessThan(50)
  })

  it('takes what its pattern takes, up to its length', () => {
    expect(answerProblems(withPattern('^[0-9]{4}$'), { why: '1234' })).toEqual([])
    expect(answerProblems(withPattern('[0-9]$|x'), { why: 'a line\nwith x' })).toEqual([])
    expect(answerProblems(withPattern('^[0-9]{4}$'), { why: '12345' })).toEqual([
      { pointer: '/why', message: 'Invalid string: must match pattern /^[0-9]{4}$/ in at most 250 characters' },
    ])
    expect(answerProblems(withPattern('^x+$'), { why: 'x'.repeat(251) })).toHaveLength(1)
    expect(answerProblems(withPattern('^x+$', 1_000), { why: 'x'.repeat(1_000) })).toEqual([])
  })
})

const conflicting = (inner: (name: string) => Form): Form => ({ allOf: [inner('x'), inner('y')] })
const defaulting = (given: string): Form => ({ type: 'object', properties: { a: { type: 'string', default: given } } })

describe('a form that contradicts itself', () => {
  it.each([
    conflicting(defaulting),
    withWhy(conflicting(defaulting)),
    { type: 'object', properties: { a: { not: { type: 'string' } } } },
  ])('is refused before anybody is asked: %j', (form) => {
    expect(formProblem(form)).toMatch(/no JSON Schema that can be used/)
  })

  const odd: readonly Form[] = [
    { type: 'object', required: ['__proto__'] },
    { type: 'array', items: [{ type: 'string' }] },
    { type: 'array', prefixItems: [] },
    ...[{ enum: [] }, { const: {} }, { enum: [{}] }, { not: {} }, { oneOf: [] }, { anyOf: [] }, { allOf: [] }, { type: [] }],
    { type: ['null', 'string'] },
    { type: 'string', minLength: -1, maxLength: 1e99 },
    ...['regex', 'ipv6', 'date-time'].map((format) => ({ type: 'string', format })),
    { type: 'object', additionalProperties: { type: 'string' } },
    { type: 'object', properties: { a: true, b: false } },
    { if: {}, else: {} },
    { allOf: [{ type: 'string' }, { type: 'number' }] },
    conflicting((given) => ({ type: 'object', properties: { a: { default: given } } })),
    { type: 'object', default: 5 },
    { type: 'array', contains: { type: 'string' }, minContains: 2 },
    { type: 'array', uniqueItems: true },
    { type: 'integer', minimum: 1e308, maximum: -1e308 },
    { nullable: true, type: 'string' },
    { type: 'object', dependentRequired: { a: ['b'] } },
    ...[{ type: 'file' }, { type: 5 }],
    ...[1e-101, 1e-320, 5e-324, 0, -1].map((multipleOf) => ({ type: 'number', multipleOf })),
  ]
  const answers = [undefined, null, 1, 1e-300, 1.7e308, 'x', [], {}, { a: 'x', b: 2 }, { a: 1 }, [1, 1]]

  it.each(odd)('is either refused, or every answer is told what is wrong with it: %j', (form) => {
    if (formProblem(form) !== null) return
    for (const answer of answers) {
      expect(() => answerProblems(form, answer)).not.toThrow()
      expect(() => checkForm({ form } as never, answer)).not.toThrow()
    }
  })
})
