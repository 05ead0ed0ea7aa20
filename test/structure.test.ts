import { readdirSync, readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { join, posix } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '..')

/** One row of DESIGN.md's table: which folders and packages a folder may import. `node` stands for Node's own modules. */
type Rule = { readonly folders: readonly string[]; readonly packages: readonly string[] | 'any'; readonly node: boolean }

const rules: Readonly<Record<string, Rule>> = {
  // What programs import: the contract over HTTP. Before `shared`, which knows of no transport.
  'shared/client': {
    folders: ['shared'],
    packages: ['@orpc/client', '@orpc/contract', '@orpc/openapi-client'],
    node: false,
  },
  shared: { folders: ['shared'], packages: ['zod', '@orpc/contract'], node: false },
  'electron/core': { folders: ['electron/core', 'shared'], packages: 'any', node: true },
  'electron/desktop': { folders: ['electron/desktop', 'electron/core', 'shared'], packages: 'any', node: true },
  'electron/headless': { folders: ['electron/headless', 'electron/core', 'shared'], packages: 'any', node: true },
  // The command starts both hosts; of the desktop it may know only how to find and run its runtime.
  'electron/cli': {
    folders: ['electron/cli', 'electron/headless', 'electron/core', 'shared', 'electron/desktop/runtime.ts'],
    packages: 'any',
    node: true,
  },
  // No zod: what is sent is checked by the host, and schemas would be a fifth of the page.
  renderer: {
    folders: ['renderer', 'shared'],
    packages: [
      'react',
      'react-dom',
      'zustand',
      '@base-ui/react',
      '@tanstack/react-virtual',
      'lucide-react',
      '@orpc/client',
      '@orpc/contract',
      '@orpc/openapi-client',
    ],
    node: false,
  },
}

const longest = 400
const longestTest = 600
/** Longer than that, each with its reason. */
const longFiles: Readonly<Record<string, string>> = {}

/** Everything a source file names as a module: imports, re-exports, dynamic imports, `require`. */
function importsOf(source: string): readonly string[] {
  const code = source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '')
  const patterns = [/\bfrom\s+['"]([^'"\n]+)['"]/g, /\bimport\s*\(?\s*['"]([^'"\n]+)['"]/g, /\brequire\(\s*['"]([^'"\n]+)['"]/g]
  return patterns.flatMap((pattern) => [...code.matchAll(pattern)].map((match) => match[1]!))
}

const packageOf = (name: string) => name.split('/', name.startsWith('@') ? 2 : 1).join('/')
const isNode = (name: string) => name.startsWith('node:') || builtinModules.includes(packageOf(name))
const within = (path: string, folder: string) => path === folder || path.startsWith(`${folder}/`)

/** What is wrong with one file, a sentence each. */
function problemsOf(file: string, source: string): readonly string[] {
  const problems: string[] = []
  const lines = source.split('\n').length - 1
  if (lines > (within(file, 'test') ? longestTest : longest) && !(file in longFiles))
    problems.push(`${file} has ${lines} lines; split it or list it with its reason`)
  const folder = Object.keys(rules).find((one) => within(file, one))
  if (!folder) return problems
  const rule = rules[folder]!
  for (const name of importsOf(source)) {
    const refuse = (why: string) => problems.push(`${file} imports ${name}: ${why}`)
    if (name.startsWith('.')) {
      const target = posix.join(posix.dirname(file), name)
      if (!rule.folders.some((one) => within(target, one))) refuse(`${folder} may import only ${rule.folders.join(', ')}`)
      else if (!/\.(tsx?|css|svg|json)$/.test(target)) refuse('relative imports end in their file type')
    } else if (isNode(name)) {
      if (!rule.node) refuse(`${folder} knows nothing of Node`)
    } else if (packageOf(name) === 'electron') {
      if (folder !== 'electron/desktop' || file === 'electron/desktop/runtime.ts') refuse('only the desktop knows Electron')
    } else if (rule.packages !== 'any' && !rule.packages.includes(packageOf(name))) {
      refuse(`${folder} may import only ${rule.packages.join(', ')}`)
    }
  }
  return problems
}

const sources = ['shared', 'electron', 'renderer', 'scripts', 'test'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => posix.relative(root, join(entry.parentPath, entry.name))),
)

describe('the sources', () => {
  it('import only what the table of folders allows, and stay short', () => {
    expect(sources.length).toBeGreaterThan(60)
    expect(sources.flatMap((file) => problemsOf(file, readFileSync(join(root, file), 'utf8')))).toEqual([])
  })

  it('have no default exports beside configuration', () => {
    expect(sources.filter((file) => /^export default /m.test(readFileSync(join(root, file), 'utf8')))).toEqual([])
  })

  it('hold no list of long files that are not long', () => {
    const needless = Object.keys(longFiles).filter(
      (file) => readFileSync(join(root, file), 'utf8').split('\n').length - 1 <= longest,
    )
    expect(needless).toEqual([])
  })
})

describe('the check itself', () => {
  const bad: readonly (readonly [file: string, source: string])[] = [
    ['shared/model/x.ts', "import { readFile } from 'node:fs/promises'"],
    ['shared/model/x.ts', "import fs from 'fs'"],
    ['shared/model/x.ts', "import { useState } from 'react'"],
    ['shared/model/x.ts', "import { implement } from '@orpc/server'"],
    ['shared/model/x.ts', "import { createApp } from '../../electron/core/app.ts'"],
    ['electron/core/x.ts', "import { app } from 'electron'"],
    ['electron/core/x.ts', "const { app } = await import('electron')"],
    ['electron/core/x.ts', "const { app } = require('electron/main')"],
    ['electron/core/x/y.ts', "export * from '../../desktop/tray.ts'"],
    ['electron/core/x/y.ts', "import '../../headless/host.ts'"],
    ['electron/core/x.ts', "import type { A } from '../cli/main.ts'"],
    ['electron/core/x.ts', "import { Button } from '../../renderer/parts/button.tsx'"],
    ['electron/core/x.ts', "import { a } from './table'"],
    ['electron/headless/x.ts', "import { app } from 'electron'"],
    ['electron/headless/x.ts', "import { boot } from '../desktop/boot.ts'"],
    ['electron/cli/x.ts', "import { boot } from '../desktop/boot.ts'"],
    ['electron/desktop/x.ts', "import { run } from '../cli/main.ts'"],
    ['electron/desktop/runtime.ts', "import { app } from 'electron'"],
    ['renderer/x.tsx', "import { join } from 'node:path'"],
    ['renderer/x.tsx', "import type { App } from '../electron/core/app.ts'"],
    ['renderer/x.tsx', "import { ipcRenderer } from 'electron'"],
    ['renderer/x.tsx', "import {\n  a,\n  b,\n} from 'fastify'"],
    ['renderer/x.tsx', 'a\n'.repeat(longest + 1)],
  ]
  it.each(bad)('refuses %s with %j', (file, source) => {
    expect(problemsOf(file, source)).toHaveLength(1)
  })

  it('lets through what the table allows', () => {
    const good: readonly (readonly [string, string])[] = [
      [
        'shared/contract/x.ts',
        "import * as z from 'zod'\nimport { oc } from '@orpc/contract'\nimport type { A } from '../model/actor.ts'",
      ],
      ['electron/core/x.ts', "import { join } from 'node:path'\nimport fastify from 'fastify'\n// import { app } from 'electron'"],
      ['electron/desktop/x.ts', "import { app } from 'electron'\nimport { createApp } from '../core/app.ts'"],
      ['electron/cli/x.ts', "await import('../desktop/runtime.ts')\nimport { startHeadless } from '../headless/host.ts'"],
      [
        'renderer/x.tsx',
        "import { useState } from 'react'\nimport './styles.css'\nimport type { A } from '../shared/model/actor.ts'",
      ],
    ]
    expect(good.flatMap(([file, source]) => problemsOf(file, source))).toEqual([])
  })
})
