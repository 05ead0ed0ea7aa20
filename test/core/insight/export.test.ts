import { describe, expect, it } from 'vitest'
import { toCsvLine } from '../../../electron/core/insight/csv.ts'
import { day, minute, type Scene, scene } from './scene.ts'

type Question = {
  readonly format: 'csv' | 'json'
  readonly limit?: number
  readonly type?: string
  readonly from?: string
  readonly to?: string
}

async function whole({ owner }: Scene, question: Question): Promise<{ text: string; pages: number }> {
  let text = ''
  let pages = 0
  let cursor: string | null = null
  do {
    const page: Awaited<ReturnType<typeof owner.insight.export>> = await owner.insight.export({
      ...question,
      ...(cursor === null ? {} : { cursor }),
    })
    text += page.text
    cursor = page.next_cursor
    pages++
  } while (cursor !== null)
  return { text, pages }
}

/** As a reader that keeps to RFC 4180 takes it. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [[]]
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    rows.at(-1)!.push(quoted === undefined ? plain! : quoted.replaceAll('""', '"'))
    if (end === '\r\n') rows.push([])
  }
  return rows.slice(0, -1)
}

describe('an export', () => {
  it('is one CSV file over its pages, which a spreadsheet reads and runs nothing of', async () => {
    const home = await scene()
    await home.decided(
      {
        type: 'refund',
        title: '=HYPERLINK("https://evil.example","Pay")',
        amount: '-12.50',
        currency: 'EUR',
        requester: '+Ada, "A" ',
      },
      'approve',
    )
    await home.decided({ type: 'refund', title: 'Line\r\nbreak', amount: 7 }, 'reject', 90_000, home.bo)
    const { text, pages } = await whole(home, { format: 'csv', limit: 1 })
    expect(pages).toBeGreaterThan(1)
    expect(text.startsWith('\ufeff')).toBe(true)
    const [head, first, second, ...rest] = parseCsv(text.slice(1))
    expect(rest).toEqual([])
    const cells = (row: readonly string[]) => Object.fromEntries(head!.map((name, index) => [name, row[index]]))
    expect(cells(first!)).toMatchObject({
      title: '\'=HYPERLINK("https://evil.example","Pay")',
      requester: '\'+Ada, "A"',
      amount: '-12.50',
      currency: 'EUR',
      decision: 'approved',
      asked_at: '2026-03-02T09:00:00.000Z',
      decided_at: '2026-03-02T09:01:00.000Z',
      seconds_to_decide: '60',
      decided_by_kind: 'person',
      comment: '',
    })
    expect(cells(second!)).toMatchObject({
      title: 'Line\r\nbreak',
      decision: 'rejected',
      decided_by: 'bo@example.com',
      comment: 'No',
    })
  })

  it('is one JSON document over its pages, with the period and the type that were asked for', async () => {
    const home = await scene()
    for (const type of ['refund', 'deployment', 'refund']) {
      await home.decided({ type, title: `A ${type}`, amount: '10.00', currency: 'EUR' }, 'approve')
      home.clock.advance(day - minute)
    }
    await home.ask({ type: 'refund', title: 'Waits' })
    for (const limit of [1, 2, 1000]) {
      const all = JSON.parse((await whole(home, { format: 'json', limit })).text)
      expect(all.map((row: { title: string }) => row.title)).toEqual(['A refund', 'A deployment', 'A refund'])
      const refunds = JSON.parse((await whole(home, { format: 'json', limit, type: 'refund' })).text)
      expect(refunds).toHaveLength(2)
    }
    const [one, ...others] = JSON.parse(
      (await whole(home, { format: 'json', from: '2026-03-03T00:00:00Z', to: '2026-03-04T00:00:00Z' })).text,
    )
    expect(others).toEqual([])
    expect(one).toMatchObject({ type: 'deployment', amount: '10.00', currency: 'EUR', decided_at: '2026-03-03T09:01:00.000Z' })
    expect((await whole(home, { format: 'json', type: 'nothing' })).text).toBe('[\n]\n')
    await expect(home.owner.insight.export({ format: 'csv', cursor: 'nonsense' })).rejects.toMatchObject({ code: 'invalid-input' })
  })
})

describe('a cell', () => {
  it('that a spreadsheet would run begins with an apostrophe; figures and plain text stay as they are', () => {
    const cells = ['=1+1', '+1 800', '-cmd', '@SUM(A1)', '\tx', '\rx', '＝1', '-5', '-5.25', 7, true, null, 'a "b", c', "it's"]
    expect(toCsvLine(cells)).toBe('\'=1+1,\'+1 800,\'-cmd,\'@SUM(A1),\'\tx,"\'\rx",\'＝1,-5,-5.25,7,true,,"a ""b"", c",it\'s\r\n')
  })
})
