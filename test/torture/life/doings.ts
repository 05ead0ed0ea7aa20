import { randomUUID } from 'node:crypto'
import { setTimeout as later } from 'node:timers/promises'
import type { Asked, Book, Fate } from './book.ts'
import type { Answer, Caller } from './caller.ts'
import type { Tokens } from './home.ts'
import { pick, type Random } from './random.ts'
import { pickKind, toSubmission } from './requests.ts'

export type Lane = {
  readonly name: string
  readonly caller: Caller
  readonly tokens: Tokens
  readonly book: Book
  readonly random: Random
  /** Each submission comes with a key, so that it can be sent again after a kill; else one in so many. */
  readonly keyed: number
  over(): boolean
}

export type Doing = (lane: Lane) => Promise<void>

const approvalOf = (answer: Answer): string | null =>
  ((answer.json.pending as { approval_id: string }[] | undefined) ?? [])[0]?.approval_id ?? null

/** Sends something and asks at once what it waits for, as senders do. */
export async function submit(lane: Lane): Promise<void> {
  const { caller, tokens, book, random } = lane
  const asked = book.begin(pickKind(random))
  const keyed = random(lane.keyed) === 0
  const sent = toSubmission(asked.kind, asked.key, random)
  const call = { method: 'POST', token: tokens.submit, ...sent, expect: [200, 202], ...(keyed ? { key: asked.key } : {}) } as const
  const [answer] = await caller.insist(call)
  asked.task = String(answer.json.task_id ?? answer.json.workflow_id ?? '')
  if (!asked.task.startsWith('run_')) return caller.blame(`${sent.path} named no task: ${answer.text.slice(0, 200)}`)
  if (keyed && random(10) === 0) await repeat(lane, call, asked)
  if (asked.kind === 'fleeting') asked.fate = 'expires'
  // One that tells the reader what to do is not approved by a rule, however small.
  else if (answer.json.auto_approved === true) asked.fate = 'automatic'
  else {
    const [waits] = await caller.insist({
      method: 'GET',
      path: `/tasks/${asked.task}/approvals`,
      token: tokens.submit,
      expect: [200],
    })
    asked.approval = approvalOf(waits)
    if (asked.approval === null) caller.blame(`${asked.task} waits for nothing`)
    else book.opened(asked)
  }
}

/** A sender that is not sure whether it was heard gets the first answer again. */
async function repeat({ caller }: Lane, call: Parameters<Caller['call']>[0], asked: Asked): Promise<void> {
  const [again] = await caller.insist(call)
  const task = again.json.task_id ?? again.json.workflow_id
  if (task !== asked.task) caller.blame(`sent again, ${asked.key} was ${task} and not ${asked.task}`)
}

/** Takes one that waits, and leaves it as it was when `work` says nothing else. */
const withOne =
  (work: (lane: Lane, asked: Asked, approval: string) => Promise<Fate | 'open'>): Doing =>
  async (lane) => {
    const asked = lane.book.take()
    if (asked === null) return submit(lane)
    const fate = await work(lane, asked, asked.approval!)
    if (fate === 'open') lane.book.putBack(asked)
    else lane.book.ended(asked, fate)
  }

const verdictOf = (random: Random) => (random(4) === 0 ? ('reject' as const) : ('approve' as const))
const fates = { approve: 'approved', reject: 'rejected' } as const

const decide = withOne(async ({ caller, tokens, random }, _, approval_id) => {
  const decision = verdictOf(random)
  const body = { approval_id, decision, ...(random(3) === 0 ? { comment: 'Seen and compared with the order.' } : {}) }
  const path = '/approvals/decide'
  const [answer] = await caller.insist({ method: 'POST', path, token: tokens.decide, body, expect: [200] })
  return answer.status === 200 ? fates[decision] : 'unsure'
})

/** Looks at it first, and decides what it saw. */
const decideSeen = withOne(async ({ caller, tokens, random }, asked, approval_id) => {
  const [seen] = await caller.insist({ method: 'GET', path: `/approvals/${approval_id}`, token: tokens.decide, expect: [200] })
  const decision = verdictOf(random)
  const edits = decision === 'approve' && asked.kind === 'request' && random(3) === 0
  if (edits) asked.edit = `edit ${randomUUID()}`
  const { sha256: version } = seen.json.version as { sha256: string }
  const body = { approval_id, decision, version, ...(edits ? { changes: { order_id: asked.edit } } : {}) }
  const call = { method: 'POST', path: '/approvals/decide', token: tokens.decide, body, expect: [200] } as const
  // An edit that was cut off makes another version: said again, it is about one that is no more.
  const [answer, cut] = await caller.insist({ ...call, again: edits ? [409] : [] })
  return answer.status === 200 || (cut && edits && answer.status === 409) ? fates[decision] : 'unsure'
})

/** Both say yes, one after the other. */
const vote: Doing = async (lane) => {
  const { caller, tokens, book } = lane
  const asked = book.takeBallot()
  if (asked === null) return submit(lane)
  const body = { approval_id: asked.approval, decision: 'approve' }
  for (const [token, status] of [
    [tokens.decide, 'pending'],
    [tokens.second, 'approved'],
  ] as const) {
    const [answer] = await caller.insist({ method: 'POST', path: '/approvals/decide', token, body, expect: [200] })
    if (answer.json.status !== status) caller.blame(`a vote for ${asked.approval} made it ${answer.json.status}, not ${status}`)
  }
  book.ended(asked, 'approved')
}

/** Gives an answer that can be taken back, and takes every second one back. A kill between the two makes it anybody's guess. */
const hold = withOne(async ({ caller, tokens, random }, _, approval_id) => {
  const body = { approval_id, decision: 'approve', hold: true }
  const path = '/approvals/decide'
  const held = await caller.call({ method: 'POST', path, token: tokens.decide, body, expect: [200] })
  if (held?.status !== 200) return 'unsure'
  if (random(2) === 0) return 'approved'
  await later(random(1500))
  const undone = await caller.call({
    method: 'POST',
    path: `/approvals/${approval_id}/undo`,
    token: tokens.decide,
    expect: [200, 409],
  })
  return undone === null ? 'unsure' : undone.status === 200 ? 'open' : 'approved'
})

const withdraw = withOne(async ({ caller, tokens }, _, approval_id) => {
  const path = `/approvals/${approval_id}/withdraw`
  const body = { reason: 'Paid in the shop' }
  const first = await caller.call({ method: 'POST', path, token: tokens.submit, body, expect: [200] })
  return first?.status === 200 ? 'withdrawn' : 'unsure'
})

const cancel = withOne(async ({ caller, tokens }, { task }) => {
  const path = `/tasks/${task}/cancel`
  const body = { reason: 'Found a bug' }
  const first = await caller.call({ method: 'POST', path, token: tokens.submit, body, expect: [200] })
  return first?.status === 200 ? 'cancelled' : 'unsure'
})

/** Several of what is asked, as somebody ticks them; what wants to be decided on its own stays. */
const decideMany: Doing = async (lane) => {
  const { caller, tokens, book } = lane
  const taken = [book.take(), book.take(), book.take()].filter((one) => one !== null)
  if (taken.length === 0) return submit(lane)
  const path = `/approvals/by-ids?ids=${taken.map(({ approval }) => approval).join(',')}`
  const [seen] = await caller.insist({ method: 'GET', path, token: tokens.decide, expect: [200] })
  const items = (seen.json.items as { id: string; version: { sha256: string } }[]).map(({ id, version }) => ({
    approval_id: id,
    version: version.sha256,
  }))
  if (items.length < taken.length) caller.blame(`of ${taken.length} that wait, by-ids knows ${items.length}`)
  const call = { method: 'POST', path: '/approvals/decide-many', token: tokens.decide, expect: [200] } as const
  const [answer] = await caller.insist({ ...call, body: { items, decision: 'approve' } })
  const results = new Map(
    ((answer.json.results ?? []) as { approval_id: string; decision: string | null; code: string | null }[]).map((each) => [
      each.approval_id,
      each,
    ]),
  )
  for (const asked of taken) {
    const result = results.get(asked.approval!)
    if (result?.decision === 'approved') book.ended(asked, 'approved')
    else if (result?.code === 'not-in-bulk' || result?.code === 'stale-version') book.putBack(asked)
    else book.ended(asked, 'unsure')
  }
}

/** Says something about one that may stay for long. What was cut off is not said again: it may be there. */
const remark: Doing = async ({ caller, tokens, book, random }) => {
  const asked = book.lookAt()
  if (asked === null || asked.remarks.length > 50) return
  const said = { text: `remark ${randomUUID()}`, acknowledged: false }
  asked.remarks.push(said)
  const path = `/approvals/${asked.approval}/comments`
  const token = pick(random, [tokens.decide, tokens.submit])
  // It may have been decided meanwhile.
  const answer = await caller.call({ method: 'POST', path, token, body: { comment: said.text }, expect: [200, 409] })
  said.acknowledged = answer?.status === 200
}

const revise = withOne(async ({ caller, tokens }, asked, approval_id) => {
  if (asked.kind !== 'request' || asked.revisions.length > 20) return 'open'
  const said = { text: `revision ${randomUUID()}`, acknowledged: false }
  asked.revisions.push(said)
  const path = `/approvals/${approval_id}/revise`
  const answer = await caller.call({
    method: 'POST',
    path,
    token: tokens.submit,
    body: { description: said.text },
    expect: [200],
  })
  said.acknowledged = answer?.status === 200
  return 'open'
})

const setAside = withOne(async ({ caller, tokens, random }, _, approval_id) => {
  const until = new Date(Date.now() + 60_000 + random(600_000)).toISOString()
  const path = `/approvals/${approval_id}/${pick(random, ['snooze', 'watch'])}`
  const body = path.endsWith('watch') ? {} : { until, past_deadline: true }
  await caller.call({ method: 'POST', path, token: tokens.decide, body, expect: [200] })
  return 'open'
})

/** Whoever comes too late is told so, and changes nothing. */
const tooLate: Doing = async ({ caller, tokens, book, random }) => {
  const asked = pick(random, book.decided.slice(-100).concat())
  if (asked === undefined) return
  const body = { approval_id: asked.approval, decision: asked.fate === 'approved' ? 'reject' : 'approve' }
  await caller.call({ method: 'POST', path: '/approvals/decide', token: tokens.decide, body, expect: [409] })
}

/** What ends an open request, or may end it; and what changes one. */
export const endings: readonly Doing[] = [
  ...Array.from({ length: 14 }, () => decide),
  ...Array.from({ length: 6 }, () => decideSeen),
  vote,
  vote,
  hold,
  hold,
  withdraw,
  withdraw,
  cancel,
  decideMany,
]
export const changes: readonly Doing[] = [remark, remark, remark, revise, revise, setAside, tooLate]
