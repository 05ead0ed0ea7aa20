import { userInfo } from 'node:os'
import { expect, request, row, test } from './fixture.ts'

test.describe('a home without an owner', () => {
  test.use({ owned: false })

  test('a first start asks who decides, with what the machine knows filled in, and leads to the inbox', async ({ page, inbox }) => {
    await page.goto(inbox.host.signInLink())
    await expect(page.getByRole('heading', { name: 'Welcome to Countersign' })).toBeVisible()
    const name = page.getByLabel('Your name')
    await expect(name).toHaveValue(new RegExp(userInfo().username.slice(0, 3), 'i'))
    await expect(page.getByLabel('Your e-mail address')).toHaveValue(/.+@.+/)
    await name.fill('Ana Silva')
    await page.getByLabel('Your e-mail address').fill('ana@example.com')
    await page.getByRole('button', { name: 'Open the inbox' }).click()
    await expect(page.getByRole('heading', { name: 'Nothing waits for you.' }).last()).toBeVisible()

    const { id } = await inbox.ask({ type: 'refund', title: 'First of all' })
    await row(page, 'First of all').getByRole('link').click()
    await expect(request(page, 'First of all')).toBeVisible()
    await page.keyboard.press('a')
    await expect(page.getByText('Approved by Ana Silva').first()).toBeVisible()
    expect(await inbox.owner.approvals.get({ approval_id: id })).toMatchObject({
      decision: { actor: { id: 'ana@example.com', name: 'Ana Silva' } },
    })
    await page.reload()
    await expect(page.getByRole('navigation', { name: 'Views' })).toBeVisible()
  })

  test('a name of blanks is refused with a sentence, and what was typed stays', async ({ page, inbox }) => {
    await page.goto(inbox.host.signInLink())
    await page.getByLabel('Your name').fill('   ')
    await page.getByLabel('Your e-mail address').fill('ana@example.com')
    await page.getByRole('button', { name: 'Open the inbox' }).click()
    await expect(page.getByRole('alert')).toContainText(/\w/)
    await expect(page.getByLabel('Your e-mail address')).toHaveValue('ana@example.com')
  })
})

test('a one-time link signs in once; a second use says what to do', async ({ page, inbox, browser, faults }) => {
  const link = inbox.host.signInLink()
  await page.goto(link)
  await expect(page.getByRole('navigation', { name: 'Views' })).toBeVisible()
  expect(page.url()).not.toContain('key=')
  await page.reload()
  await expect(page.getByRole('navigation', { name: 'Views' })).toBeVisible()

  const other = await browser.newContext()
  const stranger = await other.newPage()
  await stranger.goto(link)
  await expect(stranger.getByRole('heading', { name: 'Sign in' })).toBeVisible()
  await expect(stranger.getByText('That link was used already or is too old.')).toBeVisible()
  await expect(stranger.getByText('npx countersign url')).toBeVisible()
  await stranger.goto(inbox.host.signInLink())
  await expect(stranger.getByRole('navigation', { name: 'Views' })).toBeVisible()
  await other.close()
  expect(faults.found).toEqual([])
})

test('a browser without a session sees nothing but how to sign in', async ({ page, inbox }) => {
  const { id } = await inbox.ask({ type: 'refund', title: 'Not for strangers' })
  await page.goto(`${inbox.host.url}/#/approvals/${id}`)
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible()
  await expect(page.getByText('Run this on the machine where Countersign runs')).toBeVisible()
  await expect(page.getByText('Not for strangers')).toBeHidden()
  // The link that was made is pasted into the same tab.
  await page.goto(inbox.host.signInLink())
  await expect(row(page, 'Not for strangers')).toBeVisible()
  expect(page.url()).not.toContain('key=')
})

test('a deep link opens its request, also in a new tab, and a wrong one says so', async ({ page, inbox, context }) => {
  const { id } = await inbox.ask({ type: 'refund', title: 'Behind a link' })
  await inbox.ask({ type: 'refund', title: 'Another one' })
  await inbox.open(page)
  const tab = await context.newPage()
  await tab.goto(`${inbox.host.url}/#/approvals/${id}`)
  await expect(request(tab, 'Behind a link')).toBeVisible()
  await tab.reload()
  await expect(request(tab, 'Behind a link')).toBeVisible()
  await expect(row(tab, 'Behind a link').getByRole('link')).toHaveAttribute('aria-current', 'true')
  await tab.goto(`${inbox.host.url}/#/approvals/apr_nothing`)
  await expect(tab.getByText('This request is not here.')).toBeVisible()
  await tab.getByRole('link', { name: 'Go to the inbox' }).click()
  await expect(row(tab, 'Another one')).toBeVisible()
})
