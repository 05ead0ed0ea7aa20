import type { HookView, SourceView, TokenView } from '../../../shared/contract/settings.ts'
import type { Caller } from '../../../shared/model/actor.ts'
import type { Access } from '../access/port.ts'
import type { Hooks } from '../hooks/hooks.ts'
import type { Hook } from '../settings/hooks-schema.ts'
import type { Settings } from '../settings/port.ts'
import type { SourceUsage } from './usage.ts'

export type SourcesDeps = {
  readonly access: Pick<Access, 'list' | 'sessions'>
  readonly settings: Pick<Settings, 'config' | 'problems' | 'lineOf'>
  readonly hooks: Pick<Hooks, 'problem'>
  readonly usage: SourceUsage
}

/** The source that people send themselves sample requests with. */
export const sampleName = 'Sample'

export const isSample = ({ name, scopes }: Pick<TokenView, 'name' | 'scopes'>): boolean =>
  name === sampleName && scopes.includes('submit')

/** Whatever may ask or act here, newest first, with what came of it. */
export async function listSources({ access, settings, hooks, usage }: SourcesDeps, caller: Caller) {
  const view = (token: TokenView, kind: SourceView['kind'], expires_at: string | null): SourceView => ({
    id: token.id,
    name: token.name,
    kind,
    scopes: token.scopes,
    person_email: token.person_email,
    created_at: token.created_at,
    expires_at,
    last_used_at: later(token.last_used_at, usage.lastAt(token.id)),
    callback_url: token.callback_url,
    current: caller.credential === token.id,
    sample: isSample(token),
    usage: usage.view(token.id),
  })
  const items = [
    ...access.list().map((token) => view(token, token.scopes.includes('submit') ? 'source' : 'key', null)),
    ...access.sessions().map(({ expires_at, ...session }) => view(session, 'session', expires_at)),
  ]
  const config = settings.config.hooks
  const hookViews = Object.entries(config).map(
    async ([name, hook]): Promise<HookView> => ({
      name,
      path: `/hooks/${name}`,
      scheme: hook.scheme,
      type: hook.type,
      secret: secretOf(hook),
      problem: await hooks.problem(name),
      last_at: usage.lastAt(`hook:${name}`),
      line: settings.lineOf(['hooks', name]),
      usage: usage.view(`hook:${name}`),
    }),
  )
  return {
    items: items.toSorted((a, b) => (a.created_at < b.created_at ? 1 : -1)),
    hooks: await Promise.all(hookViews),
    config_problems: settings.problems,
  }
}

/** Where a hook's secret is kept; never what it is. */
function secretOf({ secret_env, secret_file, secret }: Hook): HookView['secret'] {
  if (secret_env) return { in: 'environment', names: secret_env }
  return secret_file ? { in: 'file', names: secret_file } : { in: 'home', names: secret ?? [] }
}

const later = (a: string | null, b: string | null): string | null => (a === null || (b !== null && b > a) ? b : a)
