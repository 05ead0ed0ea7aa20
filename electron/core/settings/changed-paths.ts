type Tree = Readonly<Record<string, unknown>>

/**
 * Dotted paths of the values that differ. Entries with an id or an e-mail are told apart by it, so that one person's change names
 * that person: `people[ana@example.com].away`.
 */
export function changedPaths(before: unknown, after: unknown, path = ''): string[] {
  const left = treeOf(before)
  const right = treeOf(after)
  if (left === null && right === null) return JSON.stringify(before) === JSON.stringify(after) ? [] : [path]
  const keyed = Array.isArray(before) || Array.isArray(after)
  const names = [...new Set([...Object.keys(left ?? {}), ...Object.keys(right ?? {})])]
  return names.flatMap((name) => {
    const here = keyed ? `${path}[${name}]` : path === '' ? name : `${path}.${name}`
    const [was, is] = [left?.[name], right?.[name]]
    if (keyed && (was === undefined) !== (is === undefined)) return [here]
    return changedPaths(was, is, here)
  })
}

/** A value's members by name; a list's by their keys, where each has one. Null: to be compared as a whole. */
function treeOf(value: unknown): Tree | null {
  if (typeof value !== 'object' || value === null) return null
  if (!Array.isArray(value)) return value as Tree
  const keys = value.map(keyOf)
  return keys.every((key) => key !== null) ? Object.fromEntries(value.map((item, index) => [keys[index], item])) : null
}

function keyOf(item: unknown): string | null {
  const { id, email } = (item ?? {}) as { id?: unknown; email?: unknown }
  return typeof id === 'string' ? id : typeof email === 'string' ? email : null
}
