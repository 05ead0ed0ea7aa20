import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { provideBrowser } from './browser.ts'

/**
 * `npm test`: types, lint, unit tests, build, browser tests, in this order; stops at the first failure. The last line is
 * `N passed, N failed`, alone on its line. `e2e` runs the browser tests only.
 */

type Counts = { readonly passed: number; readonly failed: number }

const root = dirname(import.meta.dirname)
const results = join(root, 'test-results')
const vitestJson = join(results, 'vitest.json')
const playwrightJson = join(results, 'playwright.json')
const none: Counts = { passed: 0, failed: 0 }
/** Where the command keeps what Node makes of the sources too: each host of a test has threads that load them. */
const compiled = join(root, 'node_modules', '.cache', 'node')

/** Runs a tool of ours, on the Node that runs this. */
function tool(name: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): boolean {
  const path = [dirname(process.execPath), join(root, 'node_modules', '.bin'), process.env.PATH].join(delimiter)
  const { status, error } = spawnSync(join(root, 'node_modules', '.bin', name), args, {
    cwd: root,
    stdio: 'inherit',
    env: { NODE_COMPILE_CACHE: compiled, ...process.env, PATH: path, ...env },
    shell: process.platform === 'win32',
  })
  if (error) console.error(error.message)
  return status === 0
}

function unit(): Counts {
  rmSync(vitestJson, { force: true })
  const good = tool('vitest', ['run', '--reporter=default', '--reporter=json', '--outputFile.json=test-results/vitest.json'])
  const { numPassedTests = 0, numFailedTests = 0 } = readJson(vitestJson)
  return { passed: Number(numPassedTests), failed: atLeast(Number(numFailedTests), good) }
}

function browser(): Counts {
  rmSync(playwrightJson, { force: true })
  const { path, from } = provideBrowser()
  console.log(`Browser: ${path ?? 'Chromium'} (${from}).`)
  const good = tool('playwright', ['test'], path === null ? {} : { CHROMIUM_PATH: path })
  const { expected = 0, flaky = 0, unexpected = 0 } = (readJson(playwrightJson).stats ?? {}) as Record<string, number>
  return { passed: expected + flaky, failed: atLeast(unexpected, good) }
}

/** A step that is no test counts only when it fails. */
const step = (name: string, args: readonly string[]) => (): Counts => (tool(name, args) ? none : { passed: 0, failed: 1 })

/** A run that failed without a failed test (a file that does not load) still counts. */
const atLeast = (failed: number, good: boolean): number => (good ? failed : Math.max(1, failed))

function readJson(path: string): Record<string, unknown> {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {}
}

const steps: readonly (readonly [string, () => Counts])[] = [
  ['Types', step('tsc', ['-b'])],
  ['Lint and format', step('biome', ['check'])],
  ['Unit tests', unit],
  ['Build of the page', step('vite', ['build'])],
  ['Browser tests', browser],
]

function main(which: string | undefined): number {
  if (which !== undefined && which !== 'e2e') {
    console.error(`There is no part "${which}". Say nothing for all of it, or e2e for the browser tests.`)
    return 2
  }
  mkdirSync(results, { recursive: true })
  let total = none
  for (const [name, run] of which === 'e2e' ? steps.slice(-2) : steps) {
    console.log(`\n=== ${name} ===`)
    const { passed, failed } = attempt(run)
    total = { passed: total.passed + passed, failed: total.failed + failed }
    if (failed > 0) {
      console.log(`\n${name}: failed.`)
      break
    }
  }
  console.log(`\n${total.passed} passed, ${total.failed} failed`)
  return total.failed > 0 ? 1 : 0
}

function attempt(run: () => Counts): Counts {
  try {
    return run()
  } catch (error) {
    console.error((error as Error).message)
    return { passed: 0, failed: 1 }
  }
}

process.exitCode = main(process.argv[2])
