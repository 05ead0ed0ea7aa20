import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Headless, startHeadless } from '../../electron/headless/host.ts'
import { type Client, clientFor, newHome, ownerEmail, silentLog } from '../support/app.ts'
import { type Receiver, receiver } from '../support/pages.ts'

const home = newHome()
let host: Headless
let owner: Client
let told: Receiver
let tokens: { readonly submit: string; readonly decide: string }

beforeAll(async () => {
  writeFileSync(join(home, 'config.yaml'), 'model: { enabled: false }\nundo: { seconds: 0.3 }\n')
  told = await receiver()
  host = await startHeadless({ home, owner: ownerEmail, port: 0, log: silentLog })
  owner = clientFor(host.app, host.app.ownerCaller('http'))
  const shop = await owner.tokens.create({ name: 'shop', scope: 'submit', callback_url: told.url })
  const person = await owner.tokens.create({ name: 'me', scope: 'decide' })
  tokens = { submit: shop.token, decide: person.token }
})

afterAll(async () => {
  await host.stop()
  told.close()
  await rm(home, { recursive: true, force: true })
})

const post = async (token: string, path: string, body: unknown) => {
  const answer = await fetch(host.url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
}

const until = async (instant: number) => {
  const rest = instant - Date.now()
  if (rest > 4) await new Promise((resolve) => setTimeout(resolve, rest - 3))
  // The last milliseconds go by turns of the loop: a timer would be late by as much.
  while (Date.now() < instant) await new Promise((resolve) => setImmediate(resolve))
}

type Record_ = { readonly type: string; readonly approval_id?: string }

const journal = (): readonly Record_[] =>
  readdirSync(join(home, 'journal'))
    .filter((name) => name.endsWith('.jsonl'))
    .flatMap((name) =>
      readFileSync(join(home, 'journal', name), 'utf8')
        .trim()
        .split('\n'),
    )
    .map((line) => JSON.parse(line) as Record_)

/** Asks, answers so that it is held, and takes that back `offset` ms from the moment at which it leaves. */
async function race(n: number, offset: number) {
  const asked = await post(tokens.submit, '/requests', { type: 'refund', title: `Race ${n}` })
  const task = String(asked.body.task_id)
  const id = (await owner.tasks.status({ task_id: task })).pending_approvals[0]!.id
  const answer = await post(tokens.decide, '/approvals/decide', { approval_id: id, decision: 'approve', hold: true })
  expect(answer).toMatchObject({ status: 200, body: { status: 'pending' } })
  await until(Date.parse(String(answer.body.release_at)) + offset)
  const undone = await post(tokens.decide, `/approvals/${id}/undo`, {})
  return { id, task, status: undone.status, code: undone.body.code }
}

it('an undo at the last instant is done or refused: either the answer leaves or it was taken back, never both, never neither', async () => {
  const rounds: Awaited<ReturnType<typeof race>>[] = []
  // Around the boundary, a millisecond apart, five at a time.
  for (let n = 0; n < 40; n += 5) {
    const five = [0, 1, 2, 3, 4].map((k) => race(n + k, (((n + k) * 7) % 21) - 10))
    rounds.push(...(await Promise.all(five)))
  }
  // The two at the ends are known: far before it is undone, far behind it is too late.
  rounds.push(await race(100, -200), await race(101, 200))
  expect(rounds.slice(-2).map(({ status }) => status)).toEqual([200, 409])

  const left = rounds.filter(({ status }) => status !== 200)
  expect(left.every(({ status, code }) => status === 409 && code === 'already-decided')).toBe(true)
  await expect.poll(() => told.bodies.length).toBe(left.length)
  const records = journal()
  const kinds = (wanted: string) => records.flatMap(({ type, approval_id }) => (approval_id === wanted ? [type] : []))
  for (const { id, task, status } of rounds) {
    const end = status === 200 ? 'approval_unheld' : 'approval_decided'
    expect(kinds(id).filter((type) => type !== 'summary_stored')).toEqual(['approval_requested', 'approval_held', end])
    const item = await owner.approvals.get({ approval_id: id })
    expect([item.status, item.held]).toEqual([status === 200 ? 'pending' : 'approved', null])
    expect((await owner.tasks.status({ task_id: task })).status).toBe(status === 200 ? 'waiting' : 'completed')
  }
  const outcomes = told.bodies.map((body) => (JSON.parse(body) as { data: { task_id: string } }).data.task_id)
  expect(outcomes.toSorted()).toEqual(left.map(({ task }) => task).toSorted())
  expect(await owner.system.verify({})).toMatchObject({ ok: true, problems: [] })
})
