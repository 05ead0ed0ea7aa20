import { defineConfig } from '@playwright/test'

/** Named by `scripts/test.ts`, which finds or installs one; without it Playwright looks for its own. */
const executablePath = process.env.CHROMIUM_PATH

/** The tests in a real browser. */
export default defineConfig({
  testDir: 'test/e2e',
  outputDir: 'test-results/e2e',
  workers: 2,
  // A machine that others use too can be slow for seconds. What passes at the second try is named as flaky, and is looked into.
  retries: process.env.CI ? 1 : 0,
  fullyParallel: true,
  timeout: 60_000,
  forbidOnly: Boolean(process.env.CI),
  snapshotPathTemplate: '{testDir}/pictures/references/{arg}{ext}',
  expect: { toHaveScreenshot: { animations: 'disabled' } },
  reporter: [['list'], ['json', { outputFile: 'test-results/playwright.json' }]],
  use: {
    browserName: 'chromium',
    screenshot: 'only-on-failure',
    trace: 'retain-on-failure',
    launchOptions: {
      ...(executablePath ? { executablePath } : {}),
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
})
