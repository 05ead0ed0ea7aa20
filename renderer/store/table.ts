const bucketCount = 256

/** Which bucket an id is in: ids end in random digits. */
const bucketOf = (id: string): number => {
  const last = id.length - 1
  return ((id.charCodeAt(last) * 31 + id.charCodeAt(last - 1) * 7 + id.charCodeAt(last - 2)) >>> 0) % bucketCount
}

type Buckets<T> = readonly (ReadonlyMap<string, T> | undefined)[]

/**
 * Things by id, never changed in place: a table with something else in it is another table. Only the buckets that change are copied, so
 * that one event in a hundred thousand requests costs what it costs in ten.
 */
export class Table<T> {
  readonly #buckets: Buckets<T>
  readonly size: number

  private constructor(buckets: Buckets<T>, size: number) {
    this.#buckets = buckets
    this.size = size
  }

  static empty<T>(): Table<T> {
    return new Table<T>([], 0)
  }

  static of<T extends { readonly id: string }>(things: readonly T[]): Table<T> {
    return Table.empty<T>().with(things.map((thing) => [thing.id, thing] as const))
  }

  get(id: string): T | undefined {
    return this.#buckets[bucketOf(id)]?.get(id)
  }

  has(id: string): boolean {
    return this.get(id) !== undefined
  }

  /** The table with these in it. */
  with(entries: Iterable<readonly [string, T]>): Table<T> {
    const buckets = [...this.#buckets]
    const own = new Set<number>()
    let { size } = this
    for (const [id, thing] of entries) {
      const at = bucketOf(id)
      if (!own.has(at)) buckets[at] = new Map(buckets[at])
      own.add(at)
      const bucket = buckets[at] as Map<string, T>
      if (!bucket.has(id)) size++
      bucket.set(id, thing)
    }
    return own.size === 0 ? this : new Table(buckets, size)
  }

  /** The table without these. */
  without(ids: Iterable<string>): Table<T> {
    const buckets = [...this.#buckets]
    let { size } = this
    for (const id of ids) {
      const at = bucketOf(id)
      const bucket = buckets[at]
      if (!bucket?.has(id)) continue
      const next = new Map(bucket)
      next.delete(id)
      buckets[at] = next
      size--
    }
    return size === this.size ? this : new Table(buckets, size)
  }

  /** The table with nothing else in it. */
  only(ids: ReadonlySet<string>): Table<T> {
    return Table.empty<T>().with(
      [...ids].flatMap((id) => {
        const thing = this.get(id)
        return thing === undefined ? [] : [[id, thing] as const]
      }),
    )
  }

  *values(): IterableIterator<T> {
    for (const bucket of this.#buckets) if (bucket) yield* bucket.values()
  }
}
