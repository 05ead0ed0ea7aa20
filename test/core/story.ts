import { copyFileSync, cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { vi } from 'vitest'
import type { DecideInput } from '../../shared/contract/approvals.ts'
import { type Client, clientFor, newHome, openTestApp, type TestApp } from '../support/app.ts'
import { FakeClock } from '../support/fake-clock.ts'

const examples = join(import.meta.dirname, '../../docs/examples')
export const hour = 3_600_000

type Task = Awaited<ReturnType<Client['tasks']['status']>>

const people = `
groups:
  managers: [mia@example.com]
  directors: [dora@example.com, dan@example.com]
  finance: [fin@example.com]
  ml-team: [mo@example.com]
  compliance: [cora@example.com]
  office: [otto@example.com]
  owners: [olga@example.com]
`

export type StoryOptions = {
  /** `policy.yaml`; without it, the one that a new home gets. */
  readonly policy?: string
  readonly config?: string
}

/** The whole application with people, groups and the example workflows, at a clock that the test moves. */
export type Story = {
  readonly app: TestApp
  readonly clock: FakeClock
  readonly owner: Client
  readonly source: Client
  /** Somebody with a credential of their own. */
  readonly person: (name: string) => Client
  /** What a task asks now. */
  readonly asked: (task_id: string) => Promise<Task['pending_approvals'][number]>
  readonly decide: (task_id: string, name: string, input: Partial<DecideInput>) => Promise<{ readonly status: string }>
  /** Time goes on, with the application awake. */
  readonly pass: (ms: number) => void
  /** How a task has ended. */
  readonly ended: (task_id: string) => Promise<Task>
  /** The machine loses power, and the application starts again with what was on the disk. */
  readonly powerCut: () => Promise<Story>
  readonly close: () => Promise<void>
}

export async function openStory(options: StoryOptions = {}): Promise<Story> {
  const home = newHome()
  const { config = 'model: { enabled: false }', policy } = options
  writeFileSync(join(home, 'config.yaml'), `${config}${people}`)
  if (policy !== undefined) writeFileSync(join(home, 'policy.yaml'), policy)
  const workflows = join(home, 'workflows')
  mkdirSync(workflows)
  const files = readdirSync(examples).filter((name) => name.endsWith('.ts'))
  for (const name of files) copyFileSync(join(examples, name), join(workflows, name))
  return openAt(home, new FakeClock(), [])
}

async function openAt(home: string, clock: FakeClock, before: readonly TestApp[]): Promise<Story> {
  const app = await openTestApp({ home, clock })
  const { owner, source } = app
  const person = (name: string): Client =>
    clientFor(app.app, {
      scopes: ['read', 'decide'],
      person: { email: `${name}@example.com`, name },
      source: null,
      credential: `tok_${name}`,
      via: 'http',
    })
  const asked = (task_id: string) =>
    vi.waitFor(async () => {
      const [item] = (await owner.tasks.status({ task_id })).pending_approvals
      if (!item) throw new Error(`${task_id} asks nothing`)
      return item
    })
  return {
    app,
    clock,
    owner,
    source,
    person,
    asked,
    decide: async (task_id, name, input) =>
      person(name).approvals.decide({ approval_id: (await asked(task_id)).id, ...input } as DecideInput),
    pass(ms) {
      clock.advance(ms)
      app.app.tick()
    },
    ended: async (task_id) => owner.tasks.wait({ task_id, timeout_seconds: 10 }),
    async powerCut() {
      const left = newHome()
      // What a copy of the disk has at this moment, whatever the application still wanted to write.
      cpSync(home, left, { recursive: true })
      return openAt(left, clock, [...before, app])
    },
    async close() {
      await Promise.all([...before, app].map((one) => one.remove()))
    },
  }
}

export type Service = {
  readonly url: string
  readonly asked: Record<string, unknown>[]
  works: boolean
  readonly close: () => void
}

/** A system that pays and deploys, once it works. */
export async function openService(): Promise<Service> {
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    service.asked.push(JSON.parse(body) as Record<string, unknown>)
    response.writeHead(service.works ? 200 : 400, { 'content-type': 'application/json' })
    response.end(JSON.stringify(service.works ? { payment_id: 'pay_1', deployment_id: 'dep_1' } : { error: 'closed' }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const service: Service = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    asked: [],
    works: true,
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
  return service
}
