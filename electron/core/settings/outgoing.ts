import { type Document, isMap } from 'yaml'
import type * as z from 'zod'
import { type Failure, failure, type ProblemEntry } from '../../../shared/contract/errors.ts'
import type { ActionInput, ActionView, OutgoingView } from '../../../shared/contract/outgoing.ts'
import { toPointer } from '../../../shared/contract/pointer.ts'
import type { SettingsInput } from '../../../shared/contract/settings.ts'
import type { Caller } from '../../../shared/model/actor.ts'
import { fail, ok, type Result } from '../../../shared/model/result.ts'
import type { Action } from '../channels/port.ts'
import { callSchema, commandSchema, requestType } from './actions-schema.ts'
import { originOf, withoutSecret } from './by-hand.ts'
import { setIn, setMember } from './document.ts'
import type { Config, Settings } from './port.ts'

/* What the application calls by itself, as people see and change it. Values of headers are never shown. */

/**
 * Who may name a program to run: the window on this machine and its own command line. A browser and a token come over HTTP, where
 * `admin` would otherwise mean "runs anything here".
 */
const maySetCommands = ({ via }: Pick<Caller, 'via'>): boolean => via === 'desktop' || via === 'cli'

export function viewOutgoing(settings: Settings, file: string, caller: Caller): OutgoingView {
  const { actions, alerts } = settings.config
  return {
    actions: Object.entries(actions).map(([type, action]) => toView(type, action, settings.lineOf(['actions', type]))),
    may_set_commands: maySetCommands(caller),
    review_webhook: alerts.webhook,
    file,
  }
}

function toView(type: string, action: Action, line: number | null): ActionView {
  const timeout_seconds = action.timeout_seconds ?? null
  if ('command' in action) {
    return { kind: 'command', type, command: [...action.command], cwd: action.cwd ?? null, timeout_seconds, line }
  }
  return { kind: 'call', type, url: action.url, headers: Object.keys(action.headers ?? {}), timeout_seconds, line }
}

/** Why this caller may not make this change; null when they may. How long a command may take is not what it is. */
export function refuseCommands({ actions }: SettingsInput, config: Config, caller: Caller): Failure | null {
  if (maySetCommands(caller)) return null
  for (const [type, input] of Object.entries(actions ?? {})) {
    if (input === null || !('command' in input)) continue
    const now = config.actions[type]
    const isSame =
      now !== undefined && 'command' in now && same(now.command, input.command) && (now.cwd ?? null) === (input.cwd || null)
    if (!isSame)
      return failure(
        'forbidden',
        'A command is set in the desktop window or in config.yaml: whoever gets hold of a browser or a token must not be able to run programs on this machine.',
      )
  }
  return null
}

const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other)

/** Makes `actions` say this, entry by entry. Answers whether there was anything to do. */
export function setActions(
  document: Document,
  config: Config,
  actions: NonNullable<SettingsInput['actions']>,
): Result<boolean, Failure> {
  let any = false
  for (const [type, input] of Object.entries(actions)) {
    const now = config.actions[type]
    if (input === null) {
      if (now === undefined) continue
      document.deleteIn(['actions', type])
    } else {
      const action = toAction(type, input, now)
      if (!action.ok) return action
      putAction(document, type, action.value)
    }
    any = true
  }
  return ok(any)
}

/** The action with the headers that stay, held against the schema of its own kind: that says more than "neither of the two". */
function toAction(type: string, input: ActionInput, now: Action | undefined): Result<Action, Failure> {
  const problems = checked(requestType, type, type)
  if ('command' in input) {
    const { command, cwd, timeout_seconds } = input
    const action = { command, ...(cwd ? { cwd } : {}), ...(timeout_seconds == null ? {} : { timeout_seconds }) }
    problems.push(...checked(commandSchema, action, type))
    return problems.length === 0 ? ok(action as unknown as Action) : refused(problems)
  }
  const { url, headers: given = {}, timeout_seconds } = input
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(given)) {
    const kept = value === true ? keptHeader(name, url, now) : ok(value)
    if (kept.ok) headers[name] = kept.value
    else problems.push({ pointer: toPointer(['actions', type, 'headers', name]), message: kept.failure })
  }
  const action = {
    url,
    ...(Object.keys(headers).length > 0 ? { headers } : {}),
    ...(timeout_seconds == null ? {} : { timeout_seconds }),
  }
  problems.push(...checked(callSchema, action, type))
  return problems.length === 0 ? ok(action) : refused(problems)
}

/** What a header says stays known to the host that it was written for. */
function keptHeader(name: string, url: string, now: Action | undefined): Result<string, string> {
  const value = now !== undefined && 'url' in now ? now.headers?.[name] : undefined
  if (value === undefined) return fail('must be written: there is none to keep')
  return originOf(url) === originOf((now as { url: string }).url)
    ? ok(value)
    : fail('must be written again: it would go to another host')
}

function checked(schema: z.ZodType, value: unknown, type: string): ProblemEntry[] {
  const parsed = schema.safeParse(value)
  if (parsed.success) return []
  return parsed.error.issues.map((issue) => {
    const said = issue.code === 'invalid_key' ? (issue.issues[0]?.message ?? issue.message) : issue.message
    return {
      pointer: toPointer(['actions', type, ...issue.path]),
      message: said.replace(/^(?:Invalid input|Too small|Too big): /, ''),
    }
  })
}

const refused = (errors: readonly ProblemEntry[]): Result<never, Failure> =>
  fail(
    failure(
      'invalid-input',
      `These settings cannot be used: ${errors.map((each) => `${each.pointer}: ${each.message}`).join('; ')}`,
      {
        errors,
      },
    ),
  )

function putAction(document: Document, type: string, action: Action): void {
  const path = ['actions', type]
  const there = document.getIn(path, true)
  const isOfKind = isMap(there) && there.has('command') === 'command' in action
  if (!isOfKind) {
    setIn(document, path, action)
    if ('command' in action) inOneLine(document, [...path, 'command'], action.command)
    return
  }
  setMember(document, [...path, 'timeout_seconds'], action.timeout_seconds ?? null)
  if ('command' in action) {
    if (!same(document.getIn([...path, 'command']), action.command)) inOneLine(document, [...path, 'command'], action.command)
    setMember(document, [...path, 'cwd'], action.cwd ?? null)
    return
  }
  setMember(document, [...path, 'url'], action.url)
  const { headers = {} } = action
  const held = document.getIn([...path, 'headers'], true)
  for (const pair of isMap(held) ? [...held.items] : []) {
    if (!Object.hasOwn(headers, String(pair.key))) document.deleteIn([...path, 'headers', String(pair.key)])
  }
  for (const [name, value] of Object.entries(headers)) setMember(document, [...path, 'headers', name], value)
  if (Object.keys(headers).length === 0) setMember(document, [...path, 'headers'], null)
}

/** A command reads as one: `[node, deploy.mjs]`. */
const inOneLine = (document: Document, path: readonly string[], words: readonly string[]): void =>
  document.setIn(path, document.createNode(words, { flow: true }))

/** What the journal gets of a change: where something goes, and nothing that lets somebody in there. */
export function journalled(change: SettingsInput): Record<string, unknown> {
  const { actions, hooks, alerts, ...rest } = change
  return {
    ...rest,
    ...(alerts ? { alerts: withoutSecret(alerts) } : {}),
    ...(actions ? { actions: Object.fromEntries(Object.entries(actions).map(([type, input]) => [type, toNote(input)])) } : {}),
    ...(hooks ? { hooks } : {}),
  }
}

function toNote(input: ActionInput | null): unknown {
  if (input === null) return null
  if ('command' in input) return { command: input.command[0] }
  return { url: originOf(input.url), headers: Object.keys(input.headers ?? {}) }
}
