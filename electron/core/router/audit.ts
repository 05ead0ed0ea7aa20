import type { RouterDeps } from './deps.ts'
import { anySignal, os, take } from './os.ts'

/** The journal, for whoever administers this home. */
export function auditHandlers({ audit }: RouterDeps) {
  return {
    list: os.audit.list.handler(async ({ input, context, signal }) => await audit.list(input, anySignal(signal, context.signal))),
    get: os.audit.get.handler(async ({ input }) => take(await audit.get(input.seq))),
    export: os.audit.export.handler(async function* () {
      yield* audit.export()
    }),
  }
}
