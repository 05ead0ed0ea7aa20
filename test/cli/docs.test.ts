import { readFileSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { startHeadless } from '../../electron/headless/host.ts'
import { newHome, silentLog } from '../support/app.ts'
import { examplesOf } from '../support/markdown.ts'
import { runExamples } from '../support/pages.ts'

const page = readFileSync(join(import.meta.dirname, '../../docs/cli.md'), 'utf8')

it('The examples of docs/cli.md work in their order and answer as it says', { timeout: 60_000 }, async () => {
  const home = newHome()
  writeFileSync(join(home, 'config.yaml'), 'model:\n  enabled: false\n')
  const host = await startHeadless({ home, port: 0, owner: 'ana@example.com', log: silentLog })
  const examples = examplesOf(page)
  // What an example writes is written into the home, which goes away.
  const ran = await runExamples(examples, { home, replace: { 'draft.yaml': join(home, 'draft.yaml') } })
  await host.stop()
  await rm(home, { recursive: true, force: true })
  expect(examples.length).toBeGreaterThan(2)
  const found = ran.map(({ out, code }) => ({ code, out: out.trim() }))
  const said = examples.map(({ exits, answer }, index) => ({ code: exits, out: answer?.text.trim() ?? found[index]!.out }))
  expect(found).toEqual(said)
})
