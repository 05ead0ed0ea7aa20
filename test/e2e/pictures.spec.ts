import { expect, test } from './fixture.ts'
import { type Device, devices, inGallery, prepare, standsAt, takePictures } from './pictures/look.ts'
import type { Scene } from './pictures/scene.ts'
import { cards, deciding, lists } from './pictures/scenes-inbox.ts'
import { empty, insight, places, unowned } from './pictures/scenes-places.ts'

const scenes = [empty, unowned, lists, cards, deciding, places, insight] as readonly Scene[]

// Letters at fractions of a pixel, as they are without the machine's own ways of fitting them to its screen.
test.use({
  launchOptions: async ({ launchOptions }, use) => {
    await use({ ...launchOptions, args: [...(launchOptions.args ?? []), '--font-render-hinting=none'] })
  },
})

// The host names hours of its own, in the time zone of its machine.
test.beforeAll(() => {
  process.env.TZ = 'UTC'
})

// The journey there is tested elsewhere; recording it takes longer than the pictures.
test.use({ standsAt, undoSeconds: 5, trace: 'off', locale: 'en-US', timezoneId: 'UTC' })
test.skip(process.platform !== 'linux', 'The pictures are kept as Linux draws them.')

for (const device of Object.keys(devices) as Device[]) {
  test.describe(`on a ${device}`, () => {
    const { width, height } = devices[device][0]
    test.use({
      viewport: { width, height },
      hasTouch: device === 'phone',
      isMobile: device === 'phone',
      contextOptions: { reducedMotion: 'reduce' },
    })

    for (const { name, owned = true, seed, states, wideOnly = [], unkept = [] } of scenes) {
      test.describe(() => {
        test.use({ owned })

        test(`${name} looks as it was last looked at on a ${device}`, async ({ page, inbox, receiver, faults }) => {
          test.setTimeout(300_000)
          faults.expected = /status of|net::ERR_/
          const seeded = await seed(inbox, receiver)
          await prepare(page, inbox.clock.now())
          await page.goto(inbox.host.signInLink())
          await expect(page.getByRole('main').or(page.getByRole('heading')).first()).toBeVisible()
          await expect(page.getByRole('heading', { name: 'Sign in' })).toBeHidden()
          for (const [state, reach] of Object.entries(states)) {
            if (!inGallery && (unkept.includes(state) || (device === 'phone' && wideOnly.includes(state)))) continue
            await test.step(state, async () => {
              await reach({ page, inbox, receiver, seeded })
              await takePictures(page, device, state)
            })
          }
        })
      })
    }
  })
}
