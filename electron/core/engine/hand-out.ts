/** A record, as far as its place in the journal and its time go. */
export type Came = { readonly seq: number; readonly at: string }

type Waiting = { readonly came: Came; readonly goOn: () => void }

/**
 * Gives a function what is stored in the order of the journal, one thing at a time, each once the one before has led wherever it leads.
 * So what won a race when it happened wins it in every later pass, however the code is written.
 */
export class HandOut {
  /** The next is at the end. */
  readonly #queue: Waiting[] = []
  #soon = false
  #last: Came

  constructor(started: Came) {
    this.#last = started
  }

  /** Whether nothing waits to be handed out. */
  get idle(): boolean {
    return this.#queue.length === 0
  }

  /** Instant of the last record that the function has got: the same at the same place of every pass. */
  get lastAt(): string {
    return this.#last.at
  }

  /** Resolves when it is this record's turn. */
  take(came: Came): Promise<void> {
    return new Promise((goOn) => {
      let place = this.#queue.length
      while (place > 0 && this.#queue[place - 1]!.came.seq < came.seq) place--
      this.#queue.splice(place, 0, { came, goOn })
      this.#schedule()
    })
  }

  #schedule(): void {
    if (this.#soon) return
    this.#soon = true
    // A tick that is asked for in a microtask comes after all of them: every branch has gone as far as it can, and has said what it wants.
    queueMicrotask(() => process.nextTick(() => this.#next()))
  }

  #next(): void {
    this.#soon = false
    const { came, goOn } = this.#queue.pop()!
    // A message may be older than what the function has got already.
    if (came.seq > this.#last.seq) this.#last = came
    goOn()
    if (this.#queue.length > 0) this.#schedule()
  }
}
