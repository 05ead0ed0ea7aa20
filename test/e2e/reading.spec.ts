import { checkAccessible } from './axe.ts'
import { expect, part, request, row, test } from './fixture.ts'

const hour = 3_600_000

test('every field of a payload is shown, nested ones and lists too', async ({ page, inbox }) => {
  await inbox.ask({
    type: 'purchase',
    title: 'All kinds of fields',
    description: 'First line\nSecond line',
    requester: 'ana@example.com',
    amount: '1240.50',
    currency: 'EUR',
    data: {
      order_id: '88-1042',
      count: 3,
      large: 12345678901234,
      paid: false,
      note: null,
      nothing: '',
      tags: ['urgent', 'export'],
      none: [],
      bare: {},
      address: { city: 'Lisbon', deep: { deeper: { deepest: 'bottom' } } },
      lines: [
        { sku: 'A-1', quantity: 2 },
        { sku: 'B-2', quantity: 5 },
      ],
      mixed: [1, 'two', { three: 3 }, [4, 5]],
      command: 'rm build\nls',
    },
  })
  await inbox.open(page)
  await row(page, 'All kinds of fields').getByRole('link').click()
  const article = request(page, 'All kinds of fields')
  await expect(article).toContainText('€1,240.50')
  await expect(article).toContainText('ana@example.com')
  const facts = part(page, 'Facts')
  await expect(facts).toContainText('First line\nSecond line')
  const field = (name: string) =>
    facts
      .locator('dt')
      .filter({ hasText: new RegExp(`^${name}$`) })
      .locator('xpath=following-sibling::dd')
  await expect(field('order_id')).toHaveText('88-1042')
  await expect(field('count')).toHaveText('3')
  await expect(field('large')).toHaveText('12345678901234')
  await expect(field('paid')).toHaveText('no')
  await expect(field('note')).toHaveText('none')
  await expect(field('nothing')).toHaveText('empty text')
  await expect(field('none')).toHaveText('empty list')
  await expect(field('bare')).toHaveText('no fields')
  await expect(field('tags')).toContainText('urgent')
  await expect(field('tags')).toContainText('export')
  await expect(field('city')).toHaveText('Lisbon')
  await expect(field('deepest')).toHaveText('bottom')
  await expect(field('three')).toHaveText('3')
  await expect(field('command')).toContainText('rm build⏎')
  await expect(facts.getByRole('columnheader')).toHaveText(['sku', 'quantity'])
  await expect(facts.getByRole('cell')).toHaveText(['A-1', '2', 'B-2', '5'])

  const raw = part(page, 'Raw payload')
  await expect(raw).toContainText('Version 1')
  await raw.getByText(/^▸?Raw payload/).click()
  await expect(raw.locator('pre')).toContainText('"order_id": "88-1042"')
  expect(JSON.parse((await raw.locator('pre').textContent()) ?? '')).toMatchObject({
    count: 3,
    mixed: [1, 'two', { three: 3 }, [4, 5]],
  })
})

test('characters that hide or reorder text are shown by their code points, everywhere', async ({ page, inbox }) => {
  const { id } = await inbox.ask({
    type: 'payment',
    title: 'Invoice\u202Egnp.exe',
    requester: 'an\u200Ba@example.com',
    data: { 'pay\u2066ee': 'Ac\u200Bme', file: 'photo\u202Egnp.exe', soft: 'co\u00ADoperate', tag: '\u{E0041}' },
  })
  await inbox.open(page, `/#/approvals/${id}`)
  const article = page.getByRole('article')
  await expect(article.getByRole('heading', { level: 2 })).toHaveText('Invoice⟨U+202E⟩gnp.exe')
  await expect(row(page, 'Invoice⟨U+202E⟩gnp.exe')).toContainText('an⟨U+200B⟩a@example.com')
  const facts = part(page, 'Facts')
  for (const text of ['pay⟨U+2066⟩ee', 'Ac⟨U+200B⟩me', 'photo⟨U+202E⟩gnp.exe', 'co⟨U+00AD⟩operate', '⟨U+E0041⟩']) {
    await expect(facts).toContainText(text)
  }
  await expect(part(page, 'Look closely')).toBeVisible()
  await expect(article).toContainText('High risk')
  const raw = part(page, 'Raw payload')
  await raw.getByText(/^▸?Raw payload/).click()
  await expect(raw.locator('pre')).toContainText('photo\\u202egnp.exe')
  await page.keyboard.press('a')
  await expect(page.getByRole('alertdialog')).toContainText('Invoice⟨U+202E⟩gnp.exe')
  const text = await page.locator('body').evaluate((body) => body.innerHTML)
  expect(text).not.toMatch(/[\u202A-\u202E\u2066-\u2069\u200B\u00AD]/)
})

test('markup in a payload stays text, and nothing in it is fetched or run', async ({ page, inbox }) => {
  const attack = '<img src="https://evil.example/x.png" onerror="window.hacked=1"><script>window.hacked=1</script>'
  const { id } = await inbox.ask({
    type: 'payment',
    title: `<b>${attack.slice(0, 60)}</b>`,
    description: attack,
    requester: '<i>x</i>',
    data: { [attack]: attack, list: [attack], link: 'javascript:window.hacked=1', md: '[click](https://evil.example) **bold**' },
  })
  await inbox.open(page, `/#/approvals/${id}`)
  await expect(part(page, 'Facts')).toContainText(attack)
  await expect(part(page, 'Facts')).toContainText('[click](https://evil.example) **bold**')
  const article = page.getByRole('article')
  await expect(article.locator('img, script, b, i, iframe')).toHaveCount(0)
  await expect(article.locator('a:not([href^="#"])')).toHaveCount(0)
  expect(await page.evaluate(() => (window as { hacked?: number }).hacked)).toBeUndefined()
})

test('an address shows its host as computers read it, and only a plain https one can be followed', async ({ page, inbox }) => {
  const { id } = await inbox.ask({
    type: 'purchase',
    title: 'Links',
    data: {
      good: 'https://shop.example/orders/88-1042?x=1',
      plain: 'http://shop.example/orders',
      disguised: 'https://bank.example@evil.example/pay',
      look_alike: 'https://b\u0430nk.example/pay',
    },
  })
  await inbox.open(page, `/#/approvals/${id}`)
  const facts = part(page, 'Facts')
  const good = facts.getByRole('link', { name: 'https://shop.example/orders/88-1042?x=1' })
  await expect(good).toHaveAttribute('rel', /noopener/)
  await expect(good.locator('strong')).toHaveText('shop.example')
  await expect(facts.getByRole('link')).toHaveCount(1)
  await expect(facts).toContainText('Host as computers read it: evil.example.')
  await expect(facts).toContainText('What stands before @ is a name, not the host.')
  await expect(facts).toContainText('Host as computers read it: xn--')
})

test('a long text is cut in its middle and says so; what is acted upon is never cut', async ({ page, inbox }) => {
  const long = `start ${'word '.repeat(400)}end`
  const { id } = await inbox.ask({ type: 'purchase', title: 'Long texts', data: { story: long, iban: `DE${'0'.repeat(900)}` } })
  await inbox.open(page, `/#/approvals/${id}`)
  const facts = part(page, 'Facts')
  await expect(facts).toContainText('Shows 2,000 of 2,009 characters.')
  await expect(facts).toContainText(`DE${'0'.repeat(900)}`)
  await facts.getByRole('button', { name: /Show all .* characters/ }).click()
  await expect(facts).toContainText(long)
})

test('a payload that a list leaves out is fetched whole when it is read', async ({ page, inbox }) => {
  const data = Object.fromEntries(Array.from({ length: 120 }, (_, n) => [`field_${n + 1}`, `value ${n + 1} ${'x'.repeat(900)}`]))
  const { id } = await inbox.ask({ type: 'purchase', title: 'A large one', data })
  await inbox.open(page, `/#/approvals/${id}`)
  const facts = part(page, 'Facts')
  await expect(facts).toContainText('value 1 x')
  await facts.getByRole('button', { name: 'Show all 120' }).click()
  await expect(facts.getByText('field_120', { exact: true })).toBeVisible()
})

test('a deadline counts down, and passing it shows as expired and not as rejected', async ({ page, inbox, receiver }) => {
  const { taskId } = await inbox.ask({ type: 'refund', title: 'Soon too late', timeout_hours: 2, hard_limit: true })
  await inbox.open(page)
  await expect(row(page, 'Soon too late')).toContainText('2 h')
  await row(page, 'Soon too late').getByRole('link').click()
  const article = request(page, 'Soon too late')
  await expect(article).toContainText(/Due in (2 h|1 h 59 min)/)
  await expect(article).toContainText('Then it expires: neither approved nor rejected, and the sender is told.')
  inbox.clock.advance(2 * hour)
  const outcome = part(page, 'What happened then')
  await expect(outcome).toContainText('Expired: neither approved nor rejected.')
  await expect(outcome).not.toContainText('Rejected')
  await expect(row(page, 'Soon too late')).toContainText('Expired')
  await expect(page.getByRole('button', { name: 'Approve' })).toBeHidden()
  expect(await inbox.owner.tasks.status({ task_id: taskId })).toMatchObject({ status: 'completed', result: { status: 'expired' } })
  await expect.poll(() => receiver.outcomes.length).toBe(1)
  expect(inbox.decisions()).toMatchObject([{ data: { decision: 'expired' } }])
})

test('the countdown of the last minutes goes by seconds', async ({ page, inbox }) => {
  await page.clock.install()
  const { id } = await inbox.ask({ type: 'refund', title: 'Seconds', timeout_hours: 0.03 })
  await inbox.open(page, `/#/approvals/${id}`)
  const due = request(page, 'Seconds').getByText(/^Due in 1 min \d+ s$/)
  await expect(due).toBeVisible()
  const before = await due.textContent()
  await page.clock.runFor(3000)
  await expect(due).not.toHaveText(before ?? '')
  await page.clock.runFor(110_000)
  await expect(request(page, 'Seconds')).toContainText('Deadline passed')
  await expect(request(page, 'Seconds')).toContainText('It is about to expire: neither approved nor rejected')
})

const patch = '--- a/limit.ts\n+++ b/limit.ts\n@@ -1,2 +1,2 @@\n const a = 1\n-limit(500)\n+limit(5000)\n'
const rich = {
  type: 'refund',
  title: 'Every shape',
  description: 'The carrier says so: https://track.carrier.example/p/1.',
  amount: '1240.50',
  currency: 'EUR',
  data: {
    price: { amount: '1180.00', currency: 'EUR' },
    lines: [
      { sku: 'A-1', unit_price: '19.25', currency: 'EUR', gift: true },
      { sku: 'B-2', unit_price: '1180.00', currency: 'EUR' },
    ],
    ordered_at: '2026-03-01T09:30:15+01:00',
    promised_on: '2026-03-04',
    retry_after: 'PT48H',
    timeout_ms: 5_400_000,
    receipt: 'https://files.shop.example.co.uk/7.pdf',
    contact: 'ana@example.com',
    command: 'refund --all \\\n\t--now',
    patch,
    plan: { before: 'basic', after: 'premium' },
    terms: { before: { days: 14, fee: 1 }, after: { days: 30, fee: 1 } },
    meta: '{"trace":"4bf9","tries":[1,2]}',
    photo: `iVBORw0KGgo${'A1b2'.repeat(300)}`,
    address: { geo: { lat: 38.7 } },
  },
  attachments: [
    {
      name: 'report\u202efdp.exe',
      url: 'https://files.shop.example/1',
      media_type: 'application/pdf',
      size_bytes: 48_213,
      sha256: 'ab'.repeat(32),
    },
    { name: 'photo.jpg' },
  ],
  evidence: [
    { title: 'Report of the carrier', text: 'Lost in Porto.' },
    { title: 'The message', url: 'https://desk.shop.example/5' },
  ],
  rollback: 'Charge the card again.',
}

test('each value is drawn as what it is', async ({ page, inbox, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  const { id } = await inbox.ask(rich)
  await inbox.open(page, `/#/approvals/${id}`)
  const facts = part(page, 'Facts')
  const field = (name: string) =>
    facts
      .locator('dt')
      .filter({ hasText: new RegExp(`^${name}$`) })
      .locator('xpath=following-sibling::dd')
  await expect(field('price')).toHaveText('€1,180.00')
  await expect(facts.getByRole('cell')).toHaveText(['A-1', '€19.25', 'EUR', 'yes', 'B-2', '€1,180.00', 'EUR', 'not given'])
  await expect(field('ordered_at').locator('time')).toHaveAttribute('title', /as written: 2026-03-01T09:30:15\+01:00/)
  await expect(field('ordered_at')).toContainText(/\d{1,2}:\d{2}:15/)
  await expect(field('promised_on')).toHaveText('Wed, Mar 4, 2026')
  await expect(field('retry_after')).toHaveText('PT48H · that is 2 d')
  await expect(field('timeout_ms')).toHaveText('5400000 · that is 1 h 30 min')
  await expect(field('receipt').locator('strong')).toHaveText('example.co.uk')
  await expect(field('patch')).toContainText('1 added, 1 removed')
  await expect(field('patch').locator('.diff-added')).toHaveText('+limit(5000)')
  await expect(field('plan')).toContainText('-basic')
  await expect(field('terms').locator('.diff-removed')).toContainText('"days": 14')
  await expect(field('photo')).toContainText('Encoded data, 908 bytes, begins like image/png')
  await expect(field('photo')).not.toContainText('A1b2A1b2')
  await field('meta').getByRole('button', { name: 'Read as JSON' }).click()
  await expect(field('trace')).toHaveText('4bf9')
  await facts.getByRole('button', { name: 'address' }).click()
  await expect(field('address')).toHaveText('1 field')
  await field('command').getByRole('button', { name: 'Copy command' }).click()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(rich.data.command)
})

test('attachments, evidence and the way back have their own places', async ({ page, inbox }) => {
  const { id } = await inbox.ask(rich)
  await inbox.open(page, `/#/approvals/${id}`)
  const files = part(page, '2 attachments')
  await expect(files).toContainText('report⟨U+202E⟩fdp.exe')
  await expect(files).toContainText('47 KB')
  await expect(files).toContainText('SHA-256 abababababab…')
  await expect(files).toContainText('named only, no address was given')
  await expect(part(page, 'Evidence')).toContainText('Lost in Porto.')
  await expect(part(page, 'Evidence').getByRole('link')).toHaveText('https://desk.shop.example/5')
  await expect(part(page, 'How it can be taken back')).toContainText('Charge the card again.')
})

for (const width of [1440, 390]) {
  test(`a request with every shape in it can be read by everybody at ${width}`, async ({ page, inbox }) => {
    await page.setViewportSize({ width, height: 900 })
    const { id } = await inbox.ask(rich)
    await inbox.open(page, `/#/approvals/${id}`)
    await expect(part(page, 'Facts')).toContainText('promised_on')
    await checkAccessible(page, 'every shape')
  })
}
