import { type Browser, chromium, type Page } from '@playwright/test'
import config from '../../playwright.config.ts'
import { findBrowser } from '../../scripts/browser.ts'

/** The browser of the tests. */
export function openBrowser(): Promise<Browser> {
  const path = findBrowser()?.path
  return chromium.launch({ ...config.use?.launchOptions, ...(path ? { executablePath: path } : {}) })
}

/** A fresh profile in which somebody has signed in and looks at the inbox. */
export async function openInbox(browser: Browser, link: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  const page = await context.newPage()
  await page.goto(link)
  await firstRow(page)
  return page
}

/** Waits until the first request of the inbox is shown. */
export const firstRow = (page: Page): Promise<void> =>
  page.getByRole('list', { name: 'Inbox' }).getByRole('listitem').getByRole('link').first().waitFor()
