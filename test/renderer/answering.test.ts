import { describe, expect, test } from 'vitest'
import { formFields, readForm } from '../../renderer/answer-form.ts'
import { differencesSince, placeName } from '../../renderer/difference.ts'
import { editFields, readDraft } from '../../renderer/edit-draft.ts'
import { readPart } from '../../renderer/part-amount.ts'
import { fieldProblems } from '../../renderer/server-problems.ts'
import type { Change, Version } from '../../shared/model/approval.ts'

describe('an edit', () => {
  const item = {
    editable: ['/amount', '/discount', '/urgent', '/address', '/a~1b'],
    amount: '1240.00',
    data: { discount: 12.5, urgent: false, address: { city: 'Lisbon', floors: [1, 2] }, 'a/b': 'old', untouched: 1 },
  }

  test('has a field for each value that may be changed, of its own kind', () => {
    expect(editFields(item).map(({ pointer, kind }) => [pointer, kind])).toEqual([
      ['/amount', 'text'],
      ['/discount', 'number'],
      ['/urgent', 'boolean'],
      ['/address/city', 'text'],
      ['/address/floors/0', 'number'],
      ['/address/floors/1', 'number'],
      ['/a~1b', 'text'],
    ])
  })

  test('keeps the type of each value, and sends only what differs', () => {
    const draft = { '/amount': '900.50', '/discount': '10', '/urgent': true, '/address/city': 'Lisbon', '/address/floors/1': '3' }
    expect(readDraft(item, draft)).toEqual({
      changes: { '/amount': '900.50', '/discount': 10, '/urgent': true, '/address': { city: 'Lisbon', floors: [1, 3] } },
      differences: [
        { pointer: '/amount', before: '1240.00', after: '900.50' },
        { pointer: '/discount', before: 12.5, after: 10 },
        { pointer: '/urgent', before: false, after: true },
        { pointer: '/address/floors/1', before: 2, after: 3 },
      ],
      problems: {},
    })
  })

  test('puts two changes of one place together', () => {
    const { changes } = readDraft(item, { '/address/city': 'Porto', '/address/floors/0': '0' })
    expect(changes).toEqual({ '/address': { city: 'Porto', floors: [0, 2] } })
  })

  test('refuses what is no number, and digits that would be lost', () => {
    expect(readDraft(item, { '/discount': 'ten' }).problems).toEqual({ '/discount': 'number' })
    expect(readDraft(item, { '/discount': '0.12345678901234567' }).problems).toEqual({ '/discount': 'digits' })
    expect(readDraft(item, { '/discount': '12.50' }).differences).toEqual([])
  })
})

describe('a part of an amount', () => {
  test('has the kind of the amount and is never more than it', () => {
    expect(readPart({ amount: '1240.00' }, '1000.5')).toEqual({ value: '1000.5' })
    expect(readPart({ amount: 1240 }, '1000.50')).toEqual({ value: 1000.5 })
    expect(readPart({ amount: '0.3' }, '0.30')).toEqual({ value: '0.30' })
    expect(readPart({ amount: '9007199254740993' }, '9007199254740994').problem).toBe('too_large')
    for (const typed of ['', '0', '0.00', '-5', 'many']) expect(readPart({ amount: 5 }, typed).problem).toBe('needed')
  })

  test('takes the comma that is written in German, and guesses at nothing', () => {
    const inGerman = (typed: string) => readPart({ amount: '1240.00' }, typed, 'de')
    expect(inGerman('1000,5')).toEqual({ value: '1000.5' })
    expect(inGerman('0,125')).toEqual({ value: '0.125' })
    expect(inGerman('1000.50')).toEqual({ value: '1000.50' })
    expect(inGerman('1240,01')).toEqual({ problem: 'too_large' })
    expect(readPart({ amount: 1240 }, '1000,50', 'de')).toEqual({ value: 1000.5 })
    expect(inGerman('0,00')).toEqual({ problem: 'needed' })
    for (const typed of ['1.240', '1.000,50', '1,000.50', '1 000', "1'000", ',5', '5,', '1,2,3'])
      expect([typed, inGerman(typed)]).toEqual([typed, { problem: 'unclear' }])
    for (const typed of ['1000,50', '1,000', '1,000.50'])
      expect([typed, readPart({ amount: '1240.00' }, typed, 'en')]).toEqual([typed, { problem: 'unclear' }])
    expect(readPart({ amount: '1240.00' }, '1.240', 'en')).toEqual({ value: '1.240' })
  })
})

describe('a form', () => {
  const schema = {
    type: 'object',
    required: ['cost_center', 'headcount', 'sure', 'where'],
    properties: {
      cost_center: { type: 'string', title: 'Cost centre', enum: ['R&D', 'Sales'] },
      headcount: { type: 'integer', minimum: 1 },
      sure: { type: 'boolean' },
      note: { type: 'string', maxLength: 2000 },
      where: { type: 'object', required: ['city'], properties: { city: { type: 'string' }, zip: { type: 'string' } } },
      tags: { type: 'array', items: { enum: ['a', 'b'] } },
    },
  }
  const fields = formFields(schema)

  test('is drawn from its schema', () => {
    expect(fields.map(({ pointer, kind, required, label }) => [pointer, kind, required, label])).toEqual([
      ['/cost_center', 'choice', true, 'Cost centre'],
      ['/headcount', 'integer', true, 'headcount'],
      ['/sure', 'boolean', true, 'sure'],
      ['/note', 'lines', false, 'note'],
      ['/where/city', 'text', true, 'city'],
      ['/where/zip', 'text', false, 'zip'],
      ['/tags', 'choices', false, 'tags'],
    ])
  })

  test('becomes an answer in which empty optional fields are left out', () => {
    const filled = { '/cost_center': '1', '/headcount': ' 3 ', '/where/city': 'Lisbon', '/note': ' ', '/tags': [1] }
    expect(readForm(fields, filled)).toEqual({
      answer: { cost_center: 'Sales', headcount: 3, sure: false, where: { city: 'Lisbon' }, tags: ['b'] },
      problems: {},
    })
  })

  test('says what is missing and what is no whole number', () => {
    expect(readForm(fields, { '/headcount': '1.5' }).problems).toEqual({
      '/cost_center': 'required',
      '/headcount': 'integer',
      '/where/city': 'required',
    })
  })

  test('writes what has no field of its own as JSON', () => {
    const [field] = formFields({ type: 'array', items: { type: 'object' } })
    expect(field).toMatchObject({ pointer: '', kind: 'json' })
    expect(readForm([field!], { '': '[{"a":1}]' })).toEqual({ answer: [{ a: 1 }], problems: {} })
    expect(readForm([field!], { '': '[' }).problems).toEqual({ '': 'json' })
  })
})

describe('what the host refuses', () => {
  const failure = (errors: unknown) => ({ code: 'invalid-input', status: 422, message: 'Two problems.', data: { errors } })

  test('is said at the field it means, and below the form where it means none', () => {
    const told = failure([
      { pointer: '/answer/where/city', message: 'must not be Berlin' },
      { pointer: '/changes/~1amount', message: 'must be a number' },
      { pointer: '/comment', message: 'is too long' },
    ])
    expect(fieldProblems(told, ['/where/city'])).toEqual({
      fields: { '/where/city': 'must not be Berlin', '/amount': 'must be a number' },
      others: ['is too long'],
    })
    expect(fieldProblems(failure(undefined), []).others).toEqual(['Two problems.'])
  })
})

describe('versions', () => {
  const version = (number: number): Version => ({ number, sha256: String(number).repeat(64) })
  const change = (number: number, differences: Change['differences']): Change => ({
    version: version(number),
    by: 'requester',
    actor: { kind: 'source', id: 's', via: 'http' },
    at: '2026-03-01T08:00:00.000Z',
    comment: null,
    differences,
  })

  test('differ from the one that was looked at by all changes since, taken together', () => {
    const changes = [
      change(2, [{ pointer: '/title', before: 'a', after: 'b' }]),
      change(3, [
        { pointer: '/amount', before: 1, after: 2 },
        { pointer: '/data/x', before: 1, after: 2 },
      ]),
      change(4, [
        { pointer: '/amount', before: 2, after: 3 },
        { pointer: '/data/x', before: 2, after: 1 },
      ]),
    ]
    expect(differencesSince({ changes }, version(2))).toEqual([{ pointer: '/amount', before: 1, after: 3 }])
    expect(differencesSince({ changes }, version(4))).toEqual([])
  })

  test('name their places in words', () => {
    expect(placeName('/data/lines/0/unit_price')).toBe('lines › 1 › unit price')
    expect(placeName('/amount')).toBe('amount')
  })
})
