import { failure } from '../../../shared/contract/errors.ts'
import { email } from '../../../shared/contract/schemas.ts'
import type { Caller } from '../../../shared/model/actor.ts'
import type { ApprovalItem } from '../../../shared/model/approval.ts'
import type { Feed } from '../feed.ts'
import type { Projection } from '../projection/port.ts'
import { type Common, shownTo } from './common.ts'
import type { RouterDeps } from './deps.ts'
import { editOf, sameValue, toValueDifferences } from './edit.ts'
import { anySignal, notFound, os, take, toError } from './os.ts'

/** Approvals as other programs address them: by a key of theirs, one at a time. */
export function webhookHandlers({ engine, projection, people, feed }: RouterDeps, { fresh, approvalOf }: Common) {
  const byKey = async (key: string): Promise<ApprovalItem> => {
    await fresh()
    const item = findByKey(projection, key)
    if (item === null) throw notFound('approval', key)
    return item
  }

  /** For whom the caller decides, where that is somebody else. Whether they may is looked at when it is decided, too. */
  const onBehalf = (actorId: string | undefined, item: ApprovalItem, { person }: Caller): string | null => {
    if (person === null) throw toError(failure('forbidden', 'Only a person can decide. Use a token that was made with --person.'))
    if (actorId === undefined) return null
    const parsed = email.safeParse(actorId)
    if (!parsed.success) throw invalid('/actorId', 'must be the e-mail of a person')
    const [them, me] = [people.canonical(parsed.data), people.canonical(person.email)]
    if (them === me) return null
    const standsIn = people.standsInFor(me, item).some((one) => people.canonical(one.email) === them)
    // What has been decided already is answered even when they stand in no longer.
    if (standsIn || item.status !== 'pending') return them
    throw toError(failure('not-approver', `You are ${me}, and do not act for ${them}.`, { approvers: item.waits_for }))
  }

  return {
    stream: os.approvals.stream.handler(async ({ input, context, signal }) => {
      // Before the stream begins, so that an unknown one is an ordinary failure.
      const { id } = await byKey(input.approval_id)
      return watch(feed, () => approvalOf(id, context.caller), context.caller, anySignal(signal, context.signal))
    }),

    webhook: os.approvals.webhook.handler(async ({ input, context }) => {
      const { caller } = context
      const { key, action, value, reason, actorId, originalValue, editedValue } = input
      const item = await byKey(key)
      const on_behalf_of = onBehalf(actorId, item, caller)
      const edit = action === 'edit' ? takeEdit(item, originalValue, editedValue, caller) : null
      if (edit === null && item.status === 'pending') checkSeen(item, originalValue)
      const { status, message } = take(
        await engine.decide(
          {
            approval_id: item.id,
            decision: action === 'edit' ? 'approve' : action,
            ...(reason === undefined ? {} : { comment: reason }),
            ...(on_behalf_of === null ? {} : { on_behalf_of }),
            ...(value === undefined ? {} : { answer: value }),
            ...(edit === null || Object.keys(edit).length === 0 ? {} : { changes: edit }),
            // What was compared is what is decided: a change in between is refused.
            ...(item.status === 'pending' && (edit !== null || originalValue !== undefined)
              ? { version: item.version.sha256 }
              : {}),
          },
          caller,
        ),
      )
      return { message, approval_id: item.id, status, key, action }
    }),
  }
}

/** An approval's id, or a run's id and a step key: then the newest of that name in that run. Step keys may hold colons of their own. */
function findByKey(projection: Projection, key: string): ApprovalItem | null {
  const found = projection.approval(key)
  const colon = key.indexOf(':')
  if (found !== null || colon < 1) return found
  const [run_id, step] = [key.slice(0, colon), key.slice(colon + 1)]
  let cursor: string | null = null
  do {
    const page = projection.approvals({ run_id, sort: 'newest', limit: 200, ...(cursor === null ? {} : { cursor }) })
    const named = page.items.find((item) => item.step === step)
    if (named) return projection.approval(named.id)
    cursor = page.next_cursor
  } while (cursor !== null)
  return null
}

/** The item, then the item at every change, until it has ended. */
async function* watch(
  feed: Feed,
  read: () => Promise<ApprovalItem>,
  caller: Caller,
  signal: AbortSignal | undefined,
): AsyncGenerator<ApprovalItem, void, void> {
  const over = new AbortController()
  const changes = feed.subscribe([], anySignal(signal, over.signal))
  // Watched before it is read: what changes in between is not missed.
  let next = changes.next()
  try {
    let item = await read()
    yield item
    while (item.status === 'pending') {
      const { done, value } = await next
      if (done || signal?.aborted) return
      next = changes.next()
      if (value.kind !== 'approval' || value.item.id !== item.id || value.item.revision <= item.revision) continue
      // Large data is left out of events, and a stream of one item has it whole.
      item = value.item.data_omitted ? await read() : shownTo(caller, value.item as ApprovalItem)
      yield item
    }
  } finally {
    over.abort()
    await next
  }
}

/** What an edit changes, by pointer into the data; nothing where what is asked is exactly that already. */
function takeEdit(item: ApprovalItem, original: unknown, edited: unknown, caller: Caller): Readonly<Record<string, unknown>> {
  if (edited === undefined) throw invalid('/editedValue', 'is required to edit')
  const found = editOf(item, { original, edited })
  if (!found.ok) throw toError(failure('invalid-input', 'The edit takes members away.', { errors: found.failure }))
  const changes = found.value
  if (item.status === 'pending') {
    // Already so: by the same call before, or by somebody else.
    if (!sameValue(edited, item.data)) checkSeen(item, original)
    return changes
  }
  const { decision } = item
  // The request's own amount is edited under the same name, and stands beside the data.
  const same = Object.entries(changes).every(([pointer, value]) => pointer === '/amount' && sameValue(value, item.amount))
  if (same || decision === null || caller.person === null) return {}
  const by = decision.actor.name ?? decision.actor.id
  throw toError(
    failure('already-decided', `It was ${decision.decision} by ${by} at ${decision.at}, with other values.`, {
      decision: decision.decision,
      decided_by: decision.actor.id,
      decided_by_name: by,
      decided_at: decision.at,
      comment: decision.comment,
    }),
  )
}

function checkSeen(item: ApprovalItem, original: unknown): void {
  if (original === undefined || sameValue(original, item.data)) return
  throw toError(
    failure('stale-version', 'It has changed since you looked. Look at it again.', {
      current: item.version,
      differences: toValueDifferences(original, item.data),
    }),
  )
}

const invalid = (pointer: string, message: string) =>
  toError(failure('invalid-input', `${pointer} ${message}.`, { errors: [{ pointer, message }] }))
