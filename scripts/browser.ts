import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { chromium } from '@playwright/test'

/** A browser for the tests; `path` is null where Playwright is to take its own. */
export type Browser = { readonly path: string | null; readonly from: string }

const onPath = ['google-chrome', 'google-chrome-stable', 'chromium', 'chromium-browser', 'microsoft-edge', 'microsoft-edge-stable']
const applications = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
]
const windowsPrograms = [
  'Google/Chrome/Application/chrome.exe',
  'Chromium/Application/chrome.exe',
  'Microsoft/Edge/Application/msedge.exe',
]
const installMs = 10 * 60 * 1000

/** Looks for what the machine has: the one named by CHROMIUM_PATH, an installed one, one that Playwright downloaded before. */
export function findBrowser(): Browser | null {
  const named = process.env.CHROMIUM_PATH
  if (named !== undefined && named !== '') {
    if (!existsSync(named)) throw new Error(`CHROMIUM_PATH is ${named}, and there is no such file.`)
    return { path: named, from: 'CHROMIUM_PATH' }
  }
  const installed = candidates().find((path) => existsSync(path))
  if (installed !== undefined) return { path: installed, from: 'installed' }
  return existsSync(chromium.executablePath()) ? { path: null, from: "Playwright's own" } : null
}

/** Finds a browser or installs one: Debian's package where this is Debian and we may, else Playwright's own. */
export function provideBrowser(): Browser {
  const found = findBrowser()
  if (found !== null) return found
  if (isDebian() && process.getuid?.() === 0) {
    console.log('No Chrome, Chromium or Edge here: installing Debian’s chromium.')
    run('apt-get', ['update', '-qq'])
    run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium', 'fonts-liberation'])
    const debian = findBrowser()
    if (debian !== null) return { ...debian, from: 'Debian package' }
  }
  console.log("No Chrome, Chromium or Edge here: downloading Playwright's Chromium.")
  const withDeps = process.platform === 'linux' && process.getuid?.() === 0 ? ['--with-deps'] : []
  run('npx', ['playwright', 'install', ...withDeps, 'chromium'])
  const own = findBrowser()
  if (own !== null) return own
  throw new Error(
    'There is no browser for the tests and none could be installed. Install Chrome, Chromium or Edge, or set CHROMIUM_PATH to one.',
  )
}

function candidates(): readonly string[] {
  switch (process.platform) {
    case 'darwin':
      return [...applications, ...applications.map((path) => join(process.env.HOME ?? '', path))]
    case 'win32':
      return [process.env.ProgramFiles, process.env['ProgramFiles(x86)'], process.env.LOCALAPPDATA]
        .filter((folder) => folder !== undefined)
        .flatMap((folder) => windowsPrograms.map((program) => join(folder, program)))
    default:
      return (process.env.PATH ?? '').split(delimiter).flatMap((folder) => onPath.map((name) => join(folder, name)))
  }
}

/** Debian itself: Ubuntu's package of that name only points to a snap. */
function isDebian(): boolean {
  return existsSync('/etc/os-release') && /^ID=debian$/m.test(readFileSync('/etc/os-release', 'utf8'))
}

/** Failing is no end: what follows looks whether there is a browser now. */
function run(command: string, args: readonly string[]): void {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  spawnSync(command, args, { stdio: 'inherit', env, timeout: installMs, shell: process.platform === 'win32' })
}
