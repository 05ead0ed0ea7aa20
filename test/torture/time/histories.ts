import { rm } from 'node:fs/promises'
import { random } from '../part.ts'
import { inOrder, judge } from './judge.ts'
import { ana, ben, Life } from './life.ts'
import { drain } from './scenes.ts'

const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

/** Instants at which many lives begin: shortly before something odd about the calendar. */
const beginnings: readonly string[] = [
  '2026-03-28T23:30:00.000Z',
  '2026-11-01T04:30:00.000Z',
  '2026-10-03T14:45:00.000Z',
  '2028-02-28T22:00:00.000Z',
  '2026-12-31T21:00:00.000Z',
  '2026-06-10T09:00:00.000Z',
]

const jumps = [
  -hour,
  -hour,
  -5 * minute,
  -3 * second,
  -1500,
  90 * second,
  5 * minute,
  3 * hour,
  8 * hour,
  8 * hour,
  2 * day,
  40 * day,
  -40 * day,
]
const lengths = [second, 40 * second, 10 * minute, 90 * minute, 5 * hour, 20 * hour, 3 * day]
const kinds = ['sleeper', 'sleeper', 'listener', 'retrier', 'retrier', 'asker', 'asker', 'strict', 'patient', 'patient'] as const
const delegation = { from: 2 * hour, until: 30 * hour }

type Draw = (below: number) => number

/** One life: things that wait begin, time passes, jumps and stands still, and the application comes and goes. Answers what was wrong. */
export async function live(seed: number): Promise<readonly string[]> {
  const draw = random(seed)
  const life = await Life.open({
    at: beginnings[draw(beginnings.length)]!,
    config: 'retention: { days: 30 }\nundo: { seconds: 30 }\n',
    refusals: draw(4),
  })
  try {
    const history = new History(life, draw)
    await history.run(8 + draw(10))
    await history.end(draw(3) === 0)
    return judge(life).concat(history.problems)
  } catch (error) {
    return [`it broke off: ${(error as Error).stack ?? error}`, ...judge(life)]
  } finally {
    await life.remove().catch(() => rm(life.home, { recursive: true, force: true }))
  }
}

class History {
  readonly problems: string[] = []
  readonly #life: Life
  readonly #draw: Draw
  readonly #began: number

  constructor(life: Life, draw: Draw) {
    this.#life = life
    this.#draw = draw
    this.#began = life.clock.now()
  }

  async run(moves: number): Promise<void> {
    const at = (ms: number) => new Date(this.#began + ms).toISOString()
    await this.#life.owner.people.delegate({ from: ana, to: ben, starts_at: at(delegation.from), ends_at: at(delegation.until) })
    for (let n = 0; n < 3; n++) await this.#begin()
    for (let n = 0; n < moves; n++) await this.#move()
  }

  async #move(): Promise<void> {
    const move = this.#draw(12)
    if (move < 3) return this.#begin()
    if (move < 7) return this.#jump()
    if (move === 7) return this.#pass()
    if (move === 8) return this.#restart()
    if (move === 9) return this.#decide()
    if (move === 10) return this.#setAside()
    return this.#speak()
  }

  #pick<T>(list: readonly T[]): T {
    return list[this.#draw(list.length)]!
  }

  async #begin(): Promise<void> {
    const approvers = this.#draw(4) === 0 ? [ana, ben] : [ana]
    await this.#life.begin(this.#pick(kinds), { ms: this.#pick(lengths), fails: this.#draw(4), approvers })
  }

  /** The clock jumps; then the machine says that it woke, more than once maybe, or nobody says anything and half a minute passes. */
  async #jump(): Promise<void> {
    const { clock } = this.#life
    clock.jump(this.#pick(jumps))
    const how = this.#draw(5)
    // Somebody answers in the very moment, before anybody has looked at the clock.
    if (how === 0) await this.#answer()
    this.#life.readOn()
    const from = this.#life.records.length
    if (how < 3) this.#life.resume(1 + this.#draw(3))
    else if (how === 3) clock.pass(30 * second)
    // In the midst of what the first one set in motion, there is another.
    else return this.#twice()
    await this.#life.settle()
    this.problems.push(...inOrder(this.#life.records, from))
  }

  async #twice(): Promise<void> {
    this.#life.resume()
    await new Promise((resolve) => setImmediate(resolve))
    this.#life.clock.jump(this.#pick(jumps))
    this.#life.resume(2)
    await this.#life.settle()
  }

  async #pass(): Promise<void> {
    this.#life.clock.pass(this.#pick([second, 31 * second, 4 * minute, hour]))
    await this.#life.settle()
  }

  async #restart(): Promise<void> {
    await this.#life.stop()
    if (this.#draw(3) > 0) this.#life.clock.jump(this.#pick(jumps))
    await this.#life.start()
    await this.#life.settle()
  }

  async #decide(): Promise<void> {
    await this.#answer()
    await this.#life.settle()
  }

  /** Somebody answers something that waits; whoever may not at that instant is refused. */
  async #answer(): Promise<void> {
    const { approvals } = this.#life.pending
    const ids = [...approvals.keys()]
    if (ids.length === 0) return
    const approval_id = this.#pick(ids)
    const person = this.#draw(2) === 0 ? ana : ben
    const decision = this.#pick(['approve', 'reject'] as const)
    const { clock } = this.#life
    const since = clock.now() - this.#began
    const standsIn = since >= delegation.from && since < delegation.until
    this.#life.readOn()
    const before = this.#life.records.length
    // An answer that was given in time leaves later.
    const wasHeld = approvals.get(approval_id)?.held === true
    try {
      const said = { approval_id, decision, comment: 'So be it.', hold: this.#draw(2) === 0 }
      await this.#life.person(person).approvals.decide(said)
      this.#life.readOn()
      const named = this.#life.records
        .slice(before)
        .filter((record) => 'approval_id' in record && record.approval_id === approval_id)
        .some((record) => 'on_behalf_of' in record.data && record.data.on_behalf_of)
      if (named && !wasHeld && !standsIn) this.problems.push(`${person} stood in outside of the time for it`)
    } catch {
      // Refused: it has ended, somebody else has answered, or it does not ask them.
    }
  }

  async #setAside(): Promise<void> {
    const ids = [...this.#life.pending.approvals.keys()]
    if (ids.length === 0) return
    const until = new Date(this.#life.clock.now() + this.#pick(lengths)).toISOString()
    await this.#life
      .person(ana)
      .approvals.snooze({ approval_id: this.#pick(ids), until, past_deadline: true })
      .catch(() => undefined)
  }

  async #speak(): Promise<void> {
    const listening = this.#life.pending.all().filter(({ what }) => what === 'signal')
    if (listening.length === 0) return
    const [task_id = ''] = this.#pick(listening).id.split('/')
    await this.#life.owner.tasks.signal({ task_id, name: 'word', payload: 'now' }).catch(() => undefined)
    await this.#life.settle()
  }

  /** Everything that is left comes due, one after the other; and in the end all that was said is past its time. */
  async end(erase: boolean): Promise<void> {
    const life = this.#life
    await drain(life)
    if (erase && life.problems.length === 0) await this.#erase()
    const { ok, problems } = await life.owner.system.verify({})
    if (!ok) this.problems.push(`the journal does not verify: ${JSON.stringify(problems)}`)
    await life.stop()
    await life.start()
  }

  async #erase(): Promise<void> {
    const life = this.#life
    const runs = life.records.filter(({ type }) => type === 'run_started').length
    const erased = () => life.records.filter(({ type }) => type === 'run_erased').length
    // What ended while the clock was ahead is past its time later.
    life.clock.jump(life.clock.highest - life.clock.now() + 31 * day)
    life.resume(2)
    // It looks again after a quarter of an hour where it was at work.
    for (let round = 0; erased() < runs && round < 5; round++) {
      life.clock.pass(16 * minute)
      for (let turn = 0; erased() < runs && turn < 400; turn++) {
        await new Promise((resolve) => setTimeout(resolve, 2))
        life.readOn()
      }
    }
    if (erased() !== runs) this.problems.push(`${erased()} of ${runs} runs were erased after their time`)
    life.clock.jump(day)
    life.resume(2)
  }
}
