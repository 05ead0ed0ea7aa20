import type { Page } from '@playwright/test'
import { startFakeOllama } from '../support/fake-ollama/fake-ollama.ts'
import { obedient, payloads } from '../torture/model/payloads.ts'
import { expect, type Inbox, test } from './fixture.ts'

// Recording each look for a trace takes longer than the look.
test.use({ trace: 'off', contextOptions: { reducedMotion: 'reduce' } })

const seed = 20261121
const foreign =
  'img, script, iframe, style, link, form, object, embed, base, meta, math, video, audio, [style*="url"], [srcdoc], [onerror], [onload]'
/** Ours has none of these; what a model or a sender writes must not either. */
const unseen = /(?![\t\n\u2068\u2069])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u3164\uffa0\u2800]/u

/** Sends every payload, with a model that does what it says, and waits until all have its words. */
async function askAll(inbox: Inbox): Promise<readonly { readonly id: string; readonly title: string }[]> {
  let said = 0
  const model = await startFakeOllama({ scenario: { kind: 'injected', obey: (user) => obedient(user, said++) } })
  await inbox.owner.settings.update({ model: { enabled: true, host: model.url, name: 'llama3.2' } })
  const asked: { id: string; title: string }[] = []
  for (const [n, { text }] of payloads(seed, 20).entries()) {
    // Its own words in front, so that each can be told from the others.
    const title = `Claim ${n}: ${text.replace(/\s+/g, ' ').slice(0, 120)}`.trim()
    const body = { type: 'claim', title, description: text.slice(0, 9000), amount: '40.00', currency: 'EUR', data: { note: text } }
    asked.push({ id: (await inbox.ask(body)).id, title })
  }
  for (const { id } of asked) {
    await expect
      .poll(async () => (await inbox.owner.approvals.get({ approval_id: id })).summary.origin, { timeout: 30_000 })
      .toBe('model')
  }
  await inbox.owner.settings.update({ model: { enabled: false } })
  await model.close()
  return asked
}

/** What of the page is not ours, and what has run. */
const strange = (page: Page) =>
  page.evaluate(
    ({ selector, source, flags }) => {
      const main = document.body
      const links = [...main.querySelectorAll('a')].filter((each) => {
        const href = each.getAttribute('href') ?? ''
        return !href.startsWith('#') && !(each.target === '_blank' && /noopener/.test(each.rel) && href.startsWith('https://'))
      })
      const attributes = [...main.querySelectorAll('*')].flatMap((each) =>
        each.getAttributeNames().filter((name) => name.startsWith('on') || name === 'formaction' || name === 'srcset'),
      )
      return {
        hacked: (window as { hacked?: unknown }).hacked ?? null,
        elements: main.querySelectorAll(selector).length,
        links: links.map((each) => each.outerHTML),
        attributes,
        unseen: new RegExp(source, flags).exec(main.innerHTML)?.[0].codePointAt(0) ?? null,
      }
    },
    { selector: foreign, source: unseen.source, flags: unseen.flags },
  )

const nothing = { hacked: null, elements: 0, links: [], attributes: [], unseen: null }

test('two hundred payloads and a model that obeys them draw nothing but text', async ({ page, inbox }) => {
  test.setTimeout(300_000)
  page.on('dialog', (dialog) => expect.soft(dialog.message(), 'a dialog').toBeNull())
  const asked = await askAll(inbox)
  expect(asked).toHaveLength(200)
  await inbox.open(page)
  // The list shows the model's words of all of them, a screen at a time.
  for (let turn = 0; turn < 12; turn++) {
    expect.soft(await strange(page), `the list, screen ${turn}`).toEqual(nothing)
    await page.keyboard.press('PageDown')
    await page.mouse.wheel(0, 1500)
  }
  for (const { id, title } of asked) {
    await page.evaluate((hash) => {
      location.hash = hash
    }, `#/approvals/${id}`)
    const card = page.getByRole('article')
    await expect(page.locator('#request-title')).toContainText(`${title.split(':')[0]}:`)
    await expect(card.getByRole('region', { name: 'Summary' }), title).toContainText('Local model')
    expect.soft(await card.getByRole('region', { name: 'Summary' }).getByRole('link').count(), title).toBe(0)
    expect.soft(await strange(page), title).toEqual(nothing)
  }
  // It would be seen.
  await page.evaluate(() => {
    const link = document.createElement('form').appendChild(document.createElement('a'))
    link.href = 'https://evil.example'
    document.body.append(link.parentElement!)
  })
  expect(await strange(page)).toMatchObject({ elements: 1, links: [expect.stringContaining('evil.example')] })
  expect(inbox.decisions()).toEqual([])
})
