import { spawn } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'

/** Starts a process, which starts others; a busy machine takes its time. */
vi.setConfig({ testTimeout: 120_000 })

const main = join(import.meta.dirname, '../../electron/cli/main.ts')

test.runIf(process.platform === 'linux')('an Electron that dies at once does not keep the inbox away', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-start-'))
  const electron = join(folder, 'electron')
  writeFileSync(electron, '#!/bin/sh\nkill -TRAP $$\n')
  chmodSync(electron, 0o700)
  // A browser that does nothing: this is no place to open one.
  const bin = join(folder, 'bin')
  mkdirSync(bin)
  writeFileSync(join(bin, 'xdg-open'), '#!/bin/sh\n', { mode: 0o700 })
  const env = {
    ...process.env,
    PATH: `${bin}:${process.env.PATH}`,
    DISPLAY: ':99',
    ELECTRON_OVERRIDE_DIST_PATH: folder,
    COUNTERSIGN_HOME: join(folder, 'home'),
  }
  const child = spawn(process.execPath, [main, 'start', '--port', '0', '--owner', 'ada@example.com'], { env, stdio: 'pipe' })
  let out = ''
  let err = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text))
  const ended = new Promise((resolve) => child.on('close', resolve))
  const listens = new Promise((resolve) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text
      if (out.includes('Open your inbox')) resolve(true)
    })
  })
  await Promise.race([listens, ended])
  child.kill('SIGTERM')
  expect(await ended).toBe(0)
  expect(out).toMatch(/^Countersign listens on http:\/\/127\.0\.0\.1:\d+$/m)
  expect(err).toContain('No desktop window: Electron could not start here. Serving the inbox for browsers.\n')
  rmSync(folder, { recursive: true })
})
