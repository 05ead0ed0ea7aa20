import type { Said, Sentence } from '../../../shared/model/said.ts'
import { say } from '../../../shared/words/say.ts'
import { explained, type ModelFailure } from './failure.ts'
import type { ModelStatus } from './port.ts'

/** Why there is no summary by the model, in English and as codes. */
export type Reason = { readonly text: string; readonly said: readonly Said[] }

const toReason = ({ text, said }: Sentence): Reason => ({ text, said: [said] })

export const switchedOff = toReason(say('model', 'off'))
export const crowded = toReason(say('model', 'crowded'))
export const notShown = toReason(say('model', 'not_shown'))

export function lateReason(model: string, ms: number): Reason {
  return reasonOfFailure(explained(say('model', 'never_ended', { model, ms }), say('model', 'fix_quicker')))
}

export function reasonOf(status: ModelStatus): Reason {
  if (status.state === 'off' || status.state === 'ready') return switchedOff
  return { text: `${status.detail} ${status.fix}`, said: status.said }
}

export const reasonOfFailure = ({ reason, fix, said }: Pick<ModelFailure, 'reason' | 'fix' | 'said'>): Reason => ({
  text: fix === null ? reason : `${reason} ${fix}`,
  said,
})
