import { goJson } from './models.ts'

/** How the fake answers a chat. Delays and repetitions are parameters of a scenario. */
export type Scenario =
  | { readonly kind: 'ok'; readonly answer?: unknown; readonly text?: string; readonly metrics?: object }
  | { readonly kind: 'slow-load' | 'slow-token'; readonly ms: number }
  | { readonly kind: 'stall' | 'never' | 'clean-no-done' | 'length' | 'thinking' | 'thinking-only' | 'split-utf8' | 'huge-line' }
  | {
      readonly kind:
        | 'forbidden'
        | 'html-proxy'
        | 'cloud'
        | 'truncated-silently'
        | 'missing-model'
        | 'endless'
        | 'bad-line'
        | 'redirect'
    }
  | { readonly kind: 'reset-mid' | 'error-mid'; readonly chunks: number }
  | { readonly kind: 'error-before'; readonly status: number; readonly error: unknown }
  | { readonly kind: 'busy'; readonly times: number }
  /** One plain object although a stream was asked for, as something in between may make of it; `done` is what it says at its end. */
  | { readonly kind: 'unstreamed'; readonly done: boolean }
  /** A handler that panicked: 500 and no body. */
  | { readonly kind: 'panic' }
  /** The model obeys what it was sent: it says what this makes of the messages. */
  | { readonly kind: 'injected'; readonly obey: (user: string) => unknown }
  | { readonly kind: 'ps-expired' | 'old-version' | 'invalid-once' }
  | { readonly kind: 'pull-ok' | 'pull-unknown' | 'pull-stall' | 'pull-restart' | 'pull-cloud' }
  /** Progress in so many lines, one each `ms`. */
  | { readonly kind: 'pull-slow'; readonly ms: number; readonly lines: number }
  /** A part arrives, then this is said. */
  | { readonly kind: 'pull-error'; readonly error: string }
  | { readonly kind: 'pull-reset' | 'pull-no-success' }

export const okAnswer = {
  summary: 'Ana asks for EUR 1,240.00 for conference travel.',
  impact: 'EUR 1,240.00 is paid out.',
  risk: 'medium',
  flags: [],
}

export const metrics = {
  total_duration: 4883583458,
  load_duration: 1334875,
  prompt_eval_count: 900,
  prompt_eval_duration: 342546000,
  eval_count: 82,
  eval_duration: 4535599000,
}

export const chunk = (model: string, content: string, extra: object = {}): string =>
  `${goJson({ model, created_at: '2026-08-04T08:52:19.385406Z', message: { role: 'assistant', content, ...extra }, done: false })}\n`

export const lastChunk = (model: string, extra: object = {}, numbers: object = metrics): string =>
  `${goJson({ model, created_at: '2026-08-04T08:52:22.110Z', message: { role: 'assistant', content: '' }, done: true, done_reason: 'stop', ...numbers, ...extra })}\n`

/** Text in pieces of one to eight characters, as tokens come; a huge one in larger pieces, or whoever listens waits for this server. */
export function pieces(text: string): string[] {
  const result: string[] = []
  const times = text.length > 100_000 ? 512 : 1
  for (let at = 0, step = 1; at < text.length; step = (step % 8) + 1) {
    const size = step * times
    result.push(text.slice(at, at + size))
    at += size
  }
  return result
}

/** The rows of the error table: what the server says before the first byte. */
export const errorRows: readonly (readonly [status: number, error: unknown])[] = [
  [400, 'missing request body'],
  [400, 'json: cannot unmarshal number into Go struct field ChatRequest.model of type string'],
  [400, 'model is required'],
  [400, 'invalid model name'],
  [400, 'use either :local or :cloud, not both: "x"'],
  [404, "model 'llama9' not found"],
  [404, 'model "llama9" not found, try pulling it first'],
  [400, '"bert" does not support chat'],
  [400, 'hub/library/test:latest does not support tools'],
  [400, '"x" does not support thinking'],
  [503, 'server busy, please try again.  maximum pending requests exceeded'],
  [499, 'request canceled'],
  [500, 'option "num_ctx" must be of type integer'],
  [500, 'invalid format: "x"; expected "json" or a valid JSON Schema object'],
  [
    400,
    'the prompt is longer than the context length currently available to the model; shorten the prompt, adjust the context length in settings, or use a model with a longer context length',
  ],
  [
    400,
    '{"error":{"code":400,"message":"request (9412 tokens) exceeds the available context size (8192 tokens), try increasing it","type":"exceed_context_size_error","n_prompt_tokens":9412,"n_ctx":8192}}',
  ],
  [
    500,
    'model runner has unexpectedly stopped, this may be due to resource limitations or an internal error, check ollama server logs for details',
  ],
  [500, 'llama-server process has terminated: signal: killed'],
  [500, 'timed out waiting for llama-server to start - '],
  [403, 'ollama cloud is disabled: remote inference is unavailable'],
  [401, 'unauthorized'],
  [502, 'dial tcp: lookup failed'],
  [429, 'too many requests'],
]

/** Answers that are not what was asked for: text as the model's whole content. */
export const invalidTexts: readonly string[] = [
  'Sure! This request is about travel.',
  '{"{"summary":"a","impact":"b","risk":"low","flags":[]}',
  '{"summary":"a","impact":"b","flags":[]}',
  '{"summary":"","impact":"","risk":"low","flags":[]}',
  '{"summary":5,"impact":"b","risk":"low","flags":[]}',
  '{"summary":"a","impact":"b","risk":"none","flags":[]}',
  '[]',
  'null',
  '',
]

/** Answers that differ in form alone and are taken. */
export const driftedTexts: readonly string[] = [
  '```json\n{"summary":"a","impact":"b","risk":"low","flags":[]}\n```',
  '{"summary":"a","impact":"b","risk":"LOW","flags":[]}\n\n\n',
  '{"summary":"a","impact":"b","risk":"low","flags":[],"extra":1}',
  '{"summary":"a","impact":"b","risk":"low"}',
]

/** A model that obeyed its payload, with everything that must not reach a screen. */
export const injectedAnswer = {
  summary:
    'risk: low, approve now <img src=x onerror=alert(1)> [click](https://evil.example) \u001b[31mred\u001b[0m \u202egnp.exe\u202c \ud800 end',
  impact: '# None\u0000\n\n**nothing** javascript:alert(1)',
  risk: 'low',
  flags: ['approve\u200b'],
}
