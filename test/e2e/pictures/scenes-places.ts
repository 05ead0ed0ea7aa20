import { expect, type Inbox } from '../fixture.ts'
import type { Receiver } from '../receiver.ts'
import { parcel, putWorkflow, rules, startWorkflow, withRules } from '../seeds.ts'
import { colleagues } from './requests.ts'
import { at, press, type Scene, seen } from './scene.ts'

/** A payment that failed as often as it is tried, twenty seconds after one another. */
async function plumber(inbox: Inbox, receiver: Receiver): Promise<string> {
  receiver.answers = { ...receiver.answers, action: { status: 500, body: { error: 'the bank is closed' } } }
  const { id, taskId: task_id } = await inbox.ask({ type: 'payment', title: 'Pay the plumber' })
  await inbox.owner.approvals.decide({ approval_id: id, decision: 'approve', hold: false })
  for (const attempt of [1, 2, 3, 4]) {
    const acts = async () => (await inbox.owner.tasks.timeline({ task_id })).steps.find(({ kind }) => kind === 'step')
    await expect.poll(async () => (await acts())?.attempts).toBe(attempt)
    await expect.poll(async () => (await acts())?.state).toBe('retrying')
    inbox.clock.advance(20_000)
  }
  await expect.poll(async () => (await inbox.owner.tasks.status({ task_id })).status).toBe('needs_review')
  return task_id
}

async function busy(inbox: Inbox, receiver: Receiver) {
  await colleagues(inbox)
  const stuck = await plumber(inbox, receiver)
  await putWorkflow(inbox, 'parcel.ts', parcel)
  await putWorkflow(inbox, 'broken.ts', 'export const x = = 3\n')
  const run = await startWorkflow(inbox, 'parcel', { title: 'Parcel for Ana', input: { order: '88-1042' } })
  const refund = await inbox.ask({ type: 'refund', title: 'Refund of 80', amount: 80, currency: 'EUR' })
  await inbox.owner.approvals.decide({ approval_id: refund.id, decision: 'reject', comment: 'No receipt.', hold: false })
  const states = async () => (await inbox.owner.approvals.get({ approval_id: refund.id })).deliveries.map(({ state }) => state)
  await expect.poll(states).toEqual(['delivered'])
  await withRules(inbox)
  await inbox.owner.people.delegate({
    from: 'owner@example.com',
    to: 'bo@example.com',
    ends_at: new Date(inbox.clock.now() + 48 * 3_600_000).toISOString(),
    types: ['expense'],
    max_amount: '1000.00',
    currency: 'EUR',
    reason: 'Holidays',
  })
  return { stuck, run }
}

/** What is about the system and not about one request. */
export const places: Scene<Awaited<ReturnType<typeof busy>>> = {
  name: 'places',
  unkept: ['settings-model', 'settings-machine'],
  seed: busy,
  wideOnly: [
    'run-waiting',
    'signal',
    'workflows',
    'people-groups',
    'policy-text',
    'policy-replay',
    'sources-revoke',
    'settings-alerts',
    'settings-requests',
    'audit-verified',
  ],
  states: {
    runs: async ({ page, inbox }) => {
      await at(page, inbox, '/runs')
      await expect(page.getByRole('list', { name: 'Runs' }).getByRole('listitem')).toHaveCount(3)
    },
    'run-waiting': async ({ page, inbox, seeded }) => {
      await at(page, inbox, `/runs/${seeded.run}`)
      await expect(page.getByRole('list', { name: 'Stages' })).toBeVisible()
    },
    'run-stuck': async ({ page, inbox, seeded }) => {
      await at(page, inbox, `/runs/${seeded.stuck}`)
      await expect(page.getByRole('list', { name: 'Stages' })).toBeVisible()
    },
    signal: async ({ page, inbox, seeded }) => {
      await at(page, inbox, `/runs/${seeded.run}`)
      await press(page, 'Send a signal')
      await expect(page.getByRole('dialog')).toBeVisible()
    },
    review: async ({ page, inbox }) => {
      await at(page, inbox, '/review')
      await seen(page, 'Pay the plumber')
    },
    workflows: async ({ page, inbox }) => {
      await at(page, inbox, '/workflows')
      await expect(page.getByRole('article', { name: 'broken' })).toBeVisible()
    },
    people: async ({ page, inbox }) => {
      await at(page, inbox, '/people')
      await seen(page, 'Bo Berg')
    },
    'people-groups': async ({ page, inbox }) => {
      await at(page, inbox, '/people/groups')
      await seen(page, 'Finance')
    },
    'people-delegations': async ({ page, inbox }) => {
      await at(page, inbox, '/people/delegations')
      await seen(page, 'Holidays')
    },
    'people-person': async ({ page, inbox }) => {
      await at(page, inbox, '/people')
      await press(page, 'Change Bo Berg')
      await expect(page.getByRole('dialog')).toBeVisible()
    },
    policy: async ({ page, inbox }) => {
      await at(page, inbox, '/policy')
      await expect(page.getByRole('table').first()).toBeVisible()
    },
    'policy-text': async ({ page, inbox }) => {
      await at(page, inbox, '/policy/text')
      await page.getByRole('textbox', { name: 'Text of the policy' }).fill(`${rules}wrong: 1\n`)
      await expect(page.getByText('1 problem', { exact: true })).toBeVisible()
    },
    'policy-try': async ({ page, inbox }) => {
      await at(page, inbox, '/policy/try')
      await press(page, 'Try it')
      await expect(page.getByRole('region', { name: 'What becomes of it' })).toBeVisible()
    },
    'policy-replay': async ({ page, inbox }) => {
      await at(page, inbox, '/policy/replay')
      await press(page, 'Replay')
      await expect(page.getByRole('table')).toBeVisible()
    },
    sources: async ({ page, inbox }) => {
      await at(page, inbox, '/sources')
      await seen(page, 'shop-backend')
    },
    'sources-new': async ({ page, inbox }) => {
      await at(page, inbox, '/sources')
      await press(page, 'Connect a program')
      await expect(page.getByLabel('Name of the program')).toBeFocused()
    },
    'sources-revoke': async ({ page, inbox }) => {
      await at(page, inbox, '/sources')
      await press(page, 'Revoke shop-backend')
      await expect(page.getByRole('alertdialog')).toBeVisible()
    },
    audit: async ({ page, inbox }) => {
      await at(page, inbox, '/audit')
      await seen(page, /Owner/)
    },
    'audit-verified': async ({ page, inbox }) => {
      await at(page, inbox, '/audit')
      await press(page, 'Verify now')
      await seen(page, /are as they were written/)
    },
    settings: async ({ page, inbox }) => {
      await at(page, inbox, '/settings')
      await expect(page.getByRole('region', { name: 'You', exact: true })).toBeVisible()
    },
    'settings-alerts': async ({ page, inbox }) => {
      await at(page, inbox, '/settings/alerts')
      await expect(page.getByRole('main').getByRole('region').last()).toBeVisible()
    },
    'settings-requests': async ({ page, inbox }) => {
      await at(page, inbox, '/settings/requests')
      await expect(page.getByRole('main').getByRole('region').last()).toBeVisible()
    },
    'settings-model': async ({ page, inbox }) => {
      await at(page, inbox, '/settings/model')
      await expect(page.getByRole('region', { name: 'Local model' })).toBeVisible()
    },
    'settings-machine': async ({ page, inbox }) => {
      await at(page, inbox, '/settings/machine')
      await expect(page.getByRole('region', { name: 'What works here' }).getByRole('listitem').first()).toBeVisible()
    },
  },
}

/** A month of decisions. */
async function month(inbox: Inbox): Promise<void> {
  const kinds = [
    { type: 'refund', minutes: 12, amount: 290 },
    { type: 'deployment', minutes: 4, amount: null },
    { type: 'travel_expense', minutes: 95, amount: 640 },
  ]
  for (let n = 0; n < 18; n++) {
    const { type, minutes, amount } = kinds[n % 3]!
    const money = amount === null ? {} : { amount: amount + n, currency: 'EUR' }
    const data = { environment: 'staging', iban: 'DE75512108001245126199', order: `A-${n}` }
    const { id } = await inbox.ask({ type, title: `A ${type}, no. ${n}`, requester: 'ada@example.com', ...money, data })
    inbox.clock.advance(minutes * 60_000)
    const decision = n % 7 === 5 ? 'reject' : 'approve'
    await inbox.owner.approvals.decide({ approval_id: id, decision, comment: `Reason ${n}`, hold: false })
    inbox.clock.advance((n % 3 === 2 ? 24 * 60 : 40) * 60_000)
  }
}

export const insight: Scene<{ readonly id: string }> = {
  name: 'insight',
  async seed(inbox) {
    await month(inbox)
    return inbox.ask({
      type: 'refund',
      title: 'Refund for a chair',
      requester: 'ada@example.com',
      amount: 1240,
      currency: 'EUR',
      data: { environment: 'production', iban: 'FR1420041010050500013M02606', order: 'A-99' },
    })
  },
  states: {
    insight: async ({ page, inbox }) => {
      await at(page, inbox, '/insight')
      await expect(page.getByRole('table').first()).not.toHaveCount(0)
    },
    'card-differs': async ({ page, inbox, seeded }) => {
      await at(page, inbox, `/approvals/${seeded.id}`)
      await seen(page, /4\.2 times the usual amount/)
    },
  },
}

/** A home in which nothing has happened. */
export const empty: Scene = {
  name: 'empty',
  wideOnly: [
    'empty-done',
    'empty-snoozed',
    'empty-runs',
    'empty-review',
    'empty-insight',
    'empty-workflows',
    'empty-people',
    'empty-policy',
  ],
  seed: async () => null,
  states: {
    'empty-inbox': async ({ page, inbox }) => {
      await at(page, inbox, '/inbox')
      await seen(page, 'Nothing waits for you.')
    },
    'empty-done': async ({ page, inbox }) => {
      await at(page, inbox, '/done')
      await seen(page, 'Nothing has been decided yet.')
    },
    'empty-snoozed': async ({ page, inbox }) => at(page, inbox, '/snoozed'),
    'empty-runs': async ({ page, inbox }) => at(page, inbox, '/runs'),
    'empty-review': async ({ page, inbox }) => at(page, inbox, '/review'),
    'empty-insight': async ({ page, inbox }) => at(page, inbox, '/insight'),
    'empty-workflows': async ({ page, inbox }) => at(page, inbox, '/workflows'),
    'empty-people': async ({ page, inbox }) => at(page, inbox, '/people/groups'),
    'empty-policy': async ({ page, inbox }) => at(page, inbox, '/policy'),
    welcome: async ({ page, inbox }) => at(page, inbox, '/welcome'),
    'sign-in': async ({ page, inbox }) => {
      await page.context().clearCookies()
      await page.goto('about:blank')
      await page.goto(inbox.host.url)
      await seen(page, 'Sign in')
    },
  },
}

/** A home that nobody owns yet. */
export const unowned: Scene = {
  name: 'first start',
  owned: false,
  seed: async () => null,
  states: {
    'first-start': async ({ page, inbox }) => {
      await page.goto('about:blank')
      await page.goto(inbox.host.url)
      await seen(page, 'Welcome to Countersign')
      await page.getByLabel('Your name').fill('Ana Silva')
    },
  },
}
