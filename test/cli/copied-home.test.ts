import { cpSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { findServer } from '../../electron/cli/server.ts'
import { startHeadless } from '../../electron/headless/host.ts'
import { newHome, ownerEmail, silentLog } from '../support/app.ts'

it('a copy of a home that is in use does not speak for the original', async () => {
  const home = newHome()
  const copy = newHome()
  const host = await startHeadless({ home, port: 0, owner: ownerEmail, log: silentLog })
  cpSync(home, copy, { recursive: true })
  expect(await findServer(home)).toMatchObject({ url: host.url })
  expect(await findServer(copy)).toBeNull()
  await host.stop()
  for (const folder of [home, copy]) await rm(folder, { recursive: true, force: true })
})
