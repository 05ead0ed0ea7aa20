import { execFile } from 'node:child_process'
import { userInfo } from 'node:os'
import { promisify } from 'node:util'
import { startFakeOllama } from '../support/fake-ollama/fake-ollama.ts'
import { checkAccessible } from './axe.ts'
import { expect, type Inbox, request, row, test } from './fixture.ts'

const run = promisify(execFile)

/** A new home has no program yet; the fixture's own one is taken away. */
async function asNew(inbox: Inbox): Promise<void> {
  const { items } = await inbox.owner.tokens.list({})
  for (const { id } of items) await inbox.owner.tokens.revoke({ token_id: id })
}

test.describe('a home without an owner', () => {
  test.use({ owned: false })

  test('the first minutes go by keyboard alone, from who one is to all three things done', async ({ page, inbox }) => {
    const model = await startFakeOllama({ models: [], scenario: { kind: 'pull-slow', ms: 40, lines: 40 } })
    await asNew(inbox)
    await inbox.owner.settings.update({ model: { enabled: true, host: model.url } })
    const started = Date.now()
    const since = () => `${((Date.now() - started) / 1000).toFixed(1)} s`
    const marks: string[] = []

    await page.goto(inbox.host.signInLink())
    await expect(page.getByRole('heading', { name: 'Welcome to Countersign' })).toBeVisible()
    await expect(page.getByLabel('Your name')).toBeFocused()
    await expect(page.getByLabel('Your name')).toHaveValue(new RegExp(userInfo().username.slice(0, 3), 'i'))
    await page.keyboard.type('Ana Silva')
    await page.keyboard.press('Enter')
    await expect(page.getByLabel('Your e-mail address')).toBeFocused()
    await page.keyboard.type('ana@example.com')
    await page.keyboard.press('Enter')
    await expect(page.getByRole('heading', { name: 'Getting started' })).toBeVisible()
    marks.push(`getting started ${since()}`)

    const tabTo = async (name: string | RegExp, role: 'button' | 'link' | 'textbox' = 'button') => {
      const wanted = page.getByRole(role, { name })
      await expect(wanted).toBeVisible()
      for (let n = 0; n < 60; n++) {
        if (await wanted.evaluate((element) => element === document.activeElement)) return
        await page.keyboard.press('Tab')
      }
      throw new Error(`${name} is not reached with the Tab key`)
    }
    await tabTo('Send the sample')
    await page.keyboard.press('Enter')
    await expect(request(page, 'Sample: refund for order 1042')).toBeVisible()
    await expect(page.getByText('This is a sample: nothing is paid.')).toBeVisible()
    marks.push(`sample open ${since()}`)
    await page.keyboard.press('a')
    await expect(page.getByText('That was it: your answer is in the journal, and the sender has it.')).toBeVisible()
    marks.push(`first decision ${since()}`)
    console.info(`From the link to the first decision: ${marks.join(', ')}`)

    await tabTo('Back to getting started', 'link')
    await page.keyboard.press('Enter')
    await expect(page.getByRole('region', { name: 'Send yourself a sample request (Done)' })).toBeVisible()
    await tabTo('Name of the program', 'textbox')
    await page.keyboard.press('ControlOrMeta+a')
    await page.keyboard.type('till')
    await page.keyboard.press('Enter')
    await expect(page.getByText('Waiting for the first request of till…')).toBeVisible()
    const command = await page.getByRole('tabpanel').locator('pre').textContent()
    await run('sh', ['-c', command ?? ''])
    await expect(request(page, 'Refund for order 88-1042')).toContainText('till')

    await page.goBack()
    await expect(page.getByText('till has asked.')).toBeVisible()
    await tabTo('Get llama3.2 (2.0 GB)')
    await page.keyboard.press('Enter')
    await expect(page.getByRole('progressbar', { name: 'Fetching llama3.2' })).toBeVisible()
    await expect(page.getByText('All three are done.')).toBeVisible({ timeout: 15_000 })
    await expect(page.getByText('llama3.2 is ready.')).toBeVisible()
    await tabTo('Open the inbox', 'link')
    await page.keyboard.press('Enter')
    await expect(row(page, 'Refund for order 88-1042')).toBeVisible()
    expect(inbox.decisions()).toMatchObject([{ actor: { id: 'ana@example.com', name: 'Ana Silva' } }])
    await inbox.owner.settings.update({ model: { enabled: false } })
    await model.close()
  })

  test('the first minutes go by pointer, can wait, and are found again until they are done', async ({ page, inbox }) => {
    await asNew(inbox)
    await inbox.owner.settings.update({ model: { enabled: true, host: 'http://127.0.0.1:9' } })
    await page.goto(inbox.host.signInLink())
    await page.getByLabel('Your name').fill('Ana Silva')
    await page.getByLabel('Your e-mail address').fill('ana@example.com')
    await page.getByRole('button', { name: 'Open the inbox' }).click()
    await expect(page.getByRole('heading', { name: 'Getting started' })).toBeVisible()
    await expect(page.getByText('Ollama does not answer at http://127.0.0.1:9.')).toBeVisible()
    await checkAccessible(page, 'getting started')
    await page.getByRole('link', { name: 'Later' }).click()
    await expect(page.getByRole('heading', { name: 'Nothing waits for you.' }).last()).toBeVisible()
    await page.reload()
    await expect(page.getByRole('navigation', { name: 'Views' })).toBeVisible()
    await page.goto(`${inbox.host.url}/#/settings`)
    await page.getByRole('link', { name: /^Getting started/ }).click()

    await page.getByRole('button', { name: 'Make the command' }).click()
    await page.getByRole('tab', { name: 'Python' }).click()
    await expect(page.getByRole('tabpanel')).toContainText('urllib.request')
    await page.keyboard.press('ArrowLeft')
    await expect(page.getByRole('tab', { name: 'Node' })).toBeFocused()
    await expect(page.getByRole('tabpanel')).toContainText('await fetch(')
    await checkAccessible(page, 'waiting for a program')
    // Its token was shown once: after a reload there is another one to be made.
    await page.reload()
    await expect(page.getByText('my-program was made, and nothing has come from it yet.')).toBeVisible()
    await page.getByRole('button', { name: 'Make a new one' }).click()
    await expect(page.getByRole('button', { name: 'Make the command' })).toBeVisible()

    await page.getByRole('button', { name: 'Send the sample' }).click()
    await expect(request(page, 'Sample: refund for order 1042')).toBeVisible()
    await page.getByRole('button', { name: /^Reject/ }).click()
    await page.getByRole('dialog').getByRole('textbox').fill('Not now')
    await page.getByRole('button', { name: 'Reject it' }).click()
    await expect(page.getByText('That was it: your answer is in the journal')).toBeVisible()
    expect(inbox.decisions()).toMatchObject([{ data: { decision: 'rejected' } }])
  })

  test('a model is stopped, goes on, survives a reload, and says what went wrong', async ({ page, inbox }) => {
    const model = await startFakeOllama({
      models: [],
      scenario: { kind: 'pull-error', error: 'write /models: no space left on device' },
    })
    await inbox.owner.settings.update({
      owner: { name: 'Ana', email: 'ana@example.com' },
      model: { enabled: true, host: model.url },
    })
    await inbox.open(page, '/#/welcome')
    await page.getByRole('button', { name: 'Get llama3.2 (2.0 GB)' }).click()
    await expect(page.getByRole('alert')).toContainText('The disk is full. Make room, then go on: what is here already is kept.')
    model.setScenario({ kind: 'pull-slow', ms: 60, lines: 600 })
    await page.getByRole('button', { name: 'Go on' }).click()
    const bar = page.getByRole('progressbar', { name: 'Fetching llama3.2' })
    await expect(bar).toHaveAttribute('aria-valuenow', /^\d/)
    await expect(page.getByText(/of 2\.0 GB · .* a second · .* left/)).toBeVisible()
    await checkAccessible(page, 'fetching a model')
    await page.reload()
    await expect(bar).toBeVisible()
    await page.getByRole('button', { name: 'Stop' }).click()
    await expect(page.getByText('llama3.2 was stopped. What is here already is kept.')).toBeVisible()
    model.setScenario({ kind: 'pull-slow', ms: 20, lines: 60 })
    await page.getByRole('button', { name: 'Go on' }).click()
    await expect(page.getByText('llama3.2 is ready.')).toBeVisible({ timeout: 15_000 })
    await inbox.owner.settings.update({ model: { enabled: false } })
    await model.close()
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
