import { expect, it } from 'vitest'
import { untold } from '../../renderer/run-result.ts'

const decision = {
  actor: { id: 'ana@example.com' },
  at: '2026-03-02T09:00:00.000Z',
  comment: 'Fine',
  option: null,
  answer: null,
  on_behalf_of: null,
}
const item = { status: 'approved', decision } as unknown as Parameters<typeof untold>[1]

it('A result says what its heading has not said', () => {
  const said = { status: 'approved', decided_by: 'ana@example.com', decided_at: decision.at, reason: 'Fine', on_behalf_of: null }
  expect(untold(said, item)).toBeNull()
  expect(untold({ ...said, chain: { status: 'fully_approved', levels_completed: 2 } }, item)).toBeNull()
  expect(untold({ ...said, action: { paid: true }, reason: 'Another' }, item)).toEqual({
    action: { paid: true },
    reason: 'Another',
  })
  expect(untold({ ...said, chain: 'of title' }, item)).toEqual({ chain: 'of title' })
})

it('A result that is no object, or that nobody decided, is said whole', () => {
  for (const result of ['done', null, [1]]) expect(untold(result, item)).toBe(result)
  expect(untold({ status: 'approved' }, { ...item, decision: null })).toEqual({ status: 'approved' })
})
