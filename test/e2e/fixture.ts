import { writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { test as base, expect, type Page } from '@playwright/test'
import { type Headless, startHeadless } from '../../electron/headless/host.ts'
import { type Client, clientFor, newHome, ownerEmail, silentLog } from '../support/app.ts'

export { expect }

export type Received = { readonly headers: IncomingHttpHeaders; readonly body: string }

/** A system that asked and waits to be told: keeps what is POSTed to it. */
export type Receiver = { readonly url: string; readonly received: Received[] }

export type Inbox = {
  readonly host: Headless
  readonly home: string
  /** The owner, in process: what the browser shows can be compared with it. */
  readonly owner: Client
  /** Posts as a registered source, over HTTP. Resolves with the answer's JSON. */
  submit(path: string, body: unknown): Promise<Record<string, unknown>>
  readonly token: string
  /** Signs the owner in and opens the inbox. */
  open(page: Page, path?: string): Promise<void>
}

type Fixtures = { inbox: Inbox; receiver: Receiver; noErrors: undefined }

/** One real headless application a test, over a home of its own, with the model switched off. */
export const test = base.extend<Fixtures>({
  receiver: async ({}, use) => {
    const received: Received[] = []
    const server = createServer(async (request, response) => {
      let body = ''
      for await (const chunk of request) body += chunk
      received.push({ headers: request.headers, body })
      response.end()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    await use({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/outcome`, received })
    server.closeAllConnections()
    server.close()
  },

  inbox: async ({ receiver }, use) => {
    const home = newHome()
    writeFileSync(join(home, 'config.yaml'), 'model:\n  enabled: false\n')
    const host = await startHeadless({ home, port: 0, owner: ownerEmail, log: silentLog })
    const owner = clientFor(host.app, host.app.ownerCaller('http'))
    const { token } = await owner.tokens.create({ name: 'shop-backend', scope: 'submit', callback_url: receiver.url })
    await use({
      host,
      home,
      owner,
      token,
      async submit(path, body) {
        const answer = await fetch(host.url + path, {
          method: 'POST',
          headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
          body: JSON.stringify(body),
        })
        if (!answer.ok) throw new Error(await answer.text())
        return (await answer.json()) as Record<string, unknown>
      },
      async open(page, path = '/') {
        await page.goto(host.signInLink())
        await expect(page.getByRole('navigation').first()).toBeVisible()
        if (path !== '/') await page.goto(host.url + path)
      },
    })
    await host.stop()
    await rm(home, { recursive: true, force: true })
  },

  // A page that logs an error or breaks its own content policy is broken, whatever else it shows.
  noErrors: [
    async ({ page }, use) => {
      const errors: string[] = []
      page.on('pageerror', (error) => errors.push(error.message))
      page.on('console', (message) => {
        if (message.type() === 'error' && !/status of (401|403|404|409|422|503)/.test(message.text())) errors.push(message.text())
      })
      await use(undefined)
      expect(errors).toEqual([])
    },
    { auto: true },
  ],
})
