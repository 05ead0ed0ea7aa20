import { inOrder, judge } from './judge.ts'
import { ana, ben, Life } from './life.ts'

const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

/** What happens to the clocks in one scene; everything that can wait, waits then. */
export type Scene = { readonly name: string; readonly at: string; readonly move: (life: Life) => Promise<readonly string[]> }

const woken = async (life: Life, jumps: readonly number[], times = 1): Promise<readonly string[]> => {
  const problems: string[] = []
  for (const ms of jumps) {
    life.readOn()
    const from = life.records.length
    life.clock.jump(ms)
    life.resume(times)
    await life.settle()
    problems.push(...inOrder(life.records, from))
  }
  return problems
}

const asleep = (name: string, at: string, jumps: readonly number[], times?: number): Scene => ({
  name,
  at,
  move: (life) => woken(life, jumps, times),
})

const usual = '2026-06-10T09:00:00.000Z'

export const scenes: readonly Scene[] = [
  asleep('the clock goes back by an hour', usual, [-hour]),
  asleep('the clock goes ahead by eight hours', usual, [8 * hour]),
  asleep('the clock goes ahead by forty days', usual, [40 * day]),
  asleep('ahead by forty days, and back again', usual, [40 * day, -40 * day]),
  asleep('the resume event comes twice', usual, [8 * hour], 2),
  asleep('the resume event comes ten times, each time', usual, [hour, hour, 8 * hour], 10),
  asleep('over the 29th of February', '2028-02-28T20:00:00.000Z', [3 * hour, 8 * hour, 26 * hour]),
  asleep('over the 28th of February, where there is no 29th', '2027-02-28T20:00:00.000Z', [3 * hour, 8 * hour, 26 * hour]),
  asleep('over the end of the year', '2026-12-31T20:00:00.000Z', [3 * hour, 8 * hour]),
  {
    name: 'the clock goes ahead and nobody says that the machine woke',
    at: usual,
    async move(life) {
      life.clock.jump(8 * hour)
      life.clock.pass(30 * second)
      await life.settle()
      return []
    },
  },
  ...[-hour, 8 * hour, 40 * day].map(
    (ms): Scene => ({
      name: `closed while the clock goes ${ms < 0 ? 'back by an hour' : `ahead by ${ms / hour} hours`}`,
      at: usual,
      async move(life) {
        await life.stop()
        life.clock.jump(ms)
        await life.start()
        await life.settle()
        return []
      },
    }),
  ),
  {
    name: 'the clock jumps in the midst of commits',
    at: usual,
    async move(life) {
      for (const ms of [8 * hour, -hour, 2 * hour, -8 * hour, 40 * day, -hour]) {
        const asked = life.begin('sleeper', { ms: 5 * minute })
        life.clock.jump(ms)
        life.resume(2)
        await new Promise((resolve) => setImmediate(resolve))
        life.clock.jump(-ms / 2)
        life.resume()
        await asked
      }
      await life.settle()
      return []
    },
  },
]

/** Plays a scene with one of each thing that waits, and then lets all of it come due. */
export async function play(scene: Scene): Promise<readonly string[]> {
  const life = await Life.open({ at: scene.at, config: 'undo: { seconds: 30 }\n' })
  const problems: string[] = []
  try {
    const all = await waitForAll(life)
    problems.push(...(await scene.move(life)), ...(await all.after()))
    await drain(life)
    await life.stop()
    await life.start()
    problems.push(...judge(life))
  } catch (error) {
    problems.push(`it broke off: ${(error as Error).stack ?? error}`)
  } finally {
    await life.remove()
  }
  return problems
}

/** One of each thing that time ends or begins. Its `after` says what was wrong with those that nobody records. */
async function waitForAll(life: Life) {
  const began = life.clock.now()
  const at = (ms: number) => new Date(began + ms).toISOString()
  const { key: link } = life.app.access.createLink()
  const session = await life.app.access.exchangeLink(life.app.access.createLink().key, undefined)
  await life.owner.people.delegate({ from: ana, to: ben, starts_at: at(2 * hour), ends_at: at(30 * hour) })
  for (const ms of [20 * second, 50 * minute, 3 * hour, 2 * day]) {
    await life.begin('sleeper', { ms, fails: 2 })
    await life.begin('listener', { ms })
    await life.begin('retrier', { ms, fails: 3 })
    for (const kind of ['asker', 'strict', 'patient']) await life.begin(kind, { ms, approvers: [ana] })
  }
  life.readOn()
  const [first, second_, third] = [...life.pending.approvals.keys()].slice(-3)
  await life.person(ana).approvals.decide({ approval_id: first!, decision: 'approve', hold: true })
  await life.person(ana).approvals.snooze({ approval_id: second_!, until: at(90 * minute), past_deadline: true })
  return {
    async after(): Promise<readonly string[]> {
      const problems: string[] = []
      const since = life.clock.now() - began
      const signsIn = (await life.app.access.exchangeLink(link, undefined)) !== null
      if (signsIn !== (since >= 0 && since < 10 * minute))
        problems.push(`the link ${signsIn ? 'signs in' : 'is refused'} after ${since} ms`)
      const signedIn = life.app.access.bySession(session!.session) !== null
      if (signedIn !== since < 30 * day) problems.push(`the session is ${signedIn ? 'good' : 'over'} after ${since} ms`)
      // It may have ended meanwhile: then nobody can answer it, standing in or not.
      if (!life.pending.approvals.has(third!)) return problems
      const standsIn = await life
        .person(ben)
        .approvals.decide({ approval_id: third!, decision: 'approve' })
        .then(
          () => true,
          () => false,
        )
      if (standsIn !== (since >= 2 * hour && since < 30 * hour))
        problems.push(`ben ${standsIn ? 'stands' : 'does not stand'} in after ${since} ms`)
      return problems
    },
  }
}

/** Everything that is left comes due, one after the other. */
export async function drain(life: Life): Promise<void> {
  for (let turn = 0; turn < 400 && life.problems.length === 0; turn++) {
    await life.settle()
    const [next] = life.pending.all()
    if (next === undefined) return
    const ms = Math.max(0, next.at - life.clock.now())
    // What was slept through is given a little more time each time: awake, it ends.
    if (ms <= hour) life.clock.pass(ms)
    else life.clock.jump(ms)
    life.resume()
  }
}
