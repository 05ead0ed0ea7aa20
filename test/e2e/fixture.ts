import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type BrowserContext, test as base, expect, type Locator, type Page, type Route } from '@playwright/test'
import { fileStorage } from '../../electron/core/journal/file-storage.ts'
import { type Headless, startHeadless } from '../../electron/headless/host.ts'
import { type Client, clientFor, newHome, ownerEmail, silentLog } from '../support/app.ts'
import { recordingStorage, type StorageDouble } from '../support/storage-double.ts'
import { type MovableClock, movableClock } from './clock.ts'
import { type Receiver, startReceiver } from './receiver.ts'

export { expect }

type Asked = { readonly taskId: string; readonly id: string }

export type Inbox = {
  readonly host: Headless
  readonly home: string
  /** The owner, in process: what the browser shows can be compared with it. */
  readonly owner: Client
  readonly clock: MovableClock
  readonly storage: StorageDouble
  /** Holds a registered source's token. */
  readonly token: string
  /** Another administrator: nobody enters themselves as somebody's stand-in. */
  readonly admin: Client
  /** Posts as that source, over HTTP; resolves with the task and its approval. */
  ask(body: Readonly<Record<string, unknown>>): Promise<Asked>
  /** Decides over HTTP as somebody who is not the owner. */
  decideAs(person: string, approvalId: string, decision: 'approve' | 'reject', comment?: string, hold?: boolean): Promise<void>
  /** Signs the owner in and opens the inbox, or another address in it. */
  open(page: Page, hash?: string): Promise<void>
  /** What the journal's files hold, which are the truth; and the decisions among it. */
  records(): readonly Record<string, unknown>[]
  decisions(): readonly Record<string, unknown>[]
  /** Changes text in the journal's files behind the application's back. */
  tamper(from: string, to: string): void
}

/** What no page may do: log an error, break its own content policy, or ask anybody but the host that it came from. */
type Faults = {
  readonly found: string[]
  /** Origin of the host under test. */
  origin: string
  /** Errors of the browser that this test brings about on purpose. */
  expected: RegExp
  watching: boolean
}

type Fixtures = { inbox: Inbox; receiver: Receiver; faults: Faults }

/** What a test needs to differ in its home. */
type Options = {
  owned: boolean
  /** How long answers can be undone; most tests are about what comes after. */
  undoSeconds: number
  /** Whether the next request opens after an answer, as it does unless somebody turns that off. */
  advances: boolean
  /** The instant at which the host's clock stands; null where time passes. */
  standsAt: number | null
}

export const test = base.extend<Fixtures & Options>({
  owned: [true, { option: true }],
  undoSeconds: [0, { option: true }],
  advances: [false, { option: true }],
  standsAt: [null, { option: true }],

  receiver: async ({}, use) => {
    const receiver = await startReceiver()
    await use(receiver)
    receiver.close()
  },

  faults: [
    async ({ context }, use) => {
      const faults: Faults = { found: [], origin: '', expected: /status of (401|403|404|409|422|503|507)/, watching: true }
      watch(context, faults)
      await use(faults)
      expect(faults.found).toEqual([])
    },
    { auto: true },
  ],

  // The page is emptied before its host stops, so that no connection breaks under it.
  inbox: async ({ page, context, receiver, faults, owned, undoSeconds, advances, standsAt }, use) => {
    const inbox = await openInbox(receiver, { owned, undoSeconds, standsAt })
    if (!advances) {
      // A window has no storage before it is anywhere.
      await context.addInitScript(() => location.protocol === 'about:' || localStorage.setItem('countersign.advance', 'off'))
    }
    faults.origin = inbox.host.url
    await use(inbox)
    faults.watching = false
    await Promise.all(
      page
        .context()
        .pages()
        .map((each) => each.close()),
    )
    await inbox.host.stop()
    await rm(inbox.home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
  },
})

function watch(context: BrowserContext, faults: Faults): void {
  const note = (text: string) => {
    if (faults.watching && !faults.expected.test(text)) faults.found.push(text)
  }
  context.on('weberror', (error) => note(error.error().message))
  context.on('console', (message) => {
    if (message.type() === 'error') note(message.text())
  })
  context.on('request', (request) => {
    const { origin, protocol } = new URL(request.url())
    if (/^https?:$/.test(protocol) && origin !== faults.origin) note(`asked another host: ${request.url()}`)
  })
}

async function openInbox(receiver: Receiver, options: Omit<Options, 'advances'>): Promise<Inbox> {
  const { owned, undoSeconds, standsAt } = options
  const home = newHome()
  const config = `model:\n  enabled: false\nactions:\n  payment:\n    url: ${receiver.actionUrl}\n    timeout_seconds: 3600\nundo:\n  seconds: ${undoSeconds}\n`
  writeFileSync(join(home, 'config.yaml'), config)
  const clock = movableClock(standsAt)
  const storage = recordingStorage(fileStorage, { skipSyncs: true })
  const host = await startHeadless({
    home,
    port: 0,
    clock,
    storage: storage.storage,
    log: silentLog,
    ...(owned ? { owner: ownerEmail } : {}),
  })
  const owner = clientFor(host.app, host.app.ownerCaller('http'))
  const ida = { email: 'ida@example.com', name: 'Ida' }
  const admin = clientFor(host.app, { ...host.app.ownerCaller('http'), person: ida })
  const { token } = await owner.tokens.create({ name: 'shop-backend', scope: 'submit', callback_url: receiver.url })
  const post = (path: string, bearer: string, body: unknown) => postJson(host.url + path, bearer, body)
  return {
    host,
    home,
    owner,
    admin,
    clock,
    storage,
    token,
    async ask(body) {
      const { task_id } = (await post('/requests', token, body)) as { task_id: string }
      const { pending_approvals } = await owner.tasks.status({ task_id })
      return { taskId: task_id, id: pending_approvals[0]?.id ?? '' }
    },
    async decideAs(person, approvalId, decision, comment, hold = false) {
      const made = await owner.tokens.create({ name: person, scope: 'decide', person })
      await post('/approvals/decide', made.token, {
        ...{ approval_id: approvalId, decision, hold },
        ...(comment ? { comment } : {}),
      })
    },
    async open(page, hash = '') {
      await page.goto(host.signInLink())
      await expect(page.getByRole('navigation', { name: /^(Views|Ansichten)$/ })).toBeVisible()
      if (hash) await page.goto(host.url + hash)
    },
    records: () => readJournal(home),
    decisions: () => readJournal(home).filter((record) => record.type === 'approval_decided'),
    tamper(from, to) {
      for (const file of journalFiles(home)) writeFileSync(file, readFileSync(file, 'utf8').replaceAll(from, to))
    },
  }
}

async function postJson(url: string, bearer: string, body: unknown): Promise<Record<string, unknown>> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!answer.ok) throw new Error(await answer.text())
  return (await answer.json()) as Record<string, unknown>
}

const journalFiles = (home: string): readonly string[] =>
  readdirSync(join(home, 'journal'))
    .filter((name) => name.endsWith('.jsonl'))
    .map((name) => join(home, 'journal', name))

const readJournal = (home: string): readonly Record<string, unknown>[] =>
  journalFiles(home)
    .flatMap((file) => readFileSync(file, 'utf8').trim().split('\n'))
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>)

/** A request's row in the list that is shown. */
export const row = (page: Page, title: string): Locator =>
  page
    .getByRole('list', { name: /^(Inbox|Due soon|Waiting on others|Snoozed|Done|All)$/ })
    .getByRole('listitem')
    .filter({ hasText: title })

/** The request that is being read. */
export const request = (page: Page, title: string): Locator => page.getByRole('article', { name: title })

/** A part of the request that is being read. */
export const part = (page: Page, name: string): Locator => page.getByRole('article').getByRole('region', { name, exact: true })

/** The messages in the corner. */
export const messages = (page: Page): Locator => page.getByRole('region', { name: 'Messages' })

/** Handles what the page asks for there, `times` often or from now on. A busy browser sends on for a moment after it was told. */
export async function intercept(page: Page, url: string, handler: (route: Route) => unknown, times?: number): Promise<void> {
  await page.route(url, handler, times === undefined ? {} : { times })
  await page.route(/\?is-intercepted$/, (route) => route.fulfill({ status: 204 }))
  const isInEffect = () => page.evaluate(async () => (await fetch('/?is-intercepted')).status === 204)
  await expect.poll(isInEffect).toBe(true)
}
