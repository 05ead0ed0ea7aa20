import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openTestApp } from '../../support/app.ts'

export type Tokens = { readonly submit: string; readonly read: string; readonly decide: string; readonly admin: string }
export type PreparedHome = { readonly home: string; readonly tokens: Tokens }

/** A new home with this configuration, and credentials for whoever sends, looks and decides. */
export async function prepareHome(config: string, callback?: string): Promise<PreparedHome> {
  const home = mkdtempSync(join(tmpdir(), 'countersign-torture-'))
  writeFileSync(join(home, 'config.yaml'), config)
  const { owner, stop } = await openTestApp({ home })
  const shop = { name: 'shop', scope: 'submit' as const, ...(callback === undefined ? {} : { callback_url: callback }) }
  const tokens = {
    submit: (await owner.tokens.create(shop)).token,
    read: (await owner.tokens.create({ name: 'dashboard', scope: 'read' })).token,
    decide: (await owner.tokens.create({ name: 'me', scope: 'decide' })).token,
    admin: (await owner.tokens.create({ name: 'operations', scope: 'admin' })).token,
  }
  await stop()
  return { home, tokens }
}
