import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openPeople } from '../../../electron/core/people/people.ts'
import { openSettings } from '../../../electron/core/settings/settings.ts'
import type { Failure } from '../../../shared/contract/errors.ts'
import type { Actor, Caller, Scope } from '../../../shared/model/actor.ts'
import { fail, ok } from '../../../shared/model/result.ts'
import { FakeClock } from '../../support/fake-clock.ts'

/** Nine o'clock, as every fake clock begins. */
export const start = '2026-03-02T09:00:00.000Z'
export const later = (hours: number): string => new Date(Date.parse(start) + hours * 3_600_000).toISOString()
export const hour = 3_600_000

export const caller = (email: string, ...scopes: Scope[]): Caller => ({
  scopes: scopes.length > 0 ? scopes : ['read', 'decide'],
  person: { email, name: email },
  source: null,
  credential: 'tok_1',
  via: 'http',
})
export const operations: Caller = { scopes: ['admin'], person: null, source: null, credential: 'operations', via: 'http' }
export const admin: Actor = { kind: 'person', id: 'ana@example.com', name: 'Ana', via: 'browser' }

/** People of a home with this `config.yaml`, on a real disk. */
export async function openScene(config: string) {
  const home = await mkdtemp(join(tmpdir(), 'people-'))
  const configFile = join(home, 'config.yaml')
  await writeFile(configFile, config)
  const clock = new FakeClock()
  const settings = await openSettings({ configFile, environment: {} })
  const recorded: { paths: readonly string[]; changes: Record<string, unknown>; by: string }[] = []
  const journal: { refuses: Failure | null } = { refuses: null }
  const named: string[] = []
  const people = openPeople({
    settings,
    clock,
    async record(paths, changes, actor) {
      if (journal.refuses) return fail(journal.refuses)
      recorded.push({ paths, changes, by: actor.id })
      return ok(null)
    },
    named: () => named,
  })
  return {
    people,
    settings,
    clock,
    recorded,
    journal,
    named,
    text: () => readFile(configFile, 'utf8'),
    async edit(text: string) {
      await writeFile(configFile, text)
      return settings.reload()
    },
    close: () => rm(home, { recursive: true, force: true }),
  }
}

export type Scene = Awaited<ReturnType<typeof openScene>>
