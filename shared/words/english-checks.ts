type Failed = { readonly problems: string }

const installed = (names: readonly string[]): string => (names.length === 0 ? '' : `Installed: ${names.join(', ')}.`)

/** What is looked at, one name each. */
const names = {
  node: () => 'Node',
  home: () => 'Home folder',
  space: () => 'Disk space',
  settings: () => 'Settings',
  policy: () => 'Policy',
  journal: () => 'Journal',
  database: () => 'Database',
  summaries: () => 'Summaries',
}

/** What was found, and what to do about it. */
export const check = {
  ...names,
  broken: ({ problem }: { readonly problem: string }) => `It could not be checked: ${problem}`,
  node_good: ({ version }: { readonly version: string }) => `Node ${version}`,
  node_old: ({ version }: { readonly version: string }) => `Node ${version} is too old.`,
  fix_node: ({ version }: { readonly version: string }) => `Install Node ${version} or newer.`,
  home_good: ({ home }: { readonly home: string }) => home,
  home_locked: ({ home, code }: { readonly home: string; readonly code: string }) => `${home} cannot be written (${code}).`,
  fix_home: () => 'Make the folder readable and writable for this account.',
  space_free: ({ mebibytes }: { readonly mebibytes: number }) =>
    mebibytes >= 1024 ? `${(mebibytes / 1024).toFixed(1)} GiB free` : `${mebibytes} MiB free`,
  fix_space_now: () => 'Free some space: on a full disk new requests are refused.',
  fix_space: () => 'Free some space before the disk is full.',
  settings_good: ({ owner }: { readonly owner: string }) => `config.yaml is valid; the owner is ${owner}.`,
  settings_bad: ({ problems }: Failed) => `config.yaml cannot be used, what was in force before still is: ${problems}.`,
  fix_settings: () => 'Correct config.yaml; it is read again by itself.',
  no_owner: () => 'Nobody owns this inbox yet.',
  fix_owner: () => 'Enter your name and e-mail in the settings.',
  policy_good: ({ version, rules }: { readonly version: string; readonly rules: number }) =>
    `policy.yaml is valid: version ${version}, ${rules} ${rules === 1 ? 'rule' : 'rules'}.`,
  policy_bad: ({ problems }: Failed) => `policy.yaml cannot be used, what was in force before still is: ${problems}.`,
  fix_policy: () => 'Run: countersign policy check. Correct policy.yaml; it is read again by itself.',
  journal_good: ({ records, behind }: { readonly records: number; readonly behind: number }) =>
    `${records} records are on disk${behind > 0 ? `, ${behind} are being written` : ''}.`,
  journal_locked: ({ why }: { readonly why: string }) => `Nothing can be stored: ${why}`,
  fix_journal: () => 'Solve the cause, then start Countersign again.',
  database_good: () => 'It has everything the journal has.',
  database_behind: ({ records }: { readonly records: number }) => `It is ${records} records behind the journal.`,
  database_anew: ({ applied, total }: { readonly applied: number; readonly total: number }) =>
    `It is being computed anew: ${applied} of ${total} records.`,
  database_broken: ({ problem }: { readonly problem: string }) => problem,
  fix_wait: () => 'Wait until it is done.',
  fix_database: () => 'Run: countersign rebuild',
  summaries_off: () => 'Summaries by a model are switched off; those made by rules are shown.',
  summaries_good: ({ model, version, sent_to }: Ready) =>
    `${model} on Ollama ${version}${sent_to === null ? '' : `; requests are sent to ${sent_to} for it`}`,
  installed: ({ models }: { readonly models: readonly string[] }) => installed(models),
  by_rules: () => 'Summaries are made by rules meanwhile.',
} as const

type Ready = { readonly model: string; readonly version: string; readonly sent_to: string | null }
