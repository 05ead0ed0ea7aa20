import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { couldNotStart, fetchElectron, findElectron, hasDisplay, runDesktop } from '../../electron/desktop/runtime.ts'
import { temporaryFolder } from './support.ts'

function executable(path: string): string {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, '#!/bin/sh\nexit 0\n')
  chmodSync(path, 0o755)
  return path
}

const env = { PATH: '' }

describe('the Electron runtime', () => {
  it('is found where the package downloads it, where the environment says, and on the path', () => {
    const root = temporaryFolder()
    expect(findElectron({ root, env, platform: 'linux' })).toBe(null)
    const system = executable(join(temporaryFolder(), 'bin', 'electron'))
    expect(findElectron({ root, env: { PATH: `/nowhere${delimiter}${dirname(system)}` }, platform: 'linux' })).toBe(system)
    const downloaded = executable(join(root, 'node_modules', 'electron', 'dist', 'electron'))
    writeFileSync(join(root, 'node_modules', 'electron', 'path.txt'), 'electron')
    expect(findElectron({ root, env, platform: 'linux' })).toBe(downloaded)
    const given = executable(join(temporaryFolder(), 'electron'))
    expect(findElectron({ root, env: { ...env, ELECTRON_OVERRIDE_DIST_PATH: dirname(given) }, platform: 'linux' })).toBe(given)
  })

  it('is not npm’s own command, which would download it', () => {
    const root = temporaryFolder()
    const command = executable(join(root, 'node_modules', '.bin', 'electron'))
    expect(findElectron({ root, env: { PATH: dirname(command) }, platform: 'linux' })).toBe(null)
  })

  it('is fetched by the package’s own script', async () => {
    const root = temporaryFolder()
    const script = join(root, 'node_modules', 'electron', 'install.js')
    mkdirSync(dirname(script), { recursive: true })
    writeFileSync(
      script,
      `const fs = require('fs'); fs.mkdirSync(__dirname + '/dist'); fs.writeFileSync(__dirname + '/dist/electron', ''); fs.chmodSync(__dirname + '/dist/electron', 0o755)`,
    )
    expect(await fetchElectron({ root, env, platform: 'linux' })).toEqual({
      ok: true,
      path: join(root, 'node_modules/electron/dist/electron'),
    })
  })

  it('is given up with one line that says why', async () => {
    const root = temporaryFolder()
    const script = join(root, 'install.js')
    writeFileSync(
      script,
      `console.error('x\\nHTTPError: Response code 403 (Forbidden) for https://a.test\\n    at x'); process.exit(1)`,
    )
    const refused = { ok: false, reason: 'Response code 403 (Forbidden) for https://a.test' }
    expect(await fetchElectron({ root, env, platform: 'linux', script })).toEqual(refused)
    expect(await fetchElectron({ root, env, platform: 'linux' })).toEqual({
      ok: false,
      reason: 'the electron package is not installed (run "npm ci")',
    })
  })

  it('is given up when nothing arrives any more, and not while something does', async () => {
    const root = temporaryFolder()
    const script = join(root, 'install.js')
    writeFileSync(script, 'setInterval(() => {}, 1000)')
    const stalled = { ok: false, reason: 'the download made no progress for 0.4 s' }
    expect(await fetchElectron({ root, env, platform: 'linux', script, timeoutWithoutProgressMs: 400 })).toEqual(stalled)
    writeFileSync(
      script,
      `let n = 0; setInterval(() => { require('fs').appendFileSync(require('os').tmpdir() + '/part', 'x'); if (++n === 12) { console.error('Error: ended by itself'); process.exit(1) } }, 100)`,
    )
    const slow = { ok: false, reason: 'ended by itself' }
    expect(await fetchElectron({ root, env, platform: 'linux', script, timeoutWithoutProgressMs: 400 })).toEqual(slow)
  })
})

describe('the desktop as a process', () => {
  const start = (script: string, env: Record<string, string> = {}) => {
    const root = temporaryFolder()
    const electron = executable(join(root, 'electron'))
    writeFileSync(electron, `#!/bin/sh\n${script}\n`)
    return runDesktop({ root, electron, args: ['--home', '/a'], env: { PATH: '/usr/bin:/bin', ...env } })
  }

  it('is given its folder and arguments, and its exit code is passed on', async () => {
    expect(await start('[ "$2 $3" = "--home /a" ] && exit 7')).toBe(7)
    expect(await start('exit 0')).toBe(0)
  })

  it('is no plain Node, whatever started it', async () => {
    expect(await start('[ -z "$ELECTRON_RUN_AS_NODE" ] && exit 9', { ELECTRON_RUN_AS_NODE: '1' })).toBe(9)
  })

  it('is told apart when it could not even start', async () => {
    expect(await start('kill -TRAP $$')).toBe(couldNotStart)
    expect(await start('exit 127')).toBe(couldNotStart)
    expect(await runDesktop({ root: temporaryFolder(), electron: '/nowhere/electron', args: [], env: {} })).toBe(couldNotStart)
    expect(await start('kill -TERM $$')).toBe(1)
  })
})

it('knows where a window could be shown', () => {
  expect([
    hasDisplay({}, 'linux'),
    hasDisplay({ DISPLAY: ':0' }, 'linux'),
    hasDisplay({ WAYLAND_DISPLAY: 'wayland-0' }, 'linux'),
    hasDisplay({}, 'darwin'),
    hasDisplay({ SSH_CONNECTION: '1 2 3 4' }, 'darwin'),
    hasDisplay({}, 'win32'),
  ]).toEqual([false, true, true, true, false, true])
})
