/** How rows of one table reach the database. */
export type RowStore<R, B> = {
  /** Reads a row that is not at hand; undefined when there is none. */
  load(id: string): R | undefined
  insert(row: R, birth: B): void
  update(row: R, stored: R): void
}

type Entry<R, B> = { row: R; stored: R | null; birth: B | null }

/**
 * The rows of one table that a batch touches: however many records change a row, it is written once. Kept across batches, because
 * what was just changed is likely to be changed next.
 */
export type RowCache<R, B> = {
  get(id: string): R | undefined
  add(row: R, birth: B): void
  set(row: R): void
  /** Writes what changed, oldest first. */
  flush(): void
  /** After a transaction that failed: what is held here was never stored. */
  forget(): void
}

const mostRows = 20_000

export function createRowCache<R extends { readonly id: string }, B>(store: RowStore<R, B>): RowCache<R, B> {
  const entries = new Map<string, Entry<R, B>>()
  let changed: Entry<R, B>[] = []

  function find(id: string): Entry<R, B> | undefined {
    const known = entries.get(id)
    if (known) return known
    const row = store.load(id)
    if (!row) return undefined
    const entry = { row, stored: row, birth: null }
    entries.set(id, entry)
    return entry
  }

  return {
    get: (id) => find(id)?.row,
    add(row, birth) {
      const entry = { row, stored: null, birth }
      entries.set(row.id, entry)
      changed.push(entry)
    },
    set(row) {
      const entry = find(row.id)
      if (!entry || entry.row === row) return
      if (entry.row === entry.stored) changed.push(entry)
      entry.row = row
    },
    flush() {
      for (const entry of changed) {
        if (entry.stored) store.update(entry.row, entry.stored)
        else store.insert(entry.row, entry.birth!)
        entry.stored = entry.row
        entry.birth = null
      }
      changed = []
      if (entries.size > mostRows) entries.clear()
    },
    forget() {
      changed = []
      entries.clear()
    },
  }
}
