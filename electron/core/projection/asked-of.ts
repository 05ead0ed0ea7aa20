import { normalEmail } from '../../../shared/model/actor.ts'
import type { Condition, Statements, Tally } from './paging.ts'
import { everybody, scopes } from './tallies.ts'

const normalised = (emails: readonly string[]): readonly string[] => [...new Set(emails.map(normalEmail))]

const marks = (list: readonly unknown[]): string => list.map(() => '?').join(', ')

/** One of so many values. */
const anyOf = (list: readonly unknown[]): string => `IN (${marks(list)})`

/** Approvals that ask any of these. */
export function askedOf(approverEmails: readonly string[]): Condition {
  const emails = normalised(approverEmails)
  const any = anyOf(emails)
  return {
    sql: `EXISTS (SELECT 1 FROM approval_approvers p WHERE p.email ${any} AND p.status = t.status AND p.seq = t.seq)`,
    values: emails,
    seek: (status) => ({
      sql: `SELECT p.seq FROM approval_approvers p WHERE p.email ${any} AND p.status = ?`,
      values: [...emails, status],
    }),
  }
}

/**
 * How many ask any of these: the approvals of whoever is asked most are counted already, and those of the others are looked at, since
 * one approval can ask several.
 */
export function askedTally(approverEmails: readonly string[], statements: Statements): Tally {
  const emails = normalised(approverEmails)
  const most = emails.length < 2 ? (emails[0] ?? '') : askedMost(emails, statements)
  const scope = scopes.approver(most)
  const others = emails.filter((email) => email !== most)
  if (others.length === 0) return { scope, rest: null }
  const sql = `SELECT count(DISTINCT p.seq) AS n FROM approval_approvers p
    WHERE NOT EXISTS (SELECT 1 FROM approval_approvers q WHERE q.email = ? AND q.status = p.status AND q.seq = p.seq)
      AND p.email ${anyOf(others)} AND p.status = ?`
  return { scope, rest: { sql, values: [most, ...others] } }
}

function askedMost(emails: readonly string[], statements: Statements): string {
  const sql = `SELECT scope FROM tallies WHERE scope ${anyOf(emails)} GROUP BY scope ORDER BY sum(n) DESC LIMIT 1`
  const found = statements(sql).get(...emails.map(scopes.approver)) as { scope: string } | undefined
  return emails.find((email) => scopes.approver(email) === found?.scope) ?? emails[0]!
}

/**
 * How many wait for any of these, or for nobody in particular. Each one's are counted already; what asks several of them was counted for
 * each, and is counted by whom it asks together.
 */
export function countAsked(asks: readonly string[], statements: Statements): number {
  const counted = statements('SELECT coalesce(sum(n), 0) FROM tallies WHERE scope = ? AND status = ?').pluck()
  const each = [...asks, everybody].reduce((sum, email) => sum + (counted.get(scopes.approver(email), 'pending') as number), 0)
  if (asks.length < 2) return each
  return (
    each - overlap(asks, statements('SELECT status AS emails, n FROM tallies WHERE scope = ?').all(scopes.together) as Together[])
  )
}

/** The same of what is due before a minute. */
export function countDue(asks: readonly string[], minute: string, statements: Statements): number {
  const each = [...asks, everybody].reduce((sum, email) => sum + dueIn(scopes.due(email), minute, statements), 0)
  if (asks.length < 2) return each
  const sql = `SELECT substr(status, ${minute.length + 1}) AS emails, n FROM tallies WHERE scope = ? AND status < ?`
  return each - overlap(asks, statements(sql).all(scopes.dueTogether, minute) as Together[])
}

export const dueIn = (scope: string, minute: string, statements: Statements): number =>
  statements('SELECT coalesce(sum(n), 0) FROM tallies WHERE scope = ? AND status < ?').pluck().get(scope, minute) as number

/** So many ask these, as JSON text. */
type Together = { readonly emails: string; readonly n: number }

/** How often what asks several of these was counted too often. */
function overlap(asks: readonly string[], together: readonly Together[]): number {
  let sum = 0
  for (const { emails, n } of together) {
    const asked = (JSON.parse(emails) as string[]).filter((email) => asks.includes(email)).length
    sum += n * Math.max(0, asked - 1)
  }
  return sum
}
