import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { chromium } from '@playwright/test'
import config from '../../playwright.config.ts'
import { findBrowser } from '../../scripts/browser.ts'
import type { Figure } from './report.ts'

/** Bytes of everything the page loads at its start, as gzip sends them. */
export function measurePage(webFolder: string): Figure {
  const files = (folder: string): string[] =>
    readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() ? files(join(folder, entry.name)) : /\.(js|css|html)$/.test(entry.name) ? [join(folder, entry.name)] : [],
    )
  const bytes = existsSync(webFolder) ? files(webFolder).reduce((sum, file) => sum + gzipSync(readFileSync(file)).length, 0) : 0
  return {
    group: 'Inbox page',
    name: 'scripts, styles and page, gzip',
    unit: 'KB',
    readings: [bytes / 1024],
    aim: 250,
    better: 'less',
  }
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
