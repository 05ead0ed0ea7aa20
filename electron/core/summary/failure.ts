/** Why a model said nothing usable. `fix` is what a person can do, where there is anything. */
export type ModelFailure = {
  readonly code: ModelFailureCode
  readonly reason: string
  readonly fix: string | null
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
  constructor(code: ModelFailureCode, reason: string, fix: string | null = null, cause?: unknown) {
    super(reason, { cause })
    this.name = 'ModelError'
    this.failure = { code, reason, fix }
  }
}

/** What a status and a text of Ollama's mean. Texts change between releases: the status and a part of the text decide. */
export function failureOf(status: number, text: string, model: string): ModelError {
  const said = text.replace(/\s+/g, ' ').trim().slice(0, 200)
  const has = (...parts: string[]) => parts.some((part) => text.toLowerCase().includes(part))
  if (status === 404 && has('model')) return missing(model)
  if (status === 403 && said === '') {
    return new ModelError(
      'not-allowed',
      'Ollama does not take requests from here.',
      'Look at OLLAMA_HOST and OLLAMA_ORIGINS where Ollama is started.',
    )
  }
  if (status === 401 || (status === 403 && has('cloud')) || has('ollama cloud')) return cloudRefused(model)
  if (status === 429 || status === 503 || has('server busy')) {
    return new ModelError('busy', 'Ollama has too much to do.', 'It is tried again with the next request.')
  }
  if (status >= 400 && status < 500 && has('context') && has('exceed', 'too large', 'longer', 'too long')) {
    return new ModelError(
      'too-long',
      `The request does not fit into the context of ${model}.`,
      'Choose a model with a larger context.',
    )
  }
  if (has('does not support chat'))
    return new ModelError('cannot-chat', `${model} cannot chat.`, 'Choose another model in the settings.')
  if (has('cannot unmarshal object', 'invalid format')) {
    return new ModelError('too-old', 'This Ollama is too old for structured answers.', 'Install a newer Ollama.')
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
    return new ModelError(
      'model-crashed',
      `Ollama could not run ${model}: ${said}`,
      'The model may be too large for this machine: choose a smaller one.',
    )
  }
  return new ModelError(
    'refused',
    `Ollama answered with an error${status === 0 ? '' : ` (${status})`}${said === '' ? '.' : `: ${said}`}`,
  )
}

export const missing = (model: string): ModelError =>
  new ModelError('model-missing', `Model ${model} is not installed.`, `Run: ollama pull ${model}`)

export const cloudRefused = (model: string): ModelError =>
  new ModelError(
    'cloud-refused',
    `${model} runs on a hosted service, and requests stay on this machine.`,
    'Choose a model that is installed here.',
  )
