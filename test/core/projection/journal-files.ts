import { appendFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Position, toPosition } from '../../../electron/core/journal/port.ts'
import { encodeRecord, genesisHash } from '../../../electron/core/journal/record.ts'
import type { Actor } from '../../../shared/model/actor.ts'
import type { Asked } from '../../../shared/model/approval.ts'
import type { JournalRecord, NewEvent } from '../../../shared/model/event.ts'
import type { Summary } from '../../../shared/model/summary.ts'

/** A journal as the writer leaves it on disk, without its syncs: lines in segment files, and how far they reach. */
export type JournalFiles = {
  readonly home: string
  readonly folder: string
  readonly durable: { readonly seq: number; readonly end: Position }
  /** Appends an event; `erased` leaves its content blanked as an erasure would. */
  write(event: NewEvent, options?: { erased?: boolean; at?: string }): JournalRecord
  /** What follows goes into the next segment. */
  roll(): void
  remove(): void
}

const start = Date.UTC(2026, 0, 5, 9)

export function journalFiles(): JournalFiles {
  const home = mkdtempSync(join(tmpdir(), 'projection-'))
  const folder = join(home, 'journal')
  mkdirSync(folder)
  let hash = genesisHash
  let seq = 0
  let segment = 1
  let offset = 0
  return {
    home,
    folder,
    get durable() {
      return { seq, end: toPosition(segment, offset) }
    },
    write(event, options = {}) {
      seq++
      const at = options.at ?? new Date(start + seq * 1000).toISOString()
      const encoded = encodeRecord(event, seq, at, hash)
      hash = encoded.hash
      const line = options.erased
        ? `${encoded.line.slice(0, encoded.line.indexOf(',"content":{'))},"content":null}\n`
        : encoded.line
      appendFileSync(join(folder, `${String(segment).padStart(8, '0')}.jsonl`), line)
      offset += Buffer.byteLength(line)
      return { ...event, seq, at } as JournalRecord
    },
    roll() {
      segment++
      offset = 0
    },
    remove: () => rmSync(home, { recursive: true, force: true }),
  }
}

export const system: Actor = { kind: 'system', id: 'engine', via: 'engine' }
export const ada: Actor = { kind: 'person', id: 'ada@example.com', name: 'Ada Lovelace', via: 'browser' }
const shop: Actor = { kind: 'source', id: 'src_shop', name: 'shop', via: 'http' }

export const rulesSummary: Summary = {
  state: 'waiting',
  origin: 'rules',
  summary: 'Refund of 42 EUR',
  impact: 'Money leaves the account',
  risk: null,
  model: null,
  unsupported: [],
  reason: null,
  covered_bytes: 0,
  total_bytes: 17,
}

export const modelSummary: Summary = {
  ...rulesSummary,
  state: 'ready',
  origin: 'model',
  risk: 'high',
  model: 'tiny',
  covered_bytes: 17,
}

export const refund: Asked = {
  type: 'refund',
  title: 'Refund order 7',
  description: 'The parcel was lost',
  requester: 'Grace@Example.com',
  approvers: ['Ada+inbox@Example.com'],
  amount: '42.00',
  currency: 'EUR',
  priority: 'normal',
  consequence: 'Pays 42.00 EUR back',
  data: { order_id: 'o-7' },
}

export const runStarted = (runId: string, title = 'Refund order 7'): NewEvent => ({
  type: 'run_started',
  run_id: runId,
  actor: shop,
  data: { workflow: 'approval', workflow_version: 1, type: 'refund', source: 'src_shop' },
  content: { title, input: { order_id: 'o-7' }, answer: { task_id: runId } },
})

export const approvalRequested = (
  runId: string,
  approvalId: string,
  asked: Partial<Asked> = {},
  due_at: string | null = '2026-01-07T09:00:00.000Z',
): NewEvent => {
  const whole = { ...refund, ...asked }
  return {
    type: 'approval_requested',
    run_id: runId,
    approval_id: approvalId,
    actor: system,
    data: {
      step: 'approve',
      source: 'src_shop',
      source_name: 'shop',
      due_at,
      version: { number: 1, sha256: 'a'.repeat(64) },
      risk_floor: 'medium',
      risk_reasons: ['Money moves'],
      requesters: whole.requester === null ? [] : [whole.requester],
      approvers: whole.approvers,
    },
    content: { asked: whole, flags: [], summary: rulesSummary },
  }
}

export const approvalDecided = (
  runId: string,
  approvalId: string,
  decision: 'approved' | 'rejected' | 'expired' | 'cancelled' = 'approved',
  comment: string | null = null,
): NewEvent => ({
  type: 'approval_decided',
  run_id: runId,
  approval_id: approvalId,
  actor: decision === 'expired' ? system : ada,
  data: { decision, version: { number: 1, sha256: 'a'.repeat(64) }, self_approved: false, rule: null },
  content: { comment },
})

export const runCompleted = (runId: string, result: unknown = { paid: true }): NewEvent => ({
  type: 'run_completed',
  run_id: runId,
  actor: system,
  data: {},
  content: { result },
})
