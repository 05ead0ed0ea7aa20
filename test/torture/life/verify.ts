import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { type Client, clientFor, openTestApp } from '../../support/app.ts'
import type { Bank } from './bank.ts'
import type { Asked, Book, Fate } from './book.ts'
import { second } from './home.ts'
import { type Counted, countJournal } from './journal.ts'

const cli = fileURLToPath(new URL('../../../electron/cli/main.ts', import.meta.url))

/** What `audit verify` says of a home, as somebody who does not trust the application asks for it. */
export async function auditVerify(home: string): Promise<readonly string[]> {
  const child = spawn(process.execPath, [cli, 'audit', 'verify', '--json', '--home', home], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  for await (const chunk of child.stdout) said += chunk
  const code = child.exitCode ?? (await new Promise((resolve) => child.once('exit', resolve)))
  const { ok, problems } = JSON.parse(said) as { ok: boolean; problems: { message: string }[] }
  return ok && code === 0 ? [] : [`audit verify ended with ${code}: ${problems.map(({ message }) => message).join('; ')}`]
}

type Run = Awaited<ReturnType<Client['tasks']['list']>>['items'][number]

async function allRuns(owner: Client): Promise<ReadonlyMap<string, Run>> {
  const runs = new Map<string, Run>()
  let cursor: string | null = null
  do {
    const page: Awaited<ReturnType<Client['tasks']['list']>> = await owner.tasks.list({
      limit: 1000,
      ...(cursor ? { cursor } : {}),
    })
    for (const run of page.items) runs.set(run.id, run)
    cursor = page.next_cursor
  } while (cursor !== null)
  return runs
}

const isOver = (status: string | undefined) => status === 'completed' || status === 'failed' || status === 'cancelled'

const patienceSeconds = 60

/** What the result of a run has to say, by how its question ended. */
const statuses: Readonly<Record<Fate, readonly string[] | null>> = {
  approved: ['approved', 'processed', 'deployed'],
  rejected: ['rejected', 'deployment_cancelled'],
  withdrawn: ['cancelled', 'deployment_cancelled'],
  expires: ['expired'],
  automatic: ['processed'],
  cancelled: null,
  open: null,
  asked: null,
  unsure: null,
}

function problemsOfEnd(asked: Asked, run: Run): readonly string[] {
  if (asked.fate === 'unsure') return []
  if (asked.fate === 'cancelled') return run.status === 'cancelled' ? [] : [`${run.id} was cancelled and is ${run.status}`]
  const result = (run.result ?? {}) as Record<string, unknown>
  if (run.status !== 'completed') return [`${run.id}, ${asked.fate}, is ${run.status}: ${run.error}`]
  if (asked.kind === 'batch') {
    const good = asked.fate === 'approved' ? result.batch_approved === true : result.batch_rejected === true
    return good ? [] : [`${run.id}, ${asked.fate}, ended with ${JSON.stringify(result).slice(0, 200)}`]
  }
  const wanted = statuses[asked.fate]
  return wanted === null || wanted.includes(String(result.status))
    ? []
    : [`${run.id}, ${asked.kind} ${asked.fate}, ended as ${result.status}`]
}

/** Exactly one payment where it was approved and something is to be done, none where nobody approved. */
function problemsOfEffect(asked: Asked, run: Run, paid: readonly string[]): readonly string[] {
  if (asked.fate === 'unsure') return paid.length > 1 ? [`${run.id} was paid ${paid.length} times`] : []
  const acts = asked.kind === 'payment' || asked.kind === 'deployment' || asked.kind.endsWith('expense')
  const due = acts && (asked.fate === 'approved' || asked.fate === 'automatic') ? 1 : 0
  if (paid.length !== due) return [`${run.id}, ${asked.kind} ${asked.fate}, was carried out ${paid.length} times`]
  const found = due === 0 || JSON.stringify(run.result).includes(`"${paid[0]}"`)
  return found ? [] : [`${run.id} was carried out as ${paid[0]} and does not say so`]
}

/** Answered once; by both, where two were asked; and with what an approver wrote into it. */
function problemsOfAnswers(asked: Asked, { decided, voted }: Counted, run: Run | undefined): readonly string[] {
  const { approval, fate, kind, edit } = asked
  if (approval === null) return []
  const problems: string[] = []
  const times = decided.get(approval) ?? 0
  if (times > 1 || (fate === 'approved' && times === 0)) problems.push(`${approval}, ${fate}, was decided ${times} times`)
  const votes = voted.get(approval) ?? 0
  if (votes > 1 || (kind === 'two votes' && fate === 'approved' && votes === 0))
    problems.push(`${approval} has ${votes} first votes`)
  if (edit !== null && fate === 'approved' && !JSON.stringify(run?.result).includes(edit)) problems.push(`${approval} lost an edit`)
  return problems
}

export type Verdict = { readonly add: (id: string, problems: readonly string[]) => void }

/**
 * Opens a home in which nothing runs any more, and holds it against what its clients were told: each thing is there, once, and ended as
 * they were told; what waits can be decided. Answers what is there.
 */
export async function checkHome(home: string, book: Book, bank: Bank, kept: Verdict, decidable: Verdict) {
  const app = await openTestApp({ home })
  const { owner } = app
  const lea = clientFor(app.app, { ...app.app.ownerCaller('http'), person: { email: second, name: 'Lea' }, credential: 'lea' })
  const asked = book.all.filter((one): one is Asked & { task: string } => one.task !== null)
  for (const one of asked.filter(({ fate }) => fate === 'open')) {
    const [verdict, problems] = await decideOne([owner, lea], one)
    decidable.add(one.key, problems)
    if (verdict) book.ended(one, 'approved')
  }
  const sure = asked.filter(({ fate }) => fate !== 'unsure' && fate !== 'open')
  const early = await allRuns(owner)
  const under = sure.filter(({ task }) => !isOver(early.get(task)?.status))
  await Promise.all(
    under.map(({ task }) => owner.tasks.wait({ task_id: task, timeout_seconds: patienceSeconds }).catch(() => null)),
  )
  const runs = await allRuns(owner)
  await app.stop()
  const counted = await countJournal(home)
  const paid = new Map<string, string[]>()
  for (const { task, id } of bank.payments.values()) paid.set(task, [...(paid.get(task) ?? []), id])
  for (const one of book.all) {
    const started = counted.started.get(one.key) ?? []
    // Nobody was told that this one exists.
    if (one.task === null) {
      kept.add(one.key, started.length > 1 ? [`${one.key} began ${started.length} times`] : [])
      continue
    }
    const run = runs.get(one.task)
    const problems = [
      ...(started.length === 1 && started[0] === one.task ? [] : [`${one.key} was ${one.task} and began as ${started.join(', ')}`]),
      ...(run === undefined
        ? [`${one.task} is not there`]
        : [...problemsOfEnd(one, run), ...problemsOfEffect(one, run, paid.get(run.id) ?? [])]),
      ...problemsOfAnswers(one, counted, run),
      ...((counted.ended.get(one.task) ?? 0) > 1 ? [`${one.task} ended twice`] : []),
      ...[...one.remarks, ...one.revisions].flatMap(({ text, acknowledged }) => {
        const times = counted.said.get(text) ?? 0
        return times > 1 || (acknowledged && times !== 1) ? [`${text} is there ${times} times`] : []
      }),
    ]
    kept.add(one.key, problems)
  }
  return { records: counted.records, runs: runs.size }
}

/** Whoever is asked says yes. */
async function decideOne(people: readonly Client[], { approval, kind }: Asked): Promise<readonly [boolean, readonly string[]]> {
  try {
    for (const person of kind === 'two votes' ? people : people.slice(0, 1))
      await person.approvals.decide({ approval_id: approval!, decision: 'approve' })
    return [true, []]
  } catch (error) {
    return [false, [`${approval} waited until the end and could not be decided: ${(error as Error).message}`]]
  }
}
