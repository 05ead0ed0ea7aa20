import { constants } from 'node:fs'
import { access, statfs } from 'node:fs/promises'
import type * as z from 'zod'
import type { check } from '../../../shared/contract/settings.ts'
import type { Said, Sentence } from '../../../shared/model/said.ts'
import type { English } from '../../../shared/words/said.ts'
import { say, textOf } from '../../../shared/words/say.ts'
import type { Journal } from '../journal/port.ts'
import type { PolicyBook } from '../policy/port.ts'
import type { Projection } from '../projection/port.ts'
import { isLoopback } from '../summary/host.ts'
import type { ModelStatus, Summaries } from '../summary/port.ts'
import type { Settings } from './port.ts'

export type Check = z.infer<typeof check>

export type DoctorDeps = {
  readonly home: string
  readonly settings: Settings
  readonly policy: Pick<PolicyBook, 'view'>
  readonly summaries: Pick<Summaries, 'status'>
  readonly journal: Pick<Journal, 'readOnly' | 'head' | 'durable'>
  readonly projection: Pick<Projection, 'progress'> & { readonly problem?: string | null }
  readonly log?: { warn(details: object, message: string): void }
  /** The running Node, and the bytes free where the home is; for tests. */
  readonly nodeVersion?: string
  readonly freeBytes?: (home: string) => Promise<number>
}

const oldestNode = [22, 14] as const
const mebibyte = 1024 * 1024

type Name = keyof English['check'] & ('node' | 'home' | 'space' | 'settings' | 'policy' | 'journal' | 'database' | 'summaries')

/** Looks at everything this home needs and says what works, what does not, and what to do. A check that breaks is a problem itself. */
export async function runDoctor(deps: DoctorDeps): Promise<readonly Check[]> {
  const checks: readonly (readonly [Name, () => Check | Promise<Check>])[] = [
    ['node', () => checkNode(deps.nodeVersion ?? process.versions.node)],
    ['home', () => checkHome(deps.home)],
    ['space', async () => checkSpace(await (deps.freeBytes ?? freeBytes)(deps.home))],
    ['settings', () => checkSettings(deps.settings)],
    ['policy', () => checkPolicy(deps.policy)],
    ['journal', () => checkJournal(deps.journal)],
    ['database', () => checkProjection(deps)],
    ['summaries', async () => checkModel(await deps.summaries.status(), deps.settings.config.model.host)],
  ]
  return Promise.all(
    checks.map(async ([name, run]) => {
      try {
        return await run()
      } catch (error) {
        deps.log?.warn({ error, check: say('check', name).text }, 'doctor: a check failed')
        return problem(name, say('check', 'broken', { problem: error instanceof Error ? error.message : String(error) }), null)
      }
    }),
  )
}

/** A line of several sentences, and what to do about it. */
function toCheck(name: Name, state: Check['state'], detail: readonly Sentence[], fix: Sentence | null): Check {
  const heading = say('check', name)
  const said = { name: heading.said, detail: detail.map((one) => one.said), fix: fix === null ? null : fix.said }
  return { name: heading.text, state, detail: textOf(detail), fix: fix === null ? null : fix.text, said }
}

const good = (name: Name, detail: Sentence): Check => toCheck(name, 'ok', [detail], null)
const warning = (name: Name, detail: Sentence, fix: Sentence): Check => toCheck(name, 'warning', [detail], fix)
const problem = (name: Name, detail: Sentence, fix: Sentence | null): Check => toCheck(name, 'problem', [detail], fix)

function checkNode(version: string): Check {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const recent = major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1])
  if (recent) return good('node', say('check', 'node_good', { version }))
  return problem('node', say('check', 'node_old', { version }), say('check', 'fix_node', { version: oldestNode.join('.') }))
}

async function checkHome(home: string): Promise<Check> {
  try {
    await access(home, constants.R_OK | constants.W_OK | constants.X_OK)
    return good('home', say('check', 'home_good', { home }))
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown'
    return problem('home', say('check', 'home_locked', { home, code }), say('check', 'fix_home'))
  }
}

async function freeBytes(home: string): Promise<number> {
  const { bavail, bsize } = await statfs(home)
  return bavail * bsize
}

function checkSpace(free: number): Check {
  const detail = say('check', 'space_free', { mebibytes: Math.floor(free / mebibyte) })
  if (free < 100 * mebibyte) return problem('space', detail, say('check', 'fix_space_now'))
  if (free < 1024 * mebibyte) return warning('space', detail, say('check', 'fix_space'))
  return good('space', detail)
}

function checkSettings({ config, problems }: Settings): Check {
  if (problems.length > 0) {
    const list = problems.map(({ pointer, message }) => (pointer === '' ? message : `${pointer}: ${message}`)).join('; ')
    return problem('settings', say('check', 'settings_bad', { problems: list }), say('check', 'fix_settings'))
  }
  if (config.owner === null) return warning('settings', say('check', 'no_owner'), say('check', 'fix_owner'))
  return good('settings', say('check', 'settings_good', { owner: config.owner.email }))
}

function checkPolicy(policy: DoctorDeps['policy']): Check {
  const { problems, rules, version } = policy.view()
  if (problems.length === 0) return good('policy', say('check', 'policy_good', { version, rules: rules.length }))
  const list = problems.map(({ line, message }) => (line === null ? message : `line ${line}: ${message}`)).join('; ')
  return problem('policy', say('check', 'policy_bad', { problems: list }), say('check', 'fix_policy'))
}

function checkJournal({ readOnly, head, durable }: DoctorDeps['journal']): Check {
  if (readOnly !== null) return problem('journal', say('check', 'journal_locked', { why: readOnly }), say('check', 'fix_journal'))
  return good('journal', say('check', 'journal_good', { records: durable.seq, behind: Math.max(0, head.seq - durable.seq) }))
}

function checkProjection({ projection }: DoctorDeps): Check {
  const { applied, total, rebuilding } = projection.progress
  if (projection.problem)
    return problem('database', say('check', 'database_broken', { problem: projection.problem }), say('check', 'fix_database'))
  if (rebuilding) return warning('database', say('check', 'database_anew', { applied, total }), say('check', 'fix_wait'))
  return good(
    'database',
    applied >= total ? say('check', 'database_good') : say('check', 'database_behind', { records: total - applied }),
  )
}

function checkModel(status: ModelStatus, host: string): Check {
  switch (status.state) {
    case 'off':
      return good('summaries', say('check', 'summaries_off'))
    case 'ready': {
      const { model, version } = status
      return good('summaries', say('check', 'summaries_good', { model, version, sent_to: isLoopback(host) ? null : host }))
    }
    default:
      return lacking(status)
  }
}

/** The model's own two sentences, and what happens meanwhile. */
function lacking(status: Extract<ModelStatus, { readonly detail: string }>): Check {
  const [why, todo] = status.said as readonly [Said, Said | undefined]
  const models = status.state === 'model_missing' ? status.installed.slice(0, 8) : []
  const listed = models.length > 0 ? [say('check', 'installed', { models })] : []
  const detail = [{ text: status.detail, said: why }, ...listed, say('check', 'by_rules')]
  return toCheck('summaries', 'warning', detail, todo === undefined ? null : { text: status.fix, said: todo })
}
