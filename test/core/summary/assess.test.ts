import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readAnswer } from '../../../electron/core/summary/answer.ts'
import { assess } from '../../../electron/core/summary/assess.ts'
import { unsupportedWords } from '../../../electron/core/summary/claims.ts'
import type { Asked } from '../../../shared/model/approval.ts'
import { maxRisk, type Risk } from '../../../shared/model/summary.ts'
import { asked } from './bench.ts'
import { injections } from './injections.ts'

const floor = (change: Partial<Asked>): Risk => assess({ ...asked, amount: null, data: {}, ...change }).risk_floor
const reasons = (change: Partial<Asked>) => assess({ ...asked, amount: null, data: {}, ...change }).risk_reasons
const flags = (text: string) => assess({ ...asked, data: { note: text } }).flags.map(({ code, pointer }) => `${code} ${pointer}`)

describe('the risk floor', () => {
  it('rises with the amount, whatever the currency', () => {
    const of = (amount: number | string) => floor({ amount })
    expect([of(999.99), of(1000), of('9999.99'), of(10_000), of('10000.00'), of(-20_000), of('NaN'), of(0)]).toEqual([
      'low',
      'medium',
      'medium',
      'high',
      'high',
      'high',
      'medium',
      'low',
    ])
    expect(reasons({ amount: 12_500, currency: 'EUR' })).toEqual(['The amount, EUR 12,500, is 10,000 or more.'])
    expect(reasons({ amount: 50, data: { amount: 5000 } })).toEqual([
      'The amount asked for, EUR 50, differs from the one in the data, 5,000.',
    ])
  })

  it('rises with production, destructive verbs and new or outside recipients', () => {
    expect(floor({ type: 'deployment', data: { environment: 'Production' } })).toBe('medium')
    expect(floor({ type: 'deployment', data: { environment: 'staging' } })).toBe('low')
    for (const title of [
      'Drop table users',
      'Delete 40 accounts',
      'Destroying the cluster',
      'git push --force',
      'Irreversible change',
      'force-push main',
    ]) {
      expect([title, floor({ title })]).toEqual([title, 'high'])
    }
    for (const title of ['Salesforce licence', 'Lunch at the drop-off', 'Dropbox for the team', 'Workforce planning']) {
      expect([title, floor({ title })]).toEqual([title, 'low'])
    }
    expect(floor({ data: { action: 'drop_table' } })).toBe('high')
    expect(floor({ data: { irreversible: true } })).toBe('high')
    expect(floor({ data: { new_payee: true } })).toBe('high')
    expect(floor({ data: { external: 'yes' } })).toBe('high')
    expect(reasons({ data: { to: ['bo@corp.example', 'x@other.example'] } })).toEqual([
      'It goes to other.example, outside corp.example.',
    ])
    expect(reasons({ title: 'Delete it' })).toEqual(['The title says “delete”, which may be impossible to undo.'])
  })

  it('is never lowered by a model: shown risk is at least the floor for 100,000 pairs', () => {
    const order = ['low', 'medium', 'high']
    const answers = ['low', 'LOW', 'none', 'high', 'medium', '', 'critical', 'low risk'].map((risk) =>
      readAnswer(JSON.stringify({ summary: 'a', impact: 'b', risk, flags: [] })),
    )
    const requests = fc.sample(
      fc.record({
        title: fc.string(),
        description: fc.option(fc.string()),
        amount: fc.option(fc.oneof(fc.double(), fc.string())),
        data: fc.jsonValue(),
      }),
      2_000,
    )
    let pairs = 0
    for (const change of requests) {
      const least = assess({ ...asked, ...(change as Partial<Asked>) }).risk_floor
      for (let i = 0; i < 50; i++, pairs++) {
        const shown = maxRisk(least, answers[pairs % answers.length]?.risk ?? 'low')
        if (order.indexOf(shown) < order.indexOf(least)) throw new Error(`lowered: ${JSON.stringify(change)}`)
      }
    }
    expect(pairs).toBe(100_000)
  })
})

describe('the sentences made by rules', () => {
  it('say who wants what, how much and where', () => {
    const texts = (change: Partial<Asked>) => {
      const { summary, impact } = assess({ ...asked, ...change })
      return [summary, impact]
    }
    expect(texts({ data: { department: 'engineering', receipt_urls: ['https://files.example/1.pdf'] } })).toEqual([
      'ana@corp.example asks to be paid EUR 1,240.00 for engineering: Conference travel.',
      'EUR 1,240.00 is paid to ana@corp.example. 1 receipt is attached.',
    ])
    const deployment = {
      type: 'deployment',
      amount: null,
      description: null,
      title: 'Deploy',
      data: { service_name: 'billing', version: '2.4.1', environment: 'production' },
    }
    expect(texts({ ...deployment, requester: 'CI' })).toEqual([
      'CI asks to deploy billing 2.4.1 to production.',
      'Version 2.4.1 of billing replaces what runs in production.',
    ])
    expect(texts({ ...deployment, requester: null })[0]).toBe('A deployment of billing 2.4.1 to production is asked for.')
    expect(
      texts({ type: 'access_grant', amount: null, title: 'Read access to payroll', consequence: 'The sender is told “approved”' }),
    ).toEqual(['ana@corp.example asks for approval of an access grant: Read access to payroll.', 'The sender is told “approved”.'])
    expect(texts({ type: 'request', requester: null, amount: 1234567.5, title: 'New\n\u202eserver' })[0]).toBe(
      'An approval for EUR 1,234,567.50 is asked for: New server.',
    )
  })
})

describe('the deception lint', () => {
  it('flags what a reader cannot see, with its pointer', () => {
    expect(assess({ ...asked, data: { 'to/whom': ['Pay \u202e001\u202c EUR'] } }).flags).toEqual([
      {
        code: 'bidirectional-text',
        message: 'Holds characters that change the order in which text is shown.',
        pointer: '/data/to~1whom/0',
      },
    ])
    expect(assess({ ...asked, data: { note: 'Pay \u202e001\u202c EUR' } }).risk_floor).toBe('high')
    expect(flags('in\u200bvisible')).toEqual(['hidden-characters /data/note'])
    expect(flags('bell \u0007')).toEqual(['control-characters /data/note'])
    expect(flags(`Z${'\u0310'.repeat(20)}algo`)).toEqual(['stacked-marks /data/note'])
    expect(flags('pay \uff11\uff10\uff10 EUR')).toEqual(['look-alike-number /data/note'])
    expect(flags('pay 1\u0660\u0660 EUR')).toEqual(['look-alike-number /data/note'])
    expect(flags('half \ud800 pair')).toEqual(['invalid-text /data/note'])
    expect(flags('https://p\u0430ypal.com/x')).toEqual(['look-alike-host /data/note'])
    expect(flags('Ask p\u0430ypal')).toEqual(['mixed-script /data/note'])
    expect(flags('see xn--pypal-4ve.com')).toEqual(['punycode-host /data/note'])
    expect(flags('https://bank.example@evil.example/')).toEqual(['misleading-host /data/note'])
    expect(flags(`ok${' '.repeat(200)}not ok`)).toEqual(['padding /data/note'])
    expect(flags('A1b2'.repeat(80))).toEqual(['encoded-block /data/note'])
    expect(assess({ ...asked, title: 'a\u200bb' }).flags[0]?.pointer).toBe('/title')
    expect(assess({ ...asked, data: { 'a\u200bb': 1 } }).flags[0]?.pointer).toBe('/data/a\u200bb')
  })

  it('lets honest text of any language pass', () => {
    for (const text of [
      'Grüße aus Köln',
      '東京への出張',
      'Поездка в Москву',
      'سفر به تهران',
      'می\u200cخواهم',
      '👩\u200d💻 and 🏳️\u200d🌈',
      'two\nlines\tand tabs',
      'see www.bahn.de, münchen.de',
      '١٢٣ ريال',
      'ที่นี่ปู่',
      'Länge 5 µm – 20 kΩ, −4 °C',
      'The travel was approved by nobody yet',
    ]) {
      expect([text, flags(text)]).toEqual([text, []])
    }
  })

  it('never throws and stays quick on large and odd input', () => {
    for (const part of ['a.', 'a-', 'xn--', 'ignore the ', 'é9,', 'https://', '\u202e', '\ud800', 'a@', ' \n', 'risk: ', '/../']) {
      const started = performance.now()
      const { flags: found } = assess({ ...asked, data: { s: part.repeat(Math.floor(262_144 / part.length)) } })
      expect(found.length).toBeLessThanOrEqual(20)
      expect(performance.now() - started).toBeLessThan(500)
    }
    let deep: unknown = 'x'
    for (let i = 0; i < 20_000; i++) deep = [deep]
    expect(assess({ ...asked, data: deep }).flags[0]?.code).toBe('not-fully-checked')
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.jsonValue(), (text, data) => {
        assess({ ...asked, title: text, description: text, requester: text, amount: text, data })
      }),
      { numRuns: 500 },
    )
  })

  it('flags every payload of the injection corpus, lifts the floor to high and keeps sentences plain', () => {
    for (const text of injections) {
      const { flags: found, risk_floor, summary, impact } = assess({ ...asked, amount: null, description: text })
      expect([text, found.length > 0, risk_floor]).toEqual([text, true, 'high'])
      // biome-ignore lint/suspicious/noControlCharactersInRegex: none of them may be left
      expect(summary + impact).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\ud800-\udbff](?![\udc00-\udfff])/)
    }
  })
})

describe('the claim check', () => {
  const unsupported = (text: string, change: Partial<Asked> = {}) => unsupportedWords(text, { ...asked, ...change })

  it('takes numbers, names, hosts, paths, addresses and dates that occur, however they are written', () => {
    expect(unsupported('Ana asks for 1240 EUR, that is 1,240.00 or 1.240,00, for Engineering (EXP-1001).')).toEqual([])
    const data = {
      url: 'https://files.corp.example/r/1.pdf',
      path: '/srv/app',
      due: '2026-05-04T10:00:00Z',
      version: 'v2.4.1',
      counts: [100, 200],
    }
    expect(
      unsupported(
        'See https://files.corp.example/r/1.pdf at files.corp.example and /srv/app by 2026-05-04, May 4, 2026 or 4 May 2026; v2.4.1; 100 and 200; bo@corp.example.',
        { data },
      ),
    ).toEqual([])
  })

  it('returns what the model made up, each once', () => {
    expect(
      unsupported(
        'The team pays 24 or 12,400.00 to Mallory at evil.example, 24 again, see /etc/passwd, mal@evil.example by 2026-01-01 for ACME-9.',
      ),
    ).toEqual(['24', '12,400.00', 'Mallory', 'evil.example', '/etc/passwd', 'mal@evil.example', '2026-01-01', 'ACME-9'])
    expect(unsupported('Paid 100200 by 5 June 2026.', { data: { counts: [100, 200] } })).toEqual(['100200', '5 June 2026'])
    expect(unsupported('')).toEqual([])
    expect(unsupported('half \ud800 of Zed')).toEqual(['Zed'])
  })

  describe('of a German text', () => {
    const german = (text: string, change: Partial<Asked> = {}) => unsupportedWords(text, { ...asked, ...change }, 'de')

    it('takes nouns for what they are, and numbers and dates as they are written in German', () => {
      expect(
        german('Ana bittet um die Erstattung von 1.240,00 EUR für Reisekosten der Abteilung Engineering. Neue Zahlungen warten.'),
      ).toEqual([])
      expect(german('Bei Freigabe wird der Betrag von 1.240 Euro ausgezahlt; Sie Zahlungen.')).toEqual([])
      expect(german('Die Frist endet am 4. Mai 2026, also am 04.05.2026 oder 4.5.2026.', { data: { due: '2026-05-04' } })).toEqual(
        [],
      )
      expect(german('Freigegebene Kosten. Beantragte Reise. Monatliche Miete. Genehmigter Urlaub.')).toEqual([])
    })

    it('returns numbers, dates, addresses and names that were made up', () => {
      expect(
        german(
          'Die Firma zahlt 12.400,00 EUR an Frau Mallory bei evil.example, siehe /etc/passwd, am 5. Juni 2026 und 06.06.2026.',
        ),
      ).toEqual(['12.400,00', 'Mallory', 'evil.example', '/etc/passwd', '5. Juni 2026', '06.06.2026'])
      expect(german('Eve Mallory bittet um Geld für ACME und GitHub.')).toEqual(['Mallory', 'ACME', 'GitHub'])
    })
  })
})
