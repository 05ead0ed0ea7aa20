/** The places in a function where it waits, of one pass. */
export class Waits {
  #open = 0
  #listening: (() => void)[] = []
  #first: string | null = null

  /** Whether the function waits anywhere just now. */
  get any(): boolean {
    return this.#open > 0
  }

  /** The name of what it waits for; null when that has none. */
  get name(): string | null {
    return this.#first
  }

  /** Never resolves: this is where a function is left. */
  forEver(): Promise<never> {
    this.#open++
    return new Promise(() => {})
  }

  /** Resolves when something has come in the same pass, which may be for another place: look again. */
  forNews(name: string | null): Promise<void> {
    this.#open++
    this.#first ??= name
    return new Promise((resolve) => {
      this.#listening.push(() => {
        this.#open--
        resolve()
      })
    })
  }

  /** Something has come. */
  tell(): void {
    for (const goOn of this.#listening.splice(0)) goOn()
  }
}
