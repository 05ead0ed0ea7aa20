import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openTestApp, ownerEmail } from '../../support/app.ts'

export type Tokens = {
  readonly submit: string
  readonly read: string
  readonly decide: string
  readonly second: string
  readonly admin: string
}
export type PreparedHome = { readonly home: string; readonly tokens: Tokens }

export const second = 'lea@example.com'
/** Most is asked of one person; a contract of two. */
const policy = `rules:
  contract:
    - name: two-signatures
      action: require_approval
      approvers: [${ownerEmail}, ${second}]
      votes: all
`

/** A new home with this configuration, and credentials for whoever sends, looks and decides. */
export async function prepareHome(config: string, callback?: string): Promise<PreparedHome> {
  const home = mkdtempSync(join(tmpdir(), 'countersign-torture-'))
  writeFileSync(join(home, 'config.yaml'), config)
  writeFileSync(join(home, 'policy.yaml'), policy)
  const { owner, stop } = await openTestApp({ home })
  const shop = { name: 'shop', scope: 'submit' as const, ...(callback === undefined ? {} : { callback_url: callback }) }
  const tokens = {
    submit: (await owner.tokens.create(shop)).token,
    read: (await owner.tokens.create({ name: 'dashboard', scope: 'read' })).token,
    decide: (await owner.tokens.create({ name: 'me', scope: 'decide' })).token,
    second: (await owner.tokens.create({ name: 'lea', scope: 'decide', person: second })).token,
    admin: (await owner.tokens.create({ name: 'operations', scope: 'admin' })).token,
  }
  await stop()
  return { home, tokens }
}
