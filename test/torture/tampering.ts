import { type Options, type Part, type Row, random, Tally } from './part.ts'
import { type Change, cuts, flippedBit, rebuilds, recordChanges } from './tampering/changes.ts'
import { type Files, TamperedHome } from './tampering/home.ts'
import { IndependentVerifier } from './tampering/independent.ts'

const bits = { full: 10_000, quick: 400 }
/** The other program is a process each time: it sees a part of the cases. */
const independently = { full: 200, quick: 6 }

type Scene = { readonly home: TamperedHome; readonly files: Files; readonly other: IndependentVerifier; readonly options: Options }

/**
 * Whatever is changed in the files of a journal, `audit verify` says so: it has the signed heads and the key that signed them. And so
 * does the program that is handed out with an export, which shares no line with it. Erasing leaves both content.
 */
export const tampering: Part = {
  name: 'tampering',
  async run(options) {
    const home = new TamperedHome()
    try {
      const untouched = new Tally('tampering', 'nothing changed but by erasing: both say so', options.seed)
      await home.live(6, 1, false)
      await addUntouched(untouched, 'before anything is erased', home)
      await home.live(8, 7, true)
      await home.live(3, 15, false)
      await addUntouched(untouched, 'after', home)
      const files = home.files()
      const scene = { home, files, other: new IndependentVerifier(home, files), options }
      const rows: Row[] = [untouched.row()]
      for (const [what, changes] of changesOf(scene)) {
        const left = options.only === undefined ? changes : changes.filter(({ id }) => id === options.only)
        if (left.length === 0) continue
        rows.push(await runChanges(scene, what, left), await runIndependently(scene, what, left))
      }
      return rows
    } finally {
      home.remove()
    }
  },
}

async function addUntouched(tally: Tally, id: string, home: TamperedHome): Promise<void> {
  const files = home.files()
  const { ok, torn, problems } = await home.verify()
  tally.add(`${id}: audit verify`, ok && torn === null ? [] : [JSON.stringify(problems)])
  const other = new IndependentVerifier(home, files)
  for (const [of, said] of [
    ['folder', await other.ofFolder()],
    ['export', await other.ofExport(files)],
  ])
    tally.add(`${id}: the independent verifier of the ${of}`, said === 'OK' ? [] : [`it says ${said}`])
}

function changesOf({ files, options }: Scene): readonly (readonly [what: string, changes: readonly Change[]])[] {
  const { seed, quick } = options
  const draw = random(seed)
  const size = [...files.values()].reduce((sum, { length }) => sum + length * 8, 0)
  const drawn = Array.from({ length: quick ? bits.quick : bits.full }, () => draw(size))
  return [
    ['bits flipped', drawn.map((bit): Change => ({ id: `bit ${bit}`, make: () => flippedBit(files, bit) }))],
    ['records deleted, doubled, swapped, blanked', recordChanges(files)],
    ['ends cut, segments deleted and swapped', cuts(files)],
    ['the chain rebuilt', rebuilds(files)],
  ]
}

async function runChanges({ home, files, options }: Scene, what: string, changes: readonly Change[]): Promise<Row> {
  const tally = new Tally('tampering', what, options.seed)
  for (const { id, make } of changes) {
    const changed = make()
    home.put(files, changed)
    try {
      tally.add(id, (await home.verify()).ok ? ['audit verify says that nothing was changed'] : [])
    } finally {
      home.put(changed, files)
    }
  }
  options.say(`${what}: ${changes.length} tried`)
  return tally.row()
}

async function runIndependently({ home, files, other, options }: Scene, what: string, changes: readonly Change[]): Promise<Row> {
  const tally = new Tally('tampering', `${what}: the independent verifier`, options.seed)
  const draw = random(options.seed + 1)
  const most = options.quick ? independently.quick : independently.full
  const few = changes.length <= most ? changes : Array.from({ length: most }, () => changes[draw(changes.length)]!)
  for (const { id, make } of few) {
    const changed = make()
    home.put(files, changed)
    try {
      const said = await other.ofFolder()
      tally.add(id, said === 'CHANGED' ? [] : [`it says ${said}`])
    } finally {
      home.put(changed, files)
    }
  }
  return tally.row()
}
