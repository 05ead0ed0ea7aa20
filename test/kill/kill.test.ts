import { type ChildProcess, spawn } from 'node:child_process'
import { randomInt, randomUUID } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { newHome, openTestApp, ownerEmail } from '../support/app.ts'

/**
 * Kills the real process at random points under load, as often as COUNTERSIGN_KILLS says (200), and looks whether anything that it
 * acknowledged is missing or done twice.
 */
const kills = Number(process.env.COUNTERSIGN_KILLS ?? 200)
const clients = 6
const program = fileURLToPath(new URL('./server.ts', import.meta.url))

type Asked = { readonly key: string; task: string | null; approval: string | null; decided: boolean }

const home = newHome()
/** Payments by idempotency key: a repeated call gets the same payment, as a careful receiver does it. */
const payments = new Map<string, { id: string; calls: number; task: string }>()
let bank: Server
let token = ''
let decider = ''

beforeAll(async () => {
  bank = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    const key = String(request.headers['idempotency-key'])
    const paid = payments.get(key) ?? {
      id: `pay_${payments.size + 1}`,
      calls: 0,
      task: (JSON.parse(body) as { task_id: string }).task_id,
    }
    payments.set(key, { ...paid, calls: paid.calls + 1 })
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ payment_id: paid.id }))
  })
  await new Promise<void>((resolve) => bank.listen(0, '127.0.0.1', resolve))
  const { port } = bank.address() as AddressInfo
  writeFileSync(
    join(home, 'config.yaml'),
    `model:\n  enabled: false\nactions:\n  payment:\n    url: http://127.0.0.1:${port}/pay\n`,
  )
  const first = await openTestApp({ home })
  token = (await first.owner.tokens.create({ name: 'shop', scope: 'submit' })).token
  decider = (await first.owner.tokens.create({ name: 'me', scope: 'decide' })).token
  await first.stop()
})

afterAll(async () => {
  bank.close()
  await rm(home, { recursive: true, force: true })
})

async function start(): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, [program, home, ownerEmail], { stdio: ['ignore', 'pipe', 'inherit'] })
  for await (const url of createInterface({ input: child.stdout! })) return { child, url }
  throw new Error('the application ended before it was ready')
}

const post = (url: string, bearer: string, path: string, body: unknown, key?: string) =>
  fetch(url + path, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${bearer}`,
      'content-type': 'application/json',
      ...(key ? { 'idempotency-key': key } : {}),
    },
    body: JSON.stringify(body),
  })

/** Asks and decides until the process is gone. What was not acknowledged stays as it is, for the next life. */
async function work(url: string, open: Asked[], all: Asked[]): Promise<void> {
  for (;;) {
    const asked = open.pop() ?? { key: randomUUID(), task: null, approval: null, decided: false }
    if (!all.includes(asked)) all.push(asked)
    try {
      if (!asked.task) {
        const answer = await post(url, token, '/requests', { type: 'payment', title: asked.key, amount: 5 }, asked.key)
        if (answer.status !== 202) throw new Error(`${answer.status} ${await answer.text()}`)
        asked.task = ((await answer.json()) as { task_id: string }).task_id
      }
      if (!asked.approval) {
        const answer = await fetch(`${url}/tasks/${asked.task}/status`, { headers: { authorization: `Bearer ${token}` } })
        const { pending_approvals } = (await answer.json()) as { pending_approvals: { id: string }[] }
        asked.approval = pending_approvals[0]?.id ?? null
      }
      if (asked.approval) {
        const answer = await post(url, decider, '/approvals/decide', { approval_id: asked.approval, decision: 'approve' })
        if (answer.status !== 200) throw new Error(`${answer.status} ${await answer.text()}`)
      }
      asked.decided = true
    } catch (error) {
      open.push(asked)
      if (error instanceof TypeError) return
      throw error
    }
  }
}

it(`loses and doubles nothing in ${kills} kills at random points under load`, { timeout: kills * 10_000 }, async () => {
  const all: Asked[] = []
  const open: Asked[] = []
  let slowest = 0
  for (let life = 0; life < kills; life++) {
    const startedAt = performance.now()
    const { child, url } = await start()
    slowest = Math.max(slowest, performance.now() - startedAt)
    const gone = new Promise((resolve) => child.once('exit', resolve))
    const working = Promise.all(Array.from({ length: clients }, () => work(url, open, all)))
    await new Promise((resolve) => setTimeout(resolve, randomInt(0, 250)))
    child.kill('SIGKILL')
    await gone
    await working
  }

  const rig = await openTestApp({ home })
  const tasks = new Map<string, { id: string; status: string; result: unknown }[]>()
  let cursor: string | null = null
  do {
    const page: Awaited<ReturnType<typeof rig.owner.tasks.list>> = await rig.owner.tasks.list({
      limit: 1000,
      ...(cursor ? { cursor } : {}),
    })
    for (const run of page.items) tasks.set(run.title, [...(tasks.get(run.title) ?? []), run])
    cursor = page.next_cursor
  } while (cursor)

  const acknowledged = all.filter((asked) => asked.task)
  const lost = acknowledged.filter((asked) => !tasks.get(asked.key)?.some((run) => run.id === asked.task))
  const doubled = [...tasks.entries()].filter(([, runs]) => runs.length > 1)
  expect({ lost: lost.length, doubled: doubled.length }).toEqual({ lost: 0, doubled: 0 })

  // What was decided is carried out, if need be now, and its stored result is the one payment of its key.
  for (const asked of acknowledged.filter((one) => one.decided && one.approval)) {
    const ended = await rig.owner.tasks.wait({ task_id: asked.task!, timeout_seconds: 20 })
    const paid = payments.get(`${asked.task}:act`)
    expect(ended).toMatchObject({ status: 'completed', result: { status: 'approved', action: { payment_id: paid?.id } } })
  }
  // Nothing is carried out that nobody decided.
  for (const { task } of payments.values()) {
    const run = await rig.owner.tasks.status({ task_id: task })
    expect(run.status).toBe('completed')
  }
  const verified = await rig.owner.system.verify({})
  expect(verified).toMatchObject({ ok: true, problems: [] })
  await rig.remove()
  const decisions = acknowledged.filter((one) => one.decided).length
  console.log(
    `${kills} kills, ${acknowledged.length} requests and ${decisions} decisions acknowledged, slowest start ${Math.round(slowest)} ms`,
  )
})
