import { AxeBuilder } from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'

/** The whole in the light theme; in the dark one what looks at colours, since the theme changes nothing else. */
const looks = {
  light: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] },
  dark: { type: 'rule', values: ['color-contrast', 'link-in-text-block'] },
} as const

/** In both themes: no violation, and nothing to scroll sideways. */
export async function checkAccessible(page: Page, screen: string): Promise<void> {
  // What is not drawn while it is out of sight keeps the colours of the theme before.
  await page.evaluate(() => {
    const drawn = new CSSStyleSheet()
    drawn.replaceSync('* { content-visibility: visible !important }')
    document.adoptedStyleSheets = [drawn]
  })
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    // Colours on their way from one theme to the other are neither. They set out with the frame that draws the other theme.
    await page.evaluate(async () => {
      const drawn = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)))
      await drawn()
      await Promise.allSettled(document.getAnimations().map((each) => each.finished))
      await drawn()
    })
    const { violations } = await new AxeBuilder({ page })
      .options({
        runOnly: { ...looks[colorScheme], values: [...looks[colorScheme].values] },
        resultTypes: ['violations'],
        preload: false,
      })
      .setLegacyMode(true)
      .analyze()
    const found = violations.flatMap(({ id, help, nodes }) => nodes.map((node) => `${id} (${help}) ${node.target}`))
    expect.soft(found, `${screen}, ${colorScheme}`).toEqual([])
  }
  await page.evaluate(() => {
    document.adoptedStyleSheets = []
  })
  const wider = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
  expect.soft(wider, `${screen} is wider than the window`).toBeLessThanOrEqual(0)
}
