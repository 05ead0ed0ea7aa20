import type { Page } from '@playwright/test'
import { expect, type Inbox, part, row } from '../fixture.ts'
import { day } from './requests.ts'
import { at, press, type Scene, seen } from './scene.ts'

const open = async (inbox: Inbox, id: string, page: Page, region = 'Timeline') => {
  await at(page, inbox, `/approvals/${id}`)
  await expect(part(page, region)).toBeVisible()
}

/** What is fetched after the rest moves what it is put above: there once it stays there. */
const scrollTo = async (page: Page, region: string) => {
  await expect(page.locator('article [aria-busy=true]')).toHaveCount(0)
  const scrolled = () =>
    part(page, region).evaluate(async (element) => {
      const top = () => {
        element.scrollIntoView({ block: 'start' })
        return [element.getBoundingClientRect().top, element.closest('article')?.scrollHeight].join()
      }
      const before = top()
      await new Promise((resolve) => setTimeout(resolve, 150))
      return before === top()
    })
  await expect.poll(scrolled).toBe(true)
}

const rows = async (page: Page) => expect(row(page, 'Conference in Porto').or(row(page, 'Refund for order')).first()).toBeVisible()

type Day = Awaited<ReturnType<typeof day>>

/** The lists, with what can be opened over them. */
export const lists: Scene<Day> = {
  name: 'lists',
  seed: day,
  wideOnly: ['list-soon', 'list-snoozed', 'list-all', 'search-nothing', 'palette-found', 'keys'],
  states: {
    'list-inbox': async ({ page, inbox }) => {
      await at(page, inbox, '/inbox')
      await rows(page)
    },
    'list-soon': async ({ page, inbox }) => {
      await at(page, inbox, '/due_soon')
      await rows(page)
    },
    'list-waiting': async ({ page, inbox }) => {
      await at(page, inbox, '/waiting')
      await expect(row(page, 'spring newsletter')).toBeVisible()
    },
    'list-snoozed': async ({ page, inbox }) => {
      await at(page, inbox, '/snoozed')
      await expect(row(page, 'cleaning contract')).toBeVisible()
    },
    'list-done': async ({ page, inbox }) => {
      await at(page, inbox, '/done')
      await rows(page)
    },
    'list-all': async ({ page, inbox }) => {
      await at(page, inbox, '/all')
      await rows(page)
    },
    'search-found': async ({ page, inbox }) => {
      await at(page, inbox, `/inbox?q=${encodeURIComponent('type:refund over:40 carrier')}`)
      await rows(page)
    },
    'search-nothing': async ({ page, inbox }) => {
      await at(page, inbox, `/inbox?q=${encodeURIComponent('from:nobody giraffe')}`)
      await seen(page, 'Nothing matches.')
    },
    'filter-menu': async ({ page, inbox }) => {
      await at(page, inbox, '/inbox')
      await rows(page)
      await page.getByRole('button', { name: 'Filter' }).click()
      await expect(page.getByRole('dialog').getByRole('button').first()).toBeVisible()
    },
    palette: async ({ page, inbox }) => {
      await at(page, inbox, '/inbox')
      await rows(page)
      await page.keyboard.press('Control+k')
      await expect(page.getByRole('combobox', { name: 'Find a command or a request' })).toBeFocused()
    },
    'palette-found': async ({ page, inbox }) => {
      await at(page, inbox, '/inbox')
      await rows(page)
      await page.keyboard.press('Control+k')
      await page.getByRole('combobox', { name: 'Find a command or a request' }).fill('order 88')
      await expect(page.getByRole('option', { name: /88-1042/ })).toBeVisible()
    },
    keys: async ({ page, inbox }) => {
      await at(page, inbox, '/inbox')
      await rows(page)
      await page.keyboard.press('?')
      await expect(page.getByRole('dialog', { name: 'Keys' })).toBeVisible()
    },
    bulk: async ({ page, inbox }) => {
      await at(page, inbox, '/inbox')
      await rows(page)
      await page.keyboard.press('*')
      await expect(page.getByRole('region', { name: /selected$/ })).toContainText('Held out')
    },
    offline: async ({ page, inbox }) => {
      await page.route(/\/events/, (route) => route.abort())
      await at(page, inbox, '/inbox')
      await rows(page)
      await seen(page, /Not connected since/)
    },
  },
}

/** Requests as they are read. */
export const cards: Scene<Day> = {
  name: 'cards',
  seed: day,
  wideOnly: ['card-high-facts', 'card-raw', 'card-missing', 'card-snoozed', 'card-chain'],
  states: {
    'card-low': async ({ page, inbox, seeded }) => open(inbox, seeded.low.id, page),
    'card-high': async ({ page, inbox, seeded }) => open(inbox, seeded.high.id, page),
    'card-high-facts': async ({ page, inbox, seeded }) => {
      await open(inbox, seeded.high.id, page)
      await scrollTo(page, 'Facts')
    },
    'card-table': async ({ page, inbox, seeded }) => {
      await open(inbox, seeded.desks.id, page)
      await scrollTo(page, 'Facts')
    },
    'card-enclosures': async ({ page, inbox, seeded }) => {
      await open(inbox, seeded.desks.id, page)
      await scrollTo(page, '2 attachments')
    },
    'card-diff': async ({ page, inbox, seeded }) => {
      await open(inbox, seeded.gate.id, page)
      await scrollTo(page, 'Facts')
    },
    'card-chain': async ({ page, inbox, seeded }) => open(inbox, seeded.chain.id, page),
    'card-options': async ({ page, inbox, seeded }) => open(inbox, seeded.question.id, page),
    'card-decided': async ({ page, inbox, seeded }) => open(inbox, seeded.decided.id, page, 'What happened then'),
    'card-snoozed': async ({ page, inbox, seeded }) => open(inbox, seeded.snoozed.id, page),
    'card-raw': async ({ page, inbox, seeded }) => {
      await open(inbox, seeded.high.id, page)
      await part(page, 'Raw payload')
        .getByText(/^▸?Raw payload/)
        .click()
      await scrollTo(page, 'Raw payload')
    },
    'card-missing': async ({ page, inbox }) => {
      await at(page, inbox, '/approvals/nothing')
      await seen(page, 'This request is not here.')
    },
  },
}

/** Answering, up to the last step before it is said. */
export const deciding: Scene<Day> = {
  name: 'deciding',
  seed: day,
  wideOnly: ['send-back', 'reassign', 'comment'],
  states: {
    edit: async ({ page, inbox, seeded }) => {
      await open(inbox, seeded.desks.id, page)
      await press(page, 'Edit')
      await page.getByRole('textbox', { name: 'amount' }).fill('2100.00')
    },
    reject: async ({ page, inbox, seeded }) => {
      await open(inbox, seeded.low.id, page)
      await press(page, 'Reject')
      await expect(page.getByRole('dialog')).toBeVisible()
    },
    'approve-high': async ({ page, inbox, seeded }) => {
      await open(inbox, seeded.high.id, page)
      await press(page, 'Approve')
      await expect(page.getByRole('alertdialog')).toBeVisible()
    },
    snooze: async ({ page, inbox, seeded }) => {
      await open(inbox, seeded.low.id, page)
      await page.keyboard.press('h')
      await expect(page.getByRole('dialog', { name: 'Snooze until' })).toBeVisible()
    },
    'send-back': async ({ page, inbox, seeded }) => {
      await open(inbox, seeded.low.id, page)
      await page.keyboard.press('s')
      await expect(page.getByRole('dialog')).toBeVisible()
    },
    reassign: async ({ page, inbox, seeded }) => {
      await open(inbox, seeded.low.id, page)
      await page.keyboard.press('m')
      await expect(page.getByRole('dialog')).toBeVisible()
    },
    more: async ({ page, inbox, seeded }) => {
      await open(inbox, seeded.low.id, page)
      await press(page, 'More')
      await expect(page.getByRole('menu')).toBeVisible()
    },
    comment: async ({ page, inbox, seeded }) => {
      await open(inbox, seeded.low.id, page)
      await press(page, 'Comment')
      await page.getByRole('textbox', { name: 'Comment' }).fill('Please add the order number next time.')
    },
    // The last one, because something is said in it.
    undo: async ({ page, inbox, seeded }) => {
      await open(inbox, seeded.low.id, page)
      await press(page, 'Approve')
      await expect(page.getByRole('button', { name: 'Undo' }).filter({ visible: true }).first()).toBeVisible()
    },
  },
}
