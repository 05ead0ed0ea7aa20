import * as z from 'zod'
import type { DecideInput, ReviseInput } from '../../../shared/contract/approvals.ts'
import { type Failure, failure } from '../../../shared/contract/errors.ts'
import { toPath, toPointer, valueAt, withValueAt } from '../../../shared/contract/pointer.ts'
import { amount as amountSchema } from '../../../shared/contract/schemas.ts'
import type { Asked } from '../../../shared/model/approval.ts'
import { fail, ok, type Result } from '../../../shared/model/result.ts'

/*
 * What an answer says besides yes and no: changed values, a part of what was asked, a form that was filled in. All of it is checked
 * against what the request allows; what is not changed stays as it was, byte for byte.
 */

/** An author's or sender's name for a value, as a JSON pointer: `amount` is `/amount`. */
export const editablePointer = (name: string): string => (name.startsWith('/') ? name : `/${name.replaceAll('.', '/')}`)

const invalid = (pointer: string, message: string): { readonly ok: false; readonly failure: Failure } =>
  fail(failure('invalid-input', `${pointer} ${message}`, { errors: [{ pointer, message }] }))

/** What is asked with an approver's changes in it; the same object when nothing differs. */
export function applyAnswer(asked: Asked, input: DecideInput): Result<Asked, Failure> {
  let next = asked
  for (const [name, value] of Object.entries(input.changes ?? {})) {
    const changed = applyChange(next, editablePointer(name), value)
    if (!changed.ok) return changed
    next = changed.value
  }
  if (input.amount !== undefined) {
    const changed = applyAmount(next, input.amount)
    if (!changed.ok) return changed
    next = changed.value
  }
  return input.items === undefined ? ok(next) : applyItems(next, input.items)
}

function applyChange(asked: Asked, pointer: string, value: unknown): Result<Asked, Failure> {
  const at = toPointer(['changes', pointer])
  const allowed = (asked.editable ?? []).some((one) => pointer === one || pointer.startsWith(`${one}/`))
  if (!allowed) {
    const may = asked.editable?.length ? `It allows ${asked.editable.join(', ')}.` : 'It allows none.'
    return fail(failure('not-editable', `The request does not allow a change of ${pointer}. ${may}`, { pointer }))
  }
  const tokens = toPath(pointer)
  const before = valueAt(asked.data, tokens)
  if (before === undefined && pointer === '/amount') return applyAmount(asked, value)
  if (before === undefined) return invalid(at, 'names a value that is not there')
  const misfit = misfitOf(before, value)
  if (misfit) return invalid(at + misfit.pointer, misfit.message)
  if (same(before, value)) return ok(asked)
  const data = withValueAt(asked.data, tokens, value)
  // The amount of the request is the amount in its data, wherever the two said the same.
  const follows = pointer === '/amount' && sameAmount(before, asked.amount)
  return ok({ ...asked, data, ...(follows ? { amount: writtenAs(asked.amount!, value as number | string) } : {}) })
}

function applyAmount(asked: Asked, value: unknown): Result<Asked, Failure> {
  const parsed = amountSchema.safeParse(value)
  if (!parsed.success) return invalid('/amount', 'must be a number or a decimal string such as "1240.00"')
  if (asked.amount === null) return invalid('/amount', 'cannot be set: the request has no amount')
  const amount = writtenAs(asked.amount, parsed.data)
  if (!amountSchema.safeParse(amount).success) return invalid('/amount', 'must be a decimal number')
  const editable = asked.editable?.includes('/amount') ?? false
  if (!editable && !asked.partial) {
    return fail(failure('not-editable', 'The request does not allow another amount.', { pointer: '/amount' }))
  }
  if (!editable && (compareAmounts(amount, 0) <= 0 || compareAmounts(amount, asked.amount) > 0)) {
    return invalid('/amount', `must be more than zero and at most ${asked.amount}`)
  }
  if (compareAmounts(amount, asked.amount) === 0) return ok(asked)
  const inData = valueAt(asked.data, ['amount'])
  const follows = sameAmount(inData, asked.amount)
  const data = follows ? withValueAt(asked.data, ['amount'], writtenAs(inData as number | string, amount)) : asked.data
  return ok({ ...asked, amount, data })
}

function applyItems(asked: Asked, ids: readonly string[]): Result<Asked, Failure> {
  if (!asked.items) return invalid('/items', 'can only be chosen where the request has items')
  if (!asked.partial) return fail(failure('not-editable', 'The request is approved whole or not at all.', { pointer: '/items' }))
  const wanted = new Set(ids)
  const items = asked.items.filter(({ id }) => wanted.delete(id))
  const [unknown] = wanted
  if (unknown !== undefined) return invalid('/items', `has “${unknown}”, which is not an item of this request`)
  return ok(items.length === asked.items.length ? asked : { ...asked, items })
}

/**
 * What is asked after its requester has changed it; the same object when nothing differs. Where the amount stood in the data too, it
 * still does: two amounts that differ would be one for whoever approves and another for whoever pays.
 */
export function applyRevision(asked: Asked, input: ReviseInput): Result<Asked, Failure> {
  const inData = valueAt(asked.data, ['amount'])
  const tied = asked.amount !== null && sameAmount(inData, asked.amount)
  let { amount, data } = { amount: input.amount ?? asked.amount, data: input.data ?? asked.data }
  if (tied && input.data !== undefined) {
    const given = amountSchema.safeParse(valueAt(input.data, ['amount']))
    if (!given.success) return invalid('/data/amount', 'must be there, and an amount')
    if (input.amount === undefined) amount = writtenAs(asked.amount, given.data)
    else if (compareAmounts(given.data, input.amount) !== 0) return invalid('/data/amount', 'must be the amount of the request')
  } else if (tied && input.amount !== undefined) {
    data = withValueAt(asked.data, ['amount'], writtenAs(inData as number | string, input.amount))
  }
  const { attachments: _, evidence: __, rollback: ___, ...rest } = asked
  const next: Asked = {
    ...rest,
    ...(input.title === undefined ? {} : { title: input.title }),
    ...(input.description === undefined ? {} : { description: input.description }),
    amount,
    data,
    ...enclosed(asked, input),
  }
  return ok(same(next, asked) ? asked : next)
}

/** Each is replaced as a whole; one that is taken away is not there, as in a request that never had it. */
function enclosed(asked: Asked, input: ReviseInput): Pick<Asked, 'attachments' | 'evidence' | 'rollback'> {
  const attachments = input.attachments ?? asked.attachments
  const evidence = input.evidence ?? asked.evidence
  const rollback = input.rollback === undefined ? asked.rollback : input.rollback
  return {
    ...(attachments?.length ? { attachments } : {}),
    ...(evidence?.length ? { evidence } : {}),
    ...(rollback ? { rollback } : {}),
  }
}

/** Whether what was filled in fits the form that the request came with. */
export function checkForm(asked: Asked, answer: unknown): Result<null, Failure> {
  if (!asked.form) return ok(null)
  let errors: readonly { readonly pointer: string; readonly message: string }[]
  try {
    const parsed = z.fromJSONSchema(asked.form as never).safeParse(answer ?? {})
    if (parsed.success) return ok(null)
    errors = parsed.error.issues.map(({ path, message }) => ({ pointer: toPointer(['answer', ...path]), message }))
  } catch (error) {
    // A schema that contradicts itself: what it wants cannot be filled in.
    errors = [{ pointer: '/answer', message: `The form cannot be used: ${error instanceof Error ? error.message : String(error)}` }]
  }
  return fail(failure('invalid-input', `The form has ${errors.length} problem(s).`, { errors }))
}

function typeName(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}

const isDecimal = (value: unknown): boolean => typeof value === 'string' && /^-?\d{1,18}(\.\d{1,8})?$/.test(value)

/** Where a new value is of another kind than the one it replaces, at any depth; null where it is of the same. */
function misfitOf(before: unknown, value: unknown): { readonly pointer: string; readonly message: string } | null {
  if (typeName(before) !== typeName(value)) return { pointer: '', message: `must stay ${typeName(before)}, not ${typeName(value)}` }
  if (isDecimal(before) && !isDecimal(value)) return { pointer: '', message: 'must stay a decimal number' }
  if (Array.isArray(before) && Array.isArray(value)) {
    if (before.length === 0) return null
    return firstMisfit(value.map((member, index) => [String(index), before[0], member]))
  }
  if (typeof before !== 'object' || before === null) return null
  const [from, to] = [before as Record<string, unknown>, value as Record<string, unknown>]
  if (Object.keys(from).sort().join('\n') !== Object.keys(to).sort().join('\n')) {
    return { pointer: '', message: `must keep its members: ${Object.keys(from).join(', ')}` }
  }
  return firstMisfit(Object.keys(from).map((name) => [name, from[name], to[name]]))
}

function firstMisfit(members: readonly (readonly [name: string, before: unknown, value: unknown])[]) {
  for (const [name, before, value] of members) {
    const misfit = misfitOf(before, value)
    if (misfit) return { ...misfit, pointer: toPointer([name]) + misfit.pointer }
  }
  return null
}

/** An amount in the way in which another one is written: as a number or as decimal text. */
const writtenAs = <T extends number | string | null>(like: T, amount: number | string): number | string =>
  typeof like === 'string' ? String(amount) : Number(amount)

const sameAmount = (value: unknown, amount: number | string | null): boolean =>
  amount !== null && amountSchema.safeParse(value).success && compareAmounts(value as number | string, amount) === 0

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

/** Less than, equal to or more than zero. Decimal strings are compared digit by digit, not as floating point. */
export function compareAmounts(a: number | string, b: number | string): number {
  const scaled = (value: number | string): bigint | null => {
    const match = /^(-?)(\d+)(?:\.(\d{1,12}))?$/.exec(String(value))
    return match ? BigInt(match[1]! + match[2]! + (match[3] ?? '').padEnd(12, '0')) : null
  }
  const [left, right] = [scaled(a), scaled(b)]
  if (left === null || right === null) return Number(a) - Number(b)
  return left === right ? 0 : left < right ? -1 : 1
}
