import { readFileSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { startHeadless } from '../../../electron/headless/host.ts'
import { newHome, silentLog } from '../../support/app.ts'
import { blocksOf, differences, examplesOf } from '../../support/markdown.ts'
import { runExamples } from '../../support/pages.ts'
import { openScene } from './scene.ts'

const page = readFileSync(join(import.meta.dirname, '../../../docs/people.md'), 'utf8')

it('docs/people.md shows a config.yaml that can be used as it stands', async () => {
  const shown = blocksOf(page).flatMap(({ language, text }) => (language === 'yaml' ? [text] : []))
  const scene = await openScene(shown.join(''))
  const { people, groups, delegations } = scene.people.view()
  await scene.close()
  expect(people.map(({ email, contact }) => [email, contact])).toEqual([
    ['bo@example.com', false],
    ['ana@example.com', true],
    ['cy@example.com', true],
    ['di@example.com', true],
  ])
  expect([groups.length, delegations.length]).toEqual([2, 1])
})

it('docs/people.md has examples that work in their order and answer as it says', { timeout: 60_000 }, async () => {
  const home = newHome()
  writeFileSync(join(home, 'config.yaml'), '# ours\nmodel:\n  enabled: false\n')
  const host = await startHeadless({ home, port: 0, owner: 'ana@example.com', log: silentLog })
  const examples = examplesOf(page)
  const ran = await runExamples(examples, { home, replace: { 'http://127.0.0.1:7171': host.url } })
  await host.stop()
  const written = readFileSync(join(home, 'config.yaml'), 'utf8')
  await rm(home, { recursive: true })

  expect(ran.map(({ code }) => code)).toEqual(examples.map(({ exits }) => exits))
  examples.forEach(({ answer }, index) => {
    const { out } = ran[index]!
    if (answer?.language === 'json') expect(differences(JSON.parse(out), JSON.parse(answer.text), false), out).toEqual([])
    else if (answer) expect(out.trim()).toBe(answer.text.trim())
  })
  expect(written).toMatch(/^# ours\n[\s\S]*finance:\n {4}label: Finance/)
})
