import type { Clock } from '../clock.ts'
import { sha256Of } from './credential.ts'

const linkMinutes = 10
const linkMs = linkMinutes * 60_000
const mostLinks = 100
/** Clocks are put right by so much all the time. */
const unremarkableMs = 2000

/** Keys for one sign-in each. They live in memory only, as hashes, and not for long. */
export type Links = {
  add(key: string): { readonly key: string; readonly expires_at: string }
  /** Takes the key out; false when it is unknown, used or too old. */
  use(key: string): boolean
  /** Puts a key back whose sign-in could not be stored. */
  giveBack(key: string): void
}

/** Also where the clock stands before the link was made: set back, it would let the link live longer. */
const isOver = (expiresAt: number, now: number) => expiresAt <= now || expiresAt - now > linkMs + unremarkableMs

export function createLinks(clock: Clock): Links {
  const expiries = new Map<string, number>()
  const used = new Map<string, number>()
  const prune = (): void => {
    const now = clock.now()
    for (const table of [expiries, used]) for (const [hash, expiresAt] of table) if (isOver(expiresAt, now)) table.delete(hash)
    for (const hash of expiries.keys()) {
      if (expiries.size < mostLinks) break
      expiries.delete(hash)
    }
  }
  return {
    add(key) {
      prune()
      const expiresAt = clock.now() + linkMs
      expiries.set(sha256Of(key), expiresAt)
      return { key, expires_at: new Date(expiresAt).toISOString() }
    },
    use(key) {
      prune()
      const hash = sha256Of(key)
      const expiresAt = expiries.get(hash)
      if (expiresAt === undefined) return false
      expiries.delete(hash)
      used.set(hash, expiresAt)
      return true
    },
    giveBack(key) {
      const hash = sha256Of(key)
      const expiresAt = used.get(hash)
      used.delete(hash)
      if (expiresAt !== undefined) expiries.set(hash, expiresAt)
    },
  }
}
