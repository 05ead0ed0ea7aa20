import type { Position } from '../journal/port.ts'

/** What the worker is started with. */
export type WorkerInput = { readonly file: string; readonly journalFolder: string }

/**
 * To the worker: apply what is durable by now; take what these runs said out of the file, now that it is gone from the journal's; or finish
 * and close the file.
 */
export type ToWorker =
  | { readonly kind: 'follow'; readonly seq: number; readonly end: Position }
  | { readonly kind: 'purge'; readonly runs: readonly string[] }
  | { readonly kind: 'close' }

/**
 * From the worker. `ready`: the file was checked and holds records up to `seq`. `damaged`: it cannot be used, compute it anew.
 * `applied`: one batch more can be read; `idle` when that was all it was asked for. `stalled`: nothing was lost, but writing fails for
 * now, as on a full disk. `purged`: the file holds nothing of those runs, or why it may.
 */
export type FromWorker =
  | { readonly kind: 'ready'; readonly seq: number }
  | { readonly kind: 'damaged'; readonly message: string }
  | { readonly kind: 'applied'; readonly seq: number; readonly runs: readonly string[]; readonly idle: boolean }
  | { readonly kind: 'stalled'; readonly message: string }
  | { readonly kind: 'purged'; readonly problem: string | null }
