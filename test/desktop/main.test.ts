import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, it, vi } from 'vitest'
import { freshElectron, openPage, settle, temporaryFolder } from './support.ts'

const args = process.argv
afterEach(() => {
  process.argv = args
  vi.unstubAllEnvs()
  vi.unstubAllGlobals()
})

/** The desktop's real entry with the real application over a home folder. */
async function startReal(home: string) {
  vi.stubEnv('COUNTERSIGN_LOG', 'error')
  vi.stubEnv('XDG_CURRENT_DESKTOP', 'KDE')
  const electron = await freshElectron()
  process.argv = ['electron', '.', '--home', home, '--port', '0', '--owner', 'owner@example.test']
  await import('../../electron/desktop/main.ts')
  electron.app.becomeReady()
  const { world } = electron
  await vi.waitFor(() => expect([world.windows[0]?.shown, world.errorBoxes]).toEqual([true, []]), { timeout: 15_000, interval: 10 })
  return {
    electron,
    world,
    async quit() {
      electron.app.quit()
      await vi.waitFor(() => expect(world.exitCode).toBe(0), { timeout: 15_000, interval: 10 })
    },
  }
}

const post = (home: string, body: object) => {
  const { url } = JSON.parse(readFileSync(join(home, 'server.json'), 'utf8')) as { url: string }
  const { submit } = JSON.parse(readFileSync(join(home, 'keys.json'), 'utf8')) as { submit: string }
  return fetch(new URL('/requests', url), {
    method: 'POST',
    headers: { authorization: `Bearer ${submit}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
}

it('takes a request over HTTP, shows it, decides it over the port, and still knows after a restart', {
  timeout: 60_000,
}, async () => {
  const home = temporaryFolder()
  const first = await startReal(home)
  const page = await openPage()
  const answer = await post(home, { type: 'refund', title: 'Refund order 88', amount: 1240, approver_email: 'owner@example.test' })
  expect(answer.status).toBe(202)
  const pending = await page.client.approvals.pending({})
  expect(pending.pending_approvals.map(({ title }) => title)).toEqual(['Refund order 88'])
  await vi.waitFor(() => expect([first.world.badge, first.world.notifications.length]).toEqual([1, 1]), {
    timeout: 10_000,
    interval: 10,
  })
  const id = pending.pending_approvals[0]!.id
  first.world.notifications[0]!.emit('click')
  expect(page.opened).toEqual([id])
  expect(await page.client.approvals.decide({ approval_id: id, decision: 'approve' })).toMatchObject({ decision: 'approved' })
  await vi.waitFor(() => expect(first.world.badge).toBe(0), { timeout: 10_000, interval: 10 })
  await first.quit()
  expect(existsSync(join(home, 'server.json'))).toBe(false)
  expect(JSON.parse(readFileSync(join(home, 'desktop', 'window.json'), 'utf8'))).toMatchObject({ bounds: { width: 900 } })

  const second = await startReal(home)
  const { client } = await openPage()
  const decided = await client.approvals.get({ approval_id: id })
  expect([decided.status, decided.decision?.actor.via]).toEqual(['approved', 'desktop'])
  await second.quit()
  await settle()
})
