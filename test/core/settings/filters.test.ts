import { readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openSettings } from '../../../electron/core/settings/settings.ts'
import { openTestApp } from '../../support/app.ts'

let home: string
let configFile: string
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'filters-'))
  configFile = join(home, 'config.yaml')
})
afterEach(() => rm(home, { recursive: true, force: true }))

const open = () => openSettings({ configFile, environment: {} })
const text = () => readFile(configFile, 'utf8')
const large = { name: 'Large refunds', view: 'inbox', search: 'type:refund over:1000', sort: 'amount' } as const
const mine = { name: 'From Ana', view: 'all', search: 'from:ana@example.com' } as const

describe('saved filters', () => {
  it('are written into a first file below its explanations, and read again', async () => {
    const settings = await open()
    expect(settings.config.filters).toEqual([])
    expect(await settings.update({ filters: [large, mine] })).toEqual({ ok: true, value: ['filters'] })
    expect(await text()).toContain('# Whose inbox this is.')
    expect((await open()).config.filters).toEqual([large, mine])
  })

  it('keep their comments when they are renamed, moved, and when another one is removed', async () => {
    const third = { name: 'Late', view: 'due_soon', search: 'over:5' } as const
    await writeFile(
      configFile,
      `# mine
filters:
  - name: Large refunds # since May
    view: inbox
    search: "type:refund over:1000" # in EUR
    sort: amount
  # her own
  - name: From Ana
    view: all
    search: from:ana@example.com
  - { name: Late, view: due_soon, search: over:5 }
`,
    )
    const settings = await open()
    expect(settings.config.filters).toEqual([large, mine, third])
    await settings.update({ filters: [mine, { ...large, name: 'Big refunds' }] })
    expect(await text()).toBe(`# mine
filters:
  # her own
  - name: From Ana
    view: all
    search: from:ana@example.com
  - name: Big refunds # since May
    view: inbox
    search: "type:refund over:1000" # in EUR
    sort: amount
`)
  })

  it('leave no empty list behind when the last one is removed', async () => {
    await writeFile(configFile, 'http:\n  port: 7000\nfilters:\n  - { name: A, view: all, search: x }\n')
    const settings = await open()
    await settings.update({ filters: [] })
    expect(await text()).toBe('http:\n  port: 7000\n')
    expect(await settings.update({ filters: [] })).toEqual({ ok: true, value: [] })
  })

  it('are refused by hand where a view is unknown or a name stands twice, with the place', async () => {
    await writeFile(configFile, 'filters:\n  - name: A\n    view: inbx\n  - name: B\n    view: all\n  - name: b\n    view: all\n')
    await expect(open()).rejects.toMatchObject({
      problems: [{ pointer: '/filters/0/view', message: expect.stringMatching(/^line 3, column \d+: /) }],
    })
    await writeFile(configFile, 'filters:\n  - name: B\n    view: all\n  - name: b\n    view: all\n')
    await expect(open()).rejects.toMatchObject({
      problems: [
        { pointer: '/filters/1/name', message: 'line 4, column 5: must be a name that no other saved filter has, not "b"' },
      ],
    })
  })

  it('are at most twenty', async () => {
    const app = await openTestApp()
    const many = Array.from({ length: 21 }, (_, n) => ({ name: `F${n}`, view: 'all' as const, search: `x${n}` }))
    await expect(app.owner.settings.update({ filters: many })).rejects.toMatchObject({ code: 'invalid-input' })
    expect((await app.owner.settings.update({ filters: many.slice(1) })).filters).toHaveLength(20)
    await app.remove()
  })

  it('are journalled, and every window is told that the settings changed', async () => {
    const app = await openTestApp()
    const end = new AbortController()
    const heard: string[] = []
    const changes = await app.owner.events.subscribe({}, { signal: end.signal })
    const listening = (async () => {
      for await (const change of changes) {
        heard.push(change.kind)
        if (change.kind === 'settings') return
      }
    })()
    await app.owner.settings.update({ filters: [large] })
    await listening
    end.abort()
    expect(heard[0]).toBe('hello')
    const journal = readdirSync(join(app.home, 'journal')).filter((name) => name.endsWith('.jsonl'))
    const written = journal.map((name) => readFileSync(join(app.home, 'journal', name), 'utf8')).join('')
    expect(written).toContain('"paths":["filters"]')
    expect((await app.owner.settings.get({})).filters).toEqual([large])
    await app.remove()
  })

  it('are shown by the documentation as they are read', async () => {
    const page = await readFile(join(import.meta.dirname, '../../../docs/configuration.md'), 'utf8')
    await writeFile(configFile, /```yaml filters\n([\s\S]+?)```/.exec(page)![1]!)
    expect((await open()).config.filters).toEqual([large])
  })
})
