import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseSync } from 'vite'
import { describe, expect, test } from 'vitest'
import { failures, catalogue as german, sentences } from '../../renderer/de/catalogue.ts'
import { catalogue as codes } from '../../shared/contract/errors.ts'
import type { Said } from '../../shared/model/said.ts'
import { english as sentencesInEnglish } from '../../shared/words/english.ts'
import { english as hostInEnglish } from '../../shared/words/host-english.ts'
import { german as hostInGerman } from '../../shared/words/host-german.ts'
import { worded } from '../../shared/words/said.ts'

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

  test('import nothing in German that is worked out before the language is chosen', () => {
    const imported = files('renderer/de/*.ts').flatMap((file) =>
      [...read(file).matchAll(/^import (?!type ).* from '(\.\.\/[^']+)'/gm)].map(([, name]) => name),
    )
    expect(new Set(imported)).toEqual(new Set(['../language.ts']))
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
      const see = (node: Node): boolean => {
        if (/^(ImportDeclaration|BinaryExpression|TSTypeAnnotation)$/.test(node.type)) return false
        // What a text is called is no text.
        if (node.type === 'Property' && isNode(node.value)) {
          walk(node.value, see)
          return false
        }
        // What programs read is the same in every language.
        const words = wordsIn(node).replace(/npx countersign url|https:\S+|\{"environment": "production"\}/g, '')
        if (telltale.test(words)) left.push(`${file}: ${words}`)
        return true
      }
      walk(treeOf(file), see)
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

/** What is the same word in both languages, or nothing but a value. */
const alike = new Set(['', 'Node', 'Journal'])

type Sentence = (values: unknown) => string

const listed = (areas: Readonly<Record<string, Readonly<Record<string, unknown>>>>) =>
  Object.entries(areas).flatMap(([area, named]) =>
    Object.entries(named).map(([name, sentence]) => ({ code: `${area}.${name}`, sentence: sentence as Sentence })),
  )

/** Words that tell where they come from: a sentence that loses one says less in that language. */
const told = Object.fromEntries(
  [
    ...['place', 'mark', 'domain', 'home', 'words', 'host', 'shown', 'word', 'code', 'who', 'department', 'what', 'type', 'title'],
    ...['service', 'version', 'environment', 'requester', 'by', 'name', 'value', 'usual', 'rule', 'group', 'note', 'model', 'why'],
    ...[
      'problem',
      'problems',
      'owner',
      'sent_to',
      'due_at',
      'lapsed_at',
      'release_at',
      'last_at',
      'until',
      'option',
      'signal',
      'step',
    ],
    ...['workflow', 'child', 'retry_at', 'next_at', 'url', 'token', 'segment', 'level'],
  ].map((name) => [name, `‹${name}›`]),
)
const counted = Object.fromEntries(
  [
    ...[
      'limit',
      'inner',
      'marks',
      'receipts',
      'ago_ms',
      'times',
      'median',
      'of',
      'n',
      'threshold',
      'votes',
      'status',
      'ms',
      'rules',
    ],
    ...['mebibytes', 'records', 'behind', 'applied', 'total', 'attempt', 'done', 'bytes', 'more', 'at', 'attempts', 'amount'],
  ].map((name, index) => [name, index + 3]),
)
const named = Object.fromEntries(['whom', 'to', 'paths', 'people', 'models'].map((name) => [name, [`‹${name}›`]]))
const chosen = { currency: 'EUR', acts: false, decision: 'approved', kind: 'value', whose: 'you', verdict: 'approved', risk: 'low' }
const values: Readonly<Record<string, unknown>> = { ...told, ...counted, ...named, ...chosen, self: true, watching: true }

/** Where one name stands for different things. */
const others: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'flag.not-fully-checked': { why: 'large' },
  'note.usual': { verb: 'approved' },
  'policy.approves': { reason: null, when: '‹when›' },
  'policy.rejects': { reason: '‹reason›', when: null },
  'policy.asks': { reason: null, when: '‹when›' },
  'policy.asks_group': { reason: '‹reason›', when: null },
  'timeline.voted': { whom: '‹whom›' },
  'timeline.held': { whom: '‹whom›', said: 'approved' },
  'timeline.approved': { whom: '‹whom›', rule: null },
  'timeline.rejected': { whom: '‹whom›' },
  'timeline.changed': { version: 3 },
  'timeline.escalated': { reason: 'timeout' },
  'timeline.child_ended': { status: 'failed' },
  'timeline.erased': { days: null, reason: '‹reason›' },
}

describe('the sentences of the host', () => {
  const ofBoth = () => {
    const inGerman = new Map(listed(sentences as never).map(({ code, sentence }) => [code, sentence]))
    return listed(sentencesInEnglish).map((each) => ({ ...each, german: inGerman.get(each.code) }))
  }

  test('are the same in both languages', () => {
    const codes = (areas: unknown) =>
      listed(areas as never)
        .map(({ code }) => code)
        .sort()
    expect(codes(sentences)).toEqual(codes(sentencesInEnglish))
    expect(codes(sentences).length).toBeGreaterThan(150)
  })

  test('say in German whatever the English says, and say it in German', () => {
    const wrong: string[] = []
    for (const { code, sentence, german: translated } of ofBoth()) {
      const given = { ...values, ...others[code] }
      const [text, words] = [sentence(given), translated!(given)]
      if (/undefined|NaN|\[object/.test(text + words)) wrong.push(`${code}: ${text} / ${words}`)
      for (const [value] of text.matchAll(/‹\w+›/g)) if (!words.includes(value)) wrong.push(`${code} loses ${value}: ${words}`)
      if (text === words && !alike.has(text.replace(/‹\w+›/g, '').trim())) wrong.push(`${code} is English: ${words}`)
    }
    expect(wrong).toEqual([])
  })

  test('name every failure in German', () => {
    expect(Object.keys(failures).sort()).toEqual(Object.keys(codes).sort())
    const same = Object.entries(codes).filter(([code, [, title]]) => failures[code as keyof typeof failures].startsWith(title))
    expect(same).toEqual([])
  })

  test('are shown as they came where code or values are not known', () => {
    const known: Said = { code: 'risk.payee_new' }
    expect(worded(known, sentences)).toBe('Der Empfänger ist neu.')
    expect(worded({ code: 'risk.from_tomorrow' }, sentences)).toBeNull()
    expect(worded({ code: 'constructor.name' }, sentences)).toBeNull()
    expect(worded({ code: 'flag.hidden-characters' }, sentences)).toBeNull()
    expect(worded([known, { code: 'nothing' }], sentences)).toBeNull()
  })
})

describe('what the host says without a page', () => {
  test('has the same texts in both languages', () => {
    const names = (words: unknown) => textsOf(words, 'words').map(({ path, text }) => `${path}: ${typeof text}`)
    expect(names(hostInGerman).sort()).toEqual(names(hostInEnglish).sort())
  })

  test('says in German whatever the English says, and says it in German', () => {
    const filled = ({ text, path }: Text): string => {
      if (typeof text !== 'function') return String(text)
      // The first is a count, a name, a time or one of a few words.
      const first = path.endsWith('.ended') ? 'approved' : path.endsWith('.done') ? 'approve' : '7'
      return (text as (...given: readonly unknown[]) => string)(first, '8')
    }
    const inGerman = new Map(textsOf(hostInGerman, 'words').map((each) => [each.path, filled(each)]))
    const wrong = textsOf(hostInEnglish, 'words').flatMap((each) => {
      const [text, words] = [filled(each), inGerman.get(each.path)!]
      const lost = each.path.endsWith('.refused') ? [] : (text.match(/[78]/g) ?? []).filter((value) => !words.includes(value))
      return text === words || /undefined/.test(words) || lost.length > 0 ? [`${each.path}: ${words}`] : []
    })
    expect(wrong).toEqual([])
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
