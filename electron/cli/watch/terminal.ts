import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline/promises'

/** Who sits in front of it. */
export interface Terminal {
  say(text: string): void
  /** What was typed; null where there will be no more: the end of input, or Ctrl+C. Aborted, it throws the signal's reason. */
  ask(question: string, signal: AbortSignal): Promise<string | null>
  /** A text after somebody has edited it; null when the editor failed. */
  edit(text: string): Promise<string | null>
}

export function openTerminal(environment: NodeJS.ProcessEnv = process.env): Terminal {
  return {
    say: (text) => void process.stdout.write(`${text}\n`),
    ask,
    edit: (text) => edit(text, environment),
  }
}

/** A line editor of its own for each question: what was typed for the last one is never an answer to the next. */
async function ask(question: string, signal: AbortSignal): Promise<string | null> {
  signal.throwIfAborted()
  const lines = createInterface({ input: process.stdin, output: process.stdout, terminal: true })
  const over = new AbortController()
  lines.on('close', () => over.abort())
  lines.on('SIGINT', () => lines.close())
  try {
    return await lines.question(question, { signal: AbortSignal.any([signal, over.signal]) })
  } catch (error) {
    process.stdout.write('\n')
    if (signal.aborted) throw signal.reason
    if (over.signal.aborted) return null
    throw error
  } finally {
    lines.close()
  }
}

/** Opens the editor that the environment names, on a file that nobody else can read. */
async function edit(text: string, environment: NodeJS.ProcessEnv): Promise<string | null> {
  const editor = environment.VISUAL || environment.EDITOR || (process.platform === 'win32' ? 'notepad' : 'vi')
  const folder = await mkdtemp(join(tmpdir(), 'countersign-edit-'))
  const file = join(folder, 'changes.json')
  try {
    await writeFile(file, text, { mode: 0o600 })
    // Editors are named with arguments ("code --wait"), which the shell takes apart; the file stands behind them.
    const child = spawn(`${editor} "${file}"`, { shell: true, stdio: 'inherit' })
    const code = await new Promise((resolve) => {
      child.on('close', resolve)
      child.on('error', () => resolve(null))
    })
    return code === 0 ? await readFile(file, 'utf8') : null
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
