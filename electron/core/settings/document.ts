import { type Document, isMap, isScalar, isSeq, type Node, type YAMLMap, type YAMLSeq } from 'yaml'

/* Changes of a YAML document that leave alone what they are not about: comments, order, spelling. */

type Path = readonly (string | number)[]

/** Sets a value, making the maps on its way where nothing or an empty name stands. */
export function setIn(document: Document, path: Path, value: unknown): void {
  if (document.contents === null) Object.assign(document, { contents: document.createNode({}) })
  for (let length = 1; length < path.length; length++) {
    const above = path.slice(0, length)
    // A section that is there but empty (`model:`) is no map yet.
    if (document.hasIn(above) && isEmpty(document.getIn(above, true))) document.setIn(above, document.createNode({}))
  }
  document.setIn(path, value !== null && typeof value === 'object' ? document.createNode(value) : value)
}

const isEmpty = (node: unknown): boolean => node === null || node === undefined || (isScalar(node) && node.value === null)

/** The list at a path, which is made where there is none. */
export function listIn(document: Document, path: Path): YAMLSeq {
  if (!isSeq(document.getIn(path, true))) setIn(document, path, [])
  const list = document.getIn(path, true) as YAMLSeq
  // `people: []` would go on in one line.
  if (list.items.length === 0) list.flow = false
  return list
}

/** The maps of a list at a path, with their places; none where there is no list. */
export function entriesIn(document: Document, path: Path): readonly { readonly index: number; readonly map: YAMLMap }[] {
  const list = document.getIn(path, true)
  return isSeq(list) ? list.items.flatMap((map, index) => (isMap(map) ? [{ index, map }] : [])) : []
}

/**
 * Makes a list of texts hold exactly these values, compared as `spell` spells them: what stays is not touched. Leaves out a list
 * that would be empty and is not there.
 */
export function syncList(document: Document, path: Path, values: readonly string[], spell: (text: string) => string): void {
  if (values.length === 0 && !document.hasIn(path)) return
  const list = listIn(document, path)
  const wanted = new Set(values.map(spell))
  const there = new Set<string>()
  list.items = list.items.filter((item) => {
    const text = spell(String(isScalar(item) ? item.value : item))
    if (!wanted.has(text) || there.has(text)) return false
    there.add(text)
    return true
  })
  for (const value of values) {
    if (there.has(spell(value))) continue
    there.add(spell(value))
    list.items.push(document.createNode(value) as Node)
  }
  if (list.items.length === 0) document.deleteIn(path)
}

/** Sets a member of an entry; without a value it is taken out. Leaves it alone when it says the same already. */
export function setMember(document: Document, path: Path, value: unknown): void {
  if (value === null || value === '') {
    if (document.hasIn(path)) document.deleteIn(path)
    return
  }
  const now = document.getIn(path, true) as Node | undefined
  if (now !== undefined && JSON.stringify(now.toJS(document)) === JSON.stringify(value)) return
  setIn(document, path, value)
}
