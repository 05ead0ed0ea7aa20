import { constants } from 'node:fs'
import { access, statfs } from 'node:fs/promises'
import type * as z from 'zod'
import type { check } from '../../../shared/contract/settings.ts'
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

/** Looks at everything this home needs and says what works, what does not, and what to do. A check that breaks is a problem itself. */
export async function runDoctor(deps: DoctorDeps): Promise<readonly Check[]> {
  const checks: readonly (readonly [string, () => Check | Promise<Check>])[] = [
    ['Node', () => checkNode(deps.nodeVersion ?? process.versions.node)],
    ['Home folder', () => checkHome(deps.home)],
    ['Disk space', async () => checkSpace(await (deps.freeBytes ?? freeBytes)(deps.home))],
    ['Settings', () => checkSettings(deps.settings)],
    ['Policy', () => checkPolicy(deps.policy)],
    ['Journal', () => checkJournal(deps.journal)],
    ['Database', () => checkProjection(deps)],
    ['Summaries', async () => checkModel(await deps.summaries.status(), deps.settings.config.model.host)],
  ]
  return Promise.all(
    checks.map(async ([name, run]) => {
      try {
        return await run()
      } catch (error) {
        deps.log?.warn({ error, check: name }, 'doctor: a check failed')
        return problem(name, `It could not be checked: ${error instanceof Error ? error.message : String(error)}`, null)
      }
    }),
  )
}

const good = (name: string, detail: string): Check => ({ name, state: 'ok', detail, fix: null })
const warning = (name: string, detail: string, fix: string): Check => ({ name, state: 'warning', detail, fix })
const problem = (name: string, detail: string, fix: string | null): Check => ({ name, state: 'problem', detail, fix })

function checkNode(version: string): Check {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const recent = major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1])
  if (recent) return good('Node', `Node ${version}`)
  return problem('Node', `Node ${version} is too old.`, `Install Node ${oldestNode.join('.')} or newer.`)
}

async function checkHome(home: string): Promise<Check> {
  try {
    await access(home, constants.R_OK | constants.W_OK | constants.X_OK)
    return good('Home folder', home)
  } catch (error) {
    const detail = `${home} cannot be written (${(error as NodeJS.ErrnoException).code ?? 'unknown'}).`
    return problem('Home folder', detail, 'Make the folder readable and writable for this account.')
  }
}

async function freeBytes(home: string): Promise<number> {
  const { bavail, bsize } = await statfs(home)
  return bavail * bsize
}

function checkSpace(free: number): Check {
  const text =
    free >= 1024 * mebibyte ? `${(free / (1024 * mebibyte)).toFixed(1)} GiB free` : `${Math.floor(free / mebibyte)} MiB free`
  if (free < 100 * mebibyte) return problem('Disk space', text, 'Free some space: on a full disk new requests are refused.')
  if (free < 1024 * mebibyte) return warning('Disk space', text, 'Free some space before the disk is full.')
  return good('Disk space', text)
}

function checkSettings({ config, problems }: Settings): Check {
  if (problems.length > 0) {
    const list = problems.map(({ pointer, message }) => (pointer === '' ? message : `${pointer}: ${message}`)).join('; ')
    return problem(
      'Settings',
      `config.yaml cannot be used, what was in force before still is: ${list}.`,
      'Correct config.yaml; it is read again by itself.',
    )
  }
  if (config.owner === null)
    return warning('Settings', 'Nobody owns this inbox yet.', 'Enter your name and e-mail in the settings.')
  return good('Settings', `config.yaml is valid; the owner is ${config.owner.email}.`)
}

function checkPolicy(policy: DoctorDeps['policy']): Check {
  const { problems, rules, version } = policy.view()
  if (problems.length === 0) {
    return good('Policy', `policy.yaml is valid: version ${version}, ${rules.length} ${rules.length === 1 ? 'rule' : 'rules'}.`)
  }
  const list = problems.map(({ line, message }) => (line === null ? message : `line ${line}: ${message}`)).join('; ')
  return problem(
    'Policy',
    `policy.yaml cannot be used, what was in force before still is: ${list}.`,
    'Run: countersign policy check. Correct policy.yaml; it is read again by itself.',
  )
}

function checkJournal({ readOnly, head, durable }: DoctorDeps['journal']): Check {
  if (readOnly !== null)
    return problem('Journal', `Nothing can be stored: ${readOnly}`, 'Solve the cause, then start Countersign again.')
  const behind = head.seq - durable.seq
  return good('Journal', `${durable.seq} records are on disk${behind > 0 ? `, ${behind} are being written` : ''}.`)
}

function checkProjection({ projection }: DoctorDeps): Check {
  const { applied, total, rebuilding } = projection.progress
  if (projection.problem) return problem('Database', projection.problem, 'Run: countersign rebuild')
  if (rebuilding) return warning('Database', `It is being computed anew: ${applied} of ${total} records.`, 'Wait until it is done.')
  return good(
    'Database',
    applied >= total ? 'It has everything the journal has.' : `It is ${total - applied} records behind the journal.`,
  )
}

function checkModel(status: ModelStatus, host: string): Check {
  switch (status.state) {
    case 'off':
      return good('Summaries', 'Summaries by a model are switched off; those made by rules are shown.')
    case 'ready':
      return good(
        'Summaries',
        `${status.model} on Ollama ${status.version}${isLoopback(host) ? '' : `; requests are sent to ${host} for it`}`,
      )
    case 'unreachable':
      return warning('Summaries', `${status.detail} Summaries are made by rules meanwhile.`, status.fix)
    case 'model_missing': {
      const list = status.installed.length === 0 ? '' : ` Installed: ${status.installed.slice(0, 8).join(', ')}.`
      return warning('Summaries', `${status.detail}${list} Summaries are made by rules meanwhile.`, status.fix)
    }
  }
}
