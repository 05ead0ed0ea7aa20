/** A model as the fake has it installed. */
export type FakeModel = {
  readonly name: string
  readonly digest?: string
  readonly capabilities?: readonly string[]
  readonly remote_host?: string
  /** Named in its entry without a host. */
  readonly remote_model?: string
  /** Named where its details are asked for, and nowhere else. */
  readonly shown_remote_host?: string
  readonly context_length?: number
}

const details = {
  parent_model: '',
  format: 'gguf',
  family: 'llama',
  families: ['llama'],
  parameter_size: '3.2B',
  quantization_level: 'Q4_K_M',
}

/** Model names compare without case; a missing tag is `latest`. */
export function fullName(name: string): string {
  const lower = name.toLowerCase().replace(/:local$/, '')
  return /:[^/]*$/.test(lower) ? lower : `${lower}:latest`
}

const digestOf = (model: FakeModel): string => model.digest ?? 'a80c4f17acd55265feec403c7aef86be0c25983ab279d83f3bcd3abbcb5b8b72'

/** An entry of `GET /api/tags`. An old server knows no capabilities. */
export function tagEntry(model: FakeModel, old: boolean): Record<string, unknown> {
  return {
    name: fullName(model.name),
    model: fullName(model.name),
    modified_at: '2026-05-04T17:37:44.706015396-07:00',
    size: 2019393189,
    digest: digestOf(model),
    details,
    ...(old || model.shown_remote_host ? {} : { capabilities: model.capabilities ?? ['completion', 'tools'] }),
    ...(model.remote_host === undefined ? {} : { remote_host: model.remote_host, remote_model: model.name }),
    ...(model.remote_model === undefined ? {} : { remote_model: model.remote_model }),
  }
}

/** An entry of `GET /api/ps`. */
export function loadedEntry(model: FakeModel): Record<string, unknown> {
  return {
    name: fullName(model.name),
    model: fullName(model.name),
    size: 5137025024,
    digest: digestOf(model),
    details,
    expires_at: '2026-06-04T14:38:31.83753-07:00',
    size_vram: 0,
    context_length: model.context_length ?? 8192,
  }
}

/** The answer of `POST /api/show`. */
export function showEntry(model: FakeModel, old: boolean): Record<string, unknown> {
  return {
    details,
    model_info: { 'general.architecture': 'llama', 'llama.context_length': 131072 },
    modified_at: '2026-05-04T17:37:44.706015396-07:00',
    ...(old ? {} : { capabilities: model.capabilities ?? ['completion', 'tools'] }),
    ...((model.remote_host ?? model.shown_remote_host) ? { remote_host: model.remote_host ?? model.shown_remote_host } : {}),
  }
}

/** JSON as Go writes it. */
export const goJson = (value: unknown): string =>
  JSON.stringify(value).replaceAll('<', '\\u003c').replaceAll('>', '\\u003e').replaceAll('&', '\\u0026')
