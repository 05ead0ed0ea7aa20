import type { ApprovalItem } from '../../../shared/model/approval.ts'
import { maxRisk } from '../../../shared/model/summary.ts'
import { Desk, decideWithinMs, settleWithinMs } from './desk.ts'
import type { Trouble } from './troubles.ts'

/** Plays one trouble: one request is decided at once, another one waits for its summary. */
export async function play(trouble: Trouble): Promise<{ readonly problems: readonly string[]; readonly note: string }> {
  const desk = await Desk.open(trouble)
  const problems: string[] = []
  let note = ''
  try {
    const left = await desk.ask('To be left alone')
    const began = performance.now()
    const quick = await desk.ask('To be decided at once')
    await desk.test.owner.approvals.decide({ approval_id: quick, decision: 'approve' })
    const decided = Math.round(performance.now() - began)
    if (decided > decideWithinMs) problems.push(`it was decided after ${decided} ms`)
    if (trouble.pull !== undefined) problems.push(...(await pull(desk, trouble)))
    const took = await desk.settled(left)
    if (took > settleWithinMs) problems.push(`its summary was settled after ${took / 1000} s`)
    const item = await desk.upgraded(left, trouble.pull === 'done')
    note = `decided after ${decided} ms, ${item.summary.state} after ${took / 1000} s`
    problems.push(...wrongWith(item, trouble), ...(await unchanged(desk, left)))
    if ((await desk.item(quick)).status !== 'approved') problems.push('what was decided is not')
  } catch (error) {
    problems.push(`it broke off: ${(error as Error).stack ?? error}`)
  } finally {
    await desk.close()
  }
  return { problems: [...problems, ...desk.problems], note }
}

function wrongWith(item: ApprovalItem, { ends }: Trouble): readonly string[] {
  const { state, origin, summary, impact, reason, risk } = item.summary
  const problems: string[] = []
  if (state !== ends) problems.push(`its summary is ${state}: ${reason}`)
  if (origin !== (state === 'ready' ? 'model' : 'rules')) problems.push(`a summary that is ${state} is by ${origin}`)
  if (state === 'failed' && !reason) problems.push('nothing says why there is none by the model')
  if (summary === '' || impact === '') problems.push('there is no summary by rules either')
  if (item.risk !== maxRisk(item.risk_floor, risk ?? 'low')) problems.push(`risk ${item.risk} of ${item.risk_floor} and ${risk}`)
  return problems
}

/** Nothing happened to it but its summary. */
export async function unchanged({ test }: Desk, approval_id: string): Promise<readonly string[]> {
  const { items } = await test.owner.audit.list({ id: approval_id })
  const other = items.map(({ type }) => type).filter((type) => type !== 'approval_requested' && type !== 'summary_recorded')
  return other.length === 0 ? [] : [`what became of it: ${other.join(', ')}`]
}

async function pull({ test, clock }: Desk, { pull: ends }: Trouble): Promise<readonly string[]> {
  await test.owner.model.pull({ name: 'llama3.2' })
  for (let turn = 0; turn < 600; turn++) {
    const { pull } = await test.owner.model.status({})
    if (pull?.state !== 'running') return pull?.state === ends ? [] : [`the download is ${pull?.state}`]
    if (turn > 100) clock.advance(1000)
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
  return ['the download does not end']
}
