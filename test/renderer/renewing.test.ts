import { afterEach, expect, test, vi } from 'vitest'
import { renewing } from '../../renderer/store/renewing.ts'

const turn = () => new Promise((resolve) => setImmediate(resolve))

afterEach(() => void vi.useRealTimers())

function scene(pauseMs?: number) {
  const open: (() => void)[] = []
  const asked: string[] = []
  const renewed = renewing((key) => {
    asked.push(key)
    return new Promise((resolve) => open.push(resolve))
  }, pauseMs)
  const answer = async () => {
    open.shift()?.()
    await turn()
  }
  return { ...renewed, asked, answer }
}

test('what is asked for while an answer is on its way is asked once more, and only then', async () => {
  const { load, isLoading, asked, answer } = scene()
  void load('run_1')
  void load('run_1')
  void load('run_1')
  expect(asked).toEqual(['run_1'])
  await answer()
  expect(asked).toEqual(['run_1', 'run_1'])
  await answer()
  expect(asked).toHaveLength(2)
  expect(isLoading('run_1')).toBe(false)
})

test('others do not wait for it', async () => {
  const { load, asked, answer, isLoading } = scene()
  void load('run_1')
  void load('run_2')
  expect(asked).toEqual(['run_1', 'run_2'])
  await answer()
  expect([isLoading('run_1'), isLoading('run_2')]).toEqual([false, true])
})

test('what changes all the time is asked for again after a pause, once', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout'] })
  const { load, isLoading, asked, answer } = scene(300)
  void load('run_1')
  void load('run_1')
  await answer()
  void load('run_1')
  await vi.advanceTimersByTimeAsync(299)
  expect([asked, isLoading('run_1')]).toEqual([['run_1'], true])
  await vi.advanceTimersByTimeAsync(1)
  expect(asked).toHaveLength(2)
  await answer()
  expect(isLoading('run_1')).toBe(false)
})
