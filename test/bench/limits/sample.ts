import { copyFileSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import type { Workflow } from '../../../electron/core/engine/workflow.ts'
import { openTestApp, type TestApp } from '../../support/app.ts'
import { chain, runChain } from '../chain.ts'
import { openCountersign } from '../peers/countersign.ts'
import { pool } from '../pool.ts'
import { openApprovals, quietHome, sampleRequest } from '../runs.ts'

/** Lines of the journal that one thing comes to. */
export type Lines = readonly string[]

/** What the application writes for the runs that are measured: taken from real homes, so that limits stand on the same bytes. */
export type Sample = {
  /** Of one plain request: from the start until it waits, and from the decision to the end. */
  readonly start: Lines
  readonly end: Lines
  /** Of one chain of three levels, start to end. */
  readonly chain: Lines
  /** Of one run of two steps with a decision in between: until it waits, and to the end. */
  readonly stepsStart: Lines
  readonly stepsEnd: Lines
  /** The database with so many requests that wait, and the same once all are decided and every word is indexed. */
  readonly waiting: string
  readonly ended: string
  remove(): Promise<void>
}

const count = 4000

export async function takeSample(): Promise<Sample> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-sample-'))
  const home = quietHome()
  const [waiting, ended] = [join(folder, 'waiting.db'), join(folder, 'ended.db')]
  await within(home, (app) => pool(count, 64, (n) => app.source.requests.submitRequest(sampleRequest(n))))
  copyFileSync(join(home, 'inbox.db'), waiting)
  const before = linesOf(home)
  await within(home, async ({ owner }) => {
    const approvals = await openApprovals(owner, count)
    await pool(count, 64, (n) => owner.approvals.decide({ approval_id: approvals[n]![1], decision: 'approve' }))
    for (let n = 0; wordsIn(join(home, 'inbox.db')) < count; n++) {
      if (n === 600) throw new Error('the words of the sample were not indexed in half a minute')
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  })
  copyFileSync(join(home, 'inbox.db'), ended)
  const after = linesOf(home).slice(before.length)
  await rm(home, { recursive: true, force: true })
  return {
    start: ofRun(before, runOf(before.at(-1)!)),
    end: ofRun(after, runOf(after.at(-1)!)),
    chain: await takeChain(),
    ...(await takeSteps()),
    waiting,
    ended,
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}

async function takeChain(): Promise<Lines> {
  const home = quietHome()
  await within(home, (app) => runChain(app, 1), [chain])
  const lines = linesOf(home)
  await rm(home, { recursive: true, force: true })
  return ofRun(lines, runOf(lines.at(-1)!))
}

async function takeSteps(): Promise<{ readonly stepsStart: Lines; readonly stepsEnd: Lines }> {
  const candidate = await openCountersign()
  await candidate.start(1)
  await candidate.parked(1)
  await candidate.decide(1)
  const lines = linesOf(candidate.home)
  await candidate.close()
  const own = ofRun(lines, runOf(lines.at(-1)!))
  const asked = own.findIndex((line) => line.includes('"type":"approval_requested"')) + 1
  return { stepsStart: own.slice(0, asked), stepsEnd: own.slice(asked) }
}

async function within(home: string, work: (app: TestApp) => Promise<unknown>, workflows: readonly Workflow[] = []): Promise<void> {
  const app = await openTestApp({ home, workflows })
  await work(app)
  // Whoever reads a list waits until what was written is in the database; stopping empties its log into the file.
  await app.owner.approvals.list({ limit: 1 })
  await app.stop()
}

function wordsIn(file: string): number {
  const db = new Database(file, { readonly: true })
  try {
    return db.prepare<[], number>('SELECT count(*) FROM search_lines').pluck().get()!
  } finally {
    db.close()
  }
}

function linesOf(home: string): string[] {
  const folder = join(home, 'journal')
  const names = readdirSync(folder).filter((name) => name.endsWith('.jsonl') && /^\d{8}/.test(name))
  return names.sort().flatMap((name) => readFileSync(join(folder, name), 'utf8').trimEnd().split('\n'))
}

const runOf = (line: string): string => (JSON.parse(line) as { run_id: string }).run_id
const ofRun = (lines: readonly string[], run: string): Lines => lines.filter((line) => runOf(line) === run)
