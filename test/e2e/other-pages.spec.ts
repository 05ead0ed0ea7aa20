import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from '@playwright/test'
import { expect, type Inbox, test } from './fixture.ts'

/*
 * A browser that is signed in to the inbox opens a page of somebody else, which knows everything but the session: the address, the port,
 * the id of what waits. Whatever it tries, nothing is decided, nothing can be read, and the journal does not grow by a record.
 */

const configured = process.env.CHROMIUM_PATH

test.use({
  launchOptions: {
    ...(configured ? { executablePath: configured } : {}),
    // A name of somebody else's that points here, as it does once it was rebound.
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--host-resolver-rules=MAP rebound.example 127.0.0.1',
    ],
  },
})

/** What the page tries, one after the other; answers with what it could read. Runs in the browser. */
async function attack({ url, approval }: { url: string; approval: string }): Promise<string[]> {
  const read: string[] = []
  const decision = JSON.stringify({ approval_id: approval, decision: 'approve' })
  const key = JSON.stringify({ key: 'guessed' })
  const within = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))
  const ask = async (what: string, path: string, init: RequestInit) => {
    try {
      const answer = await fetch(url + path, init)
      const text = await answer.text()
      if (text !== '') read.push(`${what} ${path}: ${text.slice(0, 100)}`)
    } catch {
      // Refused to the page, which is what should happen.
    }
  }
  for (const credentials of ['include', 'omit'] as const) {
    for (const path of ['/session', '/approvals', '/tokens', '/audit', '/healthz', '/events']) {
      await ask('cors', path, { credentials })
      await ask('no-cors', path, { credentials, mode: 'no-cors' })
    }
    for (const type of ['application/json', 'text/plain', 'application/x-www-form-urlencoded']) {
      for (const mode of ['cors', 'no-cors'] as const) {
        const post = { method: 'POST', credentials, mode, headers: { 'content-type': type } }
        await ask(mode, '/approvals/decide', { ...post, body: decision })
        await ask(mode, '/session', { ...post, body: key })
        await ask(mode, '/session/link', { ...post, body: '{}' })
        await ask(mode, '/tokens', { ...post, body: '{"name":"mine","scope":"decide"}' })
      }
    }
    const own = { 'content-type': 'application/json', 'x-countersign': '1' }
    await ask('with our header', '/approvals/decide', { method: 'POST', credentials, headers: own, body: decision })
    for (const method of ['PUT', 'PATCH', 'DELETE'])
      await ask(method, method === 'PATCH' ? '/settings' : '/groups/x', { method, credentials, headers: own, body: '{}' })
  }
  navigator.sendBeacon(`${url}/approvals/decide`, decision)
  navigator.sendBeacon(`${url}/approvals/decide`, new Blob([decision], { type: 'text/plain' }))
  const socket = new WebSocket(`${url.replace('http', 'ws')}/approvals/${approval}/stream`)
  socket.onmessage = ({ data }) => read.push(`socket: ${String(data).slice(0, 100)}`)
  socket.onopen = () => read.push('socket: open')
  const stream = new EventSource(`${url}/events`, { withCredentials: true })
  stream.onopen = () => read.push('stream: open')
  stream.onmessage = ({ data }) => read.push(`stream: ${String(data).slice(0, 100)}`)
  for (const enctype of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
    const frame = Object.assign(document.createElement('iframe'), { name: `frame-${enctype}` })
    const form = Object.assign(document.createElement('form'), { method: 'post', action: `${url}/approvals/decide`, enctype })
    form.target = frame.name
    const field = document.createElement('input')
    // As text/plain, name and value make JSON together.
    Object.assign(field, { name: `${decision.slice(0, -1)},"comment":"`, value: '"}' })
    form.append(field)
    document.body.append(frame, form)
    form.submit()
  }
  const shown = Object.assign(document.createElement('iframe'), { src: `${url}/` })
  document.body.append(shown)
  for (const [tag, name] of [
    ['img', 'src'],
    ['script', 'src'],
    ['link', 'href'],
  ] as const) {
    const element = document.createElement(tag)
    element.setAttribute(name, `${url}/approvals/${approval}`)
    if (tag === 'link') element.setAttribute('rel', 'stylesheet')
    element.addEventListener('load', () => read.push(`${tag}: loaded`))
    document.body.append(element)
  }
  await within(1500)
  try {
    const inside = shown.contentDocument?.body.textContent ?? ''
    if (inside !== '') read.push(`frame: ${inside.slice(0, 100)}`)
  } catch {
    // Another origin's document is nobody else's to look into.
  }
  stream.close()
  socket.close()
  return read
}

const credentials = async (inbox: Inbox) => (await inbox.owner.tokens.list({})).items.length

let elsewhere: Server
let port = 0
test.beforeEach(async ({ faults }) => {
  // Errors are what the page is to get, and it asks more than one host.
  faults.watching = false
  elsewhere = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html; charset=utf-8')
    response.end('<!doctype html><title>Elsewhere</title><body>')
  })
  await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve))
  port = (elsewhere.address() as AddressInfo).port
})
test.afterEach(() => void elsewhere.close())

/** Tries everything from a page at this address; the inbox must not have noticed. */
async function contained(inbox: Inbox, page: Page, from: string, target: string): Promise<void> {
  const { id } = await inbox.ask({ type: 'refund', title: 'Refund order 1042', amount: 5 })
  await inbox.open(page)
  const before = [inbox.records().length, await credentials(inbox)]
  const other = await page.context().newPage()
  await other.goto(from)
  expect(await other.evaluate(attack, { url: target, approval: id })).toEqual([])
  await other.close()
  expect([inbox.records().length, await credentials(inbox)]).toEqual(before)
  expect((await inbox.owner.approvals.get({ approval_id: id })).status).toBe('pending')
  // The session was there all the while: from the inbox's own page, the same question is answered.
  const asked = await page.evaluate(async () => (await fetch('/session')).status)
  expect(asked).toBe(200)
}

test('a page at another port of this machine, which the browser takes for the same site, changes and reads nothing', async ({
  inbox,
  page,
}) => {
  await contained(inbox, page, `http://127.0.0.1:${port}/`, inbox.host.url)
})

test('a page of another site changes and reads nothing', async ({ inbox, page }) => {
  await contained(inbox, page, `http://localhost:${port}/`, inbox.host.url)
})

test('a page in a sandbox, whose origin is nobody’s, changes and reads nothing', async ({ inbox, page }) => {
  elsewhere.removeAllListeners('request')
  elsewhere.on('request', (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html', 'content-security-policy': 'sandbox allow-scripts allow-forms' })
    response.end('<!doctype html><title>Elsewhere</title><body>')
  })
  await contained(inbox, page, `http://localhost:${port}/`, inbox.host.url)
})

test('a name that was made to point here afterwards gets no page and no answer', async ({ inbox, page }) => {
  const { port: own } = new URL(inbox.host.url)
  const rebound = `http://rebound.example:${own}`
  const answer = await page.goto(`${rebound}/`)
  expect([answer?.status(), (await answer?.json()) as unknown]).toMatchObject([403, { code: 'host-not-allowed' }])
  const { id } = await inbox.ask({ type: 'refund', title: 'Refund order 1042', amount: 5 })
  const before = inbox.records().length
  // Its page is of its own origin now, so that it may read what it is told: that it is not allowed, each time.
  const read = await page.evaluate(attack, { url: rebound, approval: id })
  expect(read.filter((text) => !text.includes('"type":"/docs#host-not-allowed"'))).toEqual([])
  expect(read.length).toBeGreaterThan(10)
  expect(inbox.records()).toHaveLength(before)
})
