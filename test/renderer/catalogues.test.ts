import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseSync } from 'vite'
import { describe, expect, test } from 'vitest'
import { catalogue as german } from '../../renderer/de/catalogue.ts'

const root = join(import.meta.dirname, '../..')
const read = (file: string) => readFileSync(join(root, file), 'utf8')
const files = (pattern: string) => globSync(pattern, { cwd: root }).sort()

type Text = { readonly path: string; readonly text: unknown }

/** Every text of a catalogue by its way from the top. */
function textsOf(words: unknown, path: string): readonly Text[] {
  if (typeof words !== 'object' || words === null) return [{ path, text: words }]
  return Object.entries(words).flatMap(([name, inner]) => textsOf(inner, `${path}.${name}`))
}

const kindOf = ({ path, text }: Text) => `${path}: ${typeof text === 'function' ? `takes ${text.length}` : typeof text}`

/** The English catalogues by their names; in Node no other language was chosen. */
async function english(): Promise<Readonly<Record<string, unknown>>> {
  const modules = await Promise.all(files('renderer/strings*.ts').map((file) => import(join(root, file))))
  return Object.fromEntries(modules.flatMap((module) => Object.entries(module)))
}

type Node = { readonly type: string; readonly start: number; readonly [name: string]: unknown }

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && 'type' in value

/** Calls `see` with every node of a file's syntax tree; what it answers `false` to is not looked into. */
function walk(node: unknown, see: (node: Node) => boolean): void {
  if (Array.isArray(node)) for (const each of node) walk(each, see)
  else if (isNode(node) && see(node)) for (const inner of Object.values(node)) walk(inner, see)
}

const treeOf = (file: string) => parseSync(file, read(file)).program
const isText = (node: Node) => node.type === 'Literal' && typeof node.value === 'string'
const wordsIn = (node: Node): string => {
  if (isText(node)) return node.value as string
  return node.type === 'TemplateElement' ? (node.value as { readonly raw: string }).raw : ''
}

describe('the catalogues', () => {
  test('have the same texts in both languages, taking the same arguments', async () => {
    const inEnglish = await english()
    expect(Object.keys(german).sort()).toEqual(Object.keys(inEnglish).sort())
    expect(textsOf(german, 'words').map(kindOf).sort()).toEqual(textsOf(inEnglish, 'words').map(kindOf).sort())
  })

  test('are asked for under the names they are kept by', () => {
    const asked = files('renderer/strings*.ts').flatMap((file) =>
      [...read(file).matchAll(/^export const (\w+) = inLanguage\('(\w+)'/gm)].map(([, name, key]) => [name, key]),
    )
    expect(asked.length).toBe(Object.keys(german).length)
    expect(asked.filter(([name, key]) => name !== key)).toEqual([])
  })

  test('have no English left in the German', () => {
    const telltale =
      /\b(the|and|of|is|are|you|your|this|that|with|for|it|to|has|have|been|from|by|they|there|nothing|nobody|request|approve|reject|when|who|which|until|every|more|all)\b/i
    const left: string[] = []
    for (const file of files('renderer/de/*.ts')) {
      walk(treeOf(file), (node) => {
        if (/^(ImportDeclaration|BinaryExpression|TSTypeAnnotation)$/.test(node.type)) return false
        // What programs read is the same in every language.
        const words = wordsIn(node).replace(/npx countersign url|https:\S+|\{"environment": "production"\}/g, '')
        if (telltale.test(words)) left.push(`${file}: ${words}`)
        return true
      })
    }
    expect(left).toEqual([])
  })

  /** Words that German shares with English, names, and what computers read. */
  const shared = new Set([
    ...['Countersign', 'HTTP', 'JSON', 'npx countersign url', 'https://tool.example/hooks/approvals', 'CSV', 'SHA-256'],
    ...['Name', 'Text', 'Status', 'Version', 'Workflow', 'Workflows', 'Signal', 'Pause', 'Token', 'Host', 'System', 'Port', 'KB'],
  ])

  test('say the same in both languages only where the word is the same', async () => {
    const inEnglish = new Map(textsOf(await english(), 'words').map(({ path, text }) => [path, text]))
    const same = textsOf(german, 'words').filter(
      ({ path, text }) => typeof text === 'string' && /\p{L}{2}/u.test(text) && text === inEnglish.get(path) && !shared.has(text),
    )
    expect(same).toEqual([])
  })
})

describe('the components', () => {
  const isSpoken = (name: string) =>
    /^(aria-(label|description|roledescription|valuetext)|title|placeholder|alt|label|text|help|note|hint)$/.test(name)
  const isCode = (name: string) => /^(className|rel|d|viewBox|preserveAspectRatio|style|data-.*)$/.test(name)
  /** In an attribute that is not always spoken, words are what has a capital or a space. */
  const isProse = (value: string) => /^\p{Lu}\p{Ll}|\p{L} \p{L}/u.test(value)

  /** What is the same in every language. */
  const allowed = new Set(['group:'])

  /** Texts between tags and in attributes that are spoken or shown. */
  function literalsOf(file: string): readonly string[] {
    const found: string[] = []
    walk(treeOf(file), (node) => {
      const attribute = node.type === 'JSXAttribute' ? String((node.name as Node).name) : null
      if (attribute !== null && isCode(attribute)) return false
      const value = attribute !== null && isNode(node.value) ? wordsIn(node.value) : ''
      const isShown = attribute !== null && (isSpoken(attribute) || isProse(value))
      const words = (node.type === 'JSXText' ? String(node.value) : isShown ? value : '').trim()
      // One letter alone is a key.
      if (/\p{L}{2}/u.test(words) && !allowed.has(words)) found.push(`${file}: ${words}`)
      return true
    })
    return found
  }

  test('write no text of their own', () => {
    expect(files('renderer/**/*.tsx').flatMap(literalsOf)).toEqual([])
  })

  test('and the stores compute none', () => {
    const prose = /^\p{Lu}\p{Ll}+ (\p{Ll}|\p{Lu})+.*[.!?]$|\p{L}+ \p{L}+ \p{L}+.*[.!?]$/u
    const found: string[] = []
    for (const file of files('renderer/**/*.{ts,tsx}')) {
      if (/renderer\/(strings|de\/)/.test(file)) continue
      walk(treeOf(file), (node) => {
        // An exception is for the log; no screen shows it.
        if (node.type === 'NewExpression' || node.type === 'ImportDeclaration') return false
        if (prose.test(wordsIn(node))) found.push(`${file}: ${wordsIn(node)}`)
        return true
      })
    }
    expect(found).toEqual([])
  })
})
