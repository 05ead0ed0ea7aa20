import { call } from '@orpc/server'
import { beforeEach, describe, expect, test } from 'vitest'
import { createFeed, type Feed } from '../../../electron/core/feed.ts'
import type { Common } from '../../../electron/core/router/common.ts'
import type { RouterDeps } from '../../../electron/core/router/deps.ts'
import { webhookHandlers } from '../../../electron/core/router/webhook.ts'
import type { DecideInput } from '../../../shared/contract/approvals.ts'
import { type Failure, failure } from '../../../shared/contract/errors.ts'
import type { ChangeEvent } from '../../../shared/contract/events.ts'
import { type Caller, normalEmail } from '../../../shared/model/actor.ts'
import type { ApprovalItem } from '../../../shared/model/approval.ts'
import { fail, ok, type Result } from '../../../shared/model/result.ts'

type Decided = { readonly said: 'approved'; readonly status: 'approved'; readonly message: string }

const counts = { pending: 0, due_soon: 0, needs_review: 0, dead_deliveries: 0 }
const sha = (digit: string) => digit.repeat(64)

const item = (changed: Partial<ApprovalItem> = {}): ApprovalItem =>
  ({
    id: 'apr_1',
    run_id: 'run_1',
    step: 'budget',
    type: 'budget',
    status: 'pending',
    version: { number: 1, sha256: sha('a') },
    amount: null,
    currency: null,
    data: { amount: 5000, team: { name: 'shop', size: 3 }, tags: ['a', 'b'] },
    data_omitted: false,
    waits_for: ['ana@example.com'],
    decision: null,
    revision: 10,
    ...changed,
  }) as ApprovalItem

let items: ApprovalItem[]
let decided: { input: DecideInput; caller: Caller }[]
let answer: Result<Decided, Failure>
let feed: Feed
let reads: number

const ben: Caller = {
  scopes: ['read', 'decide'],
  person: { email: 'Ben@example.com', name: 'Ben' },
  source: null,
  credential: 'tok_1',
  via: 'http',
}

/** Ben stands in for Ana, and for nobody else; `b.stone` is another address of his. */
function handlers() {
  const approval = (id: string) => items.find((one) => one.id === id) ?? null
  const deps = {
    engine: {
      decide: async (input: DecideInput, caller: Caller) => {
        decided.push({ input, caller })
        return answer
      },
    },
    projection: {
      approval,
      approvals: ({ run_id, limit, cursor }: { run_id: string; limit: number; cursor?: string }) => {
        const found = items.filter((one) => one.run_id === run_id).reverse()
        const at = Number(cursor ?? 0)
        return {
          items: found.slice(at, at + limit),
          total: found.length,
          next_cursor: found.length > at + limit ? String(at + limit) : null,
        }
      },
    },
    people: {
      canonical: (email: string) => normalEmail(email).replace('b.stone@', 'ben@'),
      standsInFor: (email: string) =>
        email === 'ben@example.com' ? [{ email: 'ana@example.com', name: 'Ana', because: 'delegation', identities: [] }] : [],
    },
    feed,
  } as unknown as RouterDeps
  const common = {
    fresh: async () => {},
    approvalOf: async (id: string) => {
      reads++
      const found = approval(id)
      if (!found) throw new Error('not here')
      return found
    },
  } as unknown as Common
  return webhookHandlers(deps, common)
}

beforeEach(() => {
  items = [item()]
  decided = []
  answer = ok({ said: 'approved', status: 'approved', message: 'Approved.' })
  feed = createFeed()
  reads = 0
})

const webhook = (input: object, caller: Caller = ben) => call(handlers().webhook, input as never, { context: { caller } })
const failureOf = (input: object, caller?: Caller) =>
  webhook(input, caller).then(
    () => null,
    ({ code, message, data }: { code: string; message: string; data?: object }) => ({ code, message, ...data }),
  )
const inputs = () => decided.map(({ input }) => input)

describe('deciding by key', () => {
  test('says what the engine said, with key and action', async () => {
    const said = await webhook({ key: 'apr_1', action: 'approve', value: { budget: 1 }, reason: 'Fine' })
    expect(said).toEqual({ message: 'Approved.', approval_id: 'apr_1', status: 'approved', key: 'apr_1', action: 'approve' })
    await webhook({ key: 'apr_1', action: 'reject', reason: 'No' })
    await webhook({ key: 'apr_1', action: 'cancel' })
    expect(inputs()).toEqual([
      { approval_id: 'apr_1', decision: 'approve', comment: 'Fine', answer: { budget: 1 } },
      { approval_id: 'apr_1', decision: 'reject', comment: 'No' },
      { approval_id: 'apr_1', decision: 'cancel' },
    ])
  })

  test('finds the newest of a step in a run, whatever is in the step’s name', async () => {
    const many = Array.from({ length: 450 }, (_, at) => item({ id: `apr_x${at}`, step: `other ${at}` }))
    items = [item({ id: 'apr_old', step: 'approval:manager' }), item({ id: 'apr_new', step: 'approval:manager' }), ...many]
    await webhook({ key: 'run_1:approval:manager', action: 'approve' })
    expect(inputs()[0]!.approval_id).toBe('apr_new')
    for (const key of ['run_2:approval:manager', 'run_1:manager', 'budget', 'run_1:', ':budget'])
      expect([key, (await failureOf({ key, action: 'approve' }))?.code]).toEqual([key, 'not-found'])
  })

  test('passes on what the engine refuses', async () => {
    const by = { decision: 'rejected', decided_by: 'ana@example.com' }
    answer = fail(failure('already-decided', 'It was rejected by Ana.', by))
    expect(await failureOf({ key: 'apr_1', action: 'approve' })).toEqual({
      code: 'already-decided',
      message: 'It was rejected by Ana.',
      ...by,
    })
  })

  test('is for people: the caller, under any address, or somebody they act for', async () => {
    for (const actorId of ['ben@example.com', 'BEN+x@example.com', 'b.stone@example.com', 'Ana@example.com'])
      await webhook({ key: 'apr_1', action: 'approve', actorId })
    expect(inputs().map(({ on_behalf_of }) => on_behalf_of ?? null)).toEqual([null, null, null, 'ana@example.com'])
    expect(await failureOf({ key: 'apr_1', action: 'approve', actorId: 'eva@example.com' })).toMatchObject({
      code: 'not-approver',
      message: 'You are ben@example.com, and do not act for eva@example.com.',
    })
    expect(await failureOf({ key: 'apr_1', action: 'approve', actorId: 'alice' })).toMatchObject({
      code: 'invalid-input',
      errors: [{ pointer: '/actorId', message: 'must be the e-mail of a person' }],
    })
    const nobody: Caller = { ...ben, person: null }
    expect(await failureOf({ key: 'apr_1', action: 'approve' }, nobody)).toMatchObject({ code: 'forbidden' })
    const source: Caller = { ...ben, scopes: ['submit'], person: null }
    expect(await failureOf({ key: 'apr_1', action: 'approve' }, source)).toMatchObject({ code: 'forbidden' })
    expect(decided).toHaveLength(4)
  })

  test('checks what was seen, where that is said', async () => {
    const { data } = item()
    await webhook({ key: 'apr_1', action: 'approve', originalValue: data })
    expect(inputs()).toEqual([{ approval_id: 'apr_1', decision: 'approve', version: sha('a') }])
    const stale = await failureOf({ key: 'apr_1', action: 'reject', originalValue: { ...(data as object), amount: 4000 } })
    expect(stale).toEqual({
      code: 'stale-version',
      message: 'It has changed since you looked. Look at it again.',
      current: { number: 1, sha256: sha('a') },
      differences: [{ pointer: '/amount', before: 4000, after: 5000 }],
    })
  })
})

describe('editing by key', () => {
  const { data } = item() as { data: { amount: number; team: object; tags: string[] } }
  const edit = (editedValue: unknown, originalValue?: unknown) =>
    webhook({ key: 'apr_1', action: 'edit', originalValue, editedValue })

  test('turns the edited value into single changes; what is not mentioned stays', async () => {
    await edit({ amount: 4500 })
    await edit({ ...data, amount: 4500, team: { name: 'shop', size: 4 } }, { ...data })
    await edit({ 'a/b~c': 1 })
    await edit({ tags: ['a', 'x'] })
    await edit({ tags: ['a'] })
    await edit({ amount: '5000' })
    await edit({ team: null })
    expect(inputs().map(({ changes }) => changes)).toEqual([
      { '/amount': 4500 },
      { '/amount': 4500, '/team/size': 4 },
      { '/a~1b~0c': 1 },
      { '/tags/1': 'x' },
      { '/tags': ['a'] },
      { '/amount': '5000' },
      { '/team': null },
    ])
    expect(inputs().every(({ decision, version }) => decision === 'approve' && version === sha('a'))).toBe(true)
  })

  test('changes as a whole what may be changed as a whole', async () => {
    items = [item({ editable: ['/team', '/amount', '/tags'] })]
    await edit({ amount: 4500, team: { size: 4 }, tags: ['a'] })
    expect(inputs()[0]!.changes).toEqual({ '/amount': 4500, '/team': { name: 'shop', size: 4 }, '/tags': ['a'] })
  })

  test('works on what is no object, and on nothing', async () => {
    items = [item({ data: 5000 })]
    await edit(4500, 5000)
    items = [item({ data: null, amount: 5000 })]
    await edit({ amount: 4500 })
    expect(inputs().map(({ changes }) => changes)).toEqual([{ '': 4500 }, { '/amount': 4500 }])
  })

  test('needs an edited value, from which nothing that was seen is missing', async () => {
    expect(await failureOf({ key: 'apr_1', action: 'edit' })).toMatchObject({
      errors: [{ pointer: '/editedValue', message: 'is required to edit' }],
    })
    const gone = await failureOf({
      key: 'apr_1',
      action: 'edit',
      originalValue: data,
      editedValue: { amount: 1, team: { name: 'x' } },
    })
    expect(gone).toMatchObject({
      code: 'invalid-input',
      errors: ['/editedValue/team/size', '/editedValue/tags'].map((pointer) => ({
        pointer,
        message: 'cannot be taken away; leave it as it is, or say null',
      })),
    })
    expect(decided).toEqual([])
  })

  test('is refused when something else is asked now', async () => {
    const original = { ...data, amount: 6000 }
    expect(
      await failureOf({ key: 'apr_1', action: 'edit', originalValue: original, editedValue: { ...data, amount: 1 } }),
    ).toMatchObject({ code: 'stale-version', differences: [{ pointer: '/amount', before: 6000, after: 5000 }] })
    expect(decided).toEqual([])
  })

  const decision = {
    decision: 'approved',
    actor: { kind: 'person', id: 'ben@example.com', name: 'Ben' },
    at: '2026-03-02T09:00:00.000Z',
  }
  test('again gets the same answer, another edit a conflict', async () => {
    const edited = { ...data, amount: 4500 }
    items = [item({ status: 'approved', data: edited, decision: { ...decision, comment: null } as never })]
    expect(await edit(edited, data)).toMatchObject({ status: 'approved', action: 'edit' })
    expect(inputs()).toEqual([{ approval_id: 'apr_1', decision: 'approve' }])
    expect(
      await failureOf({ key: 'apr_1', action: 'edit', originalValue: data, editedValue: { ...data, amount: 1 } }),
    ).toMatchObject({
      code: 'already-decided',
      decided_by: 'ben@example.com',
      decision: 'approved',
    })
    // Voted with the edit, while others are still asked.
    items = [item({ data: edited })]
    await edit(edited, data)
    expect(inputs()[1]).toEqual({ approval_id: 'apr_1', decision: 'approve', version: sha('a') })
  })
})

describe('the stream of one approval', () => {
  const published = (changed: Partial<ApprovalItem>): ChangeEvent => ({ kind: 'approval', item: item(changed) as never, counts })
  const open = (approval_id: string, signal?: AbortSignal) =>
    call(handlers().stream, { approval_id } as never, { context: { caller: ben, ...(signal ? { signal } : {}) } })

  test('is the item, then each change of it alone, until it has ended', async () => {
    const stream = await open('run_1:budget')
    expect((await stream.next()).value).toMatchObject({ revision: 10, status: 'pending' })
    const second = stream.next()
    feed.publish(published({ id: 'apr_2', revision: 11 }))
    feed.publish(published({ revision: 9, title: 'older' }))
    await new Promise((resolve) => setImmediate(resolve))
    feed.publish(published({ revision: 12 }))
    expect((await second).value).toMatchObject({ revision: 12 })
    feed.publish(published({ revision: 13, status: 'approved' }))
    feed.publish(published({ revision: 14, status: 'approved' }))
    expect((await stream.next()).value).toMatchObject({ revision: 14, status: 'approved' })
    expect(await stream.next()).toEqual({ done: true, value: undefined })
  })

  test('has large data whole', async () => {
    const stream = await open('apr_1')
    await stream.next()
    items = [item({ revision: 20, data: { large: true }, status: 'rejected' })]
    feed.publish(published({ revision: 20, data: null, data_omitted: true, status: 'rejected' }))
    expect((await stream.next()).value).toMatchObject({ data: { large: true }, status: 'rejected' })
    expect((await stream.next()).done).toBe(true)
    expect(reads).toBe(2)
  })

  test('of one that has ended is that one item', async () => {
    items = [item({ status: 'expired' })]
    const stream = await open('apr_1')
    expect((await stream.next()).value).toMatchObject({ status: 'expired' })
    expect((await stream.next()).done).toBe(true)
  })

  test('of none is a failure before it begins', async () => {
    await expect(open('apr_9')).rejects.toMatchObject({ code: 'not-found' })
  })

  test('lets go of the feed when its caller goes away', async () => {
    const watched: boolean[] = []
    feed.onWatched((now) => watched.push(now))
    const gone = new AbortController()
    const stream = await open('apr_1', gone.signal)
    await stream.next()
    const waiting = stream.next()
    gone.abort()
    expect((await waiting).done).toBe(true)
    expect(watched).toEqual([true, false])
  })
})
