import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Example } from './markdown.ts'

const command = join(import.meta.dirname, '../../scripts/countersign.cjs')
/** Stands in where there is no curl: a machine with nothing but Node still runs the examples. */
const standIn = fileURLToPath(import.meta.resolve('./curl.ts'))
const curl = spawnSync('curl', ['--version']).status === 0 ? '' : 'curl() { "$NODE" "$CURL" "$@"; }\n'
const mark = '\x1e'

export type Ran = { readonly out: string; readonly code: number }

/** Runs a page's examples one after the other in one bash, as somebody who pastes them does: variables stay. */
export async function runExamples(
  examples: readonly Example[],
  { home, replace }: { readonly home: string; readonly replace: Readonly<Record<string, string>> },
): Promise<readonly Ran[]> {
  const blocks = examples.map(({ script }) => `${script}\nprintf '${mark}%s${mark}' $?\n`)
  // `npx` would do the same, half a second later each time.
  const script = `${curl}npx() { [ "$1" = countersign ] || exit 9; shift; "$NODE" "$COMMAND" "$@"; }\n${blocks.join('')}`
  const pasted = Object.entries(replace).reduce((text, [from, to]) => text.replaceAll(from, to), script)
  const env = { ...process.env, COUNTERSIGN_HOME: home, NODE: process.execPath, COMMAND: command, CURL: standIn }
  const { out, err } = await output(spawn('bash', ['-c', pasted], { env, stdio: ['ignore', 'pipe', 'pipe'] }))
  const parts = out.split(mark)
  if (parts.length !== examples.length * 2 + 1) throw new Error(`The examples broke off: ${err}\n${out.slice(-2000)}`)
  return examples.map((_, index) => ({ out: parts[index * 2]!, code: Number(parts[index * 2 + 1]) }))
}

/** All that a process says, once it has ended. */
export function output(child: ChildProcess): Promise<{ out: string; err: string; code: number | null }> {
  let out = ''
  let err = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (out += text))
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (err += text))
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve({ out, err, code }))
  })
}

/** The lines a process prints, as they come. */
export function linesOf(child: ChildProcess): () => Promise<string> {
  const lines: string[] = []
  const waiting: { take(line: string): void; end(error: Error): void }[] = []
  let rest = ''
  let errors = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (errors += text))
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    const parts = (rest + text).split(/\r?\n/)
    rest = parts.pop()!
    for (const line of parts) {
      const first = waiting.shift()
      if (first) first.take(line)
      else lines.push(line)
    }
  })
  child.on('close', (code) => {
    for (const { end } of waiting.splice(0)) end(new Error(`It ended with ${code}: ${errors}`))
  })
  return () => {
    const line = lines.shift()
    return line === undefined ? new Promise((take, end) => waiting.push({ take, end })) : Promise.resolve(line)
  }
}

export type Receiver = { readonly url: string; readonly bodies: string[]; close(): void }

/** Takes outcomes; `statuses` are its first answers, after which it is content. */
export async function receiver(...statuses: number[]): Promise<Receiver> {
  const bodies: string[] = []
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    bodies.push(body)
    response.writeHead(statuses.shift() ?? 204).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const close = () => {
    server.closeAllConnections()
    server.close()
  }
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/outcome`, bodies, close }
}

/** A port nobody listens on right now. */
export async function freePort(): Promise<number> {
  const { url, close } = await receiver()
  close()
  return Number(new URL(url).port)
}
