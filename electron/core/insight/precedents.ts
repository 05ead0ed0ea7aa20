import type { PrecedentsView } from '../../../shared/contract/insight.ts'
import { identitiesIn, type Person } from '../../../shared/model/actor.ts'
import type { DecisionRecord } from '../../../shared/model/approval.ts'
import { comparisons } from '../../../shared/model/comparison.ts'
import { notesOf, type PastRequest } from '../../../shared/model/precedent.ts'
import type { Directory } from '../people/port.ts'
import type { Projection } from '../projection/port.ts'
import { type DecidedRow, insightQueries } from './queries.ts'
import { decisionAt, pause, requestAt } from './requests.ts'

/** So many of the latest are looked at, of the requester and of the type. */
const mostPast = 200
const mostShown = 5
const mostWaiting = 20
/** Records that are read before others have their turn. */
const slice = 50

type Deps = {
  readonly projection: Pick<Projection, 'query'>
  readonly people: Pick<Directory, 'nameOf' | 'canonical'>
  readonly now: number
  readonly reader: Person | null
}

type Earlier = PastRequest & { readonly row: DecidedRow; readonly decided: DecisionRecord }

/** Earlier requests like this one, and what differs this time; null when there is no such approval. */
export async function precedentsOf(id: string, deps: Deps): Promise<PrecedentsView | null> {
  const { projection } = deps
  const found = projection.query(({ db, records }) => {
    const queries = insightQueries(db)
    const row = queries.present(id)
    if (row === null) return null
    const own = row.requester_key === '' ? [] : queries.ofRequester(row, mostPast)
    const of_type = queries.ofType(row, mostPast)
    const waiting = row.requester_key === '' ? [] : queries.waiting(row, mostWaiting).map((each) => requestAt(each, records))
    return { ...requestAt(row, records), own, of_type, waiting }
  })
  if (found === null) return null
  const { asked, created_at } = found
  const earlier = await readEarlier([...found.own, ...found.of_type], deps)
  const pick = (rows: readonly DecidedRow[]) => rows.flatMap(({ seq }) => earlier.get(seq) ?? [])
  const [own, of_type] = [pick(found.own), pick(found.of_type)]
  const requester = asked.requester === null ? null : nameOfRequester(asked.requester, deps)
  const past = { own, of_type, waiting: found.waiting }
  const isOwn = new Set(own)
  const shown = [...own.toSorted(latestFirst), ...of_type.filter((each) => !isOwn.has(each)).toSorted(latestFirst)].slice(
    0,
    mostShown,
  )
  const compared = comparisons(
    asked,
    shown.map((each) => each.asked),
  )
  return {
    approval_id: id,
    notes: notesOf({ asked, requester, created_at }, past, deps.now),
    precedents: shown.map((each, index) => ({ ...toPrecedent(each, isOwn.has(each)), ...compared[index]! })),
    looked_at: { of_requester: own.length, of_type: of_type.length },
  }
}

const latestFirst = (a: Earlier, b: Earlier): number => (a.row.decided_key < b.row.decided_key ? 1 : -1)

/** Read a few at a time: together they may be long. */
async function readEarlier(rows: readonly DecidedRow[], deps: Deps): Promise<ReadonlyMap<number, Earlier>> {
  const wanted = [...new Map(rows.map((row) => [row.seq, row])).values()]
  const earlier = new Map<number, Earlier>()
  for (let from = 0; from < wanted.length; from += slice) {
    if (from > 0) await pause()
    deps.projection.query(({ records }) => {
      for (const row of wanted.slice(from, from + slice)) {
        const { asked, created_at } = requestAt(row, records)
        earlier.set(row.seq, { row, asked, created_at, ...toPast(row, decisionAt(row, records), deps) })
      }
    })
  }
  return earlier
}

function toPast({ id }: DecidedRow, decided: DecisionRecord, { reader, people }: Deps) {
  const { actor, decision } = decided
  const by_person = actor.kind === 'person'
  const by = by_person ? people.nameOf(actor.id) : actor.kind === 'system' ? null : (actor.name ?? actor.id)
  const by_you = by_person && reader !== null && people.canonical(actor.id) === people.canonical(reader.email)
  return { id, decision, decided, by, by_person, by_you }
}

function toPrecedent({ id, asked, decided, by }: Earlier, same_requester: boolean) {
  const { title, requester, amount, currency } = asked
  const { decision, at, comment } = decided
  return { id, title, requester, amount, currency, decision, by, at, comment, same_requester }
}

const longestName = 60

/** By the name that people know; else as the request has it. */
function nameOfRequester(requester: string, { people }: Deps): string {
  const [first] = identitiesIn(requester)
  const known = first === undefined ? requester : people.nameOf(first)
  return (known === first ? requester : known).slice(0, longestName)
}
