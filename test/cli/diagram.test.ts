import { expect, it } from 'vitest'
import { runText } from '../../electron/cli/diagram.ts'
import type { RunItem, RunStep } from '../../shared/model/run.ts'

const run: RunItem = {
  id: 'run_1',
  workflow: 'expense',
  type: 'expense',
  title: 'Expense \u202e7',
  source: 'src_1',
  source_name: 'shop',
  status: 'waiting',
  input: null,
  result: null,
  error: null,
  created_at: '2026-03-02T09:00:00.000Z',
  completed_at: null,
  progress: { done: 1, current: 'manager', total: 3 },
  deliveries: [],
  revision: 1,
}

const step = (key: string, changes: Partial<RunStep>): RunStep => ({
  key,
  kind: 'step',
  state: 'done',
  attempts: 1,
  started_at: '2026-03-02T09:00:00.000Z',
  ended_at: null,
  due_at: null,
  text: '',
  error: null,
  approval_id: null,
  child_id: null,
  ...changes,
})

const now = Date.parse('2026-03-02T10:00:00.000Z')

it('A run is drawn step by step, with what each did or waits for', () => {
  const steps = [
    step('quote', { ended_at: '2026-03-02T09:00:01.500Z', result: { amount: 120 } }),
    step('manager', {
      kind: 'approval',
      state: 'waiting',
      started_at: '2026-03-02T09:00:02.000Z',
      due_at: '2026-03-02T12:00:00.000Z',
      text: 'waits for ana@example.com',
      approval_id: 'apr_1',
    }),
    step('notify', { state: 'retrying', attempts: 3, due_at: '2026-03-02T10:05:00.000Z', error: 'ECONNREFUSED' }),
  ]
  const lines = runText({ run, steps, entries: [] }, now).split('\n')
  expect(lines[0]).toBe('Expense \\u{202e}7')
  const at = (start: string) => lines.findIndex((line) => line.startsWith(start))
  expect(lines[at('✓')]).toBe('✓ quote    step      done')
  expect(lines[at('✓') + 1]).toMatch(/^│ {3}2026-03-02 .*, took 1\.5 s$/)
  expect(lines[at('✓') + 2]).toBe('│   = {"amount":120}')
  expect(lines[at('●')]).toBe('● manager  approval  waiting  apr_1')
  expect(lines[at('●') + 1]).toMatch(/^│ {3}waits for ana@example\.com · since .*, due .* \(in 2 h\)$/)
  expect(lines[at('↻')]).toBe('↻ notify   step      retrying')
  expect(lines[at('↻') - 1]).toBe('║')
  expect(lines[at('↻') + 1]).toMatch(/3 attempts · .*next try .*\(in 5 min\)$/)
  expect(lines[at('↻') + 2]).toBe('│   ! ECONNREFUSED')
  expect(lines.at(-1)).toBe('┆')
})

it('A run that ended says how', () => {
  const last = (changes: Partial<RunItem>) =>
    runText({ run: { ...run, ...changes }, steps: [], entries: [] }, now)
      .split('\n')
      .at(-1)
  expect(last({ status: 'completed', result: { status: 'approved' } })).toBe('└ ✓ ended: {"status":"approved"}')
  expect(last({ status: 'needs_review', error: 'Step "pay" failed' })).toBe('└ ✗ waits for a person to retry it: Step "pay" failed')
  expect(last({ status: 'cancelled' })).toBe('└ ○ cancelled')
})
