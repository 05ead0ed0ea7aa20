import { card } from './english-card.ts'
import { check } from './english-checks.ts'
import { model } from './english-model.ts'
import { policy } from './english-policy.ts'
import { stage, timeline } from './english-timeline.ts'

/** Every sentence by its area and name. */
export const english = { ...card, check, model, policy, stage, timeline } as const
