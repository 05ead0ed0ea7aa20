import type { Locator, Page } from '@playwright/test'
import { expect } from './fixture.ts'

/** From here on the page complains, which fails the test, when the other kind of hand is used. */
export async function handsOff(page: Page, what: 'pointer' | 'keys'): Promise<void> {
  await page.addInitScript(
    (event) => {
      window.addEventListener(event, () => console.error(`a ${event} where there must be none`), true)
    },
    what === 'pointer' ? 'pointerdown' : 'keydown',
  )
}

const mostSteps = 120

/** Goes there with Tab alone, as far as it takes. */
export async function tabTo(page: Page, target: Locator): Promise<void> {
  await expect(target).toBeVisible()
  const has = () => target.evaluate((element) => element === document.activeElement)
  for (let step = 0; step < mostSteps; step += 1) {
    if (await has()) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`Tab does not lead to ${target}`)
}

/** Goes there with Tab and presses a key on it. */
export async function pressOn(page: Page, target: Locator, key = 'Enter'): Promise<void> {
  await tabTo(page, target)
  await page.keyboard.press(key)
}

/** Several keys, one after the other. */
export async function press(page: Page, ...keys: string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key)
}
