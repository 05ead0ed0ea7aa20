import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { _electron } from '@playwright/test'
import { expect, it } from 'vitest'
import { findElectron, hasDisplay } from '../../electron/desktop/runtime.ts'
import { temporaryFolder } from './support.ts'

const root = join(import.meta.dirname, '..', '..')
const executablePath = findElectron({ root })
const missing = executablePath === null ? 'no Electron runtime is installed' : hasDisplay() ? null : 'there is no display'

/** What a page that was taken over would try first. Each must come to nothing. */
const attempts = `(() => {
  const tries = {
    require: () => typeof require, process: () => typeof process, module: () => typeof module, electron: () => typeof window.electron,
    ipc: () => typeof window.ipcRenderer, bridge: () => Object.keys(window.countersign).join(), open: () => String(window.open('https://example.test')),
    eval: () => { try { return String((0, eval)('1')) } catch { return 'refused' } },
    sink: () => { try { document.body.appendChild(document.createElement('div')).innerHTML = '<b>x</b>'; return 'set' } catch { return 'refused' } },
  }
  return Object.fromEntries(Object.entries(tries).map(([name, run]) => [name, run()]))
})()`

if (missing) {
  it('needs an Electron runtime and a display for the real window, and says when there is none', () => {
    console.log(`The desktop was not run in a real Electron: ${missing}. Its code ran against the double.`)
    expect(executablePath === null || !hasDisplay()).toBe(true)
  })
} else {
  it('opens the real window, lets a request in and shows it, and gives the page nothing', { timeout: 120_000 }, async () => {
    execFileSync(process.execPath, [join(root, 'scripts', 'build-if-stale.ts'), 'web', 'main', 'preload'], { stdio: 'inherit' })
    const home = temporaryFolder()
    // Playwright starts Electron without its sandbox on Linux; the desktop must be told that this is meant.
    const waived = process.platform === 'linux'
    const args = [root, '--home', home, '--port', '0', '--owner', 'owner@example.test', ...(waived ? ['--no-sandbox'] : [])]
    const env = { ...process.env, COUNTERSIGN_ALLOW_NO_SANDBOX: waived ? '1' : '' } as Record<string, string>
    const electron = await _electron.launch({ executablePath: executablePath!, args, env })
    try {
      const page = await electron.firstWindow()
      expect(page.url()).toContain('app://countersign/')
      expect(await page.evaluate(attempts)).toEqual({
        require: 'undefined',
        process: 'undefined',
        module: 'undefined',
        electron: 'undefined',
        ipc: 'undefined',
        bridge: 'host',
        open: 'null',
        eval: 'refused',
        sink: 'refused',
      })
      const { url } = JSON.parse(readFileSync(join(home, 'server.json'), 'utf8')) as { url: string }
      const { submit } = JSON.parse(readFileSync(join(home, 'keys.json'), 'utf8')) as { submit: string }
      const answer = await fetch(new URL('/requests', url), {
        method: 'POST',
        headers: { authorization: `Bearer ${submit}`, 'content-type': 'application/json' },
        body: JSON.stringify({ type: 'refund', title: 'Refund order 88' }),
      })
      expect(answer.status).toBe(202)
      await page.getByText('Refund order 88').first().waitFor()
    } finally {
      await electron.close()
    }
  })
}
