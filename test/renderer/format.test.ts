import { afterEach, describe, expect, test, vi } from 'vitest'
import { asWords, bytes, isInstant, money, shortSpan, span, urgency, when, withInstants } from '../../renderer/format.ts'
import { localeOf, systemLanguage } from '../../renderer/language.ts'

const minute = 60_000
const hour = 60 * minute

describe('how values are written', () => {
  test('writes an amount with no fewer digits than were received', () => {
    expect(money('1240.00', 'EUR')).toMatch(/1[.,\s]?240[.,]00/)
    expect(money('0.12345678', 'EUR')).toMatch(/0[.,]12345678/)
    expect(money('999999999999999999.99', 'USD').replace(/[^\d]/g, '')).toBe('99999999999999999999')
    expect(money(310, null)).toBe('310')
  })

  test('writes what is no number as it came', () => {
    expect(money('about ten', 'EUR')).toBe('about ten EUR')
  })

  test('writes spans in at most two units', () => {
    const spans = [9_000, 75_000, 40 * minute, 3 * hour + 20 * minute, 5 * hour, 50 * hour]
    expect(spans.map(span)).toEqual(['9 s', '1 min 15 s', '40 min', '3 h 20 min', '5 h', '2 d 2 h'])
    expect(spans.map(shortSpan)).toEqual(['1 min', '1 min', '40 min', '3 h', '5 h', '2 d'])
  })

  test('groups deadlines by the reader’s own day', () => {
    const now = new Date(2026, 10, 21, 12).getTime()
    const at = (ms: number) => new Date(now + ms).toISOString()
    const groups = [at(-1), at(hour), at(13 * hour), at(40 * 24 * hour), null].map((due) => urgency(due, now))
    expect(groups).toEqual(['overdue', 'today', 'week', 'later', 'none'])
  })

  test('says an instant by its day where that is near, and by its year where that is another', () => {
    const now = new Date(2026, 10, 21, 12).getTime()
    const at = (...parts: [number, number, number, number, number]) => when(new Date(...parts).toISOString(), now)
    expect(at(2026, 10, 21, 13, 53)).toMatch(/^today, .*53/)
    expect(at(2026, 10, 22, 0, 1)).toMatch(/^tomorrow, /)
    expect(at(2026, 10, 20, 23, 59)).toMatch(/^yesterday, /)
    expect(at(2026, 10, 25, 9, 0)).not.toMatch(/2026|day/)
    expect(at(2027, 0, 4, 9, 0)).toContain('2027')
  })

  test('writes the instants of a sentence for the reader and leaves all else as it is', () => {
    const now = Date.parse('2026-11-21T12:00:00Z')
    const due = '2026-11-23T18:47:57.753Z'
    expect(withInstants(`Asked kim@example.com, until ${due}`, now)).toBe(`Asked kim@example.com, until ${when(due, now)}`)
    expect(withInstants(`It was approved by Kim at ${due}.`, now)).toBe(`It was approved by Kim at ${when(due, now)}.`)
    expect(withInstants('Failed; retries at 2026-11-21T12:05:00Z', now)).toBe(
      `Failed; retries ${when('2026-11-21T12:05:00Z', now)}`,
    )
    for (const text of ['Invoice 2026-11-23', 'v2026-11-23T18', 'run-2026-11-23T18:47:57.753Zulu', 'T18:47Z']) {
      expect(withInstants(text, now)).toBe(text)
    }
    expect(['2026-11-23T18:47:57Z', '2026-11-23T18:47:57+01:00', '2026-13-40T99:99:99Z', `on ${due}`, ''].map(isInstant)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ])
  })

  test('reads a type as words', () => {
    expect(['wire_transfer', 'refund', '__', 'dns-change'].map(asWords)).toEqual(['wire transfer', 'refund', '__', 'dns change'])
  })

  test('writes sizes', () => {
    expect([0, 1000, 2048, 300_000, 5_000_000].map(bytes)).toEqual(['0 bytes', '1,000 bytes', '2.0 KB', '293 KB', '4.8 MB'])
  })
})

describe('in German', () => {
  afterEach(() => vi.resetModules())

  test('amounts, days, spans and sizes are written as there', async () => {
    vi.resetModules()
    const { catalogue } = await import('../../renderer/de/catalogue.ts')
    const { speak } = await import('../../renderer/language.ts')
    speak('de', catalogue)
    const german = await import('../../renderer/format.ts')
    const now = new Date(2026, 10, 21, 12).getTime()
    expect(german.money('1240.00', 'EUR')).toBe('1.240,00\u00a0€')
    expect(german.count(12_345)).toBe('12.345')
    expect(german.when(new Date(2026, 10, 21, 13, 53).toISOString(), now)).toBe('heute, 13:53')
    expect(german.when(new Date(2027, 0, 4, 9, 0).toISOString(), now)).toBe('4. Jan. 2027, 09:00')
    expect(german.ago(new Date(now - 3 * hour).toISOString(), now)).toBe('vor 3 Stunden')
    expect([9_000, 3 * hour + 20 * minute, 50 * hour].map(german.span)).toEqual(['9 s', '3 h 20 min', '2 Tg. 2 h'])
    expect([1000, 2048].map(german.bytes)).toEqual(['1.000 Byte', '2,0 KB'])
  })
})

describe('the language', () => {
  test('is the first of the reader’s own that there is, with their region', () => {
    expect([['de-AT', 'en'], ['fr-FR', 'de'], ['EN-gb'], ['fr'], []].map(systemLanguage)).toEqual(['de', 'de', 'en', 'en', 'en'])
    expect(localeOf('de', ['en-US', 'de-CH'])).toBe('de-CH')
    expect(localeOf('de', ['en-US'])).toBe('de')
  })
})
