import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../../../electron/core/clock.ts'
import { type OpenPolicyBook, openPolicyBook } from '../../../electron/core/policy/book.ts'
import type { Matter } from '../../../electron/core/policy/port.ts'
import { type Actor, identitiesIn } from '../../../shared/model/actor.ts'
import { ok } from '../../../shared/model/result.ts'

const groups: Record<string, readonly string[]> = {
  managers: ['mia@example.com', 'max@example.com'],
  directors: ['dora@example.com'],
  board: ['ann@example.com', 'bob@example.com', 'cid@example.com'],
  empty: [],
}

const membersOf = (name: string): readonly string[] => (name.startsWith('group:') ? (groups[name.slice(6)] ?? []) : [name])

const directory = {
  resolve: (approvers: readonly string[]) => ({
    people: [...new Set(approvers.flatMap(membersOf))],
    unknown: approvers.filter((one) => one.startsWith('group:') && groups[one.slice(6)] === undefined),
  }),
  identities: (text: string) => identitiesIn(text),
}

export const ana: Actor = { kind: 'person', id: 'ana@example.com', name: 'Ana', via: 'browser' }

export type Scene = {
  readonly book: OpenPolicyBook
  readonly file: string
  readonly folder: string
  readonly recorded: { paths: readonly string[]; changes: Record<string, unknown>; by: string }[]
}

/** A policy book over a file; without a text, over the one that a new home gets. */
export async function openScene(text?: string, options: Partial<Parameters<typeof openPolicyBook>[0]> = {}): Promise<Scene> {
  const folder = mkdtempSync(join(tmpdir(), 'policy-'))
  const file = join(folder, 'policy.yaml')
  if (text !== undefined) writeFileSync(file, text)
  const recorded: Scene['recorded'] = []
  const book = await openPolicyBook({
    file,
    clock: systemClock,
    directory,
    owner: () => ({ email: 'owner@example.com', name: 'Olga Owner' }),
    async record(paths, changes, by) {
      recorded.push({ paths, changes, by: by.id })
      return ok(null)
    },
    log: { warn: () => {} },
    ...options,
  })
  return { book, file, folder, recorded }
}

export const matter = (more: Partial<Matter> = {}): Matter => ({
  type: 'refund',
  title: 'Refund order 7',
  amount: 120,
  currency: 'EUR',
  requester: 'ben@example.com',
  department: null,
  priority: 'normal',
  source: 'shop',
  environment: null,
  approver: 'boss@example.com',
  data: {},
  ...more,
})
