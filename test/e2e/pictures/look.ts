import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, type Page, test } from '@playwright/test'

/** A Tuesday morning: every picture is taken at this instant. */
export const standsAt = Date.UTC(2026, 2, 17, 9, 41)

type Look = { readonly width: number; readonly height: number; readonly colorScheme: 'light' | 'dark' }

/** What is pointed at with a mouse, and what is held in a hand. The first look of each is kept and compared. */
export const devices = {
  desk: [
    { width: 1440, height: 900, colorScheme: 'light' },
    { width: 1440, height: 900, colorScheme: 'dark' },
    { width: 1024, height: 768, colorScheme: 'light' },
    { width: 1024, height: 768, colorScheme: 'dark' },
    { width: 760, height: 900, colorScheme: 'light' },
    { width: 760, height: 900, colorScheme: 'dark' },
  ],
  phone: [
    { width: 390, height: 844, colorScheme: 'dark' },
    { width: 390, height: 844, colorScheme: 'light' },
  ],
} as const satisfies Record<string, readonly Look[]>

export type Device = keyof typeof devices

/** A folder where every look of every screen is put, to be looked at; nothing is compared then. */
const gallery = process.env.PICTURES ?? ''
export const inGallery = gallery !== ''

/*
 * Everybody's machine has other fonts: the pictures bring their own, so that what differs is the page. A font made of bytes is not
 * fetched, and the page's content policy has nothing to say about it.
 */
const font = (name: string) => readFileSync(join(import.meta.dirname, 'fonts', `${name}.woff2`)).toString('base64')
const fonts = { 'Picture Sans': font('inter'), 'Picture Mono': font('jetbrains-mono') }
const stillStyle = `
  :root { --font-sans: "Picture Sans", sans-serif; --font-mono: "Picture Mono", monospace; }
  * { scrollbar-width: none !important; caret-color: transparent !important; }
`

/** What is another text in each run, and what stands for it: the port, the home, and what was drawn by lot. */
const drawnByLot: readonly (readonly [source: string, stands: string])[] = [
  ['(127\\.0\\.0\\.1|localhost):\\d+', '$1:7777'],
  [`${tmpdir()}/countersign-\\w+`, '~/countersign'],
  ['\\b[0-9a-f]{64}\\b', 'c0ffee'.repeat(10).padEnd(64, '0')],
  ['\\b(tsk|apr|src|tok|del|dlv|csk|whsec|evt|run|cp)_[A-Za-z0-9_+/=-]{8,}', '$1_0123456789abcdef'],
]

/** Before the first page: the clock stands, and the fonts are the pictures' own. */
export async function prepare(page: Page, now: number): Promise<void> {
  await page.clock.setFixedTime(now)
  await page.addInitScript(
    ({ fonts, style, lots }) => {
      for (const [family, bytes] of Object.entries(fonts)) {
        const face = new FontFace(
          family,
          Uint8Array.from(atob(bytes), (character) => character.charCodeAt(0)),
          { weight: '100 900' },
        )
        document.fonts.add(face)
        void face.load()
      }
      const sheet = new CSSStyleSheet()
      sheet.replaceSync(style)
      document.adoptedStyleSheets = [sheet]
      const still = (node: Node) => {
        const walker = document.createTreeWalker(node, NodeFilter.SHOW_TEXT)
        for (let at: Node | null = node; at !== null; at = walker.nextNode()) {
          const text = at.nodeType === Node.TEXT_NODE ? (at.nodeValue ?? '') : ''
          const same = lots.reduce((so, [source, stands]) => so.replace(new RegExp(source, 'g'), stands), text)
          if (same !== text) at.nodeValue = same
        }
      }
      // Also what is drawn anew later, before anybody sees it.
      new MutationObserver((changes) => {
        for (const { target, addedNodes } of changes) for (const node of [target, ...addedNodes]) still(node)
      }).observe(document, { subtree: true, childList: true, characterData: true })
    },
    { fonts, style: stillStyle, lots: drawnByLot },
  )
}

/** One screen in every look that is asked for: compared with what is kept, or put into the gallery. */
export async function takePictures(page: Page, device: Device, name: string): Promise<void> {
  await expectOwnFonts(page)
  // What is still being fetched is drawn as its outline.
  await expect(page.locator('.bone').filter({ visible: true })).toHaveCount(0)
  for (const { width, height, colorScheme } of gallery ? devices[device] : devices[device].slice(0, 1)) {
    await page.setViewportSize({ width, height })
    await page.emulateMedia({ colorScheme })
    const file = `${name}-${width}`
    if (gallery) {
      mkdirSync(gallery, { recursive: true })
      await page.screenshot({ path: join(gallery, `${file}-${colorScheme}.png`), animations: 'disabled' })
    } else await expect.soft(page).toHaveScreenshot(`${file}.png`, tolerance(page))
  }
}

/** The browser that the references were made with; another one draws letters and fields of its own a little differently. */
const madeWith = join(import.meta.dirname, 'references', 'chromium.txt')

/** In the same browser, a word that is missing is too much. In another one, a part that is missing or has moved. */
function tolerance(page: Page): { readonly maxDiffPixels: number } | { readonly maxDiffPixelRatio: number } {
  const major = page.context().browser()?.version().split('.')[0] ?? ''
  if (test.info().config.updateSnapshots === 'changed') writeFileSync(madeWith, `${major}\n`)
  const made = readFileSync(madeWith, 'utf8').trim()
  if (made === major) return { maxDiffPixels: 250 }
  console.info(`The pictures were made with Chromium ${made}, and this is ${major}: they are compared less strictly.`)
  return { maxDiffPixelRatio: 0.01 }
}

/** Other letters make other lines: without the fonts every picture would differ, and none would say why. */
async function expectOwnFonts(page: Page): Promise<void> {
  const loaded = await page.evaluate(async () => {
    await document.fonts.ready
    return [...document.fonts].filter(({ status }) => status === 'loaded').length
  })
  expect(loaded, "This browser does not load the pictures' own fonts, so nothing can be compared").toBe(Object.keys(fonts).length)
}
