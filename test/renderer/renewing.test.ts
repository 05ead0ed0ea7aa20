import { expect, test } from 'vitest'
import { renewing } from '../../renderer/store/renewing.ts'

const turn = () => new Promise((resolve) => setImmediate(resolve))

function scene() {
  const open: (() => void)[] = []
  const asked: string[] = []
  const renewed = renewing((key) => {
    asked.push(key)
    return new Promise((resolve) => open.push(resolve))
  })
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
