import { vi } from 'vitest'
import type { Terminal } from '../../electron/cli/watch/terminal.ts'

/** A terminal in front of which a test sits: it sees what is shown and types when it wants to. */
export class Player implements Terminal {
  #screen = ''
  #seen = 0
  #edit: (text: string) => string | null = () => null
  #typed: string[] = []
  #waiting: ((line: string) => void) | null = null

  say(text: string): void {
    this.#screen += `${text}\n`
  }

  ask(question: string, signal: AbortSignal): Promise<string | null> {
    if (signal.aborted) return Promise.reject(signal.reason)
    this.#screen += question === '' ? '' : `${question}\n`
    return new Promise((resolve, reject) => {
      const line = this.#typed.shift()
      if (line !== undefined) return resolve(line)
      this.#waiting = resolve
      signal.addEventListener('abort', () => {
        this.#waiting = null
        reject(signal.reason)
      })
    })
  }

  async edit(text: string): Promise<string | null> {
    return this.#edit(text)
  }

  /** Types a line, into the question that stands or the next one. */
  type(line: string): void {
    const waiting = this.#waiting
    this.#waiting = null
    if (waiting) waiting(line)
    else this.#typed.push(line)
  }

  edits(edit: (text: string) => string | null): void {
    this.#edit = edit
  }

  /** Waits until this is shown behind what was seen before, and resolves with what was shown up to it. */
  async sees(text: string | RegExp): Promise<string> {
    const found = await vi
      .waitUntil(
        () => {
          const rest = this.#screen.slice(this.#seen)
          const at = typeof text === 'string' ? rest.indexOf(text) : rest.search(text)
          return at < 0 ? false : { rest: rest.slice(0, at), length: at + 1 }
        },
        { timeout: 15_000, interval: 5 },
      )
      .catch(() => {
        throw new Error(`It never showed ${text}; it showed:\n${this.#screen.slice(this.#seen)}`)
      })
    this.#seen += found.length
    return found.rest
  }
}
