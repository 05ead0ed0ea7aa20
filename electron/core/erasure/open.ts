import type { RetentionRules, RetentionView } from '../../../shared/contract/erasure.ts'
import type { Failure } from '../../../shared/contract/errors.ts'
import type { Actor } from '../../../shared/model/actor.ts'
import { ok, type Result } from '../../../shared/model/result.ts'
import { toInstant } from '../clock.ts'
import type { Settings } from '../settings/port.ts'
import { Erasures, type ErasuresDeps } from './erasures.ts'
import { Retention } from './retention.ts'
import { setRetention } from './settings.ts'

export type ErasingDeps = Omit<ErasuresDeps, 'rules'> & {
  readonly settings: Settings
  readonly log: ErasuresDeps['log'] & { error(details: object, message: string): void }
  /** Journals a change of settings before it takes effect. */
  readonly recordSettings: (
    paths: readonly string[],
    changes: Record<string, unknown>,
    actor: Actor,
  ) => Promise<Result<null, Failure>>
}

/** What is taken out, by hand and after its time. */
export type Erasing = {
  readonly erasures: Erasures
  readonly retention: Retention
  view(): RetentionView
  setRules(rules: RetentionRules, actor: Actor): Promise<Result<RetentionView, Failure>>
  start(): void
  stop(): Promise<void>
}

/** Joins erasing to the settings. `erasures` follows the journal from its first record on; the rest begins with `start`. */
export function openErasing(deps: ErasingDeps): Erasing {
  const { settings, clock, log, recordSettings } = deps
  const rules = (): RetentionRules => settings.config.retention
  const erasures = new Erasures({ ...deps, rules })
  const retention = new Retention({
    projection: {
      query: (ask) => deps.projection().query(ask),
      caughtUp: (seq) => deps.projection().caughtUp(seq),
    },
    durable: () => deps.journal().durable.seq,
    erasures,
    rules,
    clock,
    log,
  })
  const view = (): RetentionView => {
    const { days, types, hold } = rules()
    return { rules: { days, types, hold }, next_at: toInstant(retention.nextAt), unfinished: erasures.unfinished }
  }
  let stopListening = () => {}
  return {
    erasures,
    retention,
    view,
    async setRules(changed, actor) {
      const saved = await settings.edit(
        (document) => {
          setRetention(document, changed)
          return ok(true)
        },
        (paths) => recordSettings(paths, { retention: changed }, actor),
      )
      return saved.ok ? ok(view()) : saved
    },
    start() {
      let before = JSON.stringify(rules())
      stopListening = settings.onChange(() => {
        const now = JSON.stringify(rules())
        if (now !== before) retention.changed()
        before = now
      })
      erasures.start()
      retention.start()
    },
    async stop() {
      stopListening()
      await retention.stop()
      await erasures.stop()
    },
  }
}
