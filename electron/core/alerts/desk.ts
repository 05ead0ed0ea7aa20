import type { AlertEvent } from '../../../shared/contract/events.ts'
import { type Moment, momentOf, type Occasion, planAlerts, soundOf } from '../../../shared/model/alert.ts'
import type { ApprovalItem } from '../../../shared/model/approval.ts'
import { type Clock, toInstant } from '../clock.ts'
import type { AlertsDeps } from './alerts.ts'
import { nextFor, startedAt, toAlertItem, waitsFor } from './audience.ts'
import { createBursts } from './bursts.ts'
import { createDueTable } from './due-table.ts'
import { burstWords, digestWords, partsOf, wordsOf } from './words.ts'

/** What is held back is told together with what comes so shortly after it. */
const gatherMs = 1500
const mostNamed = 100
const tellAgainMs = 10_000

/** Something to tell one person about one request. */
type Told = {
  readonly id: string
  readonly reason: Occasion['reason']
  readonly title: string
  readonly sound: boolean
  readonly nextAt: number | null
}

type Waiting = { readonly person: string; readonly id: string; readonly occasion: Occasion }

type DeskDeps = Pick<AlertsDeps, 'clock' | 'live' | 'rules' | 'words' | 'item' | 'audience' | 'publish' | 'log'>

/** What cannot be read just as it is to be told ends nothing. */
const sheltered = ({ clock, log }: DeskDeps): Clock => ({
  now: () => clock.now(),
  after: (ms, callback) =>
    clock.after(ms, () => {
      try {
        callback()
      } catch (error) {
        log.error({ error }, 'an alert could not be told')
      }
    }),
})

/** Decides who is told what about one request, and tells it: at once, together with others, or when it is quiet no more. */
export class Desk {
  readonly #deps: DeskDeps
  readonly #clock: Clock
  readonly #bursts
  /** What waits for the end of a quiet time: for whom, about what and why. */
  readonly #waiting = new Map<string, Waiting>()
  readonly #later
  readonly #gathered = new Map<string, Told[]>()
  #cancelGather: (() => void) | null = null

  constructor(deps: DeskDeps) {
    this.#deps = deps
    const clock = sheltered(deps)
    this.#clock = clock
    this.#bursts = createBursts<Told>({
      clock,
      one: (person, told) => this.#publishOne(person, told),
      many: (person, all, fresh) => this.#publishBurst(person, all, fresh),
    })
    this.#later = createDueTable({ clock, onDue: (key) => this.#release(key), onTurn: () => {} })
  }

  start(): void {
    this.#later.start()
  }

  tick(): void {
    this.#later.tick()
  }

  stop(): void {
    this.#bursts.stop()
    this.#later.stop()
    this.#cancelGather?.()
  }

  /** Tells everybody whom an open request waits for what has come due after `since`, until `until`. */
  look(id: string, since: number, until: number): void {
    const { live, rules, audience } = this.#deps
    const open = live.approvals.get(id)
    const item = open && this.#deps.item(id)
    if (!open || !item || item.status !== 'pending') return
    const facts = toAlertItem(item, startedAt(open))
    for (const person of waitsFor(item, audience())) {
      const { now, next } = planAlerts(facts, person, rules(), { told: since, now: until })
      if (now) this.#hand(person, item, now, next?.tell_at ?? null)
    }
  }

  /** Tells these people about something that has just happened to a request, or later when it is quiet. */
  happened(id: string, { reason, at }: Occasion, people: readonly string[]): void {
    const { clock, rules } = this.#deps
    const item = this.#deps.item(id)
    if (!item) return
    for (const person of people) {
      const facts = toAlertItem(item, this.#startedAt(item))
      const moment = momentOf({ reason, at }, facts, person, rules())
      if (moment === null) continue
      if (moment.tell_at > clock.now()) this.#wait({ person, id, occasion: { reason, at } }, moment.tell_at)
      else this.#hand(person, item, moment, this.#nextAt(item, person))
    }
  }

  /** The rules are others now: what waits for the end of a quiet time may wait for another one, or for none. */
  replan(): void {
    const all = [...this.#waiting.values()]
    this.#waiting.clear()
    this.#later.keep(() => false)
    for (const { person, id, occasion } of all) this.happened(id, occasion, [person])
  }

  #wait(waiting: Waiting, until: number): void {
    const key = JSON.stringify([waiting.person, waiting.id, waiting.occasion.reason])
    if (!this.#waiting.has(key)) this.#later.add(key, until)
    this.#waiting.set(key, waiting)
  }

  #release(key: string): void {
    const waiting = this.#waiting.get(key)
    if (!waiting) return
    this.#waiting.delete(key)
    try {
      this.#tellHeldBack(waiting)
    } catch (error) {
      // What cannot be read just now is told a little later.
      this.#deps.log.error({ error }, 'an alert could not be told')
      this.#wait(waiting, this.#deps.clock.now() + tellAgainMs)
    }
  }

  #tellHeldBack({ person, id, occasion: { reason } }: Waiting): void {
    const item = this.#deps.item(id)
    const isOver = reason === 'expired' || reason === 'watched'
    if (!item || (!isOver && (item.status !== 'pending' || item.held !== null))) return
    const at = this.#deps.clock.now()
    this.#hand(person, item, { reason, at, tell_at: at, gathered: true }, this.#nextAt(item, person))
  }

  #startedAt(item: ApprovalItem): number {
    const open = this.#deps.live.approvals.get(item.id)
    return open ? startedAt(open) : Date.parse(item.created_at)
  }

  #nextAt(item: ApprovalItem, person: string): number | null {
    const { rules, clock } = this.#deps
    if (item.status !== 'pending') return null
    return nextFor(item, this.#startedAt(item), person, rules(), clock.now())?.tell_at ?? null
  }

  /** Tells one person in one what came due for them while nothing ran. */
  closed(person: string, all: readonly { readonly item: ApprovalItem; readonly reason: Occasion['reason'] }[]): void {
    const list = all.map(({ item, reason }) => this.#toTold(item, reason, this.#nextAt(item, person)))
    this.#publishDigest(person, list, 'closed')
  }

  #toTold(item: ApprovalItem, reason: Occasion['reason'], nextAt: number | null): Told {
    return { id: item.id, reason, title: item.title, sound: soundOf(item, this.#deps.rules()), nextAt }
  }

  #hand(person: string, item: ApprovalItem, { reason, gathered }: Moment, nextAt: number | null): void {
    const told = this.#toTold(item, reason, nextAt)
    if (gathered) this.#gather(person, told)
    else if (reason === 'new') this.#bursts.add(person, told)
    else this.#publishOne(person, told)
  }

  #gather(person: string, told: Told): void {
    const there = this.#gathered.get(person)
    if (there) there.push(told)
    else this.#gathered.set(person, [told])
    this.#cancelGather ??= this.#clock.after(gatherMs, () => {
      this.#cancelGather = null
      const all = [...this.#gathered]
      this.#gathered.clear()
      for (const [person, list] of all) this.#publishDigest(person, list)
    })
  }

  #publishOne(to: string, { id, reason, sound, nextAt }: Told): void {
    const item = this.#deps.item(id)
    if (!item) return
    const { decision } = item
    this.#publish({
      to,
      reason,
      ids: [id],
      parts: [],
      ...wordsOf(item, reason, this.#deps.clock.now(), nextAt, this.#deps.words()),
      due_at: item.status === 'pending' ? item.due_at : null,
      outcome: item.status === 'pending' ? null : item.status,
      by: decision?.actor.kind === 'person' ? (decision.actor.name ?? decision.actor.id) : null,
      sound,
      nextAt,
    })
  }

  #publishBurst(to: string, all: readonly Told[], fresh: readonly Told[]): void {
    const open = (list: readonly Told[]) => list.filter(({ id }) => this.#waits(id))
    const [left, untold] = [open(all), open(fresh)]
    // Of what is left everything was told one by one.
    if (untold.length === 0) return
    if (left.length === 1) this.#publishOne(to, left[0]!)
    else this.#publishMany(to, 'new', left, { parts: [], ...burstWords(left.length, left[0]!.title, this.#deps.words()) })
  }

  #publishDigest(to: string, list: readonly Told[], why: 'digest' | 'closed' = 'digest'): void {
    const left = list.filter(({ id, reason }) => reason === 'expired' || reason === 'watched' || this.#waits(id))
    // About each request the latest word is enough.
    const each = [...new Map(left.map((told) => [told.id, told])).values()]
    if (each.length === 1) this.#publishOne(to, each[0]!)
    if (each.length < 2) return
    const parts = partsOf(each.map(({ reason }) => reason))
    this.#publishMany(to, why, each, { parts, ...digestWords(parts, why, this.#deps.words()) })
  }

  #publishMany(to: string, reason: AlertEvent['reason'], list: readonly Told[], words: Words): void {
    const nexts = list.flatMap(({ nextAt }) => nextAt ?? [])
    this.#publish({
      ...{ to, reason, ...words, due_at: null, outcome: null, by: null },
      ids: list.map(({ id }) => id),
      sound: list.some(({ sound }) => sound),
      nextAt: nexts.length > 0 ? Math.min(...nexts) : null,
    })
  }

  #publish({ ids, nextAt, ...event }: Omit<AlertEvent, 'kind' | 'at' | 'approval_ids' | 'count' | 'next_at'> & Many): void {
    const next_at = nextAt === null ? null : toInstant(nextAt)
    const at = toInstant(this.#deps.clock.now())
    this.#deps.publish({ kind: 'alert', at, ...event, approval_ids: ids.slice(0, mostNamed), count: ids.length, next_at })
  }

  /** Not decided, and no answer on its way. */
  #waits(id: string): boolean {
    const open = this.#deps.live.approvals.get(id)
    return open !== undefined && !open.course?.held
  }
}

type Words = Pick<AlertEvent, 'title' | 'text' | 'parts'>
type Many = { readonly ids: readonly string[]; readonly nextAt: number | null }
