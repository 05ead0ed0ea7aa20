import type { Sentences } from '../../shared/words/said.ts'
import { card } from './said-card.ts'
import { check } from './said-checks.ts'
import { model } from './said-model.ts'
import { policy } from './said-policy.ts'
import { stage, timeline } from './said-timeline.ts'

/** What the application says to people, in German: each sentence that the English has, with the same values. */
export const sentences: Sentences = { ...card, check, model, policy, stage, timeline }
