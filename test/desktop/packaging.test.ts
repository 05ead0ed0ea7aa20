import { readFileSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { appId } from '../../electron/desktop/app-id.ts'
import { deepLinkScheme } from '../../electron/desktop/origin.ts'

const root = join(import.meta.dirname, '..', '..')
const read = () => parse(readFileSync(join(root, 'electron-builder.yml'), 'utf8'))

// electron-builder's own validator, found through electron-builder: it has no public name.
const ofBuilder = createRequire(createRequire(import.meta.url).resolve('electron-builder'))
const { validateConfiguration } = ofBuilder('app-builder-lib/out/util/config/config.js') as {
  validateConfiguration(config: object, log: object): Promise<void>
}
const { DebugLogger } = ofBuilder('builder-util') as { DebugLogger: new (enabled: boolean) => object }
const validate = (config: object) => validateConfiguration(config, new DebugLogger(false))

describe('the packaging', () => {
  it('is understood by electron-builder, which refuses a misspelt one', async () => {
    await validate(read())
    await expect(validate({ ...read(), npmRebuilt: false })).rejects.toThrow('npmRebuilt')
  })

  it('turns off every way into the program that Electron leaves open', () => {
    expect(read().electronFuses).toEqual({
      runAsNode: false,
      enableCookieEncryption: true,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
      grantFileProtocolExtraPrivileges: false,
    })
  })

  it('names what the program itself names', () => {
    const config = read()
    expect([config.appId, config.protocols[0].schemes]).toEqual([appId, [deepLinkScheme]])
    expect(createRequire(import.meta.url)('../../package.json').main).toBe('dist/main/desktop.js')
  })

  it('brings its pictures, and they are small', () => {
    const { linux, mac, win } = read()
    const sizes = [linux.icon, mac.icon, win.icon].map((icon: string) => statSync(join(root, icon)).size)
    expect(sizes.every((size) => size > 1_000 && size < 100_000)).toBe(true)
  })
})
