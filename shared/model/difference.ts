import type { Asked, Difference } from './approval.ts'

type Pair = { readonly pointer: string; readonly before: unknown; readonly after: unknown }

/**
 * What differs between two versions of what is asked, value by value: JSON pointers into it, in the order in which it is written.
 * Arrays are compared by index. A value that is new or gone is one difference, however much is in it.
 */
export function differencesOf(before: Asked, after: Asked): readonly Difference[] {
  const found: Difference[] = []
  // A stack of our own: how deep a request's data goes is up to its sender.
  const open: Pair[] = [{ pointer: '', before, after }]
  for (let pair = open.pop(); pair; pair = open.pop()) {
    if (pair.before === pair.after) continue
    const members = membersOf(pair.before, pair.after)
    if (members) for (const name of members.reverse()) open.push(within(pair, name))
    else found.push(toDifference(pair))
  }
  return found
}

/** The names under which two values of one shape have something to compare; null where they are compared as wholes. */
function membersOf(before: unknown, after: unknown): string[] | null {
  if (!isTree(before) || !isTree(after) || Array.isArray(before) !== Array.isArray(after)) return null
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
}

const isTree = (value: unknown): value is object => typeof value === 'object' && value !== null

const within = ({ pointer, before, after }: Pair, name: string): Pair => ({
  pointer: `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`,
  before: memberOf(before, name),
  after: memberOf(after, name),
})

/** Own members alone: senders choose the names, `constructor` among them. */
const memberOf = (value: unknown, name: string): unknown =>
  Object.hasOwn(value as object, name) ? (value as Readonly<Record<string, unknown>>)[name] : undefined

const toDifference = ({ pointer, before, after }: Pair): Difference => ({
  pointer,
  ...(before === undefined ? {} : { before }),
  ...(after === undefined ? {} : { after }),
})
