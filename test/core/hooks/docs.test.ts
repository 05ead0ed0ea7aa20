import { readFileSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openSettings } from '../../../electron/core/settings/settings.ts'
import { startHeadless } from '../../../electron/headless/host.ts'
import { newHome, silentLog } from '../../support/app.ts'
import { blocksOf, differences, examplesOf } from '../../support/markdown.ts'
import { runExamples } from '../../support/pages.ts'

const page = readFileSync(join(import.meta.dirname, '../../../docs/hooks.md'), 'utf8')
const configs = blocksOf(page).flatMap(({ words, text }) => (words[0] === 'hooks' ? [text] : []))
const secret = /SHOP_SECRET=(\S+)/.exec(page)![1]!

test('every hook of docs/hooks.md is one', async () => {
  for (const config of configs) {
    const home = newHome()
    writeFileSync(join(home, 'config.yaml'), config)
    const files = { configFile: join(home, 'config.yaml') }
    const settings = await openSettings({ ...files, environment: {} })
    expect(Object.keys(settings.config.hooks).length).toBeGreaterThan(0)
    await rm(home, { recursive: true })
  }
})

test('the examples of docs/hooks.md work in their order and answer as it says', { timeout: 60_000 }, async () => {
  const home = newHome()
  writeFileSync(join(home, 'config.yaml'), `model:\n  enabled: false\n${configs[0]}`)
  process.env.SHOP_SECRET = secret
  const host = await startHeadless({ home, port: 0, owner: 'ana@example.com', log: silentLog })
  try {
    const examples = examplesOf(page)
    const ran = await runExamples(examples, { home, replace: { 'http://127.0.0.1:7171': host.url } })
    const found = examples.flatMap(({ line, answer }, index) => {
      const { out, code } = ran[index]!
      return [...(code === 0 ? [] : [`exit code ${code}`]), ...differences(JSON.parse(out), JSON.parse(answer!.text), false)].map(
        (problem) => `docs/hooks.md:${line}: ${problem}; it printed ${out}`,
      )
    })
    expect(found).toEqual([])
    expect(examples).toHaveLength(4)
  } finally {
    delete process.env.SHOP_SECRET
    await host.stop()
    await rm(home, { recursive: true, force: true })
  }
})
