import { expect, test } from 'vitest'
import { asksMe } from '../../renderer/asked.ts'

test('a request asks whom it names, however the address is spelled, and everybody when it names nobody', () => {
  const approvers = ['Tom@example.com', 'grace+inbox@example.com']
  expect(asksMe({ approvers }, 'grace@example.com')).toBe(true)
  expect(asksMe({ approvers }, 'ana@example.com')).toBe(false)
  expect(asksMe({ approvers: [] }, 'ana@example.com')).toBe(true)
})
