import { randomUUID } from 'node:crypto'
import type { Random } from './random.ts'

export type Kind =
  | 'request'
  | 'payment'
  | 'large expense'
  | 'small expense'
  | 'plain expense'
  | 'deployment'
  | 'batch'
  | 'fleeting'
  | 'two votes'

/** What became of it, as far as an answer said so. Nobody can say what became of one whose answer was cut off and not asked again. */
export type Fate = 'asked' | 'open' | 'approved' | 'rejected' | 'withdrawn' | 'cancelled' | 'automatic' | 'expires' | 'unsure'

/** Something said about an open request. Cut off, it may be there or not. */
type Word = { readonly text: string; acknowledged: boolean }

export type Asked = {
  /** In whatever was sent, once; and its idempotency key, where it has one. */
  readonly key: string
  readonly kind: Kind
  task: string | null
  approval: string | null
  fate: Fate
  readonly remarks: Word[]
  readonly revisions: Word[]
  /** What an approver wrote into it. */
  edit: string | null
}

/** These are left alone until the end, so that some wait all the time: one in so many, up to so many. */
const oneStays = 20
const mostStay = 50

/** What was acknowledged in one home. */
export class Book {
  readonly all: Asked[] = []
  /** What waits, and nobody has in hand. */
  readonly #open: Asked[] = []
  readonly #staying: Asked[] = []
  /** What wants more than one person. */
  readonly #ballots: Asked[] = []
  readonly decided: Asked[] = []
  readonly #random: Random

  constructor(random: Random) {
    this.#random = random
  }

  begin(kind: Kind): Asked {
    const asked: Asked = {
      key: `ask-${randomUUID()}`,
      kind,
      task: null,
      approval: null,
      fate: 'asked',
      remarks: [],
      revisions: [],
      edit: null,
    }
    this.all.push(asked)
    return asked
  }

  /** So many wait, in hand or not. */
  waiting = 0

  opened(asked: Asked): void {
    asked.fate = 'open'
    this.waiting++
    if (asked.kind === 'two votes') return void this.#ballots.push(asked)
    // A deadline of two hours may pass while it stays.
    const stays = this.#staying.length < mostStay && this.#random(oneStays) === 0
    if (asked.kind !== 'deployment' && stays) this.#staying.push(asked)
    else this.#open.push(asked)
  }

  /** One that waits, for whoever wants to do something with it; nobody else gets it until it is put back. */
  take(): Asked | null {
    const at = this.#random(Math.max(1, this.#open.length))
    const [last] = this.#open.splice(-1)
    if (last === undefined) return null
    if (at >= this.#open.length) return last
    const taken = this.#open[at]!
    this.#open[at] = last
    return taken
  }

  takeBallot(): Asked | null {
    return this.#ballots.shift() ?? null
  }

  /** One that stays: it can be looked at and spoken about by many. */
  lookAt(): Asked | null {
    const all = this.#staying.length > 0 ? this.#staying : this.#open
    return all[this.#random(Math.max(1, all.length))] ?? null
  }

  putBack(asked: Asked): void {
    this.#open.push(asked)
  }

  ended(asked: Asked, fate: Fate): void {
    asked.fate = fate
    this.waiting--
    if (fate === 'approved' || fate === 'rejected') this.decided.push(asked)
  }
}
