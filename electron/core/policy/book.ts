import { realpath } from 'node:fs/promises'
import { type Failure, failure, type ProblemEntry } from '../../../shared/contract/errors.ts'
import type { PolicyProblem, RulingView, SampleInput } from '../../../shared/contract/policy.ts'
import type { Actor } from '../../../shared/model/actor.ts'
import { fail, ok, type Result } from '../../../shared/model/result.ts'
import type { Clock } from '../clock.ts'
import { changeFile, FileUnsettled } from '../journal/atomic-file.ts'
import { fileStorage } from '../journal/file-storage.ts'
import type { Storage } from '../journal/port.ts'
import type { Log } from '../log.ts'
import { readOrCreate } from '../settings/config-file.ts'
import { SettingsError } from '../settings/port.ts'
import { type CompiledPolicy, compilePolicy, versionOf } from './compile.ts'
import { type Draft, decideMatter } from './decide.ts'
import { firstPolicy } from './first-policy.ts'
import { createForeign } from './foreign.ts'
import type { Matter, PastDecision, PolicyBook, PolicyRuling } from './port.ts'
import { type Names, settleRuling } from './settle.ts'
import { thresholdRules } from './threshold.ts'
import { toMatter, toRulingView } from './views.ts'

const pollMs = 2_000
/** A text that is the same so much later is not one that is being written. */
const settleMs = 300

export type PolicyBookDeps = Names & {
  readonly file: string
  readonly storage?: Storage
  readonly clock: Clock
  /** Journals a change of policy before it takes effect. */
  readonly record: (paths: readonly string[], changes: Record<string, unknown>, by: Actor) => Promise<Result<null, Failure>>
  readonly log: Pick<Log, 'warn'>
}

/** The book together with what opens and closes it. */
export interface OpenPolicyBook extends PolicyBook {
  /** Reads the file again at once; answers what is wrong with it. */
  reload(): Promise<readonly PolicyProblem[]>
  /** Looks every two seconds whether the file was edited by hand. */
  start(): void
  close(): void
}

/** Opens `policy.yaml`, writing a commented one at a first start. Throws `SettingsError` with every problem it has. */
export async function openPolicyBook(deps: PolicyBookDeps): Promise<OpenPolicyBook> {
  const storage = deps.storage ?? fileStorage
  const text = await readOrCreate(storage, deps.file, firstPolicy)
  return new PolicyFile({ ...deps, storage }, compilePolicy(deps.file, text))
}

const byHand: Actor = { kind: 'system', id: 'policy.yaml', name: 'Edited by hand', via: 'engine' }

class PolicyFile implements OpenPolicyBook {
  readonly #deps: PolicyBookDeps & { readonly storage: Storage }
  readonly #ask: ReturnType<typeof createForeign>
  #policy: CompiledPolicy
  /** The file as it is now: the text in force, or a newer one with problems. */
  #text: string
  #problems: readonly ProblemEntry[] = []
  #stopWatching: (() => void) | null = null
  /** One change after the other. */
  #last: Promise<unknown> = Promise.resolve()

  constructor(deps: PolicyBookDeps & { readonly storage: Storage }, policy: CompiledPolicy) {
    this.#deps = deps
    this.#ask = createForeign(deps.clock)
    this.#policy = policy
    this.#text = policy.text
  }

  get version(): string {
    return this.#policy.version
  }

  get selfApproval(): 'never' | 'sole_operator' {
    return this.#policy.value.self_approval
  }

  get graceMs(): number {
    return this.#policy.value.grace_minutes * 60_000
  }

  rule(matter: Matter): PolicyRuling {
    const { trace: _, ...ruling } = this.#settled(decideMatter(this.#policy, matter), matter)
    return ruling
  }

  view(): ReturnType<PolicyBook['view']> {
    const rules = [...this.#policy.rules].flatMap(([type, list]) => list.map(({ rule }) => ({ type, rule })))
    return {
      text: this.#text,
      version: versionOf(this.#text),
      path: this.#deps.file,
      problems: this.#problems.map(toPolicyProblem),
      self_approval: this.selfApproval,
      rules: [
        ...rules.map(({ type, rule }, index) => ({
          type,
          name: rule.name,
          when: rule.when,
          action: rule.action,
          line: this.#policy.lines[index] ?? null,
        })),
        ...thresholdRules(this.#policy.value),
      ],
    }
  }

  async check(text: string): Promise<Result<readonly PolicyProblem[], Failure>> {
    const answer = await this.#ask({ file: this.#deps.file, text, matters: [] })
    if (!answer.ok) return answer
    return ok('problems' in answer.value ? answer.value.problems.map(toPolicyProblem) : [])
  }

  async try(text: string | undefined, sample: SampleInput): Promise<Result<RulingView, Failure>> {
    const matter = toMatter(sample)
    let draft: Draft
    if (text === undefined || text === this.#policy.text) draft = decideMatter(this.#policy, matter)
    else {
      const answer = await this.#foreign(text, [matter])
      if (!answer.ok) return answer
      draft = answer.value[0]!
    }
    return ok(toRulingView(this.#settled(draft, matter), this.#deps.directory))
  }

  /** Whom it would have asked is not looked up: the people are others today. */
  replay(text: string | undefined, past: readonly PastDecision[]): Promise<Result<readonly PolicyRuling[], Failure>> {
    return this.#foreign(
      text ?? this.#policy.text,
      past.map(({ matter }) => matter),
    )
  }

  save(text: string, seen: string | undefined, by: Actor): Promise<Result<{ readonly version: string }, Failure>> {
    return this.#inTurn(() => this.#save(text, seen, by))
  }

  async reload(): Promise<readonly PolicyProblem[]> {
    await this.#inTurn(async () => this.#takeIn(await this.#textNow()))
    return this.#problems.map(toPolicyProblem)
  }

  start(): void {
    if (this.#stopWatching !== null) return
    const { clock } = this.#deps
    let undo = () => {}
    let stopped = false
    let changed: string | null = null
    const look = async (): Promise<void> => {
      await this.#inTurn(async () => {
        const text = await this.#textNow()
        if (stopped) return
        // An editor may be in the middle of writing: a text counts once it is the same twice.
        const settled = text === changed
        changed = text !== null && text !== this.#text && !settled ? text : null
        if (changed === null) await this.#takeIn(text)
      }).catch(() => undefined)
      if (!stopped) undo = clock.after(changed === null ? pollMs : settleMs, () => void look())
    }
    undo = clock.after(pollMs, () => void look())
    this.#stopWatching = () => {
      stopped = true
      undo()
    }
  }

  close(): void {
    this.#stopWatching?.()
    this.#stopWatching = null
  }

  async #save(text: string, seen: string | undefined, by: Actor): Promise<Result<{ readonly version: string }, Failure>> {
    const looked = await this.#asSeen(text, seen)
    if (!looked.ok) return looked
    const answer = await this.#foreign(text, [])
    if (!answer.ok) return answer
    // That took its time: somebody may have edited it meanwhile.
    const there = await this.#asSeen(text, seen)
    if (!there.ok) return there
    const before = there.value
    const { file, storage, record } = this.#deps
    const next = compilePolicy(file, text)
    try {
      const target = await realpath(file).catch(() => file)
      // What the journal does not tell of has not happened.
      const recorded = await changeFile(storage, target, {
        before,
        after: text,
        confirm: async () => (next.version === this.version ? ok(null) : record(['policy'], changesOf(next), by)),
      })
      if (!recorded.ok) return recorded
    } catch (error) {
      return fail(unwritable(file, error as NodeJS.ErrnoException))
    }
    this.#putInForce(next)
    return ok({ version: next.version })
  }

  /** What the file says now, unless that is neither what was seen nor what it is to say. */
  async #asSeen(text: string, seen: string | undefined): Promise<Result<string | null, Failure>> {
    const now = await this.#textNow()
    if (now === null || seen === undefined || seen === versionOf(now) || now === text) return ok(now)
    const current = versionOf(now)
    return fail(failure('stale-version', 'The policy has changed since you opened it. Look at it again.', { current }))
  }

  /** Puts what was edited by hand in force, once it is recorded; a text with problems is only shown. */
  async #takeIn(text: string | null): Promise<void> {
    if (text === null || (text === this.#text && this.#problems.length === 0)) return
    try {
      const next = compilePolicy(this.#deps.file, text)
      const recorded = next.version === this.version ? ok(null) : await this.#deps.record(['policy'], changesOf(next), byHand)
      if (recorded.ok) this.#putInForce(next)
      else this.#problems = [{ pointer: '', message: `the change could not be recorded: ${recorded.failure.message}` }]
    } catch (error) {
      if (!(error instanceof SettingsError)) throw error
      if (text !== this.#text)
        this.#deps.log.warn({ file: this.#deps.file }, 'the edited policy has problems; the last good one is in force')
      this.#text = text
      this.#problems = error.problems
    }
  }

  #putInForce(next: CompiledPolicy): void {
    this.#policy = next
    this.#text = next.text
    this.#problems = []
  }

  /** Null with a problem noted: it cannot be read right now. */
  async #textNow(): Promise<string | null> {
    try {
      return (await this.#deps.storage.readFile(this.#deps.file)).toString('utf8').replace(/^\ufeff/, '')
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException
      this.#problems = [{ pointer: '', message: code === 'ENOENT' ? 'is not there any more' : `cannot be read: ${message}` }]
      return null
    }
  }

  /** One draft for each matter, by a text that need not be in force. */
  async #foreign(text: string, matters: readonly Matter[]): Promise<Result<readonly Draft[], Failure>> {
    const answer = await this.#ask({ file: this.#deps.file, text, matters })
    if (!answer.ok) return answer
    return 'problems' in answer.value ? fail(unusable(answer.value.problems)) : ok(answer.value.drafts)
  }

  #settled<T extends PolicyRuling>(ruling: T, matter: Matter): T {
    return settleRuling(ruling, matter, this.#deps)
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work)
    this.#last = result.catch(() => undefined)
    return result
  }
}

const changesOf = ({ version, text }: CompiledPolicy) => ({ policy: { version, text } })

/** A settings file's problem says line and column in its text; a policy's has them as numbers. */
function toPolicyProblem({ pointer, message }: ProblemEntry): PolicyProblem {
  const place = /^line (\d+), column (\d+): /.exec(message)
  if (!place) return { line: null, column: null, pointer, message }
  return { line: Number(place[1]), column: Number(place[2]), pointer, message: message.slice(place[0].length) }
}

const unusable = (problems: readonly ProblemEntry[]): Failure => {
  const what = problems.map(({ pointer, message }) => `${pointer || '/'}: ${message}`).join('; ')
  return failure('invalid-input', `This policy cannot be used: ${what}`, { errors: problems })
}

function unwritable(file: string, error: NodeJS.ErrnoException): Failure {
  const { code, message } = error
  if (error instanceof FileUnsettled) return failure('read-only', message)
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return failure('disk-full', `${file} could not be written: the disk is full. Nothing was changed.`)
  }
  return failure('read-only', `${file} could not be written (${message}). Nothing was changed.`)
}
