import { existsSync } from 'node:fs'
import { chromium } from '@playwright/test'
import config from '../../playwright.config.ts'
import { findBrowser } from '../../scripts/browser.ts'
import { pageSize } from '../support/page-size.ts'
import type { Figure } from './report.ts'

/** What the page weighs as gzip sends it: what its first screen fetches, and all of it in every language. */
export function measurePage(webFolder: string): Figure[] {
  const { first, total } = existsSync(webFolder) ? pageSize(webFolder) : { first: 0, total: 0 }
  const group = 'Inbox page'
  return [
    { group, name: 'first screen: scripts, styles and page, gzip', unit: 'KB', readings: [first / 1024], aim: 170, better: 'less' },
    { group, name: 'every screen in every language, gzip', unit: 'KB', readings: [total / 1024] },
  ]
}

/** From navigation until the first rows of the inbox can be used, in a real browser with a fresh profile. */
export async function measureInbox(signInUrl: () => Promise<string>, repeats: number): Promise<Figure[]> {
  const path = findBrowser()?.path
  const browser = await chromium.launch({ ...config.use?.launchOptions, ...(path ? { executablePath: path } : {}) })
  const usable: number[] = []
  const painted: number[] = []
  for (let round = 0; round < repeats; round++) {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
    const page = await context.newPage()
    const link = await signInUrl()
    await page.goto(link)
    await page.getByRole('list', { name: 'Inbox' }).getByRole('listitem').first().waitFor()
    const startedAt = performance.now()
    await page.goto(`${new URL(link).origin}/`, { waitUntil: 'commit' })
    await page.getByRole('list', { name: 'Inbox' }).getByRole('listitem').first().waitFor()
    usable.push(performance.now() - startedAt)
    painted.push(await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0))
    await context.close()
  }
  await browser.close()
  const group = 'Inbox page'
  return [
    { group, name: 'navigation → rows usable, 10,000 pending', unit: 'ms', readings: usable, aim: 1000, better: 'less' },
    { group, name: 'navigation → first contentful paint', unit: 'ms', readings: painted },
  ]
}
