import type { Page, Route } from '@playwright/test'
import { expect, type Inbox, intercept, messages, part, request, row, test } from './fixture.ts'

const answers = 'Answers that can be undone'

/** Keeps what the page asks for there until it is let go. */
async function hold(page: Page, url: string) {
  const held: Route[] = []
  const passed = Promise.withResolvers<void>()
  await intercept(page, url, async (route) => {
    held.push(route)
    await passed.promise
    await route.continue()
  })
  return { held, release: () => passed.resolve() }
}

const isOpen = async ({ owner }: Inbox, id: string) => {
  const { status, held } = await owner.approvals.get({ approval_id: id })
  return status === 'pending' && held === null
}

test.describe('what is typed into a field that goes by itself', () => {
  test('is not taken for commands, and decides nothing else', async ({ page, inbox }) => {
    const first = await inbox.ask({ type: 'refund', title: 'Decided elsewhere', timeout_hours: 1 })
    const second = await inbox.ask({ type: 'refund', title: 'Right below it', timeout_hours: 2 })
    await inbox.open(page, `/#/approvals/${first.id}`)
    await expect(request(page, 'Decided elsewhere')).toBeVisible()
    await page.keyboard.press('r')
    await expect(page.getByLabel('Reason')).toBeFocused()
    const written = page.keyboard.type('We had this job already, and a job already paid is a job already paid.', { delay: 50 })
    await inbox.owner.approvals.decide({ approval_id: first.id, decision: 'approve' })
    await expect(page.getByRole('dialog')).toHaveCount(0)
    await written
    await page.waitForTimeout(500)
    expect(await isOpen(inbox, second.id)).toBe(true)
    await expect(request(page, 'Decided elsewhere')).toBeVisible()
    // Whoever has stopped typing means what they press.
    await page.waitForTimeout(1500)
    await page.keyboard.press('j')
    await expect(request(page, 'Right below it')).toBeVisible()
  })
})

test.describe('one after another', () => {
  test.use({ undoSeconds: 5, advances: true })

  test('a double click decides one request, and not the next as well', async ({ page, inbox }) => {
    const asked = []
    for (const n of [1, 2]) asked.push(await inbox.ask({ type: 'refund', title: `Order ${n}`, timeout_hours: n }))
    await inbox.open(page, `/#/approvals/${asked[0]!.id}`)
    await expect(request(page, 'Order 1')).toBeVisible()
    await page.getByRole('button', { name: 'Approve' }).dblclick()
    await expect(request(page, 'Order 2')).toBeVisible()
    await expect(page.getByRole('list', { name: answers }).getByRole('listitem')).toHaveCount(1)
    await page.waitForTimeout(500)
    expect(await isOpen(inbox, asked[0]!.id)).toBe(false)
    expect(await isOpen(inbox, asked[1]!.id)).toBe(true)
  })

  test('z pressed while an answer is on its way takes back that one, not the one before it', async ({ page, inbox }) => {
    const asked = []
    for (const n of [1, 2, 3]) asked.push(await inbox.ask({ type: 'refund', title: `Order ${n}`, timeout_hours: n }))
    await inbox.open(page, `/#/approvals/${asked[0]!.id}`)
    await expect(request(page, 'Order 1')).toBeVisible()
    await page.keyboard.press('a')
    await expect(page.getByRole('list', { name: answers }).getByRole('listitem')).toHaveCount(1)
    await expect(request(page, 'Order 2')).toBeVisible()
    const way = await hold(page, '**/approvals/decide')
    await page.keyboard.press('a')
    await expect.poll(() => way.held.length).toBe(1)
    await page.keyboard.press('z')
    way.release()
    await expect(messages(page)).toContainText('Taken back: Order 2.')
    expect(await isOpen(inbox, asked[0]!.id)).toBe(false)
    expect(await isOpen(inbox, asked[1]!.id)).toBe(true)
  })
})

test('the reason of a no that was refused is seen before it goes with a yes', async ({ page, inbox, faults }) => {
  faults.expected = /net::ERR_/
  const { id } = await inbox.ask({ type: 'refund', title: 'Second thoughts' })
  await inbox.open(page, `/#/approvals/${id}`)
  await expect(request(page, 'Second thoughts')).toBeVisible()
  await intercept(page, '**/approvals/decide', (route) => route.abort(), 1)
  await page.keyboard.press('r')
  await page.getByLabel('Reason').fill('Far too dear.')
  await page.keyboard.press('Control+Enter')
  await expect(messages(page)).toContainText('No answer came back.')
  await expect(page.getByRole('textbox', { name: 'Comment' })).toHaveValue('Far too dear.')
  await page.getByRole('textbox', { name: 'Comment' }).fill('Fair enough.')
  await page.getByRole('button', { name: 'Approve' }).click()
  await expect(part(page, 'What happened then')).toContainText('Fair enough.')
})

test('more time that is granted late takes the focus from nobody', async ({ page, inbox }) => {
  const { id } = await inbox.ask({ type: 'refund', title: 'Curious' })
  await inbox.open(page, `/#/approvals/${id}`)
  await expect(request(page, 'Curious')).toBeVisible()
  const way = await hold(page, '**/extend')
  await page.keyboard.press('d')
  await page.keyboard.press('Enter')
  await expect.poll(() => way.held.length).toBe(1)
  await page.keyboard.press('c')
  await page.keyboard.type('Who ')
  way.release()
  await expect(messages(page)).not.toBeEmpty()
  await page.waitForTimeout(300)
  await page.keyboard.type('was asked?')
  await expect(page.getByRole('textbox', { name: 'Comment' })).toHaveValue('Who was asked?')
  expect(await isOpen(inbox, id)).toBe(true)
})

test.describe('a remark on its way', () => {
  test('is posted once, and what is written behind it stays', async ({ page, inbox }) => {
    const { id } = await inbox.ask({ type: 'refund', title: 'Curious' })
    await inbox.open(page, `/#/approvals/${id}`)
    await expect(request(page, 'Curious')).toBeVisible()
    const way = await hold(page, '**/comments')
    await page.keyboard.press('c')
    await page.keyboard.type('First')
    const post = page.getByRole('button', { name: 'Post without answering' })
    await post.dblclick()
    await expect.poll(() => way.held.length).toBeGreaterThan(0)
    const field = page.getByRole('textbox', { name: 'Comment' })
    await field.click()
    await page.keyboard.press('End')
    await page.keyboard.type(', second')
    way.release()
    await expect(request(page, 'Curious')).toContainText('Owner remarked: First')
    await page.waitForTimeout(300)
    await page.keyboard.type(' thought')
    await expect(field).toHaveValue('First, second thought')
    expect(way.held).toHaveLength(1)
    expect(await isOpen(inbox, id)).toBe(true)
  })

  test('takes no focus from the request that somebody has gone on to', async ({ page, inbox }) => {
    const asked = []
    for (const n of [1, 2]) asked.push(await inbox.ask({ type: 'refund', title: `Order ${n}`, timeout_hours: n }))
    await inbox.open(page, `/#/approvals/${asked[0]!.id}`)
    await expect(request(page, 'Order 1')).toBeVisible()
    const way = await hold(page, '**/comments')
    await page.keyboard.press('c')
    await page.keyboard.type('First')
    await page.getByRole('button', { name: 'Post without answering' }).click()
    await expect.poll(() => way.held.length).toBe(1)
    await row(page, 'Order 2').getByRole('link').click()
    await expect(request(page, 'Order 2')).toBeVisible()
    await page.keyboard.press('c')
    await page.keyboard.type('Who ')
    way.release()
    await expect(messages(page)).not.toBeEmpty()
    await page.waitForTimeout(300)
    await page.keyboard.type('was asked?')
    await expect(page.getByRole('textbox', { name: 'Comment' })).toHaveValue('Who was asked?')
    expect(await isOpen(inbox, asked[1]!.id)).toBe(true)
  })
})

test('a pause behind a word of a search loses no space', async ({ page, inbox }) => {
  await inbox.ask({ type: 'refund', title: 'Coffee for the team' })
  await inbox.open(page)
  await expect(row(page, 'Coffee')).toBeVisible()
  await page.keyboard.press('/')
  await page.keyboard.type('coffee ')
  await expect(page).toHaveURL(/q=coffee/)
  await page.keyboard.type('team')
  await expect(page.getByRole('searchbox')).toHaveValue('coffee team')
})

test('Enter opens nothing that an earlier search of the palette has found', async ({ page, inbox }) => {
  await inbox.ask({ type: 'refund', title: 'Zebra crossing' })
  await inbox.ask({ type: 'refund', title: 'Quokka shelter' })
  await inbox.open(page)
  await page.keyboard.press('Control+k')
  await expect(page.getByRole('combobox')).toBeFocused()
  await page.keyboard.type('zebra')
  await expect(page.getByRole('option', { name: /Zebra crossing/ })).toBeVisible()
  await page.getByRole('combobox').fill('quokka')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('option', { name: /Quokka shelter/ })).toBeVisible()
  await page.keyboard.press('Enter')
  await expect(request(page, 'Quokka shelter')).toBeVisible()
})

test('handing over that is stored late closes nothing else', async ({ page, inbox }) => {
  const { id } = await inbox.ask({ type: 'refund', title: 'Curious' })
  await inbox.open(page, `/#/approvals/${id}`)
  await expect(request(page, 'Curious')).toBeVisible()
  const way = await hold(page, '**/reassign')
  await page.keyboard.press('m')
  await page.getByRole('dialog').getByRole('textbox').first().fill('bo@example.com')
  await page.getByRole('dialog').getByRole('button', { name: 'Hand over' }).click()
  await expect.poll(() => way.held.length).toBe(1)
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await page.keyboard.press('h')
  const snooze = page.getByRole('dialog', { name: 'Snooze' })
  await expect(snooze).toBeVisible()
  way.release()
  await expect(messages(page)).not.toBeEmpty()
  await page.waitForTimeout(300)
  await expect(snooze).toBeVisible()
})
