import { spawn, spawnSync } from 'node:child_process'
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { isContractProcedure } from '@orpc/contract'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { verifier, verifierName } from '../electron/core/audit/verifier.ts'
import { runAction } from '../electron/core/channels/actions.ts'
import type { Action } from '../electron/core/channels/port.ts'
import { fileStorage } from '../electron/core/journal/file-storage.ts'
import { openSettings } from '../electron/core/settings/settings.ts'
import { openCatalogue } from '../electron/core/workflows/catalogue.ts'
import { type Headless, startHeadless } from '../electron/headless/host.ts'
import { contract } from '../shared/contract/contract.ts'
import { catalogue } from '../shared/contract/errors.ts'
import { approvalItem, runStep } from '../shared/contract/schemas.ts'
import { boss, ending, openRig, source as rigSource } from './core/engine/harness.ts'
import { type Client, clientFor, newHome, silentLog, sourceCaller } from './support/app.ts'
import { FakeClock } from './support/fake-clock.ts'
import { blocksOf, differences, type Example, examplesOf } from './support/markdown.ts'
import { freePort, linesOf, output, type Ran, receiver, runExamples } from './support/pages.ts'

const root = join(import.meta.dirname, '..')
const pages = ['README.md', ...readdirSync(join(root, 'docs')).flatMap((name) => (name.endsWith('.md') ? [`docs/${name}`] : []))]
const page = (path: string) => readFileSync(join(root, path), 'utf8')
const defaultUrl = 'http://127.0.0.1:7171'

let home: string
let host: Headless
let owner: Client

beforeEach(async () => {
  home = newHome()
  writeFileSync(join(home, 'config.yaml'), 'model:\n  enabled: false\n')
  host = await startHeadless({ home, port: 0, owner: 'ana@example.com', log: silentLog })
  owner = clientFor(host.app, host.app.ownerCaller('http'))
})

afterEach(async () => {
  await host.stop()
  await rm(home, { recursive: true, force: true })
})

/** What each example did other than the page says. */
function surprises(path: string, examples: readonly Example[], ran: readonly Ran[]): string[] {
  return examples.flatMap(({ line, exits, answer }, index) => {
    const { out, code } = ran[index]!
    const found = code === exits ? [] : [`exit code ${code} instead of ${exits}`]
    if (answer?.language === 'json') {
      found.push(...differences(parsed(out), JSON.parse(answer.text), answer.words.includes('shortened')))
    } else if (answer) {
      const lines = (text: string) => text.trim().split('\n')
      const wanted = lines(answer.text)
      const came = lines(out)
      wanted.forEach((want, at) => {
        const got = came[at]?.trim() ?? ''
        if (want.startsWith('data: ')) found.push(...differences(parsed(got.slice(6)), JSON.parse(want.slice(6)), false))
        else if (got !== want) found.push(`"${got}" instead of "${want}"`)
      })
    }
    return found.map((problem) => `${path}:${line}: ${problem}; it printed ${out.trim().slice(0, 300)}`)
  })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return `not JSON: ${text}`
  }
}

/** Approves whatever is asked, as the person in front of the inbox would. */
function approveAll(): () => Promise<void> {
  const gone = new AbortController()
  const watching = (async () => {
    for await (const change of await owner.events.subscribe({}, { signal: gone.signal })) {
      if (change.kind === 'approval' && change.item.status === 'pending')
        await owner.approvals.decide({ approval_id: change.item.id, decision: 'approve' })
    }
  })().catch(() => {})
  return async () => {
    gone.abort()
    await watching
  }
}

/** Submits as a source with this callback address, and decides; resolves with the task and the source's secret. */
async function source(callback_url: string) {
  const { token, callback_secret } = await owner.tokens.create({ name: 'shop', scope: 'submit', callback_url })
  return {
    secret: callback_secret!,
    async submitAndDecide(decision: 'approve' | 'reject', comment: string): Promise<string> {
      const answer = await fetch(`${host.url}/requests`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ type: 'refund', title: 'Refund order 1042' }),
      })
      const { task_id } = (await answer.json()) as { task_id: string }
      const { items } = await owner.approvals.list({ run_id: task_id })
      await owner.approvals.decide({ approval_id: items[0]!.id, decision, comment })
      return task_id
    },
  }
}

/** Writes the program that a page shows under a name, and resolves with its path. */
function program(path: string, name: string): string {
  const block = blocksOf(page(path)).find(({ words }) => words[0] === `run=${name}`)
  if (block === undefined) throw new Error(`${path} shows no ${name}`)
  const file = join(home, name)
  writeFileSync(file, block.text)
  return file
}

describe('The examples', () => {
  it('of the README work when pasted, while somebody approves', { timeout: 60_000 }, async () => {
    const examples = examplesOf(page('README.md'))
    const stop = approveAll()
    const ran = await runExamples(examples, { home, replace: { [defaultUrl]: host.url } })
    await stop()
    expect(examples).toHaveLength(2)
    expect(surprises('README.md', examples, ran)).toEqual([])
    expect(ran[1]!.out).toContain('approved by Ana')
    expect(ran[1]!.out).toContain('going on')
  })

  it('of docs/http.md work in their order and answer as it says', { timeout: 120_000 }, async () => {
    const examples = examplesOf(page('docs/http.md'))
    const { url, close } = await receiver(410)
    const ran = await runExamples(examples, { home, replace: { [defaultUrl]: host.url, 'http://127.0.0.1:9000/outcome': url } })
    close()
    expect(surprises('docs/http.md', examples, ran)).toEqual([])
  })
})

describe('The policy that the README shows', () => {
  it('asks the manager, and finance as well above 1,000, all of it', async () => {
    const shown = blocksOf(page('README.md')).find(({ words }) => words[0] === 'policy')!
    await owner.policy.save({ text: shown.text })
    const ask = async (amount: number) => {
      const { task_id } = await clientFor(host.app, sourceCaller).requests.submitRequest({
        type: 'purchase',
        amount,
        approver_email: 'mia@example.com',
      })
      return (await owner.approvals.list({ run_id: task_id })).items[0]!.levels.map(({ name, people, votes }) => [
        name,
        people,
        votes,
      ])
    }
    const manager = ['manager', ['mia@example.com'], 'any']
    expect(await ask(1000)).toEqual([manager])
    expect(await ask(1000.5)).toEqual([manager, ['finance', ['eva@example.com', 'tom@example.com'], 'all']])
  })
})

describe('An outcome', () => {
  it('has the members that docs/http.md shows', async () => {
    const { url, bodies, close } = await receiver()
    await (await source(url)).submitAndDecide('reject', 'No photo')
    await vi.waitUntil(() => bodies.length > 0)
    close()
    const written = blocksOf(page('docs/http.md')).find(({ words }) => words[0] === 'outcome')!
    expect(differences(JSON.parse(bodies[0]!), JSON.parse(written.text), false)).toEqual([])
  })

  const hasPython = spawnSync('python3', ['--version']).status === 0
  const receivers = [[process.execPath, 'receiver.mjs'] as const, ...(hasPython ? [['python3', 'receiver.py'] as const] : [])]

  it.each(receivers)(
    'is verified by the program shown for %s, %s, which refuses a changed one',
    { timeout: 30_000 },
    async (...shown) => {
      const [runtime, name] = shown
      const port = await freePort()
      const { secret, submitAndDecide } = await source(`http://127.0.0.1:${port}/outcome`)
      const env = { ...process.env, SECRET: secret, PORT: String(port) }
      const child = spawn(runtime, [program('docs/http.md', name)], { env, stdio: ['ignore', 'pipe', 'pipe'] })
      const next = linesOf(child)
      expect(await next()).toBe('ready')
      const task = await submitAndDecide('approve', 'Seen the photo')
      expect(await next()).toBe(`${task} approved`)

      const forged = await fetch(`http://127.0.0.1:${port}/outcome`, {
        method: 'POST',
        headers: {
          'webhook-id': 'dlv_1',
          'webhook-timestamp': String(Math.floor(Date.now() / 1000)),
          'webhook-signature': 'v1,AAAA',
        },
        body: JSON.stringify({ type: 'task.completed', data: { task_id: task, decision: { outcome: 'approved' } } }),
      })
      expect(forged.status).toBe(401)
      expect(await next()).toBe('refused')
      const ended = new Promise((resolve) => child.on('close', resolve))
      child.kill()
      await ended
    },
  )
})

describe('docs/configuration.md', () => {
  /** The configuration of a home whose file holds this text, and nothing from the environment. */
  const settingsOf = async (config: string) => {
    const folder = newHome()
    const configFile = join(folder, 'config.yaml')
    writeFileSync(configFile, config)
    const settings = await openSettings({ configFile, environment: {} })
    await rm(folder, { recursive: true })
    return settings.config
  }
  const yaml = (word: string) =>
    blocksOf(page('docs/configuration.md')).flatMap(({ language, words, text }) =>
      language === 'yaml' && words[0] === word ? [text] : [],
    )

  it('shows the defaults that an empty file has', async () => {
    const [config] = yaml('defaults=config.yaml')
    expect(await settingsOf(config!)).toEqual(await settingsOf(''))
  })

  it('shows a command that carries out a deployment, and an address that is called for an expense', async () => {
    const [byHttp, byCommand] = await Promise.all(yaml('action').map((config) => settingsOf(config)))
    expect(byHttp!.actions).toMatchObject({ expense: { url: 'http://127.0.0.1:8080/payments' } })
    program('docs/configuration.md', 'deploy.mjs')
    const action = byCommand!.actions.deployment as Extract<Action, { command: unknown }>
    const [, ...words] = action.command
    const here = { ...action, command: [process.execPath, ...words], cwd: home } as const
    const payload = { service_name: 'checkout', version: '2.4.1' }
    expect(await runAction(here, payload, 'run_1:deploy', new AbortController().signal)).toEqual({
      deployment_id: 'checkout-2.4.1',
    })
  })
})

describe('The workflow of docs/workflows.md', () => {
  it('asks, pays, waits for the parcel and goes on after a crash', async () => {
    const workflows = join(home, 'authored')
    await mkdir(workflows, { recursive: true })
    await rename(program('docs/workflows.md', 'refund.ts'), join(workflows, 'refund.ts'))
    const clock = new FakeClock()
    const log = { info: () => {}, warn: () => {} }
    const installed = await openCatalogue({ folder: workflows, builtin: [], storage: fileStorage, clock, log })

    const before = await openRig({ workflows: [], installed, clock })
    const run = await before.begin('refund', { order_id: '1042', amount: 120, approver: 'boss@example.com' })
    await before.engine.decide({ approval_id: before.open(run), decision: 'approve' }, boss)
    await before.quiet()
    await before.engine.signal(run, 'parcel-arrived', { weight_grams: 310 }, rigSource)
    await before.crash()

    const after = await openRig({ workflows: [], installed, folder: before.folder, clock })
    clock.advance(3_600_000)
    await after.quiet()
    expect(ending(after, run)).toEqual({ status: 'refunded', payment_id: `${run}:pay`, parcel_grams: 310 })
    installed.stop()
    await after.crash()
    await rm(before.folder, { recursive: true })
  })
})

describe('The verifier of docs/security.md', () => {
  const verify = async (...args: string[]) => {
    const file = program('docs/security.md', 'verify.mjs')
    return output(spawn(process.execPath, [file, ...args], { stdio: ['ignore', 'pipe', 'pipe'] }))
  }
  const segment = (folder: string) => join(folder, '00000001.jsonl')

  /** A journal with content of every kind, of an application that was stopped. */
  async function journal(): Promise<{ folder: string; checkpoints: string }> {
    const { url, close } = await receiver()
    await (await source(url)).submitAndDecide('approve', 'Zoë said „ja“')
    await host.stop()
    close()
    return { folder: join(home, 'journal'), checkpoints: join(home, 'checkpoints.jsonl') }
  }

  /** The journal's copy with its first segment changed. */
  function changed(folder: string, change: (bytes: Buffer) => Buffer): string {
    const copy = join(home, 'changed')
    cpSync(folder, copy, { recursive: true })
    writeFileSync(segment(copy), change(readFileSync(segment(copy))))
    return copy
  }

  it('is the very program that is handed out with an export', () => {
    expect(readFileSync(program('docs/security.md', verifierName), 'utf8')).toBe(verifier)
  })

  it('accepts a real journal with its checkpoints', async () => {
    const { folder, checkpoints } = await journal()
    const records = readFileSync(segment(folder), 'utf8').trim().split('\n')
    const { hash } = JSON.parse(records.at(-1)!) as { hash: string }
    const { key } = JSON.parse(readFileSync(checkpoints, 'utf8').trim().split('\n').at(-1)!) as { key: string }
    const { code, err, out } = await verify(folder, checkpoints, '--key', key)
    expect([code, err]).toEqual([0, ''])
    expect(out).toMatch(new RegExp(`^OK ${records.length} records, head ${hash}\n\\d+ signed heads, by the key ${key}\n$`))
  })

  it.each([
    ['a hash', '"hash":"', 8],
    ['who decided', 'ana@example.com', 0],
    ['a comment', 'Zoë', 1],
    ['the end of a line', '}\n', 1],
  ])('sees a flipped bit in %s', async (_what, text, offset) => {
    const { folder } = await journal()
    const copy = changed(folder, (bytes) => {
      bytes[bytes.lastIndexOf(text) + offset]! ^= 1
      return bytes
    })
    const { code, out } = await verify(copy)
    // The last line's end alone could also be missing because it is being written.
    if (text === '}\n') expect(out).toContain('the last line is not complete')
    else expect([code, out.slice(0, 7)]).toEqual([1, 'CHANGED'])
  })

  it('sees by the checkpoints that the end was cut off', async () => {
    const { folder, checkpoints } = await journal()
    const copy = changed(folder, (bytes) => bytes.subarray(0, bytes.lastIndexOf('\n', bytes.length - 2) + 1))
    expect((await verify(copy)).code).toBe(0)
    const { code, out } = await verify(copy, checkpoints)
    expect([code, out]).toEqual([1, expect.stringMatching(/^CHANGED .*record \d+ is missing or another one\n$/)])
  })
})

describe('The pages', () => {
  it('are short, where that was promised', () => {
    expect(page('README.md').split('\n').length).toBeLessThan(150)
  })

  it.each(pages)('link only to what is there: %s', (path) => {
    const broken = [...page(path).matchAll(/\]\((?!https?:)([^)\s]+)\)/g)].flatMap(([, link]) => {
      const [file, anchor] = link!.split('#')
      const target = file === '' ? path : join(dirname(path), file!)
      if (!existsSync(join(root, target))) return [link]
      return anchor === undefined || anchorsOf(page(target)).has(anchor) ? [] : [link]
    })
    expect(broken).toEqual([])
  })

  it('name every route of the contract in docs/http.md', () => {
    const text = page('docs/http.md')
    expect(routes(contract).filter((route) => !text.includes(`\`${route}`))).toEqual([])
  })

  it.each([
    ['a request', Object.keys(contract.requests.submitRequest['~orpc'].inputSchema!.shape)],
    ['a decision', Object.keys(contract.approvals.decide['~orpc'].inputSchema!.shape)],
    ['a revision', Object.keys(contract.approvals.revise['~orpc'].inputSchema!.shape)],
    ['a decision by key', Object.keys(contract.approvals.webhook['~orpc'].inputSchema!.shape)],
    ['an approval', Object.keys(approvalItem.shape)],
    ['a vote', Object.keys(approvalItem.shape.votes.unwrap().element.shape)],
    ['a level', Object.keys(approvalItem.shape.levels.unwrap().element.shape)],
    ['a step', Object.keys(runStep.shape)],
  ])('name every member of %s in docs/http.md', (_what, members) => {
    const text = page('docs/http.md')
    expect(members.length).toBeGreaterThan(4)
    expect(members.filter((name) => !text.includes(`\`${name}\``) && !text.includes(`"${name}":`))).toEqual([])
  })

  it('name every error code and its status in docs/http.md', () => {
    const text = page('docs/http.md')
    const missing = Object.entries(catalogue).filter(([code, [status]]) => !text.includes(`| ${status} | \`${code}\` |`))
    expect(missing).toEqual([])
  })
})

describe('docs/torture.md', () => {
  it('has a paragraph about every part, and docs/performance.md a row', () => {
    const folder = join(root, 'test/torture')
    const files = readdirSync(folder).filter((name) => /^[\w-]+\.ts$/.test(name))
    const parts = files.filter((name) => /^export const \w+: Part = /m.test(readFileSync(join(folder, name), 'utf8')))
    expect(parts.length).toBeGreaterThan(8)
    const text = page('docs/torture.md')
    expect(parts.filter((name) => !text.includes(`\n**\`${name.slice(0, -3)}\`**`))).toEqual([])
    const bench = readFileSync(join(root, 'test/bench/main.ts'), 'utf8')
    const measured = [...bench.matchAll(/\bname: '(\w+)', ?title|\bname: '(\w+)',\n/g)].map(([, one, other]) => one ?? other)
    expect(measured.length).toBeGreaterThan(8)
    expect(measured.filter((name) => !page('docs/performance.md').includes(`\n| \`${name}\` |`))).toEqual([])
  })
})

describe('docs/cli.md', () => {
  it('names every command there is', async () => {
    const help = await output(
      spawn(process.execPath, [join(root, 'electron/cli/main.ts'), '--help'], { stdio: ['ignore', 'pipe', 'pipe'] }),
    )
    const commands = [...help.out.slice(help.out.indexOf('Commands:')).matchAll(/^ {2}(\w+)/gm)].map(([, name]) => name!)
    expect(commands.length).toBeGreaterThan(5)
    const text = page('docs/cli.md')
    expect(commands.filter((name) => name !== 'help' && !text.includes(`\`${name}`))).toEqual([])
  })
})

/** The anchors of a page's headings, as GitHub makes them. */
const anchorsOf = (markdown: string): ReadonlySet<string> =>
  new Set(
    [...markdown.replace(/^```[\s\S]*?^```$/gm, '').matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
      heading!
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  )

function routes(tree: object): string[] {
  return Object.values(tree).flatMap((value) => {
    if (!isContractProcedure(value)) return routes(value as object)
    const { method, path } = value['~orpc'].route
    return [`${method} ${path}`]
  })
}
