import type { Page } from '@playwright/test'
import { expect, type Inbox } from '../fixture.ts'
import type { Receiver } from '../receiver.ts'

type Stage<Seeded> = { readonly page: Page; readonly inbox: Inbox; readonly receiver: Receiver; readonly seeded: Seeded }

/** One home with something in it, and the screens and states that are looked at there, in this order. */
export type Scene<Seeded = unknown> = {
  readonly name: string
  readonly owned?: boolean
  seed(inbox: Inbox, receiver: Receiver): Promise<Seeded>
  /** Looked at on a phone, and not kept: what they show there is in the picture of another state, or of a wide window. */
  readonly wideOnly?: readonly string[]
  /** Only looked at: what they show belongs to the machine. */
  readonly unkept?: readonly string[]
  /** Each leads to its state from anywhere, and ends when it is there. */
  readonly states: Readonly<Record<string, (stage: Stage<Seeded>) => Promise<unknown>>>
}

/** Opens an address in a page that remembers nothing of the one before. */
export async function at(page: Page, inbox: Inbox, path: string): Promise<void> {
  await page.goto('about:blank')
  await page.goto(`${inbox.host.url}/#${path}`)
  await expect(page.getByRole('main')).toBeVisible()
}

export const seen = async (page: Page, text: string | RegExp): Promise<void> =>
  expect(page.getByText(text).filter({ visible: true }).first()).toBeVisible()

export const press = async (page: Page, name: string): Promise<void> =>
  page.getByRole('button', { name, exact: true }).filter({ visible: true }).first().click()
