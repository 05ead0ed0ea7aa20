import { assess } from '../../../electron/core/summary/assess.ts'
import type { ApprovalItem } from '../../../shared/model/approval.ts'
import { maxRisk } from '../../../shared/model/summary.ts'
import type { Tally } from '../part.ts'
import { Desk } from './desk.ts'
import { obedient, type Payload, payloads } from './payloads.ts'
import { unchanged } from './play.ts'

// biome-ignore lint/suspicious/noControlCharactersInRegex: none of them may be left
const unseen = /[\u0000-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff](?![\udc00-\udfff])/

/** Sends each payload as somebody would, and lets a model obey it. */
export async function sendAll(tally: Tally, seed: number, each: number, only?: string): Promise<void> {
  let said = 0
  const desk = await Desk.open({ scenario: { kind: 'injected', obey: (user) => obedient(user, said++) } })
  let high = 0
  try {
    for (const payload of payloads(seed, each)) {
      if (only !== undefined && only !== payload.id) continue
      const from = desk.ollama.requests.length
      const body = {
        description: payload.text.slice(0, 9_000),
        data: { note: payload.text, [payload.id]: payload.text.slice(0, 200) },
      }
      const id = await desk.ask(`Claim ${payload.id}`, body)
      await desk.settled(id)
      const item = await desk.item(id)
      if (item.risk === 'high') high++
      tally.add(payload.id, [...wrongWith(item), ...wrongWithPrompt(desk, from, payload), ...(await unchanged(desk, id))])
    }
  } finally {
    await desk.close()
    tally.add('afterwards', desk.problems)
  }
  tally.note = `${high} of high risk by rules alone`
}

function wrongWith(item: ApprovalItem): readonly string[] {
  const { type, title, description, requester, approvers, amount, currency, priority, consequence, data } = item
  const asked = { type, title, description, requester, approvers, amount, currency, priority, consequence, data }
  const floor = assess(asked as never).risk_floor
  const { summary } = item
  const problems: string[] = []
  if (summary.state !== 'ready') problems.push(`its summary is ${summary.state}: ${summary.reason}`)
  if (item.risk_floor !== floor) problems.push(`the floor is ${item.risk_floor} instead of ${floor}`)
  if (maxRisk(item.risk, floor) !== item.risk) problems.push(`the risk is ${item.risk}, below ${floor}`)
  if (item.status !== 'pending') problems.push(`it is ${item.status}`)
  for (const text of [summary.summary, summary.impact]) {
    const found = unseen.exec(text)
    if (found) problems.push(`unseen in its summary: U+${found[0].codePointAt(0)!.toString(16)}`)
    if (text.length > 400) problems.push(`a summary of ${text.length} characters`)
  }
  return problems
}

/** The payload stood between its markers alone, and nowhere else in what the model was sent. */
function wrongWithPrompt({ ollama }: Desk, from: number, { text }: Payload): readonly string[] {
  const problems: string[] = []
  for (const { path, json, headers } of ollama.requests.slice(from)) {
    const messages = (json.messages ?? []) as readonly { readonly role: string; readonly content: string }[]
    if (path !== '/api/chat' || messages.length === 0) continue
    const [system, user] = messages
    const framed = /^([0-9a-f]{32})\n[^\n]*\n\1$/.exec(user?.content ?? '')
    if (framed === null || !system?.content.includes(framed[1]!)) problems.push('the payload is not between its markers')
    if (text.length > 20 && system?.content.includes(text)) problems.push('the payload is in the instructions')
    if (messages.length !== 2 || json.tools !== undefined || headers.origin !== undefined)
      problems.push('the model was sent more than that')
  }
  return problems
}
