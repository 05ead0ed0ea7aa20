import { replaceFile } from '../../../electron/core/journal/atomic-file.ts'
import { openCheckpoints } from '../../../electron/core/journal/checkpoints.ts'
import { segmentOf } from '../../../electron/core/journal/port.ts'
import { openSettings } from '../../../electron/core/settings/settings.ts'
import type { JournalRecord } from '../../../shared/model/event.ts'
import { ok } from '../../../shared/model/result.ts'
import { contentsOf, type DiskState, emptyDisk, namesIn, openDisk } from './disk.ts'
import { append, chainProblems, home, openChecked, step, stillClock } from './journals.ts'
import type { Life, Scenario } from './lives.ts'
import { afterPowerCut } from './power-cut.ts'

/** Small enough for every combination, or large enough for what only happens in a crowd. */
type Size = 'small' | 'large'

/** A disk on which all of an earlier life arrived, and what was acknowledged in it. */
async function after(start: DiskState, live: Scenario['live']): Promise<{ start: DiskState; kept: readonly string[] }> {
  const disk = openDisk(start)
  const kept: string[] = []
  const wrong = (problem: string): never => {
    throw new Error(problem)
  }
  const now = () => disk.states.at(-1)!
  await live({
    number: 0,
    storage: disk.storage,
    kept: [],
    tried: new Set(),
    refused: new Set(),
    faulty: false,
    refuse: () => undefined,
    try: () => undefined,
    keep: (fact) => void kept.push(fact),
    wrong,
    state: now,
  })
  return { start: afterPowerCut(now(), { pick: () => 0, cut: () => 0 }), kept }
}

/** So many records in each turn, of lengths that end anywhere in a sector. */
const turn = (life: Life, number: number, count: number) =>
  Array.from({ length: count }, (_, n) => step(`run_${life.number}_${number}_${n}`, (number * 131 + n * 67) % 400))

const appending =
  (turns: readonly number[], segmentBytes: number): Scenario['live'] =>
  async (life) => {
    const { journal } = await openChecked(life, { segmentBytes })
    for (const [number, count] of turns.entries()) await append(life, journal, turn(life, number, count))
    await journal.close()
    for (const problem of chainProblems(life.state())) life.wrong(`at the end of a life, ${problem}`)
  }

async function journalAppend(size: Size): Promise<Scenario> {
  if (size === 'large') return { name: 'journal append', start: emptyDisk(home), live: appending([1, 3, 8, 2, 5, 1], 1e9) }
  const live = appending([1, 2], 1e9)
  return { name: 'journal append', start: emptyDisk(home), live }
}

async function segmentRoll(size: Size): Promise<Scenario> {
  if (size === 'large') return { name: 'segment roll', start: emptyDisk(home), live: appending([2, 1, 4, 1, 1, 3, 6, 1], 1500) }
  const made = await after(emptyDisk(home), appending([1], 300))
  return { name: 'segment roll', ...made, live: appending([1, 1], 300) }
}

/** An end that never arrived is cut off, whatever becomes of the cutting. */
async function tornEnd(size: Size): Promise<Scenario> {
  const made = await after(emptyDisk(home), appending([1, 2], 1e9))
  const files = new Map(made.start.files)
  const [[inode, { safe }]] = [...files] as [[number, { safe: Buffer; since: [] }]]
  const lastTurn = safe.indexOf('\n') + 1
  const hole = Buffer.from(safe)
  hole.fill(0, lastTurn + 100, lastTurn + 400)
  files.set(inode, { safe: hole, since: [] })
  const kept = made.kept.slice(0, 1)
  return { name: 'torn end', start: { ...made.start, files }, kept, live: appending(size === 'small' ? [] : [1, 2, 1], 1e9) }
}

/** Later in each life, or what is signed again would be the same bytes again. */
const laterClock = (life: Life) => ({ ...stillClock, now: () => stillClock.now() + life.number * 1000 })

const checkpointing =
  (turns: readonly number[]): Scenario['live'] =>
  async (life) => {
    const paths = { file: `${home}/checkpoints.jsonl`, keyFile: `${home}/checkpoint.key` }
    const checkpoints = await openCheckpoints({ ...paths, storage: life.storage, clock: laterClock(life) })
    const known = new Set(checkpoints.known.map(({ seq }) => `checkpoint ${seq}`))
    for (const fact of life.kept.filter((name) => name.startsWith('checkpoint')))
      if (!known.has(fact)) life.wrong(`acknowledged and lost: ${fact}`)
    const { journal } = await openChecked(life, { checkpoints })
    for (const [number, count] of turns.entries()) {
      await append(life, journal, turn(life, number, count))
      const { seq } = journal.head
      await checkpoints.record(journal.head)
      if (checkpoints.problem === null) life.keep(`checkpoint ${seq}`)
      else if (!life.faulty) life.wrong(checkpoints.problem)
    }
    await journal.close()
  }

async function checkpoint(size: Size): Promise<Scenario> {
  if (size === 'large') return { name: 'checkpoint', start: emptyDisk(home), live: checkpointing([1, 2, 1, 3]) }
  // The second line is torn, as an earlier cut left it: its first sector never arrived, and the end of it did.
  const made = await after(emptyDisk(home), checkpointing([1, 1]))
  const file = `${home}/checkpoints.jsonl`
  const inode = namesIn(made.start.folders.get(home)!).get('checkpoints.jsonl') as number
  const torn = Buffer.from(contentsOf(made.start).get(file)!.subarray(0, 538))
  torn.fill(0, torn.indexOf('\n') + 1, 512)
  const start = { ...made.start, files: new Map(made.start.files).set(inode, { safe: torn, since: [] }) }
  return { name: 'checkpoint', start, kept: made.kept.filter((fact) => fact !== 'checkpoint 2'), live: checkpointing([1]) }
}

const saving =
  (count: number): Scenario['live'] =>
  async (life) => {
    const settings = await openSettings({ configFile: `${home}/config.yaml`, storage: life.storage, environment: {} })
    const { pending } = settings.config.limits
    const tried = [...life.tried].filter((fact) => fact.startsWith('pending')).map((fact) => Number(fact.slice(8)))
    const kept = life.kept.filter((fact) => fact.startsWith('pending')).map((fact) => Number(fact.slice(8)))
    const last = kept.at(-1)
    if (pending < (last ?? 0)) life.wrong(`acknowledged and lost: pending ${last}, it is ${pending}`)
    if (kept.length > 0 && !tried.includes(pending)) life.wrong(`nobody wrote pending ${pending}`)
    if (life.refused.has(`pending ${pending}`)) life.wrong(`refused, and it is there: pending ${pending}`)
    if (settings.problems.length > 0) life.wrong(`the settings have problems: ${JSON.stringify(settings.problems)}`)
    for (let n = 1; n <= count; n++) {
      const next = 10_000 + life.number * 100 + n
      life.try(`pending ${next}`)
      const saved = await settings.update({ limits: { pending: next } }, async () => ok(null))
      if (saved.ok) life.keep(`pending ${next}`)
      else if (!life.faulty) life.wrong(saved.failure.message)
      else if (!saved.failure.message.includes('may have changed')) life.refuse(`pending ${next}`)
    }
  }

async function configSave(size: Size): Promise<Scenario> {
  if (size === 'large') return { name: 'config save', start: emptyDisk(home), live: saving(4) }
  // Short, so that it is one sector: the file that is written first at a start has dozens.
  const written = await after(emptyDisk(home), async ({ storage }) =>
    replaceFile(storage, `${home}/config.yaml`, 'limits: { pending: 10000 }\n'),
  )
  return { name: 'config save', ...written, live: saving(2) }
}

type Tombstone = JournalRecord<'run_erased'>

/** Tombstone, files, and that it is done: as the application does it, and goes on with it after a crash. */
const erasing =
  (others: number, segmentBytes: number): Scenario['live'] =>
  async (life) => {
    const { journal, records } = await openChecked(life, { segmentBytes })
    const tombstones = new Map(
      records.filter((one) => one.type === 'run_erased').map((one) => [(one as Tombstone).run_id, one.seq]),
    )
    const through = Math.max(0, ...records.map((one) => (one.type === 'erasure_completed' ? one.data.through : 0)))
    for (const record of records) {
      if (record.erased && !tombstones.has((record as Tombstone).run_id)) life.wrong(`record ${record.seq} was erased by nobody`)
    }
    mustBeGone(
      life,
      [...tombstones].filter(([, seq]) => seq <= through).map(([run]) => run),
    )
    const goes = `gone_${life.number}`
    if (life.number !== 0) {
      const turns = [
        [step(goes, 40)],
        ...Array.from({ length: others }, (_, n) => [step(`stays_${life.number}_${n}`), step(goes, n * 90)]),
      ]
      for (const events of others > 0 || life.number > 1 ? turns : []) await append(life, journal, events)
    } else await append(life, journal, [step('gone_1', 30), step('stays_0')])
    if (life.number > 0) {
      journal.startSegment()
      const tombstone = { type: 'run_erased', actor: system, run_id: goes, data: { reason: 'asked' }, content: null } as const
      if (!(await append(life, journal, [tombstone]))) return journal.close()
      tombstones.set(goes, journal.head.seq)
      const last = journal.head.seq
      const closed = Array.from({ length: segmentOf(journal.durable.end) - 1 }, (_, n) => n + 1)
      await journal.blank(closed, (record) => 'run_id' in record && record.seq < (tombstones.get(record.run_id) ?? 0))
      mustBeGone(life, [...tombstones.keys()])
      await append(life, journal, [
        { type: 'erasure_completed', actor: system, data: { through: last, records: 1 }, content: null },
      ])
    }
    await journal.close()
    for (const problem of chainProblems(life.state())) life.wrong(`at the end of a life, ${problem}`)
  }

const system = { kind: 'system', id: 'erasure', via: 'engine' } as const

function mustBeGone(life: Life, runs: readonly string[]): void {
  for (const [path, bytes] of contentsOf(life.state())) {
    for (const run of runs) if (bytes.includes(`said by ${run} `)) life.wrong(`what ${run} said is erased and still in ${path}`)
  }
}

async function erasure(size: Size): Promise<Scenario> {
  if (size === 'large') return { name: 'erasure', start: emptyDisk(home), live: erasing(4, 1200) }
  return { name: 'erasure', ...(await after(emptyDisk(home), erasing(0, 1e9))), live: erasing(0, 1e9) }
}

export const scenarios = [journalAppend, segmentRoll, tornEnd, checkpoint, configSave, erasure] as const
