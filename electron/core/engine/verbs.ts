import type { NewEvent } from '../../../shared/model/event.ts'
import { toInstant } from '../clock.ts'
import type { ChildSpec } from './children.ts'
import { actionRetry, type Cleanup, type Walk } from './pass-deps.ts'
import { type ChildResult, type StepOptions, toMs } from './workflow.ts'

/* What a workflow's function may do besides steps and questions. */

/** The next message of a name; null once the time for it is up. */
export async function awaitSignal(walk: Walk, name: string, timeout: StepOptions['timeout']): Promise<unknown> {
  const { history, deps } = walk
  const call = history.nextCall(name)
  for (;;) {
    const wait = history.signal(name, call)
    if (wait.state === 'received') return walk.given(wait.came, wait.payload)
    if (wait.state === 'lapsed') return walk.given(wait.came, null)
    const { key } = wait
    if (wait.state === 'new') {
      if (!walk.isUpToDate && !(await walk.mayBegin())) return walk.wait()
      const due_at = timeout === undefined ? null : toInstant(deps.clock.now() + toMs(timeout))
      const awaited: NewEvent = { type: 'signal_awaited', ...walk.by(), data: { step: key, signal: name, due_at }, content: null }
      if (!walk.asks(awaited)) return walk.wait()
    } else if (wait.due_at !== null && wait.due_at <= deps.clock.now()) {
      const lapsed: NewEvent = { type: 'signal_lapsed', ...walk.by(), data: { step: key, signal: name }, content: null }
      if (!walk.commit('story', lapsed)) return walk.wait()
      continue
    }
    await walk.news(key)
  }
}

export async function sleep(walk: Walk, name: string, ms: number): Promise<void> {
  const { history, deps } = walk
  history.claim(name, 'sleep')
  if (!history.timer(name)) {
    if (!walk.isUpToDate && !(await walk.mayBegin())) return walk.wait()
    const due_at = toInstant(deps.clock.now() + ms)
    if (!walk.asks({ type: 'timer_set', ...walk.by(), data: { step: name, due_at }, content: null })) return walk.wait()
  }
  const { fired, due_at } = history.timer(name)!
  if (fired) return walk.given(fired, undefined)
  while (due_at > deps.clock.now()) await walk.news(name)
  if (!walk.commit('story', { type: 'timer_fired', ...walk.by(), data: { step: name }, content: null })) return walk.wait()
  return walk.given(history.timer(name)!.fired!, undefined)
}

/** Starts another workflow, and resolves when that has ended. */
export async function runChild(walk: Walk, spec: ChildSpec): Promise<ChildResult> {
  const { history, deps, run } = walk
  history.claim(spec.step, 'child')
  const kept = history.child(spec.step)
  if (kept?.result) return walk.given(kept.came, kept.result)
  if (!walk.may('story') || !(kept || walk.isUpToDate || (await walk.mayBegin()))) return walk.wait()
  const { begin, resume } = deps.children
  const events = walk.unlessImpossible(() => (kept ? resume(run, spec, kept.id) : begin(run, spec)))
  if (!events || (events.length > 0 && !walk.asks(...events))) return walk.wait()
  for (;;) {
    const ended = history.child(spec.step)
    if (ended?.result) return walk.given(ended.came, ended.result)
    await walk.news(spec.step)
  }
}

/** Keeps what is done should the run be cancelled; `keep` is told once it is in the records. */
export function registerCleanup(walk: Walk, cleanup: Cleanup, keep: (cleanup: Cleanup) => void): void {
  const { name } = cleanup
  walk.history.claim(name, 'clean-up')
  const event: NewEvent = { type: 'cleanup_registered', ...walk.by(), data: { step: name }, content: null }
  const register = () => {
    if (walk.history.hasCleanup(name) || walk.commit('story', event)) keep(cleanup)
  }
  // What it takes back waits behind it.
  if (walk.history.hasCleanup(name) || walk.isUpToDate) register()
  else void walk.mayBegin().then((may) => may && register())
}

export async function reportProgress(walk: Walk, done: number, total: number, text: string | null): Promise<void> {
  if (!Number.isFinite(done) || !Number.isFinite(total)) throw new Error(`Progress is two numbers, not ${done} of ${total}.`)
  if (walk.history.hasReported(done, total, text)) return
  walk.commit('story', { type: 'progress_reported', ...walk.by(), data: { done, total }, content: { text } })
}

/** Carries out what the configuration names for a type, as a step; null where it names nothing. */
export async function takeAction(walk: Walk, name: string, payload: unknown, type: string): Promise<unknown> {
  const action = walk.deps.action(type)
  // Once it was attempted it must be finished, even if the configuration has lost it since: never skip a payment silently.
  if (!action && !walk.history.step(name)) return null
  if (!walk.history.step(name) && (await wasPassedBy(walk))) return null
  const missing = () => Promise.reject(new Error(`config.yaml names no action for "${type}" any more`))
  return walk.step(name, (context) => (action ?? missing)(payload, context), actionRetry)
}

/** Whether the run is beyond this place already: nothing was configured when it came by, and what followed is in its records. */
async function wasPassedBy(walk: Walk): Promise<boolean> {
  if (walk.isUpToDate) return false
  await walk.catchUp()
  return walk.history.vanished() !== undefined
}
