import { CircleCheck, Download, ShieldCheck } from 'lucide-react'
import { useState } from 'react'
import type { Client } from '../client.ts'
import { toFailure } from '../failure.ts'
import { bytes, count } from '../format.ts'
import { useInboxHandle } from '../store/context.ts'
import { t } from '../strings.ts'
import { tau } from '../strings-audit.ts'
import { visible } from '../visible-text.ts'

type Verdict = Awaited<ReturnType<Client['system']['verify']>>
type Verifying =
  | { readonly state: 'none' | 'busy' }
  | { readonly state: 'ready'; readonly verdict: Verdict }
  | { readonly state: 'failed'; readonly why: string }
/** What proves an export, from the host. */
type Proof = { readonly checkpoints: string; readonly verifier: string }
type Exporting =
  | { readonly state: 'none' }
  | { readonly state: 'busy'; readonly size: number }
  | { readonly state: 'done'; readonly size: number; readonly proof: Proof | null }
  | { readonly state: 'failed'; readonly why: string }

/** Checking the whole journal, and taking it away: the buttons, and what came of them. */
export function useAuditChecks(total: number) {
  const { client } = useInboxHandle()
  const [verifying, setVerifying] = useState<Verifying>({ state: 'none' })
  const [exporting, setExporting] = useState<Exporting>({ state: 'none' })
  const verify = async () => {
    setVerifying({ state: 'busy' })
    try {
      setVerifying({ state: 'ready', verdict: await client.system.verify({}) })
    } catch (error) {
      setVerifying({ state: 'failed', why: toFailure(error).message })
    }
  }
  const exportAll = async () => {
    const parts: string[] = []
    let size = 0
    let proof: Proof | null = null
    setExporting({ state: 'busy', size })
    try {
      for await (const piece of await client.audit.export({})) {
        parts.push(piece.lines)
        proof = piece.proof ?? proof
        size += piece.lines.length
        setExporting({ state: 'busy', size })
      }
      save(new Blob(parts, { type: 'application/x-ndjson' }), `countersign-audit-${new Date().toISOString().slice(0, 10)}.jsonl`)
      setExporting({ state: 'done', size, proof })
    } catch (error) {
      setExporting({ state: 'failed', why: toFailure(error).message })
    }
  }
  const actions = (
    <>
      <button type="button" className="btn" disabled={exporting.state === 'busy'} onClick={() => void exportAll()}>
        <Download size={14} aria-hidden /> {tau.export}
      </button>
      <button type="button" className="btn btn-accent" disabled={verifying.state === 'busy'} onClick={() => void verify()}>
        <ShieldCheck size={14} aria-hidden /> {tau.verify}
      </button>
    </>
  )
  const outcome = (
    <div role="status" className="grid gap-2 empty:hidden">
      {verifying.state === 'busy' && (
        <div className="card late grid gap-2 px-4 py-3">
          <p className="text-muted">{tau.verifying(count(total))}</p>
          {/* It is read in one go, and nobody says how far it is. */}
          <div className="sweep" role="progressbar" aria-label={tau.verify} />
        </div>
      )}
      {verifying.state === 'failed' && <p className="card px-4 py-3 text-red">{t.failed(visible(verifying.why))}</p>}
      {verifying.state === 'ready' && <Answer verdict={verifying.verdict} />}
      {exporting.state === 'busy' && <p className="text-meta text-muted tabular-nums">{tau.exporting(bytes(exporting.size))}</p>}
      {exporting.state === 'done' && <Exported size={exporting.size} proof={exporting.proof} />}
      {exporting.state === 'failed' && <p className="text-red">{t.failed(visible(exporting.why))}</p>}
    </div>
  )
  return { actions, outcome }
}

/** The records are saved; beside them may lie what proves them. */
function Exported({ size, proof }: { size: number; proof: Proof | null }) {
  const saved = <p className="text-meta text-muted tabular-nums">{tau.exported(bytes(size))}</p>
  if (proof === null) return saved
  return (
    <div className="card grid gap-2 px-4 py-3">
      {saved}
      <p className="text-muted">{tau.proof}</p>
      <div className="flex flex-wrap gap-2">
        <button type="button" className="btn" onClick={() => save(new Blob([proof.checkpoints]), 'checkpoints.jsonl')}>
          <Download size={14} aria-hidden /> {tau.saveCheckpoints}
        </button>
        <button type="button" className="btn" onClick={() => save(new Blob([proof.verifier]), 'verify.mjs')}>
          <Download size={14} aria-hidden /> {tau.saveVerifier}
        </button>
      </div>
    </div>
  )
}

function save(blob: Blob, name: string): void {
  const address = URL.createObjectURL(blob)
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(address), 60_000)
}

function Answer({ verdict }: { verdict: Verdict }) {
  if (verdict.ok) {
    const erased = verdict.erased > 0 ? count(verdict.erased) : null
    return (
      <div className="card grid grid-cols-[20px_minmax(0,1fr)] gap-x-2 px-4 py-3">
        <CircleCheck size={16} className="mt-0.5 text-accent" aria-hidden />
        <div className="min-w-0">
          <p>{tau.verified(count(verdict.records), verdict.checkpoints > 0 ? count(verdict.checkpoints) : null, erased)}</p>
          {verdict.torn && <p className="text-muted">{tau.torn}</p>}
          <p className="text-meta text-muted">
            {tau.head} <code className="font-mono wrap-anywhere">{verdict.head.hash}</code>
          </p>
        </div>
      </div>
    )
  }
  return (
    <div className="card px-4 py-3 text-red">
      <p className="font-semibold">{tau.broken(count(verdict.problems.length))}</p>
      <ul className="list-disc pl-5">
        {verdict.problems.map(({ segment, offset, message }) => (
          <li key={`${segment}:${offset}:${message}`} className="wrap-anywhere">
            {tau.problem(segment, count(offset), visible(message))}
          </li>
        ))}
      </ul>
    </div>
  )
}
