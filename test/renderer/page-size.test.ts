import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { answerFromFolder } from '../../electron/desktop/protocol.ts'
import { pageSize } from '../support/page-size.ts'

const root = join(import.meta.dirname, '../..')
const kb = 1024

describe('the built page', () => {
  let folder: string
  let code: ReadonlyMap<string, string>

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'countersign-page-'))
    const mode = process.env.NODE_ENV
    process.env.NODE_ENV = 'production'
    await build({
      configFile: join(root, 'vite.config.ts'),
      root: join(root, 'renderer'),
      logLevel: 'error',
      build: { outDir: folder, emptyOutDir: true },
    })
    process.env.NODE_ENV = mode
    const assets = join(folder, 'assets')
    code = new Map(
      readdirSync(assets)
        .filter((file) => file.endsWith('.js'))
        .map((file) => [file, readFileSync(join(assets, file), 'utf8')]),
    )
  }, 60_000)

  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  const named = (start: string) => [...code].filter(([file]) => file.startsWith(`${start}-`)).map(([, text]) => text)

  test('fetches less than 170 KB before the inbox can be used, and is less than 320 KB in all its languages', ({ annotate }) => {
    const { first, total } = pageSize(folder)
    void annotate(`first screen ${(first / kb).toFixed(1)} KB, all of it ${(total / kb).toFixed(1)} KB, gzip`)
    expect(first).toBeLessThan(170 * kb)
    expect(total).toBeLessThan(320 * kb)
    expect(total).toBeGreaterThan(first)
  })

  test('has its first screen in one file, which no later one is part of', () => {
    expect(named('inbox')).toHaveLength(1)
    expect(named('inbox')[0]).toContain('requestIdleCallback')
    for (const later of ['detail', 'decision-sheets', 'dialog-box', 'settings']) {
      expect(
        [...code.keys()].filter((file) => file.startsWith(later)),
        later,
      ).not.toEqual([])
    }
  })

  test('carries one language, and the other in a file of its own', () => {
    const german = 'Nichts wartet auf Sie.'
    expect([...code].filter(([, text]) => text.includes(german)).map(([file]) => file.split('-')[0])).toEqual(['catalogue'])
    expect(named('inbox')[0]).toContain('Nothing waits for you.')
  })

  test('has no schemas and compiles nothing at run time', () => {
    const all = [...code.values()].join('\n')
    expect(all).not.toMatch(/ZodObject|safeParse/)
    expect(all).not.toMatch(/\bnew Function\(|\beval\(/)
  })

  test('is answered whole under the address of the desktop', async () => {
    const paths = ['/', ...readdirSync(join(folder, 'assets')).map((file) => `/assets/${file}`)]
    const answers = await Promise.all(
      paths.map((path) => answerFromFolder(folder, { url: `app://countersign${path}`, method: 'GET' })),
    )
    expect(answers.map(({ status }) => status)).toEqual(paths.map(() => 200))
    // An address that begins with a slash or a host would lead out of the folder.
    const named = [...(await answers[0]!.text()).matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1]!)
    expect(named.length).toBeGreaterThan(3)
    expect(named.filter((address) => !address.startsWith('./'))).toEqual([])
  })
})
