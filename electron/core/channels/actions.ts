import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { type Clock, systemClock } from '../clock.ts'
import type { Action, RunAction } from './port.ts'
import { readable } from './retries.ts'

const defaultTimeoutSeconds = 30
const answerLimit = 1024 * 1024
const killAfterMs = 2000

type Call = { readonly body: string; readonly key: string; readonly signal: AbortSignal }
type HttpAction = Extract<Action, { url: string }>
type CommandAction = Extract<Action, { command: readonly string[] }>

/** Runs what `config.yaml` names for a type. The payload goes into the body or to stdin, never into an address or an argument. */
export function createRunAction(clock: Clock): RunAction {
  return async (action, payload, idempotencyKey, signal) => {
    const seconds = action.timeout_seconds ?? defaultTimeoutSeconds
    const expiry = new AbortController()
    const disarm = clock.after(seconds * 1000, () => expiry.abort())
    const call: Call = {
      body: JSON.stringify(payload) ?? 'null',
      key: idempotencyKey,
      signal: AbortSignal.any([signal, expiry.signal]),
    }
    try {
      return 'url' in action ? await post(action, call) : await run(action, call, clock)
    } catch (error) {
      if (expiry.signal.aborted) throw new Error(`${nameOf(action)} gave no answer within ${seconds} seconds.`)
      if (signal.aborted) throw new Error(`${nameOf(action)} was stopped.`)
      throw error
    } finally {
      disarm()
    }
  }
}

/** With the machine's clock. */
export const runAction: RunAction = createRunAction(systemClock)

/** As errors name it. What may be a secret (query, user name, arguments) is left out: errors are journalled and shown. */
function nameOf(action: Action): string {
  if ('command' in action) return `Command ${action.command[0]}`
  const { origin, pathname } = new URL(action.url)
  return `POST ${origin}${pathname}`
}

async function post(action: HttpAction, { body, key, signal }: Call): Promise<unknown> {
  const url = new URL(action.url)
  if (url.username !== '' || url.password !== '') {
    throw new Error(`${nameOf(action)} was not sent: put the user name and password of its address into a header.`)
  }
  const answer = await fetch(url, {
    method: 'POST',
    headers: readHeaders(action, key),
    body,
    signal,
    redirect: 'manual',
  }).catch((error: Error) => {
    const cause = error.cause as NodeJS.ErrnoException | undefined
    throw new Error(`${nameOf(action)} failed: ${cause?.message || cause?.code || error.message}`, { cause: error })
  })
  const text = await readAnswer(answer, nameOf(action))
  if (!answer.ok) throw new Error(`${nameOf(action)} answered ${answer.status}: ${readable(text, 300)}`)
  return parsed(text)
}

/** Checked apart: what `fetch` says of a header it cannot send repeats its value. */
function readHeaders(action: HttpAction, key: string): Headers {
  const headers = new Headers({ 'content-type': 'application/json', accept: 'application/json' })
  for (const [name, value] of Object.entries(action.headers ?? {})) {
    try {
      headers.set(name, value)
    } catch {
      throw new Error(`${nameOf(action)} was not sent: the value of its header ${name} has characters that no header can carry.`)
    }
  }
  headers.set('idempotency-key', key)
  return headers
}

async function readAnswer(answer: Response, name: string): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of answer.body ?? []) {
    size += chunk.byteLength
    if (size > answerLimit) throw new Error(`${name} answered with more than 1 MiB.`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

async function run(action: CommandAction, { body, key, signal }: Call, clock: Clock): Promise<unknown> {
  signal.throwIfAborted()
  const [file, ...args] = action.command
  const child = spawn(file, args, {
    cwd: action.cwd,
    env: { ...process.env, COUNTERSIGN_IDEMPOTENCY_KEY: key },
    shell: false,
    windowsHide: true,
    // Its own process group, so that a timeout reaches what it started too.
    detached: process.platform !== 'win32',
  })
  const stop = () => endGroup(child, clock)
  signal.addEventListener('abort', stop, { once: true })
  try {
    return await outcome(child, nameOf(action), body)
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

function outcome(child: ChildProcessWithoutNullStreams, name: string, body: string): Promise<unknown> {
  const output: Buffer[] = []
  let size = 0
  let errors = ''
  return new Promise((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= answerLimit) output.push(chunk)
      else {
        signalGroup(child, 'SIGKILL')
        reject(new Error(`${name} answered with more than 1 MiB.`))
      }
    })
    child.stderr.on('data', (chunk: Buffer) => {
      errors = (errors + chunk.toString('utf8')).slice(-4000)
    })
    child.on('error', (error: NodeJS.ErrnoException) =>
      reject(
        new Error(
          `${name} could not be started: ${error.code === 'ENOENT' ? 'there is no such program or folder' : error.message}.`,
        ),
      ),
    )
    child.on('close', (code, signal) => {
      if (code === 0) resolve(parsed(Buffer.concat(output).toString('utf8')))
      else reject(new Error(`${name} ended with ${signal === null ? `exit code ${code}` : signal}${tail(errors)}`))
    })
    // A command that does not read its input closes it: no failure of the command.
    child.stdin.on('error', () => {})
    child.stdin.end(body)
  })
}

function tail(errors: string): string {
  const text = readable(errors.slice(-300), 300)
  return text === '' ? '.' : `: ${text}`
}

/** Asks a command and all it started to end, and makes them end where they do not. */
function endGroup(child: ChildProcessWithoutNullStreams, clock: Clock): void {
  signalGroup(child, 'SIGTERM')
  const disarm = clock.after(killAfterMs, () => signalGroup(child, 'SIGKILL'))
  child.once('close', disarm)
}

function signalGroup(child: ChildProcessWithoutNullStreams, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return
  if (process.platform === 'win32') {
    spawn('taskkill', ['/pid', String(child.pid), '/t', '/f'], { stdio: 'ignore', windowsHide: true }).on('error', () => {})
    return
  }
  try {
    process.kill(-child.pid, signal)
  } catch {
    // The group has ended already.
  }
}

/** The answer as JSON; null where it is none, because an action need not answer. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
