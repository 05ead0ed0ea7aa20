import { checkAccessible } from './axe.ts'
import { expect, test } from './fixture.ts'
import { office, parcel, putWorkflow, rules, startWorkflow, stuckPayment, withRules } from './seeds.ts'

// Recording each look for a trace takes longer than the look.
test.use({ trace: 'off' })

for (const viewport of [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
]) {
  test.describe(`at ${viewport.width}`, () => {
    test.use({ viewport, contextOptions: { reducedMotion: 'reduce' } })

    test(`runs and workflows can be used by everybody at ${viewport.width}`, async ({ page, inbox, receiver }) => {
      const stuck = await stuckPayment(inbox, receiver)
      await putWorkflow(inbox, 'parcel.ts', parcel)
      await putWorkflow(inbox, 'broken.ts', 'export const x = = 3\n')
      const id = await startWorkflow(inbox, 'parcel', { title: 'Parcel for Ana', input: { order: '88-1042' } })
      await inbox.open(page, '/#/runs')
      await expect(page.getByRole('list', { name: 'Runs' }).getByRole('listitem')).toHaveCount(2)
      await checkAccessible(page, 'runs')
      for (const each of [stuck, id]) {
        await page.goto(`${inbox.host.url}/#/runs/${each}`)
        await expect(page.getByRole('list', { name: 'Stages' })).toBeVisible()
        await checkAccessible(page, 'a run')
      }
      await page.getByRole('button', { name: 'Send a signal' }).click()
      await expect(page.getByRole('dialog')).toBeVisible()
      await checkAccessible(page, 'signal')
      await page.keyboard.press('Escape')
      await page.goto(`${inbox.host.url}/#/workflows`)
      await expect(page.getByRole('article', { name: 'broken' })).toBeVisible()
      await checkAccessible(page, 'workflows')
    })

    test(`people can be used by everybody at ${viewport.width}`, async ({ page, inbox }) => {
      await inbox.open(page, '/#/people/groups')
      await checkAccessible(page, 'no groups')
      await office(inbox)
      await inbox.owner.people.delegate({
        from: 'owner@example.com',
        to: 'bo@example.com',
        ends_at: new Date(Date.now() + 48 * 3_600_000).toISOString(),
        types: ['expense'],
        max_amount: '1000.00',
        currency: 'EUR',
        reason: 'Holidays',
      })
      for (const part of ['people', 'groups', 'delegations']) {
        await page.goto(`${inbox.host.url}/#/people/${part}`)
        await page.reload()
        await expect(page.getByRole('main').getByText('Bo Berg').first()).toBeVisible()
        await checkAccessible(page, part)
      }
      await page.getByRole('button', { name: 'Hand over decisions' }).click()
      await page.getByRole('button', { name: 'Hand them over' }).click()
      await checkAccessible(page, 'handing over')
      await page.keyboard.press('Escape')
      await page.goto(`${inbox.host.url}/#/people`)
      await page.getByRole('button', { name: 'Change Bo Berg' }).click()
      await expect(page.getByRole('dialog')).toBeVisible()
      await checkAccessible(page, 'a person')
    })

    test(`the policy can be used by everybody at ${viewport.width}`, async ({ page, inbox }) => {
      const asked = await inbox.ask({ type: 'refund', title: 'Refund of 80', amount: 80, currency: 'EUR' })
      await inbox.owner.approvals.decide({ approval_id: asked.id, decision: 'reject', comment: 'No' })
      await withRules(inbox)
      await inbox.open(page, '/#/policy')
      await expect(page.getByRole('table')).toHaveCount(1)
      await checkAccessible(page, 'rules')
      await page.getByRole('button', { name: 'Change small' }).click()
      await page.getByRole('dialog').getByRole('combobox', { name: 'Then' }).selectOption('Ask people')
      await page.getByRole('checkbox', { name: 'This rule says whom else to ask' }).check()
      await page.getByRole('button', { name: 'Add a step' }).click()
      await checkAccessible(page, 'a rule')
      await page.keyboard.press('Escape')
      await page.getByRole('button', { name: 'Change Thresholds, times and who else is asked' }).click()
      await page.getByRole('button', { name: 'Add a department' }).click()
      await checkAccessible(page, 'thresholds and times')
      await page.keyboard.press('Escape')
      await page.getByRole('link', { name: 'Text', exact: true }).click()
      await page.getByRole('textbox', { name: 'Text of the policy' }).fill(`${rules}wrong: 1\n`)
      await expect(page.getByText('1 problem', { exact: true })).toBeVisible()
      await checkAccessible(page, 'text with a problem')
      await page.getByRole('button', { name: 'Discard my changes' }).click()
      await page.getByRole('link', { name: 'Try', exact: true }).click()
      await page.getByRole('button', { name: 'Try it' }).click()
      await expect(page.getByRole('region', { name: 'What becomes of it' })).toBeVisible()
      await checkAccessible(page, 'try')
      await page.getByRole('link', { name: 'Replay', exact: true }).click()
      await page.getByRole('button', { name: 'Replay' }).click()
      await expect(page.getByRole('table')).toBeVisible()
      await checkAccessible(page, 'replay')
    })
  })
}
