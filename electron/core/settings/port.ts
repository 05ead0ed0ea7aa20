import type { Document } from 'yaml'
import type { RetentionRules } from '../../../shared/contract/erasure.ts'
import type { Failure, ProblemEntry } from '../../../shared/contract/errors.ts'
import type { SavedFilter } from '../../../shared/contract/filters.ts'
import type { SettingsInput } from '../../../shared/contract/settings.ts'
import type { Person } from '../../../shared/model/actor.ts'
import type { Language } from '../../../shared/model/language.ts'
import type { Result } from '../../../shared/model/result.ts'
import type { Action } from '../channels/port.ts'
import type { Clock } from '../clock.ts'
import type { AlertsConfig } from './alerts-schema.ts'
import type { Hook } from './hooks-schema.ts'
import type { PeopleConfig } from './people-schema.ts'

/** `config.yaml`, parsed and frozen. Every member has a default; the file may be missing. */
export type Config = PeopleConfig & {
  readonly owner: Person | null
  /** What notifications, tray and menus speak, and what the model is asked to write. Each page has its reader's own. */
  readonly language: Language
  readonly http: {
    readonly port: number
    /** Host names besides 127.0.0.1, localhost and [::1] that may be asked for, exact. */
    readonly hosts: readonly string[]
  }
  readonly limits: {
    /** Token bucket of each submitting credential. */
    readonly requests_per_minute: number
    readonly burst: number
    readonly body_bytes: number
    /** Above this many pending approvals new requests are refused. */
    readonly pending: number
  }
  readonly model: { readonly enabled: boolean; readonly host: string; readonly name: string }
  readonly notifications: { readonly new_requests: boolean; readonly deadlines: boolean }
  /** By request type: what is done once approved. */
  readonly actions: Readonly<Record<string, Action>>
  readonly undo: { readonly seconds: number }
  readonly deliveries: { readonly timeout_seconds: number }
  /** By the name in the address `POST /hooks/{name}`: how any JSON becomes a request. */
  readonly hooks: Readonly<Record<string, Hook>>
  /** When people are interrupted; `webhook` is where operators are told, by POST, that a run needs review. */
  readonly alerts: AlertsConfig
  /** Lists that were saved under a name, in the order in which they are shown. */
  readonly filters: readonly SavedFilter[]
  /** How long what requests said is kept after their end, and what is kept whatever that says. */
  readonly retention: RetentionRules
}

/** The home's settings. Files stay hand-editable: writing keeps comments, and what is edited by hand is in force without a restart. */
export interface Settings {
  readonly config: Config
  /** What is wrong with `config.yaml` as it stands on disk; the last good one is in force then. None when it is the one in force. */
  readonly problems: readonly ProblemEntry[]
  /**
   * Writes the change to `config.yaml` and makes it current; names the dotted paths that changed. `record` journals them before they
   * take effect: what it refuses is put back.
   */
  update(change: SettingsInput, record?: RecordChange): Promise<Result<readonly string[], Failure>>
  /** The same for any change of the document. */
  edit(change: DocumentChange, record?: RecordChange): Promise<Result<readonly string[], Failure>>
  /** Reads `config.yaml` again at once; what it has become is in force unless it has problems, which are answered. */
  reload(): Promise<readonly ProblemEntry[]>
  /** Looks every two seconds whether `config.yaml` was edited by hand, and journals what was before it takes effect. Returns its undo. */
  watch(deps: { readonly clock: Clock; readonly record?: RecordChange }): () => void
  onChange(listener: (config: Config) => void): () => void
  /** Told when `config.yaml` is broken by hand, in another way, or no more. */
  onProblems(listener: () => void): () => void
  /** The line of `config.yaml` on which a member stands; null where it does not. */
  lineOf(path: readonly string[]): number | null
}

/** Journals a change of settings, by the dotted paths that changed. `after` is what will be in force. */
export type RecordChange = (paths: readonly string[], after: Config) => Promise<Result<null, Failure>>

/** Changes the document in place, given what it says now. Answers whether anything was changed, or why nothing may be. */
export type DocumentChange = (document: Document, config: Config) => Result<boolean, Failure>

/** A settings file that cannot be used: every problem at once, with line and column in the message. */
export class SettingsError extends Error {
  readonly file: string
  readonly problems: readonly ProblemEntry[]
  constructor(file: string, problems: readonly ProblemEntry[]) {
    super(`${file} has ${problems.length} problem(s):\n${problems.map((p) => `  ${p.pointer || '/'}: ${p.message}`).join('\n')}`)
    this.name = 'SettingsError'
    this.file = file
    this.problems = problems
  }
}
