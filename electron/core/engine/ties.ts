import type { JournalRecord } from '../../../shared/model/event.ts'

/** What binds a run to others and to its code, and what its cancellation will do. Most runs have nothing of the kind. */
export type Ties = {
  /** The run that waits for this one. */
  readonly parent: { readonly run_id: string; readonly step: string } | null
  /** Runs that this one waits for. */
  readonly children: readonly string[]
  /** It has clean-up steps. */
  readonly cleanups: boolean
  /** It ends as cancelled once they have run. */
  readonly cancelling: boolean
  /** SHA-256 of the file that it goes on with. */
  readonly code: string | null
}

const noTies: Ties = { parent: null, children: [], cleanups: false, cancelling: false, code: null }

export function tiesFrom({ parent, workflow_code }: JournalRecord<'run_started'>['data']): Ties | null {
  return parent || workflow_code ? { ...noTies, parent: parent ?? null, code: workflow_code ?? null } : null
}

/** What a record makes of a run's ties; the same object where nothing changes. */
export function nextTies(ties: Ties | null, record: JournalRecord): Ties | null {
  const had = ties ?? noTies
  switch (record.type) {
    case 'child_started':
      return { ...had, children: [...had.children, record.data.child_id] }
    case 'child_ended':
      return { ...had, children: had.children.filter((id) => id !== record.data.child_id) }
    case 'cleanup_registered':
      return { ...had, cleanups: true }
    case 'run_cancelling':
      return { ...had, cancelling: true }
    default:
      return ties
  }
}
