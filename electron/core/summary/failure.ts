import type { Said, Sentence } from '../../../shared/model/said.ts'
import { say } from '../../../shared/words/say.ts'

/** Why a model said nothing usable. `fix` is what a person can do, where there is anything. */
export type ModelFailure = {
  readonly code: ModelFailureCode
  readonly reason: string
  readonly fix: string | null
  /** Which sentences the two are. */
  readonly said: readonly Said[]
}

export type ModelFailureCode =
  | 'unreachable'
  | 'model-missing'
  | 'cloud-refused'
  | 'not-allowed'
  | 'cannot-chat'
  | 'too-old'
  | 'busy'
  | 'too-long'
  | 'model-crashed'
  | 'timeout'
  | 'cut'
  | 'too-large'
  | 'invalid-answer'
  | 'refused'
  | 'aborted'

/** Thrown inside the adapter alone; its edge turns it into a result. */
export class ModelError extends Error {
  readonly failure: ModelFailure
  constructor(code: ModelFailureCode, reason: Sentence, fix: Sentence | null = null, cause?: unknown) {
    super(reason.text, { cause })
    this.name = 'ModelError'
    this.failure = { code, ...explained(reason, fix) }
  }
}

/** A reason and what to do about it, in English and as codes. */
export const explained = (reason: Sentence, fix: Sentence | null) => ({
  reason: reason.text,
  fix: fix?.text ?? null,
  said: [reason.said, ...(fix === null ? [] : [fix.said])],
})

/** What a status and a text of Ollama's mean. Texts change between releases: the status and a part of the text decide. */
export function failureOf(status: number, text: string, model: string): ModelError {
  const said = text.replace(/\s+/g, ' ').trim().slice(0, 200)
  const has = (...parts: string[]) => parts.some((part) => text.toLowerCase().includes(part))
  if (status === 404 && has('model')) return missing(model)
  if (status === 403 && said === '') {
    return new ModelError('not-allowed', say('model', 'not_allowed'), say('model', 'fix_origins'))
  }
  if (status === 401 || (status === 403 && has('cloud')) || has('ollama cloud')) return cloudRefused(model)
  if (status === 429 || status === 503 || has('server busy')) {
    return new ModelError('busy', say('model', 'busy'), say('model', 'fix_later'))
  }
  if (status >= 400 && status < 500 && has('context') && has('exceed', 'too large', 'longer', 'too long')) {
    return new ModelError('too-long', say('model', 'too_long', { model }), say('model', 'fix_context'))
  }
  if (has('does not support chat'))
    return new ModelError('cannot-chat', say('model', 'cannot_chat', { model }), say('model', 'fix_other'))
  if (has('cannot unmarshal object', 'invalid format')) {
    return new ModelError('too-old', say('model', 'too_old'), say('model', 'fix_newer'))
  }
  if (
    has(
      'unexpectedly stopped',
      'unexpected eof',
      'terminated',
      'timed out waiting',
      'out of memory',
      'error was encountered while running',
    )
  ) {
    return new ModelError('model-crashed', say('model', 'crashed', { model, words: said }), say('model', 'fix_smaller'))
  }
  return new ModelError('refused', say('model', 'error', { status, words: said }))
}

export const missing = (model: string): ModelError =>
  new ModelError('model-missing', say('model', 'missing', { model }), say('model', 'fix_pull', { model }))

export const cloudRefused = (model: string): ModelError =>
  new ModelError('cloud-refused', say('model', 'hosted', { model }), say('model', 'fix_local'))
