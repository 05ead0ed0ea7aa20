type Model = { readonly model: string }
type Host = { readonly host: string }
type Words = { readonly words: string }
type Late = Model & { readonly ms: number }

const seconds = (ms: number): string => `${Math.round(ms / 1000)} s`

/** Why a model said nothing usable, or what to know about what it said. */
const reasons = {
  off: () => 'Summaries by a model are switched off.',
  crowded: () => 'Too many requests wait for the model already.',
  not_shown: () => 'The request could not be shown to the model.',
  half_read: () => 'The model may not have read the whole request.',
  unreachable: ({ host }: Host) => `Ollama is not running at ${host}.`,
  no_address: ({ host }: Host) => `“${host}” is no address of an Ollama.`,
  not_ollama: () => 'What answers at this address is not Ollama.',
  not_allowed: () => 'Ollama does not take requests from here.',
  missing: ({ model }: Model) => `Model ${model} is not installed.`,
  hosted: ({ model }: Model) => `${model} runs on a hosted service, and requests stay on this machine.`,
  cannot_chat: ({ model }: Model) => `${model} cannot chat.`,
  too_old: () => 'This Ollama is too old for structured answers.',
  busy: () => 'Ollama has too much to do.',
  too_long: ({ model }: Model) => `The request does not fit into the context of ${model}.`,
  crashed: ({ model, words }: Model & Words) => `Ollama could not run ${model}: ${words}`,
  error: ({ status, words }: Words & { readonly status: number }) =>
    `Ollama answered with an error${status === 0 ? '' : ` (${status})`}${words === '' ? '.' : `: ${words}`}`,
  not_asked: ({ words }: Words) => `Ollama could not be asked: ${words}`,
  unfinished: ({ model }: Model) => `${model} did not come to the end of its answer.`,
  cut: () => 'Ollama ended in the middle of the answer.',
  broke_off: () => 'The connection to Ollama broke off.',
  other_form: ({ model }: Model) => `${model} did not answer in the form that was asked for.`,
  no_json: () => 'Ollama sent a line that is no JSON.',
  too_much: ({ model }: Model) => `${model} wrote far more than was asked for.`,
  never_began: ({ model, ms }: Late) => `${model} did not begin to answer within ${seconds(ms)}.`,
  never_ended: ({ model, ms }: Late) => `${model} did not finish within ${seconds(ms)}.`,
  stopped: ({ model, ms }: Late) => `${model} stopped in the middle of its answer for ${seconds(ms)}.`,
  not_wanted: () => 'The summary is not wanted any more.',
}

/** What to do about it. */
const fixes = {
  fix_start: () => 'Start Ollama, or look at the host in the settings.',
  fix_host: () => 'Look at the host in the settings.',
  fix_address: () => 'Look at the address in the settings.',
  fix_origins: () => 'Look at OLLAMA_HOST and OLLAMA_ORIGINS where Ollama is started.',
  fix_pull: ({ model }: Model) => `Run: ollama pull ${model}`,
  fix_local: () => 'Choose a model that is installed here.',
  fix_other: () => 'Choose another model in the settings.',
  fix_newer: () => 'Install a newer Ollama.',
  fix_later: () => 'It is tried again with the next request.',
  fix_context: () => 'Choose a model with a larger context.',
  fix_smaller: () => 'The model may be too large for this machine: choose a smaller one.',
  fix_quicker: () => 'A smaller model answers sooner.',
  fix_terser: () => 'Another model may be terser.',
}

/** Why a model could not be fetched, and what to do. */
const pulling = {
  pull_silent: ({ ms }: { readonly ms: number }) => `Nothing came for ${seconds(ms)}.`,
  pull_cut: () => 'Ollama ended in the middle of it.',
  pull_disk_full: () => 'The disk is full.',
  pull_newer: ({ model }: Model) => `${model} needs a newer Ollama.`,
  pull_unknown: ({ model }: Model) => `There is no model called ${model}.`,
  pull_not_here: ({ model }: Model) => `${model} is not a model for this machine.`,
  pull_offline: () => 'Ollama could not reach where models come from.',
  pull_fix_network: () => 'Look at this machine’s network, then go on.',
  pull_fix_kept: () => 'Go on: what is here already is kept.',
  pull_fix_room: () => 'Make room, then go on: what is here already is kept.',
  pull_fix_newer: () => 'Install a newer Ollama, then try again.',
  pull_fix_name: () => 'Look at how its name is written.',
  pull_fix_other: () => 'Choose another model.',
  pull_fix_start: () => 'Start Ollama, then go on.',
  pull_fix_again: () => 'Try again.',
}

export const model = { ...reasons, ...fixes, ...pulling } as const
