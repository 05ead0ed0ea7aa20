import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openProjection, type SqliteProjection } from '../../../electron/core/projection/open.ts'
import { bob, changed, ended, escalated, event, grace, standing, version, voted } from './chain-events.ts'
import { approvalDecided, approvalRequested, type JournalFiles, journalFiles, runStarted } from './journal-files.ts'

let journal: JournalFiles
let projection: SqliteProjection

const open = () =>
  openProjection({
    file: join(journal.home, 'inbox.db'),
    journalFolder: journal.folder,
    durable: journal.durable,
    clock: { now: () => Date.UTC(2026, 0, 6, 12), after: () => () => {} },
  })

beforeEach(async () => {
  journal = journalFiles()
  projection = await open()
})

afterEach(async () => {
  await projection.close()
  journal.remove()
})

async function follow(): Promise<void> {
  projection.follow(journal.durable)
  await projection.caughtUp(journal.durable.seq)
}

const found = (search: string): readonly string[] =>
  projection.approvals({ search, sort: 'oldest', limit: 1000 }).items.map(({ id }) => id)

test('what was said and decided about a request is searched', async () => {
  journal.write(runStarted('run_1'))
  const asked = { beneficiary: 'Tove Jansson', data: { shelf: { code: 'XK-42' }, count: 9 } }
  journal.write(approvalRequested('run_1', 'apr_1', asked))
  for (const next of [
    voted(bob, {}, 'Looks plausible'),
    event('approval_commented', grace, { version: version(1) }, { comment: 'Photo attached' }),
    changed(2, { ...asked, title: 'Refund order 8', amount: '1234.50' }, {}, 'Wrong order'),
    event('approval_sent_back', bob, { version: version(2), level: 0 }, { question: 'Which warehouse?' }),
  ])
    journal.write(next)
  await follow()
  for (const search of [
    'jansson',
    'xk-42',
    'plausible',
    'photo',
    '"wrong order"',
    'warehouse',
    'order 8',
    '1234',
    'by:bob',
    'id:run_1',
    'is:edited is:sent_back',
  ])
    expect([search, found(search)]).toEqual([search, ['apr_1']])
  // What is asked no longer is not found, and numbers inside the data are not words of it.
  for (const search of ['"order 7"', '42.00', 'by:ada', 'nine']) expect([search, found(search)]).toEqual([search, []])

  journal.write(ended(bob, { on_behalf_of: { email: 'zoe@example.com', name: 'Zoë Quist' } }, { comment: 'Paid twice' }))
  await follow()
  for (const search of ['twice', 'by:zoe', 'by:"zoe quist"', 'is:approved -is:pending'])
    expect([search, found(search)]).toEqual([search, ['apr_1']])
})

test('states of a request are found', async () => {
  journal.write(runStarted('run_1'))
  journal.write(approvalRequested('run_1', 'apr_1'))
  journal.write(escalated())
  journal.write(runStarted('run_2'))
  const item = { id: '1', type: 'refund', title: 'Cup', amount: 3, currency: 'EUR', data: null }
  journal.write(approvalRequested('run_2', 'apr_2', { items: [item] }))
  journal.write(runStarted('run_3'))
  const asked = approvalRequested('run_3', 'apr_3') as Extract<ReturnType<typeof runStarted>, { type: 'approval_requested' }>
  journal.write({ ...asked, content: { ...asked.content, flags: [{ code: 'hidden', message: 'Hidden text', pointer: '/title' }] } })
  const decided = approvalDecided('run_3', 'apr_3') as Extract<ReturnType<typeof runStarted>, { type: 'approval_decided' }>
  journal.write({ ...decided, data: { ...decided.data, rule: 'small' } })
  journal.write(runStarted('run_4'))
  journal.write(approvalRequested('run_4', 'apr_4'))
  const lapsed = { lapsed_at: '2026-01-06T11:00:00.000Z', standing: standing({ due_at: '2026-01-06T15:00:00.000Z' }) }
  journal.write({ ...event('approval_lapsed', bob, lapsed, null), run_id: 'run_4', approval_id: 'apr_4' } as never)
  await follow()
  expect(['is:escalated', 'is:batch', 'is:flagged', 'is:automatic', 'is:overdue', 'to:zoe'].map(found)).toEqual([
    ['apr_1'],
    ['apr_2'],
    ['apr_3'],
    ['apr_3'],
    ['apr_4'],
    ['apr_1'],
  ])
})

test('only so much of the data is searched', async () => {
  journal.write(runStarted('run_1'))
  journal.write(approvalRequested('run_1', 'apr_1', { data: { early: 'pinecone', filler: 'x '.repeat(5000), late: 'walnut' } }))
  await follow()
  expect([found('pinecone'), found('walnut')]).toEqual([['apr_1'], []])
})

test('what cannot be used is said, and a person is needed for what is theirs', async () => {
  journal.write(runStarted('run_1'))
  journal.write(approvalRequested('run_1', 'apr_1'))
  await follow()
  const page = projection.approvals({ search: 'refund is:mine colour:red', sort: 'newest', limit: 5 })
  expect(page.items.map(({ id }) => id)).toEqual(['apr_1'])
  expect(page.problems).toMatchObject([
    { start: 7, end: 14, message: 'Nobody is signed in here, so it is not known whose is meant.' },
    { start: 15, end: 25, message: expect.stringContaining('colour: is not known.') },
  ])
})

test('a long journal is listed at once and says that its words are still being indexed; then all of them are', {
  timeout: 60_000,
}, async () => {
  for (let n = 1; n <= 700; n++) {
    journal.write(runStarted(`run_${n}`))
    journal.write(approvalRequested(`run_${n}`, `apr_${n}`, { title: `Cup ${n}` }))
  }
  await follow()
  const first = projection.approvals({ search: 'cup', sort: 'oldest', limit: 1000 })
  if (first.items.length < 700) expect(first.index_building).toBe(true)
  expect(projection.approvals({ sort: 'oldest', limit: 1000 }).total).toBe(700)
  while (projection.approvals({ search: 'cup', sort: 'oldest', limit: 1 }).index_building) await wait(5)
  expect(found('cup')).toHaveLength(700)

  // A burst changes many at once: what they say now is indexed behind it.
  for (let n = 1; n <= 300; n++) journal.write(approvalDecided(`run_${n}`, `apr_${n}`, 'rejected', 'chipped'))
  await follow()
  while (projection.approvals({ search: 'chipped', sort: 'oldest', limit: 1 }).index_building) await wait(5)
  expect(found('chipped -is:pending')).toHaveLength(300)
})

test('what was erased is in no index', async () => {
  journal.write(runStarted('run_1', 'Quixotic'), { erased: true })
  journal.write(approvalRequested('run_1', 'apr_1', { title: 'Quixotic', requester: null }), { erased: true })
  journal.write(approvalDecided('run_1', 'apr_1', 'rejected', 'quixotic'), { erased: true })
  await follow()
  expect([found('quixotic'), found('erased')]).toEqual([[], ['apr_1']])
  await projection.close()
  const bytes = readFileSync(join(journal.home, 'inbox.db'), 'latin1')
  expect(bytes.toLowerCase()).not.toContain('quixotic')
  projection = await open()
})

test('what is often among what a list shows is counted for menus', async () => {
  for (let n = 1; n <= 9; n++) {
    journal.write(runStarted(`run_${n}`))
    const type = n % 3 === 0 ? 'deployment' : 'refund'
    journal.write(
      approvalRequested(`run_${n}`, `apr_${n}`, { type, requester: n > 5 ? 'alan@example.com' : null, title: `Cup ${n}` }),
    )
    if (n === 9) journal.write(approvalDecided('run_9', 'apr_9'))
  }
  await follow()
  expect(projection.facets({ view: 'all', search: 'cup' })).toEqual({
    types: [
      { value: 'refund', count: 6 },
      { value: 'deployment', count: 3 },
    ],
    requesters: [{ value: 'alan@example.com', count: 4 }],
    sources: [{ value: 'shop', count: 9 }],
    of: 9,
    is_sample: false,
    problems: [],
    index_building: false,
  })
  expect(projection.facets({ view: 'done' })).toMatchObject({ types: [{ value: 'deployment', count: 1 }], of: 1 })
})
