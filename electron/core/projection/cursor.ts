/** Where a page ended: the sort key and the row of its last item. */
export type Cursor = { readonly key: string | number; readonly seq: number }

/** What a page is ordered by; `number` is a whole one. */
export type KeyType = 'string' | 'number' | 'real'

/** Opaque to callers. `order` is part of it, so that a cursor of one order is never read in another. */
export const toCursor = (order: string, { key, seq }: Cursor): string =>
  Buffer.from(JSON.stringify([order, key, seq])).toString('base64url')

/** Throws `RangeError('bad cursor')` for anything that was not made by `toCursor` for this order. */
export function fromCursor(order: string, text: string, keyType: KeyType): Cursor {
  const bad = new RangeError('bad cursor')
  if (!/^[A-Za-z0-9_-]+$/.test(text)) throw bad
  let parts: unknown
  try {
    parts = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))
  } catch {
    throw bad
  }
  if (!Array.isArray(parts) || parts.length !== 3) throw bad
  const [madeFor, key, seq] = parts as unknown[]
  if (madeFor !== order || typeof key !== (keyType === 'real' ? 'number' : keyType) || !Number.isSafeInteger(seq)) throw bad
  if (keyType === 'number' && !Number.isSafeInteger(key)) throw bad
  return { key: key as string | number, seq: seq as number }
}
