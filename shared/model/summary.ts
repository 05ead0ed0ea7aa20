import type { Said } from './said.ts'

export type Risk = 'low' | 'medium' | 'high'

const riskOrder: readonly Risk[] = ['low', 'medium', 'high']

/** The larger risk. The model can raise a floor and never lower it. */
export const maxRisk = (a: Risk, b: Risk): Risk => (riskOrder.indexOf(a) >= riskOrder.indexOf(b) ? a : b)

/** Where the model's summary is: asked and not yet here, here, given up, or no model wanted. */
export type SummaryState = 'waiting' | 'ready' | 'failed' | 'off'

/** Which sentences of ours a summary consists of; null where the words are a model's or the sender's. */
export type SummarySaid = {
  readonly summary: Said | null
  readonly impact: Said | null
  readonly reason?: readonly Said[] | undefined
}

/** What is said about an approval. Advice, never authority. `origin` says which of the two texts this is. */
export type Summary = {
  readonly state: SummaryState
  readonly origin: 'rules' | 'model'
  readonly summary: string
  readonly impact: string
  /** What the model thinks of the risk; null while only rules have spoken. */
  readonly risk: Risk | null
  readonly model: string | null
  /** Words of the summary that do not occur in the request: each number, name, host, path or date the model made up. */
  readonly unsupported: readonly string[]
  /** Why there is no model summary, or what to know about the one there is; null when there is nothing to say. */
  readonly reason: string | null
  /** How much of the request the model saw, in bytes. */
  readonly covered_bytes: number
  readonly total_bytes: number
  /** Absent in what older versions wrote. */
  readonly said?: SummarySaid | undefined
}
