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
})
