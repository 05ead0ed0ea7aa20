import { describe, expect, it } from 'vitest'
import { brief } from '../../electron/cli/card.ts'
import { askAbout, type Reply } from '../../electron/cli/watch/question.ts'
import type { Terminal } from '../../electron/cli/watch/terminal.ts'
import type { ApprovalItem } from '../../shared/model/approval.ts'
import { approvalItem } from './items.ts'

/** A terminal in front of which somebody types these lines; then the input ends. */
function typing(lines: readonly string[], edits: readonly (string | null)[] = []) {
  const typed = [...lines]
  const files = [...edits]
  const screen: string[] = []
  const given: string[] = []
  const terminal: Terminal = {
    say: (text) => void screen.push(text),
    async ask(question) {
      screen.push(question)
      return typed.shift() ?? null
    },
    async edit(text) {
      given.push(text)
      return files.shift() ?? null
    },
  }
  return { terminal, screen, given, left: typed }
}

const never = new AbortController().signal

async function answering(changes: Partial<ApprovalItem>, lines: readonly string[], edits: readonly (string | null)[] = []) {
  const scene = typing(lines, edits)
  const reply: Reply = await askAbout(approvalItem(changes), scene.terminal, never)
  return { ...scene, reply, input: reply.kind === 'decide' ? reply.input : null }
}

describe('Somebody in front of the terminal', () => {
  it.each<[string, readonly string[], object | string]>([
    ['approves', ['y'], { decision: 'approve' }],
    ['approves with a comment', ['y seen the photo'], { decision: 'approve', comment: 'seen the photo' }],
    ['rejects with a reason', ['N', 'no photo'], { decision: 'reject', comment: 'no photo' }],
    ['rejects without a reason', ['n', ''], { decision: 'reject' }],
    ['rejects in one line', ['n no photo'], { decision: 'reject', comment: 'no photo' }],
    ['thinks better of rejecting', ['n', '.', 'y'], { decision: 'approve' }],
    ['sends it back', ['s', 'Which photo?'], { decision: 'send_back', comment: 'Which photo?' }],
    ['thinks better of sending it back', ['s', '', 'n no'], { decision: 'reject', comment: 'no' }],
    ['decides for somebody else', ['f bob@example.com', 'y'], { decision: 'approve', on_behalf_of: 'bob@example.com' }],
    ['decides for themselves after all', ['f bob@example.com', 'f', 'y'], { decision: 'approve' }],
    ['leaves it', [''], 'leave'],
    ['quits', ['q'], 'quit'],
    ['goes away', [], 'quit'],
    ['is told what there is', ['?', 'maybe', 'y'], { decision: 'approve' }],
  ])('%s', async (_what, lines, expected) => {
    const { reply, left } = await answering({}, lines)
    expect(reply).toEqual(typeof expected === 'string' ? { kind: expected } : { kind: 'decide', input: expected })
    expect(left).toEqual([])
  })

  it('types the word where the risk is high', async () => {
    const { input, screen } = await answering({ risk: 'high' }, ['y', 'yes', 'y', 'Approve'])
    expect(input).toEqual({ decision: 'approve' })
    expect(screen.filter((line) => line === 'Not approved.')).toHaveLength(1)
    expect((await answering({ risk: 'high' }, ['approve fine'])).input).toEqual({ decision: 'approve', comment: 'fine' })
  })

  it('edits what may be edited, sees the difference and approves it', async () => {
    const editable = ['/reason', '/amount']
    const { input, screen, given } = await answering(
      { editable },
      ['e', 'y', 'e', 'y less'],
      ['{"/reason":"Broken","/amount":', '{"/reason":"Broken","/amount":100}', '{"/reason":"Broken cup","/amount":100}'],
    )
    expect(JSON.parse(given[0]!)).toEqual({ '/reason': 'Broken', '/amount': 120 })
    expect(given[1]).toBe('{"/reason":"Broken","/amount":')
    expect(screen).toContain('  /amount: 120 → 100')
    expect(screen).toContain('Approve with these changes? [y/N/e/s/?] ')
    expect(input).toEqual({ decision: 'approve', changes: { '/reason': 'Broken cup', '/amount': 100 }, comment: 'less' })
  })

  it.each([
    [
      'is told that another value may not be changed',
      { editable: ['/reason'] },
      '{"/order_id":"1"}',
      '/order_id may not be changed. Only /reason may.',
    ],
    ['is told that nothing may be changed', {}, null, 'This request allows no changes.'],
    ['is told that the editor failed', { editable: ['/reason'] }, null, 'The editor ended with an error; nothing was changed.'],
    ['changes nothing', { editable: ['/reason'] }, '{"/reason":"Broken"}', 'Nothing was changed.'],
  ])('%s', async (_what, changes, edit, said) => {
    const { screen, reply } = await answering(changes, ['e', 'n', 'n no'].slice(0, edit?.includes('order') ? 3 : 1), [edit])
    expect(screen.join('\n')).toContain(said)
    expect(['quit', 'decide']).toContain(reply.kind)
  })

  it('answers with an option, a part of the amount, or some of the items', async () => {
    const options = [
      { id: 'half', label: 'Half of it', outcome: 'approved' },
      { id: 'never', label: 'Never again', outcome: 'rejected' },
    ] as const
    expect((await answering({ options }, ['o', 'o half'])).input).toEqual({ option: 'half' })
    expect((await answering({ options, risk: 'high' }, ['o never'])).input).toEqual({ option: 'never' })
    expect((await answering({ partial: true }, ['p', 'p 99.50'])).input).toEqual({ decision: 'approve', amount: '99.50' })
    const items = ['a', 'b'].map((id) => ({ id, type: 'refund', title: id, amount: 1, currency: null, data: null }))
    expect((await answering({ partial: true, items }, ['i a, c', 'i a,b'])).input).toEqual({
      decision: 'approve',
      items: ['a', 'b'],
    })
    expect((await answering({}, ['p 1', ''])).screen).toContain('This request is approved whole or not at all.')
  })

  it('fills in the form of a request', async () => {
    const form = {
      type: 'object',
      required: ['account', 'kind'],
      properties: {
        account: { type: 'integer' },
        kind: { enum: ['cash', 'card'] },
        urgent: { type: 'boolean', default: false },
        note: { type: 'string', title: 'A note' },
      },
    }
    const { input, screen } = await answering({ form }, ['y', '', 'x', '7', 'gold', 'card', '', ''])
    expect(input).toEqual({ decision: 'approve', answer: { account: 7, kind: 'card', urgent: false } })
    expect(screen).toContain('  kind (cash, card; required): ')
    expect(screen.filter((line) => line.startsWith('  That is not'))).toEqual([
      '  That is not a whole number.',
      '  That is not one of them.',
    ])
    expect((await answering({ form }, ['y', '.', 'q'])).reply).toEqual({ kind: 'quit' })
  })

  it('sees what would be hidden in the data', async () => {
    const { screen } = await answering({ data: { to: 'evil\u202egpj.exe\u001b[2J' } }, ['d', ''])
    expect(screen.join('\n')).toContain('evil\\u{202e}gpj.exe\\u001b[2J')
  })

  it('is interrupted by what somebody else did', async () => {
    const overtaken = new AbortController()
    const { terminal } = typing([])
    const waiting = askAbout(
      approvalItem(),
      {
        ...terminal,
        ask: (_, signal) => new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
      },
      overtaken.signal,
    )
    overtaken.abort('Meanwhile it was approved.')
    await expect(waiting).rejects.toBe('Meanwhile it was approved.')
  })
})

describe('In front of the question stands', () => {
  const now = Date.parse('2026-03-02T09:00:00.000Z')

  it('who asks for what, in which step, and how long there is', () => {
    const shown = brief(approvalItem(), now)
    for (const line of [
      /^Refund order 1042\n/,
      /^ {2}Type +refund$/m,
      /^ {2}Step +decision$/m,
      /^ {2}Amount +120 EUR$/m,
      /^ {2}Risk +medium · 120 EUR leave$/m,
      /^ {2}Approvers +ana@example.com$/m,
      /^ {2}Time left +3 h 20 min \(2026-03-02 /m,
    ])
      expect(shown).toMatch(line)
  })

  it('where a chain is, and what was voted', () => {
    const level = (name: string) => ({
      name,
      approvers: [],
      people: [],
      votes: 'any' as const,
      one_rejection_ends: true,
      timeout_ms: null,
      remind_before_ms: [],
      escalate: [],
    })
    const shown = brief(
      approvalItem({
        levels: ['Manager', 'Finance', 'CEO'].map(level),
        progress: { done: 1, current: 'Finance', total: 3 },
        needed: 2,
      }),
      now,
    )
    expect(shown).toMatch(/^ {2}Level +Finance \(2 of 3\): ✓ Manager → ● Finance → ○ CEO$/m)
    expect(shown).toMatch(/^ {2}Votes +0 approved in all; this level needs 2$/m)
  })
})
