import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, onTestFinished, test } from 'vitest'
import { defaultHome, homePaths, openHome } from '../../electron/core/home.ts'
import { fileStorage } from '../../electron/core/journal/file-storage.ts'
import { recordingStorage } from '../support/storage-double.ts'
import { stillClock, tempFolder } from './journal/scene.ts'

/** Starts a real process that tries to take the folder; resolves with it and what it said. */
async function holder(root: string): Promise<{ child: ChildProcess; said: string }> {
  const child = spawn(process.execPath, [fileURLToPath(new URL('./home-holder.ts', import.meta.url)), root], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const [said] = await once(child.stdout!, 'data')
  return { child, said: String(said).trim() }
}

describe('a home folder', () => {
  test('is laid out for its owner alone, and free again after its release', async () => {
    const root = path.join(tempFolder(), 'deep', 'home')
    const first = await openHome(root, 'desktop', { clock: stillClock })
    if (!first.ok) throw new Error(first.failure.message)
    const { paths } = first.value
    expect(paths).toEqual(homePaths(root))
    expect(fs.readdirSync(root).sort()).toEqual(['journal', 'lock.db', 'lock.json', 'workflows'])
    expect(JSON.parse(fs.readFileSync(paths.holder, 'utf8'))).toEqual({
      pid: process.pid,
      mode: 'desktop',
      started_at: '2026-11-21T09:00:00.000Z',
    })
    if (process.platform !== 'win32') {
      const modes = ['', 'journal', 'workflows', 'lock.db', 'lock.json'].map(
        (name) => fs.statSync(path.join(root, name)).mode & 0o777,
      )
      expect(modes).toEqual([0o700, 0o700, 0o700, 0o600, 0o600])
    }
    await first.value.release()
    await first.value.release()
    expect(fs.existsSync(paths.holder)).toBe(false)
    const second = await openHome(root, 'headless')
    expect(second.ok).toBe(true)
    if (second.ok) await second.value.release()
  })

  test('keeps its name over a power cut, and so do the folders that had to be made for it', async () => {
    const above = tempFolder()
    const double = recordingStorage(fileStorage)
    const home = await openHome(path.join(above, 'deep', 'home'), 'headless', { storage: double.storage })
    if (home.ok) await home.value.release()
    const synced = double.log.filter(({ op }) => op === 'syncDir').map((call) => call.path)
    expect(synced).toEqual(expect.arrayContaining([above, path.join(above, 'deep'), path.join(above, 'deep', 'home')]))
  })

  test('is refused to a second taker in the same process', async () => {
    const root = tempFolder()
    const first = await openHome(root, 'desktop')
    const second = await openHome(root, 'headless')
    expect(second).toMatchObject({ ok: false, failure: { code: 'home-in-use', holder: { pid: process.pid, mode: 'desktop' } } })
    const third = await holder(root)
    expect(third.said).toContain(`is in use by process ${process.pid} (desktop)`)
    if (first.ok) await first.value.release()
  })

  test('held by another process is refused with who holds it, and free once that is killed', async () => {
    const root = tempFolder()
    const { child, said } = await holder(root)
    expect(said).toBe('taken')
    const refused = await openHome(root, 'desktop')
    expect(refused).toMatchObject({ ok: false, failure: { code: 'home-in-use', holder: { pid: child.pid, mode: 'headless' } } })
    if (!refused.ok)
      expect(refused.failure.message).toContain(`${root} is in use by process ${child.pid} (headless), running since 20`)
    const gone = once(child, 'exit')
    child.kill('SIGKILL')
    await gone
    const taken = await openHome(root, 'desktop')
    expect(taken.ok).toBe(true)
    if (taken.ok) await taken.value.release()
  })

  test('that cannot be a folder is refused with a reason', async () => {
    const file = path.join(tempFolder(), 'file')
    fs.writeFileSync(file, '')
    const refused = await openHome(path.join(file, 'home'), 'headless')
    expect(refused).toMatchObject({ ok: false, failure: { code: 'home-unusable', holder: null } })
    fs.rmSync(file)
    fs.mkdirSync(file)
    fs.writeFileSync(path.join(file, 'lock.db'), 'this is not a database, but it is long enough to be read as one'.repeat(20))
    expect(await openHome(file, 'headless')).toMatchObject({ ok: false, failure: { code: 'home-unusable' } })
  })

  test('is by default where the platform keeps application data', () => {
    expect(defaultHome({ COUNTERSIGN_HOME: '/x/y' }, 'linux', '/home/ada')).toBe('/x/y')
    expect(defaultHome({}, 'linux', '/home/ada')).toBe('/home/ada/.local/share/countersign')
    expect(defaultHome({ XDG_DATA_HOME: '/data' }, 'linux', '/home/ada')).toBe('/data/countersign')
    expect(defaultHome({ XDG_DATA_HOME: 'relative' }, 'linux', '/home/ada')).toBe('/home/ada/.local/share/countersign')
    expect(defaultHome({}, 'darwin', '/Users/ada')).toBe('/Users/ada/Library/Application Support/Countersign')
    expect(defaultHome({ APPDATA: 'C:\\Users\\ada\\AppData\\Roaming' }, 'win32', 'C:\\Users\\ada')).toBe(
      'C:\\Users\\ada\\AppData\\Roaming\\Countersign',
    )
  })
})
