import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { describe, expect, it } from 'vitest'
import { version } from '../electron/core/version.ts'

const root = join(import.meta.dirname, '..')
const text = (path: string) => readFileSync(join(root, path), 'utf8')

type Manifest = {
  readonly version: string
  readonly license: string
  readonly scripts: Readonly<Record<string, string>>
  readonly bin: Readonly<Record<string, string>>
  readonly allowScripts: Readonly<Record<string, boolean>>
}
const manifest = JSON.parse(text('package.json')) as Manifest

/** What is never part of the project, as `.gitignore` says it. */
const left = new Set([
  '.git',
  ...text('.gitignore')
    .split('\n')
    .map((name) => name.replace(/\/$/, '')),
])

/** Files of the project and no others: what git has or would take; where there is no git, all but what it would leave. */
function listProject(): string[] {
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard']
  const { status, stdout } = spawnSync('git', args, { cwd: root, encoding: 'utf8' })
  const names = status === 0 ? stdout.split('\0').filter(Boolean) : walk('')
  return names.filter((path) => existsSync(join(root, path)))
}

const walk = (folder: string): string[] =>
  readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    if (left.has(entry.name)) return []
    const path = posix.join(folder, entry.name)
    return entry.isDirectory() ? walk(path) : [path]
  })

const projectFiles = listProject()

const binary = /\.(png|ico|icns|woff2)$/

/** Where folders of one machine begin; the examples of the documentation are nobody's. */
const machinePaths = [
  /(?<![\w.])\/(?:root|work)\/[\w.-]+/,
  /(?<![\w.])\/(?:home|Users)\/(?!(?:ada|ana|me|user|you)\b)[\w.-]+\//,
  /\b[A-Z]:\\Users\\(?!(?:ada|ana|me|user|you)\b)\w/i,
]

/** Lines of the project's text files that match, as `file:line`. */
function findings(matches: (line: string) => boolean): string[] {
  return projectFiles.flatMap((path) => {
    if (binary.test(path)) return []
    const lines = text(path).split('\n')
    return lines.flatMap((line, index) => (matches(line) ? [`${path}:${index + 1}: ${line.trim().slice(0, 120)}`] : []))
  })
}

describe('The package', () => {
  it('has the version that the application says', () => {
    expect(version).toBe(manifest.version)
  })

  it('locks its dependencies without saying where they come from', () => {
    const lock = JSON.parse(text('package-lock.json')) as {
      version: string
      packages: Record<string, { resolved?: string; integrity?: string; link?: boolean }>
    }
    expect(lock.version).toBe(manifest.version)
    const packages = Object.entries(lock.packages).filter(([name]) => name !== '')
    expect(packages.filter(([, { resolved }]) => resolved !== undefined)).toEqual([])
    expect(packages.filter(([, { integrity, link }]) => integrity === undefined && link !== true)).toEqual([])
  })

  it('has every script that the documentation names', () => {
    const named = projectFiles
      .filter((path) => path.endsWith('.md'))
      .flatMap((path) =>
        [...text(path).matchAll(/\bnpm (?:run (?:-s )?([\w:-]+)|(start|test)\b)/g)].map((found) => found[1] ?? found[2]!),
      )
    expect(named.length).toBeGreaterThan(0)
    expect(named.filter((name) => !Object.hasOwn(manifest.scripts, name))).toEqual([])
  })

  it('has the command that the documentation names', () => {
    expect(projectFiles).toContain(manifest.bin.countersign)
  })

  it('allows and refuses install scripts by bare package names', () => {
    expect(Object.keys(manifest.allowScripts).filter((name) => !/^(@[\w.-]+\/)?[\w.-]+$/.test(name))).toEqual([])
  })

  it('is licensed as MIT', () => {
    expect(manifest.license).toBe('MIT')
    expect(text('LICENSE')).toMatch(/^MIT License\n/)
  })
})

describe('No file of the project', () => {
  it('names a folder of the machine it was written on', () => {
    expect(findings((line) => machinePaths.some((path) => path.test(line)))).toEqual([])
  })

  it("says where packages are to be fetched from: that is the machine's own affair", () => {
    expect(projectFiles.filter((path) => /(^|\/)\.(npmrc|yarnrc.*)$/.test(path))).toEqual([])
  })
})
