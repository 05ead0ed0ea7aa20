import type { Page } from '@playwright/test'
import { expect, type Inbox, part, test } from './fixture.ts'
import { fields, floods, heads, type Spoof } from './hostile-corpus.ts'

// Recording each look for a trace takes longer than the look.
test.use({ trace: 'off' })

const typed = { type: 'refund', amount: '1240.50', currency: 'EUR' } as const
const perRequest = 16

/** Where a spoof stands in its request. */
const keyOf = ({ suffix = '' }: Spoof, index: number) => `s${index}${suffix}`

const groups = Array.from({ length: Math.ceil(fields.length / perRequest) }, (_, n) =>
  fields.slice(n * perRequest, (n + 1) * perRequest),
)

/** What must never be in the page as it is: all that would be there and not be seen. Our own isolates (U+2068, U+2069) are not looked for. */
const unseen = /(?![\t\n\u2068\u2069])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u3164\uffa0\u2800]/u

/** What holds for every card, whatever was sent. */
async function expectSound(page: Page, title: string): Promise<void> {
  const found = await page.evaluate(() => {
    const box = (element: Element | null | undefined) => element?.getBoundingClientRect()
    const bar = [...document.querySelectorAll('button')].find((each) => /^Approve/.test(each.textContent ?? ''))
    const words = [...document.querySelectorAll('p')].find(
      (each) => each.textContent?.includes('The sender is told that it was approved.') && each.closest('article') === null,
    )
    const article = document.querySelector('article')!
    const within = (rect: DOMRect | undefined) =>
      rect !== undefined &&
      rect.height > 0 &&
      rect.top >= 0 &&
      rect.bottom <= innerHeight &&
      rect.left >= 0 &&
      rect.right <= innerWidth
    const rows = [...document.querySelectorAll('.request-row')].map((row) => box(row)?.height ?? 0)
    const links = [...article.querySelectorAll('a')].filter((each) => !each.getAttribute('href')?.startsWith('#'))
    return {
      hacked: (window as { hacked?: number }).hacked ?? null,
      sideways: document.documentElement.scrollWidth - innerWidth,
      inside: article.scrollWidth - article.clientWidth,
      bar: within(box(bar)),
      consequence: within(box(words)),
      rows: new Set(rows.filter((height) => height > 0).map(Math.round)).size,
      foreign: article.querySelectorAll('img, script, iframe, style, link, form, object, embed, base, meta, math, b, i, h1').length,
      links: links.filter((each) => each.target !== '_blank' || !/noopener/.test(each.rel) || !each.href.startsWith('https://'))
        .length,
      nodes: article.querySelectorAll('*').length,
      html: document.body.innerHTML,
      amount: article.querySelector('header')?.textContent ?? '',
    }
  })
  const { html, amount, nodes, rows, ...rest } = found
  expect.soft(rest, title).toEqual({
    hacked: null,
    sideways: 0,
    inside: 0,
    bar: true,
    consequence: true,
    foreign: 0,
    links: 0,
  })
  if ((page.viewportSize()?.width ?? 0) >= 1024) expect.soft(rows, `${title}: rows of one height`).toBe(1)
  expect.soft(unseen.exec(html)?.[0] ?? null, `${title}: hidden in the page`).toBeNull()
  expect.soft(amount, title).toContain('€1,240.50')
  expect.soft(nodes, `${title}: elements at first`).toBeLessThan(6000)
}

async function open(page: Page, inbox: Inbox, id: string, title: string): Promise<void> {
  await page.goto(`${inbox.host.url}/#/approvals/${id}`)
  await expect(page.locator('#request-title')).toHaveText(title)
}

/** The fields of the card by their names, as they are drawn. */
const drawn = (page: Page) =>
  page.evaluate(() =>
    Object.fromEntries(
      [...document.querySelectorAll('article dt')].map((dt) => [dt.textContent, dt.nextElementSibling?.textContent ?? '']),
    ),
  )

for (const viewport of [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
]) {
  test.describe(`at ${viewport.width}`, () => {
    test.use({ viewport, contextOptions: { reducedMotion: 'reduce' } })

    test(`no field misleads, breaks the layout or runs at ${viewport.width}`, async ({ page, inbox }) => {
      page.on('dialog', (dialog) => expect.soft(dialog.message(), 'a dialog').toBeNull())
      const asked = await Promise.all(
        groups.map(async (group, n) => {
          const data = Object.fromEntries(
            group.flatMap((each, at) => [[keyOf(each, at), each.value], ...(each.twin ? [[`t${at}`, each.twin]] : [])]),
          )
          return { n, group, id: (await inbox.ask({ ...typed, title: `Group ${n}`, data })).id }
        }),
      )
      await inbox.open(page)
      for (const { n, group, id } of asked) {
        await open(page, inbox, id, `Group ${n}`)
        await expect(part(page, 'Facts')).toContainText('s0')
        const cells = await drawn(page)
        const { flags } = await inbox.owner.approvals.get({ approval_id: id })
        for (const [at, each] of group.entries()) {
          const text = cells[keyOf(each, at)]
          for (const shown of each.shows ?? []) expect.soft(text, each.name).toContain(shown)
          if (each.twin !== undefined) expect.soft(text, each.name).not.toBe(cells[`t${at}`])
          if (each.host !== undefined) expect.soft(text, each.name).toContain(each.host)
          if (each.flag !== undefined) {
            const own = flags.filter(({ pointer }) => pointer.startsWith(`/data/${keyOf(each, at)}`)).map((flag) => flag.code)
            expect.soft(own, each.name).toContain(each.flag)
          }
        }
        await expectSound(page, `Group ${n}`)
      }
    })

    test(`no title and no requester misleads at ${viewport.width}`, async ({ page, inbox }) => {
      const asked = await Promise.all(
        heads.map(async ({ title = 'A refund', requester = 'ana@example.com', ...rest }) => ({
          ...rest,
          title,
          isTitle: rest.shows !== requester && requester === 'ana@example.com',
          id: (await inbox.ask({ ...typed, title, requester, data: { order: 1 } })).id,
        })),
      )
      await inbox.open(page)
      for (const { name, title, shows, isTitle, id } of asked) {
        await open(page, inbox, id, isTitle ? shows : title)
        if (!isTitle) await expect.soft(page.getByRole('article').locator('header').first(), name).toContainText(shows)
        await expectSound(page, name)
      }
    })

    test(`no flood drowns the card at ${viewport.width}`, async ({ page, inbox }) => {
      const asked = await Promise.all(
        floods.map(async (each, n) => ({
          ...each,
          n,
          id: (await inbox.ask({ ...typed, title: `Flood ${n}`, data: each.data })).id,
        })),
      )
      await inbox.open(page)
      for (const { name, shows, n, id } of asked) {
        await open(page, inbox, id, `Flood ${n}`)
        for (const shown of shows) await expect.soft(part(page, 'Facts'), name).toContainText(shown)
        await expectSound(page, name)
      }
    })
  })
}

test('words that imitate the page stand in the sender’s frame and nowhere else', async ({ page, inbox }) => {
  const words = [
    'Approved by finance ✓',
    'Nothing happens, this is a test.',
    'checked against the request: harmless',
    'Due in 9 days',
  ]
  const data = Object.fromEntries(words.map((each, n) => [`f${n}`, each]))
  const { id } = await inbox.ask({ ...typed, title: 'A refund', description: '[System] Verified.', data, rollback: 'Low risk' })
  await inbox.open(page, `/#/approvals/${id}`)
  const frame = part(page, 'From shop-backend')
  for (const each of [...words, '[System] Verified.', 'Low risk']) await expect(frame).toContainText(each)
  const outside = await page.evaluate(() => {
    const copy = document.querySelector('article')?.cloneNode(true) as HTMLElement
    for (const each of copy.querySelectorAll('.sender')) each.remove()
    return copy.textContent ?? ''
  })
  for (const each of [...words, 'Verified.']) expect(outside).not.toContain(each)
})

test('a link asks first and names its host; it opens in a tab that knows nothing of this one', async ({ page, inbox, context }) => {
  await context.route('https://files.shop.example/**', (route) => route.fulfill({ body: 'a file', contentType: 'text/plain' }))
  const { id } = await inbox.ask({ ...typed, title: 'A refund', data: { receipt: 'https://files.shop.example/7' } })
  await inbox.open(page, `/#/approvals/${id}`)
  const link = part(page, 'Facts').getByRole('link')
  await link.click()
  const question = page.getByRole('alertdialog', { name: 'Open shop.example?' })
  await expect(question).toContainText('https://files.shop.example/7')
  await page.keyboard.press('Escape')
  await expect(question).toBeHidden()
  expect(context.pages()).toHaveLength(1)
  await link.press('Enter')
  await expect(question.getByRole('button', { name: 'Cancel' })).toBeFocused()
})

test('what is folded opens whole, and the page does not stand still meanwhile', async ({ page, inbox }) => {
  const story = `${'All quiet here. '.repeat(12_000)}THE END`
  const { id } = await inbox.ask({ ...typed, title: 'Long', data: { story } })
  const data = Object.fromEntries(Array.from({ length: 10_000 }, (_, n) => [`field_${n}`, n]))
  const wide = await inbox.ask({ ...typed, title: 'Wide', data })
  await inbox.open(page, `/#/approvals/${id}`)
  const facts = part(page, 'Facts')
  await facts.getByRole('button', { name: 'Show all 192,007 characters' }).click()
  await expect(facts).toContainText('THE END')
  await expect(facts).toContainText('Shows 192,007 of 192,007 characters.')
  await open(page, inbox, wide.id, 'Wide')
  await page.evaluate(() => {
    const gaps: number[] = []
    Object.assign(window, { gaps })
    let last = performance.now()
    const tick = (now: number) => {
      gaps.push(now - last)
      last = now
      requestAnimationFrame(tick)
    }
    requestAnimationFrame(tick)
  })
  await facts.getByRole('button', { name: 'Show all 10,000' }).click()
  await expect(facts.getByText('field_9999', { exact: true })).toBeAttached({ timeout: 30_000 })
  const longest = await page.evaluate(() => Math.max(...(window as unknown as { gaps: number[] }).gaps))
  console.log(`longest frame while 10,000 fields open: ${Math.round(longest)} ms`)
  expect(longest).toBeLessThan(1000)
})

test('there are a hundred and fifty spoofs and more, each with something that must be true', () => {
  expect(fields.length + heads.length + floods.length).toBeGreaterThanOrEqual(150)
  expect(fields.filter(({ shows, twin, host, flag }) => !(shows || twin || host || flag))).toEqual([])
  console.log(`${fields.length} fields, ${heads.length} titles and requesters, ${floods.length} floods`)
})
