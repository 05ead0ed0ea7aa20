/**
 * The rules of voting once more, written from the words of the product and not from its code: what a small person with pencil and
 * paper would do. Time is in hours.
 */
export type PlanLevel = {
  readonly people: readonly string[]
  readonly votes: 'any' | 'all' | 2 | '60%'
  readonly oneRejectionEnds: boolean
  readonly timeout: number | null
  readonly escalate: readonly { readonly after: number | null; readonly to: readonly string[]; readonly timeout: number | null }[]
}

export type Rules = {
  readonly levels: readonly PlanLevel[]
  readonly excluded: readonly string[]
  readonly standins: Readonly<Record<string, readonly string[]>>
  readonly credentials: Readonly<Record<string, string>>
  readonly grace: number
  readonly hardLimit: boolean
}

type Vote = { who: string; whose: string; key: string; yes: boolean; level: number }

export class RulesModel {
  readonly rules: Rules
  now = 0
  end: 'approved' | 'rejected' | 'expired' | 'cancelled' | null = null
  endedBy: string | null = null
  version = 1
  amount = 100
  level = 0
  began = 0
  people: readonly string[] = []
  needed = 1
  due: number | null = null
  used = 0
  lapsed: number | null = null
  votes: Vote[] = []
  out: Set<string>
  editor: string | null = null

  constructor(rules: Rules) {
    this.rules = rules
    this.out = new Set(rules.excluded)
    this.#enter(0)
  }

  /** Moves on to a level: its people, its number of votes, its time. */
  #enter(level: number): void {
    const plan = this.rules.levels[level]!
    this.level = level
    this.began = this.now
    this.people = plan.people
    this.needed = this.#quorum(plan.votes, this.#able(plan.people).length)
    this.due = plan.timeout === null ? null : this.now + plan.timeout
    this.used = 0
    this.lapsed = null
  }

  #quorum(votes: PlanLevel['votes'], people: number): number {
    if (votes === 'any') return 1
    if (votes === 2) return 2
    return Math.max(1, votes === 'all' ? people : Math.ceil((people * 6) / 10))
  }

  /** Time passes while the machine is awake, event by event; or in one leap while it sleeps. */
  pass(hours: number, asleep: boolean): void {
    const before = this.now
    const target = this.now + hours
    for (;;) {
      const at = this.#next()
      if (this.end || at === null || at > target) break
      this.now = asleep ? target : Math.max(at, this.now)
      this.#fall(asleep && at > before)
    }
    this.now = target
  }

  /** A new start of the application: whatever is due was missed. */
  restart(): void {
    for (let at = this.#next(); !this.end && at !== null && at <= this.now; at = this.#next()) this.#fall(true)
  }

  #next(): number | null {
    const step = this.rules.levels[this.level]!.escalate[this.used]
    const early = step?.after == null ? null : this.began + step.after
    if (early === null) return this.due
    return this.due === null ? early : Math.min(early, this.due)
  }

  #fall(missed: boolean): void {
    const plan = this.rules.levels[this.level]!
    const step = plan.escalate[this.used]
    if (step) {
      const early = step.after !== null && (this.due === null || this.began + step.after <= this.due)
      const short = this.#able(step.to).length < (plan.votes === 2 ? 2 : 1)
      const both = [...new Set([...this.people, ...step.to])]
      this.people = early || short ? both : step.to
      // All and a share mean those who are asked now; a number stays a number.
      if (!early && (plan.votes === 'all' || plan.votes === '60%'))
        this.needed = this.#quorum(plan.votes, this.#able(this.people).length)
      const wait = step.timeout ?? plan.timeout
      this.due = wait === null ? null : this.now + wait
      this.began = this.now
      this.used++
      this.lapsed = null
    } else if (missed && !this.rules.hardLimit && this.rules.grace > 0 && this.now - (this.lapsed ?? this.now) <= 24) {
      this.lapsed ??= this.due
      this.due = this.now + this.rules.grace
    } else this.end = plan.escalate.length > 0 ? 'rejected' : 'expired'
  }

  /** Who acts for whom, or why not. */
  #seat(who: string, whose: string | null): { whose: string } | string {
    const asked = this.people.length === 0 || this.people.includes(who)
    if ((whose ?? who) === who && (asked || whose === who)) return asked ? { whose: who } : 'not-approver'
    const seats = (this.rules.standins[who] ?? []).filter(
      (one) => (this.people.length === 0 || this.people.includes(one)) && (whose === null || whose === one),
    )
    const free = seats.filter((one) => !this.out.has(one))
    if (free.length === 1) return { whose: free[0]! }
    if (free.length > 1) return 'not-approver'
    return seats.length > 0 ? 'self-approval' : 'not-approver'
  }

  answer(who: string, yes: boolean, whose: string | null, seen: number | null, amount: number | null): string {
    if (this.end) return this.#again(who, yes, seen)
    const seat = this.#seat(who, whose)
    if (typeof seat === 'string') return seat
    if (seen !== null && seen !== this.version) return 'stale-version'
    if (!yes && amount !== null) return 'invalid-input'
    if (yes && this.out.has(who)) return 'self-approval'
    const at = this.level
    const edits = amount !== null && amount !== this.amount
    if (!edits) {
      const mine = this.votes.find(
        (vote) => vote.level === at && [vote.who, vote.whose].some((one) => one === who || one === seat.whose),
      )
      if (mine) return mine.who === who && mine.whose === seat.whose && mine.yes === yes ? 'ok' : 'already-voted'
      const key = this.rules.credentials[who]
      if (this.votes.some((vote) => vote.level === at && vote.key === key && vote.who !== who)) return 'same-credential'
    } else {
      this.#renew(amount)
      this.editor = who
    }
    this.votes.push({ who, whose: seat.whose, key: this.rules.credentials[who]!, yes, level: at })
    this.#settle(who)
    return 'ok'
  }

  /** Another version: nobody has agreed to it, and whoever edited the one before has no say any more. */
  #renew(amount: number): void {
    this.version++
    this.amount = amount
    this.votes = []
    this.lapsed = null
    if (this.editor) this.out.add(this.editor)
    this.editor = null
    const plan = this.rules.levels[this.level]!
    if (this.level > 0) {
      const { due } = this
      this.#enter(0)
      if (this.rules.hardLimit && due !== null) this.due = Math.min(due, this.due ?? due)
    } else if (plan.votes === 'all' || plan.votes === '60%') this.needed = this.#quorum(plan.votes, this.#able(this.people).length)
  }

  #able(people: readonly string[]): readonly string[] {
    return people.filter((one) => !this.out.has(one))
  }

  #settle(who: string): void {
    for (;;) {
      const plan = this.rules.levels[this.level]!
      const here = this.votes.filter((vote) => vote.level === this.level)
      const no = here.filter((vote) => !vote.yes)
      const left = this.people.filter((one) => !this.out.has(one) && !no.some((vote) => vote.whose === one)).length
      const refused = no.length > 0 && (plan.oneRejectionEnds || (this.people.length > 0 && left < this.needed))
      const passed = !refused && here.length - no.length >= this.needed
      if (!refused && !passed) return
      if (refused || this.level === this.rules.levels.length - 1) {
        this.#finish(refused ? 'rejected' : 'approved', who)
        return
      }
      this.#enter(this.level + 1)
    }
  }

  #finish(end: 'approved' | 'rejected' | 'cancelled', who: string | null): void {
    this.end = end
    this.endedBy = who
  }

  #again(who: string, yes: boolean, seen: number | null): string {
    if (seen !== null && seen !== this.version && this.editor !== who) return 'stale-version'
    const said = yes ? 'approved' : 'rejected'
    const mine = this.endedBy === who || this.votes.some((vote) => vote.who === who && vote.yes === yes)
    return this.end === said && mine ? 'ok' : 'already-decided'
  }

  revise(amount: number): string {
    if (this.end) return 'already-ended'
    if (amount === this.amount) return 'invalid-input'
    this.#renew(amount)
    return 'ok'
  }

  withdraw(): string {
    if (this.end) return 'already-ended'
    this.#finish('cancelled', null)
    return 'ok'
  }

  reassign(who: string, to: string): string {
    if (this.end) return 'already-ended'
    const seat = this.#seat(who, null)
    if (typeof seat === 'string') return seat
    if (this.out.has(who)) return 'self-approval'
    if (this.out.has(to)) return 'invalid-input'
    const here = this.votes.filter((vote) => vote.level === this.level)
    if (here.some((vote) => vote.whose === seat.whose)) return 'already-voted'
    const alone = this.rules.levels[this.level]!.votes === 'any' && this.needed === 1
    if (!alone && (this.people.includes(to) || here.some((vote) => vote.who === to || vote.whose === to))) return 'invalid-input'
    const people = [...new Set([...this.people.filter((one) => one !== seat.whose), to])]
    const free = this.#able(people).filter((one) => !here.some((vote) => vote.who === one || vote.whose === one))
    if (free.length + here.filter((vote) => vote.yes).length < this.needed) return 'invalid-input'
    this.people = people
    return 'ok'
  }

  extend(who: string, hours: number): string {
    if (this.end) return 'already-ended'
    const seat = this.#seat(who, null)
    if (typeof seat === 'string') return seat
    if (this.out.has(who)) return 'self-approval'
    if (this.due === null) return 'invalid-input'
    this.due = Math.max(this.lapsed === null ? this.due : this.now, this.now) + hours
    this.lapsed = null
    return 'ok'
  }
}
