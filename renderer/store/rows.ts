/** What the rows of one fetched list share: rows are only ever added behind. */
type Shared = { readonly ids: string[]; readonly keys: number[]; readonly places: Map<string, number> }

/**
 * The ids of a list in its order, and the number each goes by. Never changed as seen from outside: rows with something else in them are
 * other rows. Those that only have more behind share what is in front, so that a hundred thousand come page by page without being copied.
 */
export class Rows {
  readonly #shared: Shared
  readonly length: number

  private constructor(shared: Shared, length: number) {
    this.#shared = shared
    this.length = length
  }

  static readonly none: Rows = new Rows({ ids: [], keys: [], places: new Map() }, 0)

  static of(ids: readonly string[], keys: readonly number[]): Rows {
    return Rows.none.with(ids, keys)
  }

  idAt(at: number): string | undefined {
    return at < this.length ? this.#shared.ids[at] : undefined
  }

  keyAt(at: number): number {
    return this.#shared.keys[at]!
  }

  /** Where it is; -1 when it is not here. */
  placeOf(id: string): number {
    const at = this.#shared.places.get(id) ?? -1
    return at < this.length ? at : -1
  }

  has(id: string): boolean {
    return this.placeOf(id) >= 0
  }

  slice(from: number, to: number): readonly string[] {
    return this.#shared.ids.slice(Math.max(0, from), Math.min(this.length, to))
  }

  /** The first in a direction for which it is true, from a place on. */
  find(from: number, step: 1 | -1, test: (id: string) => boolean): string | null {
    for (let at = from; at >= 0 && at < this.length; at += step) if (test(this.#shared.ids[at]!)) return this.#shared.ids[at]!
    return null
  }

  /** With these behind; what is here already stays where it is. */
  with(ids: readonly string[], keys: readonly number[]): Rows {
    // Others may have been added behind these rows: what is shared is theirs then.
    const own = this.#shared.ids.length === this.length && this.length > 0 ? this.#shared : this.#copy()
    for (const [n, id] of ids.entries()) {
      if (own.places.has(id)) continue
      own.places.set(id, own.ids.length)
      own.ids.push(id)
      own.keys.push(keys[n]!)
    }
    return new Rows(own, own.ids.length)
  }

  /** With one more at a place. */
  inserted(at: number, id: string, key: number): Rows {
    const ids = this.#shared.ids.slice(0, this.length)
    const keys = this.#shared.keys.slice(0, this.length)
    ids.splice(at, 0, id)
    keys.splice(at, 0, key)
    return Rows.of(ids, keys)
  }

  without(gone: ReadonlySet<string>): Rows {
    const left = this.slice(0, this.length)
      .map((_, at) => at)
      .filter((at) => !gone.has(this.idAt(at)!))
    return Rows.of(
      left.map((at) => this.idAt(at)!),
      left.map((at) => this.keyAt(at)),
    )
  }

  #copy(): Shared {
    const ids = this.#shared.ids.slice(0, this.length)
    return { ids, keys: this.#shared.keys.slice(0, this.length), places: new Map(ids.map((id, at) => [id, at] as const)) }
  }
}
