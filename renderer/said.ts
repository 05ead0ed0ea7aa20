import type { ApprovalItem } from '../shared/model/approval.ts'
import type { Said } from '../shared/model/said.ts'
import { worded } from '../shared/words/said.ts'
import { sentences } from './language.ts'

/**
 * A sentence of the host's in the language of the page. What has no code was written by people or by an older version, and what the
 * catalogue does not have by a newer one: both are shown as they came.
 */
export const inWords = (text: string, said: Said | readonly Said[] | null | undefined): string =>
  (sentences && said && worded(said, sentences)) ?? text

type Item = Pick<ApprovalItem, 'risk_reasons' | 'risk_said' | 'consequence' | 'consequence_said' | 'summary'>

/** Why code calls it as risky as it does. */
export const riskReasonsOf = ({ risk_reasons, risk_said }: Pick<Item, 'risk_reasons' | 'risk_said'>): readonly string[] =>
  risk_reasons.map((reason, index) => inWords(reason, risk_said?.[index]))

/** What approving does. */
export const consequenceOf = ({ consequence, consequence_said }: Pick<Item, 'consequence' | 'consequence_said'>): string =>
  inWords(consequence, consequence_said)

export const summaryOf = ({ summary: { summary, said } }: Pick<Item, 'summary'>): string => inWords(summary, said?.summary)

/** Rules may say of the impact what approving does, word for word: then that is a sentence of ours where the other one is. */
export function impactOf({ summary: { impact, said, origin }, consequence, consequence_said }: Item): string {
  const isSame = origin === 'rules' && impact === consequence
  return inWords(impact, said?.impact ?? (isSame ? consequence_said : null))
}
