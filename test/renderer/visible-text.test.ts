import { describe, expect, test } from 'vitest'
import { visible, visibleJson, visiblePieces } from '../../renderer/visible-text.ts'

describe('text from a sender', () => {
  test('shows characters that reverse the reading order', () => {
    expect(visible('Pay \u202e001\u202c EUR')).toBe('Pay ⟨U+202E⟩001⟨U+202C⟩ EUR')
  })

  test('shows every kind of character that has no shape', () => {
    const unseen = [
      '\u0000',
      '\u200b',
      '\u00ad',
      '\u00a0',
      '\u2800',
      '\u3164',
      '\ufeff',
      '\ud800',
      '\u{e0041}',
      '\u{e0100}',
      '\u2066',
      '\r',
    ]
    expect(unseen.filter((character) => !visible(`a${character}b`).includes('⟨U+'))).toEqual([])
  })

  test('makes no two texts look the same that differ in unseen characters', () => {
    const texts = ['pay 100', 'pay\u00a0100', 'pay 1\u200b00', 'pay 100\u200e', '\u2060pay 100', 'pay 100\ufe00']
    expect(new Set(texts.map(visible)).size).toBe(texts.length)
  })

  test('leaves letters, emoji and combining marks as they are', () => {
    const text = 'Größe 日本語 ❤️ é ñ العربية'
    expect(visiblePieces(text)).toEqual([{ kind: 'text', text }])
  })

  test('shows line breaks where a text must stay on one line', () => {
    expect(visible('one\ntwo')).toBe('one⟨U+000A⟩two')
    expect(visiblePieces('one\ntwo')).toEqual([{ kind: 'text', text: 'one\ntwo' }])
  })

  test('writes JSON that is the same value with nothing hidden in it', () => {
    const value = { 'a\u200b': 'x\u202ey', tag: '\u{e0041}' }
    const json = visibleJson(value)
    expect(json).toContain('\\u200b')
    expect(json).toContain('\\u202e')
    expect(/[\u200b\u202e]|\u{e0041}/u.test(json)).toBe(false)
    expect(JSON.parse(json)).toEqual(value)
  })

  test('shows spaces that would fall together or stand where nobody looks', () => {
    expect(visible('a  b')).toBe('a␣␣b')
    expect(visible(' a ')).toBe('␣a␣')
    expect(visible(`a${' '.repeat(40)}b`)).toBe('a⟨␣×40⟩b')
    expect(visiblePieces(`pay${'\n'.repeat(30)}now`)).toEqual([
      { kind: 'text', text: 'pay' },
      { kind: 'hidden', label: '⟨⏎×30⟩' },
      { kind: 'text', text: '\n' },
      { kind: 'text', text: 'now' },
    ])
    expect(visiblePieces('    indented\n  code', 'code')).toEqual([{ kind: 'text', text: '    indented\n  code' }])
  })

  test('draws at most four marks over each other, and says how many more there are', () => {
    expect(visible(`Z${'\u0301'.repeat(40)}o`)).toBe(`Z${'\u0301'.repeat(4)}⟨◌×36⟩o`)
  })

  test('says a run of hidden characters once, with its length', () => {
    expect(visible(`a${'\u200b'.repeat(5000)}b`)).toBe('a⟨U+200B ×5000⟩b')
  })

  test.each([
    ['p\u0430ypal', 'pа⟨U+0430⟩ypal'],
    ['Pay \u0410\u0421\u041c\u0415 Ltd', 'Pay АСМЕ⟨U+0410 U+0421 U+041C U+0415⟩ Ltd'],
    ['прив\u0065т', 'привe⟨U+0065⟩т'],
    ['1O0.00', '1O⟨U+004F⟩0.00'],
    ['\u2212500 EUR', '−⟨U+2212⟩500 EUR'],
    ['\u{1d7cf}00', '𝟏⟨U+1D7CF⟩00'],
    ['\uff11\uff10', '１０⟨U+FF11 U+FF10⟩'],
    ['1\u0660', '1٠⟨U+0660⟩'],
    ['bank.example\u2215pay', 'bank.example∕⟨U+2215⟩pay'],
  ])('says of %s what it is', (text, shown) => {
    expect(visible(text).replaceAll(/[\u2068\u2069]/g, '')).toBe(shown)
  })

  test.each(['Größe 5 kΩ', 'Москва', 'Αθήνα 2026', '10–20 °C', '日本語１０', 'naïve café', '4711', 'ISO 8601', '👨‍👩‍👧 👍🏽 🇩🇪 1️⃣'])(
    'leaves %s alone',
    (text) => expect(visible(text)).toBe(text),
  )

  test('keeps what is written from the right apart from what stands around it', () => {
    expect(visible('שלום 100')).toBe('\u2068שלום 100\u2069')
  })
})
