import type { FakeModel } from '../../support/fake-ollama/models.ts'
import {
  driftedTexts,
  errorRows,
  injectedAnswer,
  invalidTexts,
  okAnswer,
  type Scenario,
} from '../../support/fake-ollama/scenarios.ts'

/** One way in which an Ollama can behave, and how a request's summary ends then. */
export type Trouble = {
  readonly name: string
  readonly scenario: Scenario
  readonly ends: 'ready' | 'failed'
  readonly models?: readonly FakeModel[]
  /** Nobody listens at its address. */
  readonly refused?: true
  /** How the download of the same model ends, where one is tried. */
  readonly pull?: 'done' | 'failed' | 'running'
}

const ready = (name: string, scenario: Scenario, more: object = {}): Trouble => ({ name, scenario, ends: 'ready', ...more })
const failed = (name: string, scenario: Scenario, more: object = {}): Trouble => ({ name, scenario, ends: 'failed', ...more })

const long = 1e8
const short = (text: unknown) => String(text).replace(/\s+/g, ' ').slice(0, 40)

/** Every scenario that a faithful fake offers, and each row of what a server says before the first byte. */
export const troubles: readonly Trouble[] = [
  ready('ok', { kind: 'ok' }),
  ready('ok, in one piece', { kind: 'unstreamed', done: true }),
  failed('ok, in one piece that says it is not done', { kind: 'unstreamed', done: false }),
  ready('slow-load', { kind: 'slow-load', ms: 60 }),
  failed('slow-load that does not end', { kind: 'slow-load', ms: long }),
  ready('slow-token', { kind: 'slow-token', ms: 2 }),
  failed('slow-token that drips for ever', { kind: 'slow-token', ms: long }),
  failed('stall', { kind: 'stall' }),
  failed('never', { kind: 'never' }),
  failed('refused', { kind: 'ok' }, { refused: true }),
  failed('reset-mid', { kind: 'reset-mid', chunks: 4 }),
  failed('reset at the first byte', { kind: 'reset-mid', chunks: 0 }),
  failed('clean-no-done', { kind: 'clean-no-done' }),
  failed('error-mid', { kind: 'error-mid', chunks: 4 }),
  ...errorRows.map(([status, error]) => failed(`error-before: ${status} ${short(error)}`, { kind: 'error-before', status, error })),
  failed('error-before: 500 without a body', { kind: 'panic' }),
  failed('length', { kind: 'length' }),
  ...invalidTexts.map((text) => failed(`invalid-json: ${short(text) || 'nothing'}`, { kind: 'ok', text })),
  ready('invalid-json once', { kind: 'invalid-once' }),
  ...driftedTexts.map((text) => ready(`schema-drift: ${short(text)}`, { kind: 'ok', text })),
  failed('schema-drift: a text of 1 MiB', { kind: 'ok', answer: { ...okAnswer, summary: 'x'.repeat(1024 * 1024) } }),
  ready('thinking', { kind: 'thinking' }),
  failed('thinking, and nothing else', { kind: 'thinking-only' }),
  ready('injected', { kind: 'ok', answer: injectedAnswer }),
  ready('split-utf8', { kind: 'split-utf8' }),
  failed('huge-line', { kind: 'huge-line' }),
  failed('endless', { kind: 'endless' }),
  failed('a line that is no JSON', { kind: 'bad-line' }),
  ready('busy, twice', { kind: 'busy', times: 2 }),
  failed('busy, always', { kind: 'busy', times: 0 }),
  failed('missing-model', { kind: 'missing-model' }),
  failed('no model at all', { kind: 'ok' }, { models: [] }),
  failed('forbidden', { kind: 'forbidden' }),
  failed('html-proxy', { kind: 'html-proxy' }),
  failed('a redirect', { kind: 'redirect' }),
  failed('cloud', { kind: 'cloud' }),
  failed('cloud, as its list says', { kind: 'ok' }, { models: [{ name: 'llama3.2', remote_host: 'https://hosted.example' }] }),
  ready('truncated-silently', { kind: 'truncated-silently' }),
  ready('ps-expired', { kind: 'ps-expired' }),
  failed('old-version', { kind: 'old-version' }),
  failed('a model that cannot chat', { kind: 'ok' }, { models: [{ name: 'llama3.2', capabilities: ['embedding'] }] }),
  ready('pull-ok', { kind: 'pull-ok' }, { models: [], pull: 'done' }),
  ready('pull-restart', { kind: 'pull-restart' }, { models: [], pull: 'done' }),
  failed('pull-unknown', { kind: 'pull-unknown' }, { models: [], pull: 'failed' }),
  failed('pull-stall', { kind: 'pull-stall' }, { models: [], pull: 'failed' }),
]
