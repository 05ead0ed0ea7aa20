type Tree = Readonly<Record<string, unknown>>

/**
 * Dotted paths of the values that differ. Entries with an id or an e-mail are told apart by it, so that one person's change names
 * that person: `people[ana@example.com].away`.
 */
export function changedPaths(before: unknown, after: unknown, path = ''): string[] {
  const keyed = Array.isArray(before) || Array.isArray(after)
  const left = keyed ? keyedItems(before) : treeOf(before)
  const right = keyed ? keyedItems(after) : treeOf(after)
  const whole = keyed ? left === null || right === null : left === null && right === null
  if (whole) return JSON.stringify(before) === JSON.stringify(after) ? [] : [path]
  const names = [...new Set([...Object.keys(left ?? {}), ...Object.keys(right ?? {})])]
  return names.flatMap((name) => {
    const here = keyed ? `${path}[${name}]` : path === '' ? name : `${path}.${name}`
    const [was, is] = [left?.[name], right?.[name]]
    if (keyed && (was === undefined) !== (is === undefined)) return [here]
    return changedPaths(was, is, here)
  })
}

const treeOf = (value: unknown): Tree | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Tree) : null

/** A list's items by their keys. Null: not each has one, so the list is compared as a whole. */
function keyedItems(value: unknown): Tree | null {
  if (!Array.isArray(value)) return null
  const keys = value.map(keyOf)
  return keys.every((key) => key !== null) ? Object.fromEntries(value.map((item, index) => [keys[index], item])) : null
}

function keyOf(item: unknown): string | null {
  const { id, email } = (item ?? {}) as { id?: unknown; email?: unknown }
  return typeof id === 'string' ? id : typeof email === 'string' ? email : null
}
