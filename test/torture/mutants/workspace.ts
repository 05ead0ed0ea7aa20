import { spawn } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { applyMutant, type Mutant } from './mutant.ts'

/** What the tests made of it. `broken`: they did not even load, which proves nothing. */
export type Verdict =
  | { readonly verdict: 'passed' }
  | { readonly verdict: 'failed'; readonly by: string }
  | { readonly verdict: 'broken' | 'stale'; readonly why: string }

export const root = dirname(dirname(dirname(import.meta.dirname)))

/** What the tests of the areas read. Everything else stays where it is. */
const copied = ['electron', 'shared', 'test/core', 'test/support', 'test/shared', 'docs', 'package.json', 'tsconfig.base.json']
/** Long enough for the slowest file on a busy machine, short enough for a mistake that makes a test wait for ever. */
const longestMs = 150_000

const config = (folder: string) => `export default {
  root: ${JSON.stringify(folder)},
  cacheDir: ${JSON.stringify(join(folder, '.cache'))},
  test: { include: ['test/**/*.test.ts'], environment: 'node', testTimeout: 30_000, maxWorkers: 1, fileParallelism: false },
}
`

type Report = {
  readonly numFailedTests?: number
  readonly numPassedTests?: number
  readonly testResults?: readonly {
    readonly name: string
    readonly message?: string
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[]
  }[]
}

/** A copy of the source in which mistakes can be made. */
export class Workspace {
  readonly folder = mkdtempSync(join(tmpdir(), 'countersign-mutants-'))

  constructor() {
    for (const part of copied) cpSync(join(root, part), join(this.folder, part), { recursive: true })
    symlinkSync(join(root, 'node_modules'), join(this.folder, 'node_modules'), 'junction')
    writeFileSync(join(this.folder, 'vitest.config.mjs'), config(this.folder))
  }

  /** Runs these tests over the source as it is. */
  async run(tests: readonly string[]): Promise<Verdict> {
    const report = join(this.folder, 'report.json')
    rmSync(report, { force: true })
    const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
    const how = ['--config', 'vitest.config.mjs', '--reporter=json', `--outputFile=${report}`, '--bail=1']
    const said = await output([vitest, 'run', ...how, ...tests], this.folder)
    try {
      return verdictOf(JSON.parse(readFileSync(report, 'utf8')) as Report)
    } catch {
      return { verdict: 'broken', why: said.slice(-500) || 'the tests ended without a report' }
    }
  }

  /** Makes one mistake, runs the tests whose matter it is, and takes it back. */
  async try(mutant: Mutant): Promise<Verdict> {
    const path = join(this.folder, mutant.file)
    const source = readFileSync(path, 'utf8')
    const mistaken = applyMutant(source, mutant)
    if (mistaken === null) return { verdict: 'stale', why: `its text does not stand once in ${mutant.file}: write it anew` }
    writeFileSync(path, mistaken)
    try {
      return await this.run(mutant.tests)
    } finally {
      writeFileSync(path, source)
    }
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

function verdictOf({ numFailedTests = 0, numPassedTests = 0, testResults = [] }: Report): Verdict {
  const failed = testResults.flatMap(({ assertionResults }) => assertionResults).find(({ status }) => status === 'failed')
  if (failed) return { verdict: 'failed', by: failed.fullName.trim() }
  const unloaded = testResults.find(({ assertionResults, message }) => assertionResults.length === 0 && message)
  if (unloaded) return { verdict: 'broken', why: unloaded.message!.split('\n')[0]! }
  if (numFailedTests > 0 || numPassedTests === 0) return { verdict: 'broken', why: 'no test ran' }
  return { verdict: 'passed' }
}

function output(args: readonly string[], cwd: string): Promise<string> {
  const child = spawn(process.execPath, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'], env: environment() })
  const said: Buffer[] = []
  child.stdout.on('data', (bytes: Buffer) => said.push(bytes))
  child.stderr.on('data', (bytes: Buffer) => said.push(bytes))
  const late = setTimeout(() => child.kill('SIGKILL'), longestMs)
  return new Promise((resolve) => {
    child.on('close', () => {
      clearTimeout(late)
      resolve(Buffer.concat(said).toString('utf8'))
    })
  })
}

/** Another run of tests, and not a part of one that may be going on here. */
function environment(): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !/^(?:VITEST|TEST|NODE_ENV|DEV|PROD|SSR|MODE|BASE_URL)/.test(name))
  return Object.fromEntries(own)
}
