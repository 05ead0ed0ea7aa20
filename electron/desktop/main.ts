import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type App, createApp } from '../core/app.ts'
import { systemClock } from '../core/clock.ts'
import { defaultHome } from '../core/home.ts'
import { createLog } from '../core/log.ts'
import { readArguments } from './arguments.ts'
import { openDoor } from './door.ts'
import { startDesktop } from './start.ts'

const args = process.argv.slice(1)
const { home: named, port, owner } = readArguments(args)
const home = resolve(named ?? defaultHome())
const log = createLog()

// Bundled, this file is in dist/main; from source it is in electron/desktop.
const built = import.meta.url.endsWith('.ts') ? join(import.meta.dirname, '..', '..', 'dist') : join(import.meta.dirname, '..')
const webRoot = join(built, 'web')

/** Chromium's own files go beside ours, so that each home has its own window, and its own single instance. */
const userData = join(home, 'desktop')
try {
  mkdirSync(userData, { recursive: true, mode: 0o700 })
} catch (error) {
  log.error({ error }, 'the home folder cannot be written')
}

let core: App
startDesktop(
  {
    createApp: async () => {
      core = await createApp({ home, mode: 'desktop', log, ...(owner ? { owner } : {}) })
      return core
    },
    startCompanion: () => openDoor(core, { port, webRoot }),
    clock: systemClock,
    log: (message, details) => log.warn({ details: details instanceof Error ? details.message : details }, message),
    webRoot,
    preload: join(built, 'preload', 'preload.cjs'),
    stateFile: join(userData, 'window.json'),
    env: process.env,
    platform: process.platform,
  },
  { args, userData },
)
