import type Database from 'better-sqlite3'

/** How many rows there are by status, for what is counted with every page: a scope is a kind of row, or those that share a value. */
export const scopes = {
  approvals: 'approvals',
  approver: (email: string) => `approver ${email}`,
  requester: (key: string) => `requester ${key}`,
  type: (type: string) => `type ${type}`,
  /** What waits for somebody by the minute in which it is due, in place of a status. */
  due: (email: string) => `due ${email}`,
  everythingDue: 'due',
  /** What waits for several, by whom: a status is their addresses as JSON text, behind the minute in which it is due. */
  together: 'together',
  dueTogether: 'due together',
  runs: 'runs',
  workflow: (workflow: string) => `workflow ${workflow}`,
  deliveries: 'deliveries',
}

/** Among those asked, for what nobody is asked in particular. No address looks like it. */
export const everybody = '*'

/** The minute in which something is due, as its number is kept. Sorts like the instants. */
export const dueMinute = (instant: string): string => instant.slice(0, 16)

/** Numbers that follow the rows, summed up over a batch and written once. A number that falls to zero leaves no row. */
export type Tallies = {
  add(scope: string, status: string, by: 1 | -1): void
  flush(): void
  forget(): void
}

export function createTallies(db: Database.Database): Tallies {
  const upsert = db.prepare(
    'INSERT INTO tallies (scope, status, n) VALUES (?, ?, ?) ON CONFLICT (scope, status) DO UPDATE SET n = n + excluded.n',
  )
  const clear = db.prepare('DELETE FROM tallies WHERE scope = ? AND status = ? AND n = 0')
  const changed = new Map<string, Map<string, number>>()
  return {
    add(scope, status, by) {
      let ofScope = changed.get(scope)
      if (!ofScope) {
        ofScope = new Map()
        changed.set(scope, ofScope)
      }
      ofScope.set(status, (ofScope.get(status) ?? 0) + by)
    },
    flush() {
      for (const [scope, ofScope] of changed) {
        for (const [status, by] of ofScope) {
          if (by !== 0) upsert.run(scope, status, by)
          if (by < 0) clear.run(scope, status)
        }
      }
      changed.clear()
    },
    forget: () => changed.clear(),
  }
}
