import { type ChildProcess, fork } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Scope } from '../../../shared/model/actor.ts'
import { clientFor, openTestApp, ownerEmail } from '../../support/app.ts'
import type { Condition } from './served.ts'

const program = fileURLToPath(new URL('./served.ts', import.meta.url))

/** Limits so wide that none of them answers in place of what is tried. */
const configuration = `model: { enabled: false }
limits: { requests_per_minute: 1000000000, burst: 1000000000 }
`

export type Host = {
  readonly url: string
  readonly port: number
  readonly home: string
  readonly tokens: Readonly<Record<Scope, string>>
  /** The cookie of a browser that is signed in as the owner. */
  signIn(): Promise<string>
  condition(): Promise<Condition>
  /** Why the process ended by itself; null while it runs. */
  ended(): string | null
  /** How many records of a type are in the journal's files. */
  journalled(type: string): number
  stop(): Promise<void>
}

/** The real application in a process of its own, over a fresh home. */
export async function openHost(
  options: { readonly config?: string; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<Host> {
  const home = mkdtempSync(join(tmpdir(), 'countersign-torture-'))
  writeFileSync(join(home, 'config.yaml'), configuration + (options.config ?? ''))
  const tokens = await createTokens(home)
  const child = fork(program, [home, ownerEmail], {
    execArgv: ['--expose-gc'],
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  let ended: string | null = null
  let stopping = false
  child.once('exit', (code, signal) => {
    if (!stopping) ended = `the process ended with ${signal ?? code}`
  })
  const { url } = (await told(child)) as { url: string }
  const ask = async (what: string): Promise<unknown> => {
    const answer = told(child)
    child.send(what)
    return answer
  }
  return {
    url,
    port: Number(new URL(url).port),
    home,
    tokens,
    async signIn() {
      const { link } = (await ask('link')) as { link: string }
      const body = JSON.stringify({ key: new URL(link).hash.replace('#key=', '') })
      const headers = { 'content-type': 'application/json' }
      const answer = await fetch(`${url}/session`, { method: 'POST', headers, body })
      return answer.headers.get('set-cookie')!.split(';')[0]!
    },
    condition: async () => (await ask('condition')) as Condition,
    ended: () => ended,
    journalled: (type) => countRecords(join(home, 'journal'), type),
    async stop() {
      stopping = true
      const exited = new Promise((resolve) => child.once('exit', resolve))
      if (child.exitCode === null && child.kill('SIGKILL')) await exited
      await rm(home, { recursive: true, force: true })
    },
  }
}

async function createTokens(home: string): Promise<Host['tokens']> {
  const first = await openTestApp({ home })
  const owner = clientFor(first.app, first.app.ownerCaller('http'))
  const create = async (scope: Scope) => (await owner.tokens.create({ name: scope, scope })).token
  const tokens = {
    submit: await create('submit'),
    read: await create('read'),
    decide: await create('decide'),
    admin: await create('admin'),
  }
  await first.stop()
  return tokens
}

const told = (child: ChildProcess): Promise<unknown> =>
  new Promise((resolve, reject) => {
    child.once('message', resolve)
    child.once('exit', (code, signal) => reject(new Error(`the process ended with ${signal ?? code}`)))
  })

const countRecords = (folder: string, type: string): number =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.jsonl'))
    .reduce((count, file) => count + readFileSync(join(folder, file), 'latin1').split(`"type":"${type}"`).length - 1, 0)
