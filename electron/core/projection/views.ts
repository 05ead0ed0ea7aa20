import type { View, ViewCounts } from '../../../shared/model/view.ts'
import { toInstant } from '../clock.ts'
import { askedOf, countAsked, countDue } from './asked-of.ts'
import type { Condition, Statements } from './paging.ts'
import { dueMinute, everybody, scopes } from './tallies.ts'

/*
 * Which approvals are in which view of a person, said once: as conditions for lists, and as numbers from what is counted already.
 * Inbox, snoozed and waiting are the three parts of what is pending.
 */

/** A person, and whose questions are theirs: their own, and those of whom they stand in for. */
export type Who = { readonly person: string; readonly asks: readonly string[] }

const dueSoonMs = 24 * 60 * 60 * 1000
const minuteMs = 60_000

/** What is due before this is due soon. Whole minutes, because that is how it is counted. */
export const dueSoonBefore = (now: number): string => toInstant((Math.floor((now + dueSoonMs) / minuteMs) + 1) * minuteMs)

const ended = ['approved', 'rejected', 'expired', 'cancelled'] as const
const open = ['pending'] as const

type ViewFilter = { readonly statuses: readonly string[]; readonly conditions: readonly Condition[] }

/** Waits for this person, or for anybody. */
export const isMine = ({ asks }: Who): Condition => askedOf([...asks, everybody])

export const isSnoozed = ({ person }: Who, now: number): Condition => {
  const until = toInstant(now)
  return {
    sql: 'EXISTS (SELECT 1 FROM snoozes s WHERE s.person = ? AND s.seq = t.seq AND s.until_key > ?)',
    values: [person, until],
    seek: () => ({ sql: 'SELECT s.seq FROM snoozes s WHERE s.person = ? AND s.until_key > ?', values: [person, until] }),
  }
}

/** The opposite finds nothing: most rows meet it. */
export const not = ({ sql, values }: Condition): Condition => ({ sql: `NOT (${sql})`, values })

const isHeld: Condition = { sql: 't.held = 1', values: [] }

export function viewFilter(view: View, who: Who, now: number): ViewFilter {
  const toAnswer = [isMine(who), not(isSnoozed(who, now)), not(isHeld)]
  switch (view) {
    case 'inbox':
      return { statuses: open, conditions: toAnswer }
    case 'due_soon':
      return { statuses: open, conditions: [...toAnswer, { sql: 't.due_key < ?', values: [dueSoonBefore(now)], key: 'due_key' }] }
    case 'snoozed':
      return { statuses: open, conditions: [isSnoozed(who, now), isMine(who), not(isHeld)] }
    case 'waiting': {
      const { sql, values } = isMine(who)
      return { statuses: open, conditions: [{ sql: `(t.held = 1 OR NOT ${sql})`, values }] }
    }
    case 'done':
      return { statuses: ended, conditions: [] }
    case 'all':
      return { statuses: [...open, ...ended], conditions: [] }
  }
}

/** Set aside or held, among what would be this person's to answer: few, so they are looked at one by one. */
function hiddenOf(statements: Statements, who: Who, now: number) {
  const [mine, snoozed] = [isMine(who), isSnoozed(who, now)]
  const sql = `SELECT t.held AS held, t.due_key < ? AS soon FROM (
      SELECT s.seq AS seq FROM snoozes s WHERE s.person = ? AND s.until_key > ?
      UNION SELECT h.seq FROM approvals h INDEXED BY approvals_held WHERE h.held = 1
    ) k CROSS JOIN approvals t ON t.seq = k.seq WHERE +t.status = 'pending' AND ${mine.sql}`
  return statements(sql).all(dueSoonBefore(now), ...snoozed.values, ...mine.values) as { held: 0 | 1; soon: 0 | 1 }[]
}

export function viewCounts(statements: Statements, who: Who, now: number): ViewCounts {
  const byStatus = statements('SELECT status, n FROM tallies WHERE scope = ?').all(scopes.approvals) as {
    status: string
    n: number
  }[]
  const all = byStatus.reduce((sum, { n }) => sum + n, 0)
  const pending = byStatus.find(({ status }) => status === 'pending')?.n ?? 0
  const hidden = hiddenOf(statements, who, now)
  const snoozed = hidden.filter(({ held }) => held === 0).length
  const inbox = countAsked(who.asks, statements) - hidden.length
  const due_soon = countDue(who.asks, dueMinute(dueSoonBefore(now)), statements) - hidden.filter(({ soon }) => soon === 1).length
  return { inbox, due_soon, waiting: pending - inbox - snoozed, snoozed, done: all - pending, all }
}
