import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { newHome, openTestApp, type TestApp } from '../../support/app.ts'

let scene: TestApp | null = null
afterEach(() => scene?.remove())

const greet = (says: string) => `
import { defineWorkflow } from 'countersign/workflow'
import * as z from 'zod'
export const greet = defineWorkflow({
  name: 'greet',
  input: z.object({ name: z.string() }),
  run: (wf, { name }) => wf.step('greet', () => '${says} ' + name),
})
`

describe('a workflow of the home', () => {
  it('is listed, started by its name, waited for, and loaded again', async () => {
    const home = newHome()
    mkdirSync(join(home, 'workflows'))
    const put = (name: string, text: string) => writeFileSync(join(home, 'workflows', name), text)
    put('greet.ts', greet('Hello'))
    put('bad.ts', '((')
    scene = await openTestApp({ home })
    const { owner, source } = scene
    const run = async () => {
      const { task_id } = await source.workflows.start({ name: 'greet', title: 'Say hello', input: { name: 'Ada' } })
      return (await source.tasks.wait({ task_id, timeout_seconds: 10 })).result
    }
    expect(await run()).toBe('Hello Ada')
    const { items } = await owner.workflows.list({})
    expect(items.filter(({ origin }) => origin !== 'built-in')).toEqual([
      expect.objectContaining({ name: 'bad', origin: 'bad.ts', error: expect.stringMatching(/^line 1: /) }),
      expect.objectContaining({ name: 'greet', origin: 'greet.ts', version: 1, error: null }),
    ])
    put('greet.ts', greet('Good day,'))
    await owner.workflows.reload({})
    expect(await run()).toBe('Good day, Ada')
  })

  it('is started by sources alone, with an input that fits, and never in place of one that is built in', async () => {
    const home = newHome()
    mkdirSync(join(home, 'workflows'))
    writeFileSync(join(home, 'workflows', 'greet.ts'), greet('Hello'))
    scene = await openTestApp({ home })
    const { owner, source } = scene
    await expect(owner.workflows.start({ name: 'greet' })).rejects.toMatchObject({ code: 'forbidden' })
    await expect(source.workflows.start({ name: 'nobody' })).rejects.toMatchObject({ code: 'not-found' })
    await expect(source.workflows.start({ name: 'expense', input: {} })).rejects.toMatchObject({ code: 'forbidden' })
    await expect(source.workflows.start({ name: 'greet', input: { name: 1 } })).rejects.toMatchObject({
      code: 'invalid-input',
      data: { errors: [{ pointer: '/input/name' }] },
    })
  })
})
