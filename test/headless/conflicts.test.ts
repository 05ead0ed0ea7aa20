import { writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Headless, startHeadless } from '../../electron/headless/host.ts'
import { clientFor, newHome } from '../support/app.ts'

const home = newHome()
let host: Headless
let tokens: { readonly submit: string; readonly ana: string; readonly ben: string }

beforeAll(async () => {
  writeFileSync(join(home, 'config.yaml'), 'model: { enabled: false }\n')
  host = await startHeadless({ home, owner: 'owner@example.com', port: 0 })
  const owner = clientFor(host.app, host.app.ownerCaller('http'))
  const make = async (name: string, more: object) => (await owner.tokens.create({ name, ...more } as never)).token
  tokens = {
    submit: await make('shop', { scope: 'submit' }),
    ana: await make('ana', { scope: 'decide', person: 'ana@example.com' }),
    ben: await make('ben', { scope: 'decide', person: 'ben@example.com' }),
  }
})

afterAll(async () => {
  await host.stop()
  await rm(home, { recursive: true, force: true })
})

const call = (token: string, path: string, body?: unknown) =>
  fetch(host.url + path, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })

describe('a hundred conflicting decisions at once over HTTP', () => {
  it.each(Array.from({ length: 10 }, (_, round) => round))(
    'have one winner, and the losers hear who it was (round %i)',
    async () => {
      const asked = await call(tokens.submit, '/requests', { type: 'refund', title: 'Refund', approver_email: 'ana@example.com' })
      const { task_id } = (await asked.json()) as { task_id: string }
      const status = await (await call(tokens.submit, `/tasks/${task_id}/status`)).json()
      const { id } = (status as { pending_approvals: { id: string }[] }).pending_approvals[0]!
      const owner = clientFor(host.app, host.app.ownerCaller('http'))
      await owner.approvals.reassign({ approval_id: id, to: ['ana@example.com', 'ben@example.com'] })
      const answers = await Promise.all(
        Array.from({ length: 100 }, async (_, n) => {
          const [token, decision] = n % 2 ? [tokens.ana, 'approve'] : [tokens.ben, 'reject']
          const response = await call(token!, '/approvals/decide', { approval_id: id, decision })
          return { decision, status: response.status, body: (await response.json()) as Record<string, unknown> }
        }),
      )
      const winners = new Set(answers.filter(({ status: code }) => code === 200).map(({ decision }) => decision))
      expect(winners.size).toBe(1)
      const losers = answers.filter(({ decision }) => !winners.has(decision))
      expect(losers).toHaveLength(50)
      const won = winners.has('approve') ? 'ana@example.com' : 'ben@example.com'
      for (const { status: code, body } of losers) {
        expect({ code, body }).toMatchObject({ code: 409, body: { code: 'already-decided', decided_by: won } })
      }
      const { entries } = await owner.tasks.timeline({ task_id })
      expect(entries.filter(({ type }) => type === 'approval_decided')).toHaveLength(1)
    },
  )
})
