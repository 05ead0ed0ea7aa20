import type { RouterDeps } from './deps.ts'
import { anySignal, os, take } from './os.ts'

/** The local model: whether it is there, fetching one, trying it out. */
export function modelHandlers({ model }: RouterDeps) {
  return {
    status: os.model.status.handler(() => model.status()),
    pull: os.model.pull.handler(({ input }) => take(model.pull(input.name))),
    cancel: os.model.cancel.handler(() => ({
      message: model.cancel() ? 'It was stopped. What is here already is kept.' : 'Nothing is being fetched.',
    })),
    test: os.model.test.handler(async ({ context, signal }) => await model.test(anySignal(signal, context.signal))),
  }
}
