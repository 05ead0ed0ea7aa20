import { describe, expect, test } from 'vitest'
import { toFailure } from '../../renderer/failure.ts'
import { bindings, commandFor } from '../../renderer/keys.ts'
import { toHash, toRoute } from '../../renderer/route.ts'
import { fromProblem } from '../../shared/contract/problem.ts'

describe('the address', () => {
  test('leads back to where it was made', () => {
    const routes = [
      { view: 'inbox', id: null, search: '', status: '', sort: '' },
      { view: 'inbox', id: 'apr_1', search: 'two words & more', status: '', sort: '' },
      { view: 'done', id: 'a/b', search: '', status: 'rejected', sort: '' },
      { view: 'settings', id: null, search: '', status: '', sort: '' },
    ] as const
    expect(routes.map((route) => toRoute(toHash(route)))).toEqual(routes)
  })

  test('opens the inbox when it cannot be read', () => {
    expect(toRoute('#/nowhere/%E0%A4%A').view).toBe('inbox')
  })
})

describe('the keys', () => {
  test('ignore letter case and know two-key words', () => {
    expect(commandFor('A', '').command).toBe('approve')
    expect(commandFor('G', '')).toEqual({ command: null, prefix: 'g' })
    expect(commandFor('s', 'g').command).toBe('settings')
    expect(commandFor('r', 'g').command).toBe('review')
    expect(commandFor('r', '').command).toBe('reject')
  })

  test('never decide with Escape, Enter or a key that is used twice', () => {
    const keys = bindings.flatMap((binding) => binding.keys)
    expect(new Set(keys).size).toBe(keys.length)
    expect(bindings.find((binding) => binding.keys.includes('Escape'))?.command).toBe('clear')
    expect(bindings.find((binding) => binding.keys.includes('Enter'))?.group).toBe('Move')
  })
})

describe('failures', () => {
  test('come the same from a problem document and from a port', () => {
    const problem = {
      type: 'about:blank',
      title: 'Decided',
      status: 409,
      detail: 'Kim was first.',
      code: 'already-decided',
      decided_by: 'kim',
    }
    const failure = toFailure(fromProblem(problem, 409))
    expect(failure).toMatchObject({ code: 'already-decided', status: 409, message: 'Kim was first.', data: { decided_by: 'kim' } })
  })

  test('say that nothing answered when the network failed', () => {
    expect(toFailure(new TypeError('Failed to fetch')).code).toBe('offline')
    expect(fromProblem('<html>', 502)).toBeNull()
  })
})
