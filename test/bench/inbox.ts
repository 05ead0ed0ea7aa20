import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import type { Browser, Page } from '@playwright/test'
import { pageSize } from '../support/page-size.ts'
import { firstRow, openBrowser, openInbox } from './browser.ts'
import { scroll, timeSteps } from './inbox-probe.ts'
import { servePage } from './limits/page.ts'
import { fillHome } from './memory.ts'
import { type Figure, quantile } from './report.ts'
import { sampleRequest } from './runs.ts'
import { type BenchServer, openServer } from './server.ts'

/** One frame at sixty a second, with what clocks round away. */
const frameMs = 17
const steps = 150
const arrivingPerSecond = 200

/** What the page weighs as gzip sends it: what its first screen fetches, and all of it in every language. */
function measurePage(webFolder: string): Figure[] {
  const { first, total } = existsSync(webFolder) ? pageSize(webFolder) : { first: 0, total: 0 }
  const group = 'Inbox page'
  return [
    { group, name: 'first screen: scripts, styles and page, gzip', unit: 'KB', readings: [first / 1024], aim: 170, better: 'less' },
    { group, name: 'every screen in every language, gzip', unit: 'KB', readings: [total / 1024] },
  ]
}

/** The inbox in a real browser: opened with few and with many pending, stepped through, scrolled, and used while requests pour in. */
export async function measureInbox(few: number, many: number, repeats: number): Promise<Figure[]> {
  const browser = await openBrowser()
  try {
    return [
      ...measurePage('dist/web'),
      ...(await measureBarePage(browser, many, repeats)),
      ...(await withServer(few, (server) => measureOpening(browser, server, few, { painted: 300, usable: 600 }, repeats))),
      ...(await withServer(many, async (server) => [
        ...(await measureOpening(browser, server, many, { usable: 1000 }, repeats)),
        ...(await measureUse(browser, server, many, repeats)),
      ])),
    ]
  } finally {
    await browser.close()
  }
}

/** The same of a page that is only a list and a heading: what the browser itself takes, here and now. */
async function measureBarePage(browser: Browser, count: number, repeats: number): Promise<Figure[]> {
  const { url, close } = await servePage(count)
  const readings: { painted: number; usable: number; key: number; frames: number }[] = []
  try {
    for (let round = 0; round < repeats; round++) {
      const page = await openInbox(browser, url)
      const opened = await timeOpening(page, url)
      await timeSteps(page, 20, 40)
      const key = quantile(await timeSteps(page, steps, 40), 0.95)
      readings.push({ ...opened, key, frames: share((await scroll(page, 8, null)).frames) })
      await page.context().close()
    }
  } finally {
    close()
  }
  const group = 'A page that is only a list and a heading, in the same browser'
  const of = (name: keyof (typeof readings)[number]) => readings.map((reading) => reading[name])
  return [
    { group, name: 'navigation → first contentful paint', key: 'page.painted', unit: 'ms', readings: of('painted') },
    { group, name: 'navigation → rows usable', key: 'page.usable', unit: 'ms', readings: of('usable') },
    { group, name: 'key press → heading painted, p95', key: 'page.key', unit: 'ms', readings: of('key') },
    { group, name: `whole page in 8 s: frames under ${frameMs} ms`, key: 'page.frames', unit: '%', readings: of('frames') },
  ]
}

async function withServer<T>(count: number, measure: (server: BenchServer) => Promise<T>): Promise<T> {
  const home = await fillHome(count)
  const server = await openServer(home)
  try {
    return await measure(server)
  } finally {
    await server.stop()
    await rm(home, { recursive: true, force: true })
  }
}

const linkTo = async ({ owner }: BenchServer) => (await owner.system.link({})).url
const pendingGroup = (count: number) => `Inbox page, ${count.toLocaleString('en')} pending`

/** From navigation until something is painted, and until the first rows can be used. */
async function measureOpening(
  browser: Browser,
  server: BenchServer,
  count: number,
  aims: { readonly painted?: number; readonly usable: number },
  repeats: number,
): Promise<Figure[]> {
  const usable: number[] = []
  const painted: number[] = []
  for (let round = 0; round < repeats * 2; round++) {
    const page = await openInbox(browser, await linkTo(server))
    const opened = await timeOpening(page, `${server.url}/`)
    usable.push(opened.usable)
    painted.push(opened.painted)
    await page.context().close()
  }
  const group = pendingGroup(count)
  const first: Figure = {
    group,
    name: 'navigation → first contentful paint',
    key: 'inbox.painted',
    unit: 'ms',
    readings: painted,
    better: 'less',
  }
  return [
    aims.painted === undefined ? first : { ...first, aim: aims.painted },
    {
      group,
      name: 'navigation → rows usable',
      key: 'inbox.usable',
      unit: 'ms',
      readings: usable,
      aim: aims.usable,
      better: 'less',
    },
  ]
}

/** Milliseconds from leaving an empty page. */
async function timeOpening(page: Page, url: string): Promise<{ readonly usable: number; readonly painted: number }> {
  await page.goto('about:blank')
  const startedAt = performance.now()
  await page.goto(url, { waitUntil: 'commit' })
  await firstRow(page)
  const usable = performance.now() - startedAt
  // It is told a little after it was painted.
  const told = await page.waitForFunction(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime)
  return { usable, painted: (await told.jsonValue()) ?? Number.NaN }
}

/** Keys and scrolling, each for itself, and keys while two hundred requests a second arrive. */
async function measureUse(browser: Browser, server: BenchServer, count: number, repeats: number): Promise<Figure[]> {
  const stepping: number[] = []
  const busy: number[] = []
  const whole: number[] = []
  const reading: number[] = []
  for (let round = 0; round < repeats; round++) {
    const page = await openInbox(browser, await linkTo(server))
    // Its order is here once there is an end to scroll to.
    await page.waitForTimeout(3000)
    await page.keyboard.press('j')
    await page.getByRole('article').waitFor()
    await timeSteps(page, 20, 40)
    stepping.push(quantile(await timeSteps(page, steps, 40), 0.95))
    const far = await scroll(page, 20, null)
    if (far.share < 0.999 || far.empty > 0) throw new Error(`The list ended at ${far.share} with ${far.empty} empty rows`)
    whole.push(share(far.frames))
    reading.push(share((await scroll(page, 8, 60)).frames))
    await page.evaluate(() => document.querySelector('[role=list]')!.parentElement!.scrollTo(0, 0))
    const pouring = pour(server)
    busy.push(quantile(await timeSteps(page, steps, 40), 0.95))
    await pouring.stop()
    await page.context().close()
  }
  const group = pendingGroup(count)
  const pouredIn = `key press → next request painted, ${arrivingPerSecond} requests/s arriving, p95`
  return [
    {
      group,
      name: 'key press → next request painted, p95',
      key: 'inbox.key',
      unit: 'ms',
      readings: stepping,
      aim: 50,
      better: 'less',
    },
    { group, name: pouredIn, key: 'inbox.key', unit: 'ms', readings: busy, aim: 50, better: 'less' },
    {
      group,
      name: `whole list in 20 s: frames under ${frameMs} ms`,
      key: 'inbox.frames',
      unit: '%',
      readings: whole,
      aim: 95,
      better: 'more',
    },
    {
      group,
      name: `60 pixels a frame: frames under ${frameMs} ms`,
      key: 'inbox.frames',
      unit: '%',
      readings: reading,
      aim: 95,
      better: 'more',
    },
  ]
}

const share = (frames: readonly number[]): number => (frames.filter((ms) => ms < frameMs).length / frames.length) * 100

/** Posts requests at a steady rate until it is stopped; stopping throws what went wrong. */
function pour({ url, submitToken }: BenchServer): { stop(): Promise<void> } {
  const headers = { authorization: `Bearer ${submitToken}`, 'content-type': 'application/json' }
  const failures: unknown[] = []
  const everyMs = 25
  let n = 0
  const timer = setInterval(() => {
    for (let k = 0; k < (arrivingPerSecond * everyMs) / 1000; k++) {
      fetch(`${url}/requests`, { method: 'POST', headers, body: JSON.stringify(sampleRequest(1_000_000 + n++)) })
        .then(async (answer) => {
          await answer.arrayBuffer()
          if (!answer.ok) failures.push(answer.status)
        })
        .catch((error) => failures.push(error))
    }
  }, everyMs)
  return {
    stop: async () => {
      clearInterval(timer)
      await new Promise((resolve) => setTimeout(resolve, 500))
      if (failures.length > 0) throw new Error(`${failures.length} requests failed: ${failures[0]}`)
    },
  }
}
