import fc from 'fast-check'
import { expect, test } from 'vitest'
import { instantOf, parseSearch, searchText } from '../../../shared/model/search.ts'
import { searchStates } from '../../../shared/model/search-parts.ts'
import { wordsOf } from '../../../shared/model/search-words.ts'

const partsOf = (text: string) => parseSearch(text).parts.map(({ start: _, end: __, negated, ...part }) => [negated, part])
const words = (list: string[], whole = false, field = 'any') => ({ kind: 'words', field, words: list, whole })

test('words, phrases and what is left out', () => {
  expect(partsOf('Café  "Order 7" -draft -"old one" o-7')).toEqual([
    [false, words(['cafe'])],
    [false, words(['order', '7'], true)],
    [true, words(['draft'])],
    [true, words(['old', 'one'], true)],
    [false, words(['o', '7'])],
  ])
  expect(parseSearch('Café "Order 7"').problems).toEqual([])
})

test('an operator takes a word or a phrase', () => {
  expect(partsOf('from:grace@Example.com to:"Ada Lovelace" -by:bob type:refund id:apr_12')).toEqual([
    [false, words(['grace', 'example', 'com'], false, 'from')],
    [false, words(['ada', 'lovelace'], true, 'to')],
    [true, words(['bob'], false, 'by')],
    [false, words(['refund'], false, 'type')],
    [false, words(['apr', '12'], false, 'id')],
  ])
})

test.each([
  ['over:500', 'over', 500],
  ['over:1.5k', 'over', 1500],
  ['under:10K', 'under', 10_000],
  ['under:2m', 'under', 2_000_000],
  ['over:1,250.50', 'over', 1250.5],
])('reads the amount of %s', (text, than, amount) => {
  expect(partsOf(text)).toEqual([[false, { kind: 'amount', than, amount }]])
})

test('risks, states and days', () => {
  expect(partsOf('risk:HIGH -is:sent-back after:2026-02-28 before:7d after:today')).toEqual([
    [false, { kind: 'risk', risk: 'high' }],
    [true, { kind: 'is', state: 'sent_back' }],
    [false, { kind: 'time', side: 'after', when: { day: '2026-02-28' } }],
    [false, { kind: 'time', side: 'before', when: { days_ago: 7 } }],
    [false, { kind: 'time', side: 'after', when: 'today' }],
  ])
})

test('a day begins at midnight, and so many days are counted back from now', () => {
  const now = new Date(2026, 2, 2, 9, 30).getTime()
  const at = (text: string) => parseSearch(text).parts.map((part) => part.kind === 'time' && instantOf(part, now))
  expect(at('after:today before:2026-03-01 after:2d')).toEqual([
    new Date(2026, 2, 2).getTime(),
    new Date(2026, 2, 1).getTime(),
    now - 2 * 86_400_000,
  ])
})

test.each([
  ['colour:red', 'colour: is not known. Known are type:, from:, to:, by:, id:, over:, under:, risk:, is:, before:, after:.'],
  ['over:lots', '“lots” is not an amount. Write over:500, over:1.5k or over:2m.'],
  ['over:', 'Nothing stands behind over:'],
  ['type:', 'Nothing to look for stands behind type:'],
  ['risk:huge', '“huge” is not a risk. It is low, medium or high.'],
  ['is:nice', 'is:nice is not known. Known are pending, approved,'],
  ['before:2026-02-30', '“2026-02-30” is not a day. Write before:2026-01-31, before:today or before:7d.'],
  ['before:yesterday', '“yesterday” is not a day.'],
  ['%%', 'There is nothing to look for in “%%”: no letter and no digit.'],
])('%s is said to be a problem, and the rest is searched', (bad, message) => {
  const { parts, problems } = parseSearch(`cup ${bad} refund`)
  expect(problems).toEqual([{ start: 4, end: 4 + bad.length, message: expect.stringContaining(message) }])
  expect(parts.map(({ start, end }) => [start, end])).toEqual([
    [0, 3],
    [5 + bad.length, 11 + bad.length],
  ])
})

test('a quotation mark that is not closed reaches to the end, and is said', () => {
  expect(partsOf('cup "order 7')).toEqual([
    [false, words(['cup'])],
    [false, words(['order', '7'], true)],
  ])
  expect(parseSearch('cup "order 7').problems).toEqual([{ start: 4, end: 12, message: 'The quotation mark is not closed.' }])
})

test('a web address is words and no operator', () => {
  expect(partsOf('https://shop.example/7')).toEqual([[false, words(['https', 'shop', 'example', '7'])]])
})

test('more conditions than are used are said', () => {
  const { parts, problems } = parseSearch(Array.from({ length: 25 }, (_, n) => `w${n}`).join(' '))
  expect([parts.length, problems.length, problems[0]?.message]).toEqual([20, 5, 'Only 20 conditions are used at a time.'])
  expect(parseSearch(`a ${'b'.repeat(600)}`).problems).toMatchObject([{ message: 'Only the first 500 characters are searched.' }])
})

const typedText = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc
    .array(
      fc.oneof(
        fc.constantFrom(
          '-',
          '"',
          ' ',
          ':',
          'over:',
          'under:',
          'risk:',
          'is:',
          'before:',
          'type:',
          'from:',
          '1.5k',
          '7d',
          'high',
          '.',
        ),
        fc.constantFrom(...searchStates),
        fc.string({ maxLength: 6 }),
      ),
      { maxLength: 12 },
    )
    .map((pieces) => pieces.join('')),
)

test('any text parses, every piece of it is a part or a problem, and each says where it stands', () => {
  fc.assert(
    fc.property(typedText, (text) => {
      const { parts, problems } = parseSearch(text)
      const taken = new Set(
        [...parts, ...problems].flatMap(({ start, end }) => Array.from({ length: end - start }, (_, n) => start + n)),
      )
      for (const [at, character] of [...text.slice(0, 500)].entries()) {
        if (text.length === [...text].length && !/\s/u.test(character)) expect(taken.has(at)).toBe(true)
      }
      for (const { start, end } of [...parts, ...problems]) expect(0 <= start && start < end && end <= text.length).toBe(true)
    }),
    { numRuns: 2000 },
  )
})

test('what was understood can be written and read again', () => {
  fc.assert(
    fc.property(typedText, (text) => {
      const strip = (typed: string) => parseSearch(typed).parts.map(({ start: _, end: __, ...part }) => part)
      const parts = strip(text)
      expect(strip(searchText(parseSearch(text)))).toEqual(parts)
    }),
    { numRuns: 2000 },
  )
})

test('words are compared without case and accents, whatever their spelling', () => {
  expect(wordsOf('ÀÉÎ ﬁn ＡＢＣ Straße İstanbul')).toEqual(['aei', 'fin', 'abc', 'straße', 'istanbul'])
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), (text) => {
      const found = wordsOf(text)
      expect(wordsOf(found.join(' '))).toEqual(found)
      expect(wordsOf(text.normalize('NFD'))).toEqual(wordsOf(text.normalize('NFC')))
    }),
    { numRuns: 1000 },
  )
})
