import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import * as z from 'zod'
import { defineWorkflow } from '../../../electron/core/engine/workflow.ts'
import { fileStorage } from '../../../electron/core/journal/file-storage.ts'
import { createDirectory } from '../../../electron/core/people/directory.ts'
import type { Directory } from '../../../electron/core/people/port.ts'
import { configSchema } from '../../../electron/core/settings/schema.ts'
import { FakeClock } from '../../support/fake-clock.ts'
import { recordingStorage } from '../../support/storage-double.ts'
import { openRig, type Rig, verdict } from './harness.ts'

/*
 * Who may answer, cell by cell: by what somebody is asked, what they are to the request, whose answer they give, what they looked at and
 * what policy says. The right answer is worked out from the written rules; the engine and the real directory have to agree with it.
 */

const clock = new FakeClock()
const at = (hours: number) => new Date(clock.now() + hours * 3_600_000).toISOString()
const me = { email: 'mia@example.com', name: 'Mia Meyer', aliases: ['m.meyer@example.org'] }
const pat = 'pat@example.com'

type Way = {
  readonly asks: string
  readonly people?: object[]
  readonly delegations?: object[]
  readonly groups?: object
  readonly may: 'self' | 'pat' | 'no'
}
const handed = (more: object) => ({ from: pat, to: me.email, starts_at: at(-1), ends_at: at(5), ...more })
const away = (from: number, until: number) => ({ email: pat, backup: me.email, away: { from: at(from), until: at(until) } })

const ways: Record<string, Way> = {
  'asked by name': { asks: me.email, may: 'self' },
  'asked by another spelling': { asks: 'MIA+inbox@Example.com', may: 'self' },
  'asked by an alias': { asks: 'm.meyer@example.org', may: 'self' },
  'asked in a group': { asks: 'group:team', groups: { team: [me.email, 'olga@example.com'] }, may: 'self' },
  'not asked': { asks: 'olga@example.com', may: 'no' },
  'handed over, in force': { asks: pat, delegations: [handed({})], may: 'pat' },
  'handed over for this type': { asks: pat, delegations: [handed({ types: ['one'] })], may: 'pat' },
  'handed over up to this amount': { asks: pat, delegations: [handed({ max_amount: 100, currency: 'EUR' })], may: 'pat' },
  'handed over to an alias': { asks: pat, delegations: [handed({ to: 'm.meyer@example.org' })], may: 'pat' },
  'handed over from later on': { asks: pat, delegations: [handed({ starts_at: at(1) })], may: 'no' },
  'handed over until now': { asks: pat, delegations: [handed({ ends_at: at(0) })], may: 'no' },
  'handed over for another type': { asks: pat, delegations: [handed({ types: ['two'] })], may: 'no' },
  'handed over for less': { asks: pat, delegations: [handed({ max_amount: '98.99', currency: 'EUR' })], may: 'no' },
  'handed over in another currency': { asks: pat, delegations: [handed({ max_amount: 500, currency: 'USD' })], may: 'no' },
  'handed over by somebody who is not asked': { asks: 'olga@example.com', delegations: [handed({})], may: 'no' },
  'handed over by somebody it was handed to': {
    asks: 'olga@example.com',
    delegations: [{ ...handed({}), from: 'olga@example.com', to: pat }, handed({})],
    may: 'no',
  },
  'backup of somebody who is away': { asks: pat, people: [away(-1, 1)], may: 'pat' },
  'backup of somebody who is here': { asks: pat, people: [{ email: pat, backup: me.email }], may: 'no' },
  'backup of somebody who is away later': { asks: pat, people: [away(1, 2)], may: 'no' },
  'backup of somebody who was away': { asks: pat, people: [away(-2, 0)], may: 'no' },
  assistant: { asks: pat, people: [{ email: pat, assistants: [me.email] }], may: 'pat' },
}

const relations: Record<
  string,
  { readonly requester?: string; readonly beneficiary?: string; readonly revised?: true; readonly of: 'me' | 'pat' | 'none' }
> = {
  'no relation': { requester: 'rita@example.com', of: 'none' },
  'requested by nobody': { of: 'none' },
  'requested it': { requester: me.email, of: 'me' },
  'requested it by another spelling': { requester: 'Mia Meyer <MIA+x@example.com>', of: 'me' },
  'requested it by an alias': { requester: 'm.meyer@example.org', of: 'me' },
  'requested it by name': { requester: 'mia meyer', of: 'me' },
  'gains by it': { beneficiary: me.email, of: 'me' },
  'gains by it, by an alias': { beneficiary: 'm.meyer@example.org', of: 'me' },
  'changed it': { revised: true, of: 'me' },
  'stands in for the requester': { requester: pat, of: 'pat' },
  'stands in for who gains by it': { beneficiary: pat, of: 'pat' },
}

const verbs = ['approve', 'reject', 'send_back'] as const
const whose = [undefined, me.email, pat, 'stranger@example.com'] as const
const sights = ['current', 'stale'] as const
const policies = ['never', 'sole operator', 'another sole operator'] as const

type Cell = {
  way: Way
  relation: (typeof relations)[string]
  verb: (typeof verbs)[number]
  forWhom: (typeof whose)[number]
  seen: (typeof sights)[number]
  policy: (typeof policies)[number]
}

/** What the rules say. */
function expected({ way, relation, verb, forWhom, seen, policy }: Cell): string {
  const meant = forWhom === undefined ? way.may : forWhom === me.email ? 'self' : forWhom === pat ? 'pat' : 'no'
  if (meant !== way.may || meant === 'no') return 'not-approver'
  if (meant === 'pat' && relation.of === 'pat') return 'self-approval'
  if (seen === 'stale') return 'stale-version'
  if (verb === 'send_back') return 'sent_back, pending'
  if (verb === 'approve' && relation.of === 'me' && policy !== 'sole operator') return 'self-approval'
  return verb === 'approve' ? 'approved, approved' : 'rejected, rejected'
}

const schema = configSchema('http://127.0.0.1:11434')
const folder = mkdtempSync(join(tmpdir(), 'authority-'))
let rig: Rig
let directory: Directory
let policy: (typeof policies)[number] = 'never'
let options: object = {}

beforeAll(async () => {
  const workflow = defineWorkflow({
    name: 'one',
    input: z.object({}),
    run: (wf) => wf.approval('a', { title: 'May I?', data: {}, amount: 100, currency: 'EUR', ...options } as never),
  })
  // Asked anew for each cell.
  const now = new Proxy({} as Directory, { get: (_, name) => directory[name as keyof Directory] })
  rig = await openRig({
    workflows: [workflow],
    folder,
    clock,
    directory: now,
    storage: recordingStorage(fileStorage, { skipSyncs: true }).storage,
    rules: () => ({
      selfApproval: policy === 'never' ? 'never' : 'sole_operator',
      soleOperator: policy === 'sole operator' ? me.email : 'owner@example.com',
    }),
  })
})

afterAll(async () => {
  await rig.crash()
  rmSync(folder, { recursive: true })
})

async function actual(cell: Cell): Promise<string> {
  const { way, relation, verb, forWhom, seen } = cell
  const config = schema.parse({ people: [me, ...(way.people ?? [])], groups: way.groups ?? {}, delegations: way.delegations ?? [] })
  directory = createDirectory({ config: config as never }, clock)
  policy = cell.policy
  options = { approvers: [way.asks], requester: relation.requester, beneficiary: relation.beneficiary }
  const run = await rig.begin('one')
  const approval_id = rig.open(run)
  const caller = {
    scopes: ['decide' as const],
    person: { email: me.email, name: me.name },
    source: null,
    credential: 'tok_mia',
    via: 'http' as const,
  }
  if (relation.revised) await rig.engine.approvals.revise({ approval_id, amount: 99 }, { ...caller, scopes: ['admin'] })
  const current = rig.live.approvals.get(approval_id)!.version.number
  const said = await rig.engine.decide(
    {
      approval_id,
      decision: verb,
      comment: 'because',
      version: seen === 'current' ? current : current + 1,
      ...(forWhom === undefined ? {} : { on_behalf_of: forWhom }),
    },
    caller,
  )
  return verdict(said)
}

it('answers as the written rules say in every cell of the table', { timeout: 300_000 }, async () => {
  const wrong: string[] = []
  let cells = 0
  for (const [wayName, way] of Object.entries(ways)) {
    for (const [relationName, relation] of Object.entries(relations)) {
      for (const verb of verbs)
        for (const forWhom of whose)
          for (const seen of sights)
            for (const policyName of policies) {
              const cell = { way, relation, verb, forWhom, seen, policy: policyName }
              const [want, got] = [expected(cell), await actual(cell)]
              cells++
              if (want !== got) {
                wrong.push(
                  `${wayName}, ${relationName}, ${verb} for ${forWhom ?? '-'}, ${seen}, ${policyName}: ${got}, not ${want}`,
                )
              }
            }
    }
  }
  expect(wrong.slice(0, 20)).toEqual([])
  expect(cells).toBeGreaterThan(3000)
})
