import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { App } from '../../electron/core/app.ts'
import { startHeadless } from '../../electron/headless/host.ts'
import type { Caller, Person, Scope } from '../../shared/model/actor.ts'
import { type Client, clientFor, silentLog } from '../support/app.ts'
import type { Ids } from './cases.ts'

const ownerEmail = 'ana@example.com'

/** Undoing takes a minute, so that what is held stays held while the doors are tried. */
const configuration = `model: { enabled: false }
undo: { seconds: 60 }
people:
  - { email: bo@example.com, name: Bo }
  - { email: cy@example.com, name: Cy }
  - { email: di@example.com, name: Di }
hooks:
  forge: { scheme: github, secret_env: COUNTERSIGN_DOORS_SECRET, type: refund, title: '"x"' }
`

type Tokens = Readonly<Record<Scope | 'stranger' | 'otherSource' | 'revoked', string>>

export type Scene = {
  readonly app: App
  readonly home: string
  readonly url: string
  readonly port: number
  readonly tokens: Tokens
  /** The `Cookie` header of a signed-in browser. */
  readonly cookie: string
  readonly ids: Ids
  /** How many records the journal has: whoever was refused has not changed it. */
  records(): number
  keys(): { owner: string; submit: string }
  stop(): Promise<void>
}

/** The real application behind its real listener, with one of everything that a door could be tried on. */
export async function openScene(): Promise<Scene> {
  const home = mkdtempSync(join(tmpdir(), 'countersign-doors-'))
  writeFileSync(join(home, 'config.yaml'), configuration)
  const web = join(home, 'web')
  mkdirSync(web)
  writeFileSync(join(web, 'index.html'), '<!doctype html><title>Countersign</title>')
  const host = await startHeadless({ home, port: 0, owner: ownerEmail, log: silentLog, webFolder: web })
  const { app, url } = host
  const owner = clientFor(app, app.ownerCaller('http'))
  const token = async (name: string, scope: Scope, person?: string) =>
    (await owner.tokens.create({ name, scope, ...(person === undefined ? {} : { person }) })).token
  const gone = await owner.tokens.create({ name: 'gone', scope: 'decide' })
  await owner.tokens.revoke({ token_id: gone.item.id })
  const tokens: Tokens = {
    submit: await token('shop', 'submit'),
    read: await token('wall', 'read'),
    decide: await token('phone', 'decide'),
    admin: await token('operations', 'admin'),
    stranger: await token('stranger', 'decide', 'di@example.com'),
    otherSource: await token('other', 'submit'),
    revoked: gone.token,
  }
  return {
    app,
    home,
    url,
    port: Number(new URL(url).port),
    tokens,
    cookie: await signIn(url, host.signInLink()),
    ids: await fill(app, owner, tokens.submit),
    records: () => countRecords(join(home, 'journal')),
    keys: () => JSON.parse(readFileSync(join(home, 'keys.json'), 'utf8')) as { owner: string; submit: string },
    async stop() {
      await host.stop()
      await rm(home, { recursive: true, force: true })
    },
  }
}

const countRecords = (folder: string): number =>
  readdirSync(folder).reduce((count, file) => count + readFileSync(join(folder, file), 'latin1').split('\n').length - 1, 0)

async function signIn(url: string, link: string): Promise<string> {
  const answer = await fetch(`${url}/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ key: new URL(link).hash.replace('#key=', '') }),
  })
  return answer.headers.get('set-cookie')!.split(';')[0]!
}

const inAMonth = (): string => new Date(Date.now() + 30 * 86_400_000).toISOString()

const personCaller = (person: Person): Caller => ({
  scopes: ['read', 'decide'],
  person,
  source: null,
  credential: `tok_${person.name}`,
  via: 'http',
})

async function fill(app: App, owner: Client, submitToken: string): Promise<Ids> {
  const source = clientFor(app, app.access.byToken(submitToken)!)
  const ask = async (title: string): Promise<{ run: string; approval: string; version: string }> => {
    const { task_id } = await source.requests.submitRequest({ type: 'refund', title, amount: 5, approver_email: ownerEmail })
    const [item] = (await owner.tasks.status({ task_id })).pending_approvals
    return { run: task_id, approval: item!.id, version: item!.version.sha256 }
  }
  const { run, approval, version } = await ask('Refund order 1042')
  const held = await ask('Refund order 1043')
  await owner.approvals.decide({ approval_id: held.approval, decision: 'approve', hold: true })
  const expense = await source.requests.startExpense({ employee: 'bo@example.com', amount: 5000, approver_email: ownerEmail })
  const bo = clientFor(app, personCaller({ email: 'bo@example.com', name: 'Bo' }))
  const { id } = await bo.people.delegate({ from: 'bo@example.com', to: 'cy@example.com', ends_at: inAMonth() })
  return { run, approval, version, held: held.approval, expense: expense.workflow_id, delegation: id }
}
